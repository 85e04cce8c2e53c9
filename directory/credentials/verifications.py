"""A verification comes into force. NCQA asks that a provider is told of each decision within 30 days: it is at once."""

from datetime import timedelta

from flask import current_app

from directory.accounts.representing import tell_representatives
from directory.audit.log import PROGRAM, record
from directory.credentials.kinds import KINDS
from directory.credentials.models import Credential, Verification
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescore_qualification
from directory.credentials.status import ACT_OF_OUTCOME, COUNTING, STANDINGS, CredentialStatus, state_after
from directory.credentials.tasks import TaskKind, close_tasks
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.days import read_day


def apply_verification(actor: str, credential: Credential, verification: Verification) -> None:
    """Let an outcome count: the state moves, what was seen comes into force, the provider is told and scored anew."""
    seen = verification.seen or {}
    before = {"status": credential.status}
    looked_at_submission = actor != PROGRAM or credential.status not in COUNTING
    issued_before = credential.issued_on if _was_verified(credential, verification) else None
    credential.status = state_after(ACT_OF_OUTCOME[verification.outcome], CredentialStatus(credential.status))
    if verification.outcome in COUNTING:
        for name, value in (credential.submission or {}).items():
            if name in {"issuer", "field", "state"} and looked_at_submission:
                setattr(credential, name, value)
        credential.number = seen.get("number") or credential.number
        credential.issued_on = read_day(seen.get("issued_on")) or issued_before  # that day does not change
        credential.expires_on = read_day(seen.get("expires_on"))
        credential.verified_until = verification.checked_on + timedelta(days=KINDS[credential.kind].reverify_days)
        credential.public_discipline = bool(seen.get("public_discipline"))
    elif seen.get("public_discipline"):
        credential.public_discipline = True
    for other in credential.verifications:
        if other.state == "waiting":  # it was about how things stood before
            other.state, other.second_note = "declined", "Another outcome was decided first."
    db.session.flush()
    after: dict[str, str | int] = {"status": credential.status, "verification": verification.id}
    if verification.board_file:
        after["file_sha256"] = verification.board_file.sha256
    act = ACT_OF_OUTCOME[verification.outcome]
    record(actor, act, credential.subject, before=before, after=after, reason=verification.note or "")
    # a program that reads the board's file again does not look a sample up on the board's page
    asks_a_person = {TaskKind.SAMPLE_RECHECK} if actor == PROGRAM else set()
    close_tasks(actor, credential, set(TaskKind) - asks_a_person)
    is_news = actor != PROGRAM or credential.status != before["status"]  # that nothing changed, as each month, is none
    if is_news and db.session.get_one(Provider, credential.npi).is_public:  # a hidden or merged one shows nothing
        _notify_representatives(credential, verification)
    rescore_qualification(credential.npi)


def _was_verified(credential: Credential, now: Verification) -> bool:
    """Whether it was verified before `now`, so that its columns hold what a source said."""
    return any(
        check.state == "final" and check.outcome in COUNTING for check in credential.verifications if check is not now
    )


def _notify_representatives(credential: Credential, verification: Verification) -> None:
    title = title_of(credential)
    standing = STANDINGS[verification.outcome]
    page = current_app.config["SITE_URL"] + f"/account/providers/{credential.npi}/credentials"
    lines = [f"{title}: {standing}.", f"Checked at: {verification.primary_source}."]
    if verification.outcome not in COUNTING:
        lines += [
            f"What we found: {verification.note or ''}".rstrip(),
            "",
            "If that is wrong, you have the right to see what we found, and to correct it: answer on the page "
            "below, with a document that shows it.",
        ]
    tell_representatives(credential.npi, f"{title}: {standing}", "\n".join([*lines, "", page, ""]))
