"""An outcome comes into force: the state moves, what was seen counts, the provider is told and scored anew."""

from datetime import date, timedelta

from directory.audit.log import PROGRAM, record
from directory.credentials.kinds import COUNTING, REVERIFY_DAYS, CredentialKind, CredentialStatus
from directory.credentials.models import Credential, Verification
from directory.credentials.notices import tell_decision
from directory.credentials.scoring import rescore_qualification
from directory.credentials.status import ACT_OF_OUTCOME, state_after
from directory.credentials.tasks import TaskKind, close_tasks
from directory.extensions import db


def settle(actor: str, credential: Credential, verification: Verification) -> None:
    """Let an outcome count: the state moves, what was seen comes into force, the provider is told and scored anew."""
    seen = verification.seen or {}
    before = {"status": credential.status}
    looked_at_claim = actor != PROGRAM or credential.status not in COUNTING
    issued_before = credential.issued_on if _was_verified(credential, verification) else None
    credential.status = state_after(ACT_OF_OUTCOME[verification.outcome], CredentialStatus(credential.status))
    if verification.outcome in COUNTING:
        for name, value in (credential.submission or {}).items():
            if name in {"issuer", "field", "state"} and looked_at_claim:
                setattr(credential, name, value)
        credential.number = seen.get("number") or credential.number
        credential.issued_on = _day(seen.get("issued_on")) or issued_before  # that day does not change
        credential.expires_on = _day(seen.get("expires_on"))
        credential.verified_until = (verification.checked_on or verification.verified_at.date()) + timedelta(
            days=REVERIFY_DAYS[CredentialKind(credential.kind)]
        )
        credential.public_discipline = bool(seen.get("public_discipline"))
    elif seen.get("public_discipline"):
        credential.public_discipline = True
    for other in credential.verifications:
        if other.state == "waiting":  # it was about how things stood before
            other.state, other.second_note = "declined", "Another outcome was decided first."
    db.session.flush()
    record(
        actor,
        ACT_OF_OUTCOME[verification.outcome],
        credential.subject,
        before=before,
        after={"status": credential.status, "verification": verification.id},
        reason=verification.note or "",
    )
    # a program that reads the board's file again does not look a sample up on the board's page
    asks_a_person = {TaskKind.SAMPLE_RECHECK} if actor == PROGRAM else set()
    close_tasks(actor, credential_id=credential.id, kinds=tuple(set(TaskKind) - asks_a_person))
    if actor != PROGRAM or credential.status != before["status"]:  # that nothing changed, as each month, is no news
        tell_decision(credential, verification)
    rescore_qualification(credential.npi)


def _was_verified(credential: Credential, now: Verification) -> bool:
    """Whether it was verified before `now`, so that its columns hold what a source said."""
    return any(
        check.state == "final" and check.outcome in COUNTING for check in credential.verifications if check is not now
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
