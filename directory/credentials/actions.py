"""What is done with a credential from its claim to its end. Each act checks who may, moves the state, and is logged.

The caller commits, within `one_act()`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from directory.accounts.ties import refuse_tied
from directory.audit.log import record
from directory.credentials.checks import Check, ClaimedCredential, faults_of_age, faults_of_check, faults_of_claim
from directory.credentials.kinds import COUNTING, NEGATIVE, REVERIFY_DAYS, CredentialKind, CredentialStatus
from directory.credentials.models import Credential, Evidence, Verification
from directory.credentials.notices import tell_decision
from directory.credentials.queries import title_of, today_in_california
from directory.credentials.scoring import rescore_qualification
from directory.credentials.status import ACT_OF_OUTCOME, Act, MoveRefused, state_after
from directory.credentials.tasks import TaskKind, close_tasks, open_task
from directory.extensions import db
from directory.web.uploads import CleanFile, keep_file

DECISION_DAYS = 30  # within which a submission is to be decided
PROGRAM = "program"


class FourEyesRefused(ValueError):  # noqa: N818 (the decision, not a fault of ours)
    """An act that somebody else has to do; the message is a sentence."""


class Faulty(ValueError):  # noqa: N818 (what was typed, not a fault of ours)
    """Values that do not hold together: `faults` has a sentence by the name of each."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class Overtaken(Exception):  # noqa: N818 (nobody's fault)
    """Somebody else was quicker: nothing was done."""


@contextmanager
def one_act() -> Iterator[None]:
    """Commit what the body does, or nothing of it. Raises `Overtaken` when another act came between."""
    try:
        yield
        db.session.commit()
    except StaleDataError as error:
        raise Overtaken from error
    finally:
        db.session.rollback()  # after a commit there is nothing to take back


def enter_credential(
    actor: str, npi: str, claim: ClaimedCredential, *, source_key: str, as_of: date | None = None
) -> Credential:
    """Note that a provider is said to hold a credential. Raises `Faulty`."""
    _refuse_faulty(faults_of_claim(claim, today_in_california()))
    values = asdict(claim)
    credential = Credential(
        npi=npi,
        **values,
        status=CredentialStatus.CLAIMED,
        claim=_as_json(values),
        entered_by=actor,
        source_key=source_key,
        as_of=as_of or today_in_california(),
    )
    db.session.add(credential)
    db.session.flush()
    record(actor, "claim_credential", _subject(credential), after={"npi": npi, "kind": claim.kind})
    rescore_qualification(npi)
    return credential


def submit_credential(
    actor: str,
    credential: Credential,
    claim: ClaimedCredential,
    evidence: Sequence[tuple[CleanFile, str]] = (),
    answer: str | None = None,
) -> None:
    """Ask for a check, with what is claimed now, files that show it (each with its name), and an answer to the last.

    A verified credential stays so until the renewal is decided; a new claim changes nothing that is in force.
    Raises `Faulty`, or `MoveRefused` while it is being verified and for what is another credential.
    """
    _refuse_faulty(faults_of_claim(claim, today_in_california()))
    if CredentialKind(credential.kind) != claim.kind:
        raise MoveRefused("A credential keeps its kind: enter another one as a new credential.")
    in_force = credential.status in COUNTING or any(check.state == "final" for check in credential.verifications)
    if credential.status in COUNTING and (credential.state, credential.field) != (claim.state, claim.field):
        raise MoveRefused("This one is verified: enter a licence of another state, or another field, as a new one.")
    _take_version(credential)
    if credential.status not in COUNTING:
        _move(actor, credential, Act.SUBMIT)
    else:
        record(actor, Act.SUBMIT, _subject(credential), after={"status": credential.status})
    if not in_force:
        for name, value in asdict(claim).items():
            setattr(credential, name, value)
    credential.claim = _as_json(asdict(claim))
    credential.submitted_by, credential.submitted_at, credential.answer = actor, datetime.now(UTC), answer
    for clean, title in evidence:
        add_evidence(actor, credential, clean, title)
    close_tasks(actor, credential_id=credential.id, kinds=(TaskKind.CLAIMED,))
    open_task(
        TaskKind.SUBMITTED,
        credential.npi,
        f"{title_of(credential)} was submitted.",
        credential_id=credential.id,
        due_on=today_in_california() + timedelta(days=DECISION_DAYS),
    )
    rescore_qualification(credential.npi)


def add_evidence(actor: str, credential: Credential, clean: CleanFile, title: str) -> Evidence:
    """Keep a file that shows the credential. `title` is only ever shown, never used as a path."""
    evidence = Evidence(
        credential_id=credential.id,
        file=keep_file(current_app.config["EVIDENCE_DIR"], clean),
        sha256=clean.sha256,
        media_type=clean.media_type,
        size_bytes=len(clean.content),
        title=title[-200:],
        added_by=actor,
        added_at=datetime.now(UTC),
    )
    credential.evidence.append(evidence)
    db.session.flush()
    record(actor, "add_evidence", _subject(credential), after={"evidence": evidence.id, "sha256": clean.sha256})
    return evidence


def take_up(actor: str, credential: Credential, version: int | None = None) -> None:
    """Begin to verify it. Raises `Overtaken` when it changed since `version`, `FourEyesRefused` or `MoveRefused`."""
    _refuse_own(actor, credential)
    _take_version(credential, version)
    _move(actor, credential, Act.TAKE_UP)


def record_check(actor: str, credential: Credential, check: Check, version: int | None = None) -> Verification:
    """Record what was found at the primary source.

    That it holds counts at once. That it could not be verified, does not hold or was revoked waits for a second
    verifier, unless a program read it in the source's own file; until then nothing changes. Raises `Faulty`,
    `FourEyesRefused`, `MoveRefused`, or `Overtaken` when it changed since `version`.
    """
    _refuse_own(actor, credential)
    _take_version(credential, version)
    state_after(ACT_OF_OUTCOME[check.outcome], CredentialStatus(credential.status))
    faults = faults_of_check(check, CredentialKind(credential.kind), today_in_california())
    if check.evidence_id is not None and check.evidence_id not in {kept.id for kept in credential.evidence}:
        faults["evidence_id"] = "Choose a file of this credential."
    _refuse_faulty(faults)
    waits = check.outcome in NEGATIVE and actor != PROGRAM
    verification = Verification(
        verified_at=datetime.now(UTC),
        checked_on=check.checked_on,
        method=check.method,
        primary_source=check.primary_source,
        outcome=check.outcome,
        contact=check.contact,
        evidence_id=check.evidence_id,
        note=check.note,
        seen=_as_json(
            {
                "number": check.number,
                "issued_on": check.issued_on,
                "expires_on": check.expires_on,
                "public_discipline": check.public_discipline,
            }
        ),
        recorded_by=actor,
        state="waiting" if waits else "final",
    )
    credential.verifications.insert(0, verification)
    db.session.flush()
    if waits:
        record(
            actor, "propose_outcome", _subject(credential), after={"outcome": check.outcome}, reason=check.note or ""
        )
        open_task(
            TaskKind.SECOND_OPINION,
            credential.npi,
            f"{title_of(credential)}: a verifier found it {_found(check.outcome)}. A second one has to agree.",
            credential_id=credential.id,
            verification_id=verification.id,
        )
    else:
        _settle(actor, credential, verification)
    return verification


def second_check(
    actor: str, verification: Verification, *, agrees: bool, note: str = "", version: int | None = None
) -> None:
    """Agree or disagree, as the second verifier, with an outcome against a credential.

    Raises `FourEyesRefused`, `MoveRefused`, `Overtaken`, or `Faulty` for a disagreement without a note and for a check
    that by now is too old to decide on.
    """
    credential = verification.credential
    _refuse_own(actor, credential)
    if verification.recorded_by == actor:
        raise FourEyesRefused("You recorded this outcome, so another verifier has to agree to it.")
    _take_version(credential, version)
    if verification.state != "waiting":
        raise Overtaken
    if not agrees and not note.strip():
        raise Faulty({"note": "Say why you disagree, for the first verifier."})
    if agrees and verification.checked_on:
        _refuse_faulty(faults_of_age(verification.checked_on, today_in_california()))
    verification.second_by, verification.second_at = actor, datetime.now(UTC)
    verification.second_note = note.strip() or None
    verification.state = "final" if agrees else "declined"
    close_tasks(actor, verification_id=verification.id)
    if agrees:
        _settle(actor, credential, verification)
    else:
        record(
            actor,
            "decline_outcome",
            _subject(credential),
            after={"outcome": verification.outcome},
            reason=note.strip(),
        )


def start_expiring(credential: Credential, sentence: str, due_on: date) -> None:
    """Say that it lapses soon, and ask for a new check."""
    _move(PROGRAM, credential, Act.START_EXPIRING)
    open_task(TaskKind.EXPIRING, credential.npi, sentence, credential_id=credential.id, due_on=due_on)


def expire(credential: Credential, sentence: str) -> None:
    """Say that it has lapsed, or that its check is too old. It stops counting, and the provider is scored anew.

    Where neither date says so yet, because its source does, yesterday was its last day: a new claim cannot undo that.
    """
    today = today_in_california()
    if not any(end and end < today for end in (credential.expires_on, credential.verified_until)):
        credential.expires_on = today - timedelta(days=1)
    _move(PROGRAM, credential, Act.EXPIRE, sentence)
    open_task(TaskKind.EXPIRING, credential.npi, sentence, credential_id=credential.id)
    rescore_qualification(credential.npi)


def _settle(actor: str, credential: Credential, verification: Verification) -> None:
    """Let an outcome count: the state moves, what was seen comes into force, the provider is told and scored anew."""
    seen = verification.seen or {}
    before = {"status": credential.status}
    looked_at_claim = actor != PROGRAM or credential.status not in COUNTING
    issued_before = credential.issued_on if _was_verified(credential, verification) else None
    credential.status = state_after(ACT_OF_OUTCOME[verification.outcome], CredentialStatus(credential.status))
    if verification.outcome in COUNTING:
        for name, value in (credential.claim or {}).items():
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
        _subject(credential),
        before=before,
        after={"status": credential.status, "verification": verification.id},
        reason=verification.note or "",
    )
    close_tasks(
        actor,
        credential_id=credential.id,
        kinds=(
            TaskKind.SUBMITTED,
            TaskKind.CLAIMED,
            TaskKind.EXPIRING,
            TaskKind.CHANGED_AT_SOURCE,
            TaskKind.SAMPLE_RECHECK,
            TaskKind.SECOND_OPINION,
        ),
    )
    if actor != PROGRAM or credential.status != before["status"]:  # that nothing changed, as each month, is no news
        tell_decision(credential, verification)
    rescore_qualification(credential.npi)


def _was_verified(credential: Credential, now: Verification) -> bool:
    """Whether it was verified before `now`, so that its columns hold what a source said."""
    return any(
        check.state == "final" and check.outcome in COUNTING for check in credential.verifications if check is not now
    )


def _move(actor: str, credential: Credential, act: Act, reason: str = "") -> None:
    before = CredentialStatus(credential.status)
    credential.status = state_after(act, before)
    db.session.flush()
    record(
        actor,
        act,
        _subject(credential),
        before={"status": before},
        after={"status": credential.status},
        reason=reason,
    )


def _refuse_own(actor: str, credential: Credential) -> None:
    refuse_tied(actor, credential.npi)
    if actor != PROGRAM and actor in {credential.entered_by, credential.submitted_by}:
        raise FourEyesRefused("You entered this credential, so another verifier has to check it.")


def _refuse_faulty(faults: dict[str, str]) -> None:
    if faults:
        raise Faulty(faults)


def _take_version(credential: Credential, version: int | None = None) -> None:
    """Of two acts from the same version the later one fails here, whatever they change."""
    if version is not None and credential.version != version:
        raise Overtaken
    flag_modified(credential, "status")
    db.session.flush()


def _subject(credential: Credential) -> str:
    return f"credential:{credential.id}"


def _found(outcome: CredentialStatus) -> str:
    return {
        CredentialStatus.COULD_NOT_VERIFY: "impossible to verify",
        CredentialStatus.REJECTED: "not confirmed by the issuer",
        CredentialStatus.REVOKED: "revoked",
    }[outcome]


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
