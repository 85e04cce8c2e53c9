"""The rule that a board's own list verifies a license: what rests on it alone, and its suspension for one list.

A person who finds a license of the list to be wrong suspends it; a person lifts it. Meanwhile all go to people.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from directory.accounts.representing import tell_representatives
from directory.audit.log import PROGRAM, record
from directory.credentials.models import BoardFile, Credential, RuleSuspension, Verification, VerificationTask
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescore_qualifications
from directory.credentials.status import COUNTING, CredentialAct, CredentialStatus, state_after
from directory.credentials.tasks import TaskKind, close_tasks, open_tasks
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.sources import Source
from directory.web.chunks import chunks
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import EditConflictError

AT_ONCE = 500


def suspensions() -> dict[str, RuleSuspension]:
    """Those in force, by the key of the list's source."""
    rows = db.session.scalars(select(RuleSuspension).where(RuleSuspension.in_force.is_not(None)))
    return {row.source_key: row for row in rows}


def list_it_rests_on(credential: Credential) -> str | None:
    """The source of the list that alone shows a license: the program verified it, and no person checked it."""
    checks = [check for check in credential.verifications if check.state == "final"]
    files = [check.board_file for check in checks if check.recorded_by == PROGRAM and check.board_file]
    if credential.status not in COUNTING or not checks or len(files) < len(checks):
        return None
    return files[0].source_key


def resting_on(source_key: str) -> list[Credential]:
    """The licenses that count and rest on a list alone."""
    shown = select(Verification.credential_id).join(BoardFile).where(BoardFile.source_key == source_key)
    licenses = db.session.scalars(
        select(Credential)
        .where(Credential.status.in_(COUNTING), Credential.id.in_(shown))
        .options(selectinload(Credential.verifications).joinedload(Verification.board_file))
        .order_by(Credential.id)
    )
    return [license for license in licenses if list_it_rests_on(license) == source_key]


def suspend_rule(actor: str, source_key: str, wrong: Credential, reason: str, *, is_general: bool) -> None:
    """Verify nothing more from a list, of which `wrong` was found to be wrong.

    What rests on the list alone is put to verifiers. When the reason `is_general`, so that it may hold of them too,
    they stop counting at once, each until it is checked; else they go on counting meanwhile.
    """
    suspension = suspensions().get(source_key)
    if suspension is None:
        suspension = RuleSuspension(
            source_key=source_key,
            in_force=source_key,
            is_general=is_general,
            credential_id=wrong.id,
            suspended_at=datetime.now(UTC),
            suspended_by=actor,
            reason=reason,
        )
        db.session.add(suspension)
    else:
        suspension.is_general |= is_general
        suspension.reason += f"\n{reason}"
    db.session.flush()
    resting = [license for license in resting_on(source_key) if license.id != wrong.id]
    after = {"credential": wrong.id, "general": is_general, "resting": len(resting)}
    record(actor, "suspend_rule", f"source:{source_key}", after=after, reason=reason)
    name = db.session.get_one(Source, source_key).name
    if is_general:
        withdraw(actor, resting, f"Another license of {name} was found to be wrong: {reason}", "withdrawn")
        return
    why = f"was verified by the program from {name}, of which another license was found to be wrong: {reason}"
    sampled = _in_sample(source_key)
    marked = {each: f"{title_of(each)} {each.number} {why}" for each in resting if each.id not in sampled}
    open_tasks(marked, TaskKind.RULE_REVIEW)


def _in_sample(source_key: str) -> set[int | None]:
    """The licenses of a list that wait for a person as its sample."""
    shown = select(Verification.credential_id).join(BoardFile).where(BoardFile.source_key == source_key)
    waiting = select(VerificationTask.credential_id).where(
        VerificationTask.kind == TaskKind.SAMPLE_RECHECK,
        VerificationTask.closed_at.is_(None),
        VerificationTask.credential_id.in_(shown),
    )
    return set(db.session.scalars(waiting))


def lift_suspension(actor: str, source_key: str, reason: str) -> None:
    """Let the list verify again. What was marked for review because of the suspension alone no longer is.

    Raises `ValidationFailedError` without a reason, and `EditConflictError` when it is lifted already.
    """
    if not reason.strip():
        raise ValidationFailedError({"reason": "Say what was looked at, and why the list can be trusted again."})
    suspension = suspensions().get(source_key)
    if suspension is None:
        raise EditConflictError
    suspension.in_force = None
    suspension.lifted_at, suspension.lifted_by, suspension.lift_reason = datetime.now(UTC), actor, reason.strip()
    record(
        actor, "lift_suspension", f"source:{source_key}", before={"reason": suspension.reason}, reason=reason.strip()
    )
    shown = select(Verification.credential_id).join(BoardFile).where(BoardFile.source_key == source_key)
    db.session.execute(
        update(VerificationTask)
        .where(
            VerificationTask.kind == TaskKind.RULE_REVIEW,
            VerificationTask.closed_at.is_(None),
            VerificationTask.credential_id.in_(shown),
        )
        .values(closed_at=datetime.now(UTC), closed_by=actor, open_key=None)
    )


def withdraw(actor: str, licenses: Sequence[Credential], why: str, state: str) -> None:
    """Take back what the program alone verified: each license is claimed again, and waits for a verifier.

    `state` is that of its checks: `declined` when a person looked at this very license, which the program then leaves
    to people; `withdrawn` when not, so that a list may verify it again.
    """
    now = datetime.now(UTC)
    for license in licenses:
        before, said = license.status, license.last_submission
        license.status = state_after(CredentialAct.WITHDRAW, CredentialStatus(before))
        license.issuer, license.number = said.issuer, said.number
        license.issued_on, license.expires_on, license.verified_until = said.issued_on, said.expires_on, None
        for check in license.verifications:
            if check.state == "final":
                check.state, check.second_by, check.second_at, check.second_note = state, actor, now, why
            elif check.state == "waiting":  # it was about how things stood before
                check.state, check.second_note = "declined", why
        after = {"status": license.status}
        record(actor, CredentialAct.WITHDRAW, license.subject, before={"status": before}, after=after, reason=why)
        close_tasks(actor, license)
    sentences = {
        each: f"{title_of(each)} {each.number}: it is no longer verified from the board's list. {why}"
        for each in licenses
    }
    for kind in (TaskKind.SUBMITTED, TaskKind.CLAIMED):
        fits = {
            each: said for each, said in sentences.items() if (kind is TaskKind.SUBMITTED) == bool(each.submitted_by)
        }
        open_tasks(fits, kind)
    _notify(licenses, why)
    rescore_qualifications([license.npi for license in licenses])


def _notify(licenses: Sequence[Credential], why: str) -> None:
    for some in chunks(licenses, AT_ONCE):
        public = _public({license.npi for license in some})
        for license in some:
            if license.npi in public:
                page = current_app.config["SITE_URL"] + f"/account/providers/{license.npi}/credentials"
                lines = [f"We had verified it from the board's list. That no longer counts: {why}", ""]
                text = "\n".join([*lines, "A verifier checks it now. You need not do anything.", "", page, ""])
                tell_representatives(license.npi, f"{title_of(license)}: being checked again", text)


def _public(npis: Collection[str]) -> set[str]:
    return {each.npi for each in db.session.scalars(select(Provider).where(Provider.npi.in_(npis))) if each.is_public}
