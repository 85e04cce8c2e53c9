"""The acts on a credential from its entry to its end. Each checks who may, moves the state, and is logged."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

from directory.audit.log import PROGRAM, record
from directory.credentials.checks import (
    Check,
    CredentialSubmission,
    faults_of_age,
    faults_of_check,
    faults_of_submission,
)
from directory.credentials.evidence import add_evidence
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.rules import list_it_rests_on, suspend_rule
from directory.credentials.models import Credential, Verification
from directory.credentials.queries import title_of
from directory.credentials.scoring import rescore_qualification
from directory.credentials.status import (
    ACT_OF_OUTCOME,
    COUNTING,
    NEGATIVE,
    STANDINGS,
    CredentialAct,
    CredentialStatus,
    state_after,
)
from directory.credentials.tasks import TaskKind, close_tasks, open_task
from directory.credentials.verifications import apply_verification
from directory.desk.eligibility import FirstPerson, refuse_ineligible
from directory.extensions import db
from directory.web.days import as_json, today_in_california
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError, take_version
from directory.web.uploads import CleanFile

ENTERED = "You entered this credential, so another verifier has to check it."
SECOND_CHECK = "You recorded this outcome, so another verifier has to agree to it."
DECISION_DAYS = 30  # within which a submission is to be decided


def enter_credential(
    actor: str, npi: str, submission: CredentialSubmission, *, source_key: str, as_of: date | None = None
) -> Credential:
    """Note that a provider is said to hold a credential. Raises `ValidationFailedError`."""
    _refuse_faulty(faults_of_submission(submission, today_in_california()))
    values = asdict(submission)
    credential = Credential(
        npi=npi,
        **values,
        status=CredentialStatus.CLAIMED,
        submission=as_json(values),
        entered_by=actor,
        source_key=source_key,
        as_of=as_of or today_in_california(),
    )
    db.session.add(credential)
    db.session.flush()
    record(actor, "enter_credential", credential.subject, after={"npi": npi, "kind": submission.kind})
    rescore_qualification(npi)
    return credential


def submit_credential(
    actor: str,
    credential: Credential,
    submission: CredentialSubmission,
    evidence: Sequence[tuple[CleanFile, str]] = (),
    answer: str | None = None,
) -> None:
    """Ask for a check, with what is claimed now, files that show it (each with its name), and an answer to the last.

    A verified credential stays so until the renewal is decided; a new submission changes nothing that is in force.
    Raises `ValidationFailedError`, or `InvalidTransitionError` while it is being verified and for what is another
    credential.
    """
    _refuse_faulty(faults_of_submission(submission, today_in_california()))
    if CredentialKind(credential.kind) != submission.kind:
        raise InvalidTransitionError("A credential keeps its kind: enter another one as a new credential.")
    in_force = credential.status in COUNTING or any(check.state == "final" for check in credential.verifications)
    if credential.status in COUNTING and (credential.state, credential.field) != (submission.state, submission.field):
        raise InvalidTransitionError(
            "This one is verified: enter a license of another state, or another field, as a new one."
        )
    take_version(credential)
    if credential.status not in COUNTING:
        _move(actor, credential, CredentialAct.SUBMIT)
    else:
        record(actor, CredentialAct.SUBMIT, credential.subject, after={"status": credential.status})
    if not in_force:
        for name, value in asdict(submission).items():
            setattr(credential, name, value)
    credential.submission = as_json(asdict(submission))
    credential.submitted_by, credential.submitted_at, credential.answer = actor, datetime.now(UTC), answer
    for clean, title in evidence:
        add_evidence(actor, credential, clean, title)
    close_tasks(actor, credential, (TaskKind.CLAIMED,))
    due_on = today_in_california() + timedelta(days=DECISION_DAYS)
    open_task(TaskKind.SUBMITTED, credential, f"{title_of(credential)} was submitted.", due_on)
    rescore_qualification(credential.npi)


def take_up(actor: str, credential: Credential, version: int | None = None) -> None:
    """Begin to verify it.

    Raises `EditConflictError` when it changed since `version`, `SelfApprovalError` or `InvalidTransitionError`.
    """
    refuse_ineligible(actor, credential.npi, entered_by(credential))
    take_version(credential, version)
    _move(actor, credential, CredentialAct.TAKE_UP)


def record_check(actor: str, credential: Credential, check: Check, version: int | None = None) -> Verification:
    """Record what was found at the primary source.

    That it holds counts at once. That it could not be verified, does not hold or was revoked waits for a second
    verifier, unless a program read it in the source's own file; until then nothing changes.

    Raises `ValidationFailedError`, `SelfApprovalError`, `InvalidTransitionError`, or `EditConflictError` when it
    changed since `version`.
    """
    refuse_ineligible(actor, credential.npi, entered_by(credential))
    take_version(credential, version)
    state_after(ACT_OF_OUTCOME[check.outcome], CredentialStatus(credential.status))
    faults = faults_of_check(check, CredentialKind(credential.kind), today_in_california())
    if check.evidence_id is not None and check.evidence_id not in {kept.id for kept in credential.evidence}:
        faults["evidence_id"] = "Choose a file of this credential."
    _refuse_faulty(faults)
    waits = check.outcome in NEGATIVE and actor != PROGRAM
    found = asdict(check)
    seen = {name: found.pop(name) for name in ("number", "issued_on", "expires_on", "public_discipline")}
    verification = Verification(
        **found,
        seen=as_json(seen),
        verified_at=datetime.now(UTC),
        recorded_by=actor,
        state="waiting" if waits else "final",
    )
    credential.verifications.insert(0, verification)
    db.session.flush()
    if waits:
        record(actor, "propose_outcome", credential.subject, after={"outcome": check.outcome}, reason=check.note or "")
        open_task(
            TaskKind.SECOND_OPINION,
            verification,
            f"{title_of(credential)}: a verifier found: {STANDINGS[check.outcome]}. A second one has to agree.",
        )
    else:
        apply_verification(actor, credential, verification)
    return verification


def second_check(
    actor: str, verification: Verification, *, agrees: bool, note: str = "", version: int | None = None
) -> None:
    """Agree or disagree, as the second verifier, with an outcome against a credential.

    Raises `SelfApprovalError`, `InvalidTransitionError`, `EditConflictError`, or `ValidationFailedError` for a
    disagreement without a note and for a check that by now is too old to decide on.
    """
    credential = verification.credential
    refuse_ineligible(actor, credential.npi, [*entered_by(credential), (verification.recorded_by, SECOND_CHECK)])
    take_version(credential, version)
    if verification.state != "waiting":
        raise EditConflictError
    if not agrees and not note.strip():
        raise ValidationFailedError({"note": "Explain to the first verifier why you disagree."})
    if agrees:
        _refuse_faulty(faults_of_age(verification.checked_on, today_in_california()))
    rested_on = list_it_rests_on(credential)
    verification.second_by, verification.second_at = actor, datetime.now(UTC)
    verification.second_note = note.strip() or None
    verification.state = "final" if agrees else "declined"
    close_tasks(actor, verification)
    if agrees:
        apply_verification(actor, credential, verification)
        if rested_on and verification.outcome != CredentialStatus.REVOKED:  # which the board may have done since
            reason = verification.note or STANDINGS[verification.outcome]
            suspend_rule(actor, rested_on, credential, reason, is_general=False)
    else:
        after = {"outcome": verification.outcome}
        record(actor, "decline_outcome", credential.subject, after=after, reason=note.strip())


def start_expiring(credential: Credential, sentence: str, due_on: date) -> None:
    """Say that it lapses soon, and ask for a new check."""
    _move(PROGRAM, credential, CredentialAct.START_EXPIRING)
    open_task(TaskKind.EXPIRING, credential, sentence, due_on)


def expire(credential: Credential, sentence: str) -> None:
    """Say that it has lapsed, or that its check is too old. It stops counting, and the provider is scored anew.

    Where neither date says so yet, because its source does, yesterday was its last day, which no new submission undoes.
    """
    today = today_in_california()
    if not any(end and end < today for end in (credential.expires_on, credential.verified_until)):
        credential.expires_on = today - timedelta(days=1)
    _move(PROGRAM, credential, CredentialAct.EXPIRE, sentence)
    open_task(TaskKind.EXPIRING, credential, sentence)
    rescore_qualification(credential.npi)


def _move(actor: str, credential: Credential, act: CredentialAct, reason: str = "") -> None:
    before = CredentialStatus(credential.status)
    credential.status = state_after(act, before)
    db.session.flush()
    after = {"status": credential.status}
    record(actor, act, credential.subject, before={"status": before}, after=after, reason=reason)


def entered_by(credential: Credential) -> list[FirstPerson]:
    """Who entered and submitted it, so that another person has to check it."""
    return [(person, ENTERED) for person in (credential.entered_by, credential.submitted_by)]


def _refuse_faulty(faults: dict[str, str]) -> None:
    if faults:
        raise ValidationFailedError(faults)
