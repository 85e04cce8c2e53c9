"""What was claimed last of a credential, which may differ from what is in force."""

from datetime import date

from directory.credentials.checks import ClaimedCredential
from directory.credentials.kinds import CredentialKind
from directory.credentials.models import Credential


def last_claim(credential: Credential) -> ClaimedCredential:
    """The values of the last submission; of the row where it was never submitted or entered by hand."""
    claim = credential.claim or {}
    return ClaimedCredential(
        kind=CredentialKind(credential.kind),
        issuer=claim.get("issuer", credential.issuer),
        field=claim.get("field", credential.field),
        number=claim.get("number", credential.number),
        state=claim.get("state", credential.state),
        issued_on=_day(claim["issued_on"]) if "issued_on" in claim else credential.issued_on,
        expires_on=_day(claim["expires_on"]) if "expires_on" in claim else credential.expires_on,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
