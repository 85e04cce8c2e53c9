"""What was claimed last of a credential, which may differ from what is in force."""

from datetime import date

from directory.credentials.checks import CredentialSubmission
from directory.credentials.kinds import CredentialKind
from directory.credentials.models import Credential


def last_submission(credential: Credential) -> CredentialSubmission:
    """The values of the last submission; of the row where it was never submitted or entered by hand."""
    submission = credential.submission or {}
    return CredentialSubmission(
        kind=CredentialKind(credential.kind),
        issuer=submission.get("issuer", credential.issuer),
        field=submission.get("field", credential.field),
        number=submission.get("number", credential.number),
        state=submission.get("state", credential.state),
        issued_on=_day(submission["issued_on"]) if "issued_on" in submission else credential.issued_on,
        expires_on=_day(submission["expires_on"]) if "expires_on" in submission else credential.expires_on,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
