"""Each act on a credential: who may, from which state, what it changes, and what the log says of it."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.accounts.conflicts import declare_conflict
from directory.accounts.models import Representative
from directory.audit.log import PROGRAM
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.actions import expire, record_check, second_check, start_expiring, submit_credential, take_up
from directory.credentials.checks import CredentialSubmission, Method
from directory.credentials.kinds import CredentialKind
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.queries import qualifications
from directory.credentials.status import MOVES, NEGATIVE, CredentialAct, CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.providers.models import Provider
from directory.web.refusals import (
    ConflictOfInterestError,
    InvalidTransitionError,
    SelfApprovalError,
    ValidationFailedError,
)
from directory.web.transaction import EditConflictError, transaction
from tests import factories
from tests.credentials.acting import (
    CLINIC,
    FIRST,
    FOUND,
    LICENSE,
    SECOND,
    THIRD,
    TODAY,
    brought_to,
    claimed,
    found,
    in_review,
    paper,
    score_of,
    submitted,
)
from tests.signing_in import new_account

DAY = timedelta(days=1)
AGAINST = sorted(NEGATIVE)
BOARD = CredentialSubmission(CredentialKind.BOARD_CERTIFICATION, "ABPN", field="neurology")
TRIES: dict[CredentialAct, Callable[[Credential], object]] = {
    CredentialAct.SUBMIT: lambda credential: submit_credential(CLINIC, credential, LICENSE),
    CredentialAct.TAKE_UP: lambda credential: take_up(FIRST, credential),
    CredentialAct.VERIFY: lambda credential: found(credential),
    CredentialAct.COULD_NOT_VERIFY: lambda credential: found(credential, "could_not_verify", PROGRAM),
    CredentialAct.REJECT: lambda credential: found(credential, "rejected", PROGRAM),
    CredentialAct.REVOKE: lambda credential: found(credential, "revoked", PROGRAM),
    CredentialAct.START_EXPIRING: lambda credential: start_expiring(credential, "It lapses soon.", TODAY),
    CredentialAct.EXPIRE: lambda credential: expire(credential, "It lapsed."),
}


def events(credential: Credential) -> list[tuple[str, str, object, object]]:
    return [
        (event.actor, event.act, event.before, event.after)
        for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        if event.subject == f"credential:{credential.id}"
    ]


def open_tasks(credential: Credential) -> list[str]:
    return list(
        db.session.scalars(
            select(VerificationTask.kind)
            .where(VerificationTask.credential_id == credential.id, VerificationTask.closed_at.is_(None))
            .order_by(VerificationTask.kind)
        )
    )


@pytest.mark.parametrize("status", [str(status) for status in CredentialStatus])
def test_every_act_moves_as_the_table_of_moves_says_or_changes_nothing(sqlite_app: Flask, status: str) -> None:
    for act, attempt in TRIES.items():
        credential = brought_to(status)
        db.session.commit()
        starts, end = MOVES[act]
        logged = len(events(credential))
        stays = act == CredentialAct.SUBMIT and status in {"verified", "expiring"}  # a renewal, which is decided later
        try:
            with transaction():
                attempt(credential)
        except InvalidTransitionError:
            assert status not in starts
            assert not stays
            assert credential.status == status
            assert len(events(credential)) == logged
        else:
            assert status in starts or stays
            assert credential.status == (status if stays else end)
            assert [event[1] for event in events(credential)[logged:]] == [act]
    assert check_log().fault is None


def test_the_log_tells_the_whole_life(app: Flask) -> None:
    credential = in_review()
    found(credential)
    db.session.commit()
    assert events(credential) == [
        (CLINIC, "enter_credential", None, {"npi": credential.npi, "kind": "license"}),
        (CLINIC, "submit_credential", {"status": "claimed"}, {"status": "submitted"}),
        (FIRST, "take_up_credential", {"status": "submitted"}, {"status": "in_review"}),
        (
            FIRST,
            "verify_credential",
            {"status": "in_review"},
            {"status": "verified", "verification": credential.verifications[0].id},
        ),
    ]
    assert check_log().fault is None


def test_the_score_rises_by_the_rubrics_points_once_it_is_verified_and_not_before(app: Flask) -> None:
    credential = in_review()
    assert score_of(credential.npi).points == 0
    found(credential)
    assert score_of(credential.npi).points == 20 + 10
    assert score_of(credential.npi).license_verified


def test_only_what_the_verifier_saw_comes_into_force(app: Flask) -> None:
    credential = in_review()
    seen_until = TODAY + timedelta(days=90)
    found(credential, number="A 99", issued_on=None, expires_on=seen_until)
    assert (credential.number, credential.issued_on, credential.expires_on) == ("A 99", None, seen_until)
    assert credential.verified_until == TODAY + timedelta(days=365)


def test_a_check_counts_for_a_year_from_the_day_of_the_check(app: Flask) -> None:
    credential = in_review()
    found(credential, checked_on=TODAY - timedelta(days=120))
    assert credential.verified_until == TODAY + timedelta(days=245)


def test_published_discipline_takes_the_license_points(app: Flask) -> None:
    credential = in_review()
    found(credential, public_discipline=True)
    assert score_of(credential.npi).awards[0]["points"] == 0


# Claims


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"expires_on": TODAY - DAY}, "expires_on"),
        ({"issued_on": TODAY + DAY}, "issued_on"),
        ({"issued_on": TODAY, "expires_on": TODAY - DAY}, "expires_on"),
        ({"number": None}, "number"),
    ],
)
def test_a_faulty_claim_is_neither_entered_nor_submitted(app: Flask, changes: dict[str, object], field: str) -> None:
    faulty = replace(LICENSE, **changes)
    with pytest.raises(ValidationFailedError) as entering:
        claimed(submission=faulty)
    assert entering.value.faults.keys() == {field}
    credential = claimed()
    with pytest.raises(ValidationFailedError) as submitting:
        submit_credential(CLINIC, credential, faulty)
    assert submitting.value.faults.keys() == {field}
    assert credential.status == "claimed"


def test_a_submission_is_to_be_decided_within_thirty_days(app: Flask) -> None:
    credential = submitted()
    task = db.session.scalars(select(VerificationTask).where(VerificationTask.credential_id == credential.id)).one()
    assert (task.kind, task.due_on) == (TaskKind.SUBMITTED, TODAY + timedelta(days=30))
    submit_credential(CLINIC, credential, LICENSE)
    assert open_tasks(credential) == ["submitted"]
    take_up(FIRST, credential)
    found(credential)
    assert open_tasks(credential) == []


def test_a_credential_keeps_its_kind(app: Flask) -> None:
    credential = claimed()
    with pytest.raises(InvalidTransitionError, match="keeps its kind"):
        submit_credential(CLINIC, credential, BOARD)


def test_another_field_or_state_is_another_credential_once_it_is_verified(app: Flask) -> None:
    board = in_review(submission=BOARD)
    found(board, number=None, issued_on=None)
    with pytest.raises(InvalidTransitionError, match="as a new one"):
        submit_credential(CLINIC, board, replace(BOARD, field="pain_medicine"))
    license = brought_to("verified")
    with pytest.raises(InvalidTransitionError, match="as a new one"):
        submit_credential(CLINIC, license, replace(LICENSE, state="NV"))


def test_what_was_only_claimed_follows_the_newest_claim(app: Flask) -> None:
    credential = submitted()
    submit_credential(CLINIC, credential, replace(LICENSE, number="A 5678"))
    assert credential.number == "A 5678"


@pytest.mark.parametrize("status", ["revoked", "rejected", "expired"])
def test_a_new_claim_lifts_no_bar_until_it_is_verified(app: Flask, status: str) -> None:
    credential = brought_to(status)
    npi, before = credential.npi, (credential.number, credential.expires_on)
    why = score_of(npi).barred_for
    assert why
    submission = replace(LICENSE, number="A 5678", expires_on=TODAY + timedelta(days=900))
    submit_credential(CLINIC, credential, submission)
    assert (credential.number, credential.expires_on) == before
    assert (credential.status, score_of(npi).barred_for, score_of(npi).points) == ("submitted", why, 0)
    take_up(FIRST, credential)
    assert (score_of(npi).barred_for, score_of(npi).points) == (why, 0)
    second_check(SECOND, found(credential, "could_not_verify"), agrees=True)
    assert (credential.status, score_of(npi).barred_for) == ("could_not_verify", why)
    take_up(FIRST, credential)
    found(credential)
    assert (score_of(npi).barred_for, score_of(npi).license_verified) == (None, True)


def test_what_the_page_says_stays_too_while_a_new_claim_waits(app: Flask) -> None:
    credential = brought_to("revoked")
    submit_credential(CLINIC, credential, LICENSE)
    (shown,) = qualifications(credential.npi).credentials
    assert (shown.standing, shown.verification and shown.verification.outcome) == ("revoked", "revoked")


@pytest.mark.postgresql
@pytest.mark.parametrize("status", ["verified", "expiring"])
def test_a_renewal_keeps_points_and_what_is_in_force_until_it_is_decided(app: Flask, status: str) -> None:
    credential = brought_to(status)
    points, expires_on = score_of(credential.npi).points, credential.expires_on
    renewed = replace(LICENSE, expires_on=TODAY + timedelta(days=1200))
    submit_credential(CLINIC, credential, renewed)
    assert (credential.status, credential.expires_on, score_of(credential.npi).points) == (status, expires_on, points)
    assert "submitted" in open_tasks(credential)
    found(credential, expires_on=renewed.expires_on)
    assert (credential.status, credential.expires_on) == ("verified", renewed.expires_on)
    assert open_tasks(credential) == []


def test_the_verified_day_of_issue_outlasts_a_check_that_does_not_give_it(app: Flask) -> None:
    credential = brought_to("verified")
    points = score_of(credential.npi).points
    found(credential, issued_on=None)
    assert (credential.issued_on, score_of(credential.npi).points) == (LICENSE.issued_on, points)


def test_a_claimed_day_of_issue_never_counts_unseen(app: Flask) -> None:
    credential = brought_to("could_not_verify")
    take_up(FIRST, credential)
    found(credential, issued_on=None)
    assert credential.issued_on is None


def test_a_program_brings_no_claim_into_force_that_nobody_looked_at(app: Flask) -> None:
    credential = brought_to("verified")
    submit_credential(CLINIC, credential, replace(LICENSE, issuer="The Best Board There Is"))
    found(credential, actor=PROGRAM, method=Method.BULK_FILE)
    assert credential.issuer == LICENSE.issuer
    found(credential)
    assert credential.issuer == "The Best Board There Is"


def test_a_source_that_says_expired_before_the_day_is_believed(app: Flask) -> None:
    credential = brought_to("verified")
    expire(credential, "The board says: delinquent.")
    assert credential.expires_on == TODAY - DAY


# The second person


@pytest.mark.parametrize("outcome", ["verified", *AGAINST])
def test_who_entered_or_submitted_it_neither_takes_it_up_nor_checks_it(app: Flask, outcome: str) -> None:
    credential = claimed(actor=FIRST)
    submit_credential(SECOND, credential, LICENSE)
    for own in (FIRST, SECOND):
        with pytest.raises(SelfApprovalError, match="You entered this credential"):
            take_up(own, credential)
    take_up(THIRD, credential)
    for own in (FIRST, SECOND):
        with pytest.raises(SelfApprovalError, match="You entered this credential"):
            found(credential, outcome, actor=own)
    assert credential.verifications == []


@pytest.mark.parametrize("outcome", AGAINST)
@pytest.mark.parametrize("status", ["in_review", "verified"])
def test_an_outcome_against_it_changes_nothing_until_a_second_verifier_agrees(
    app: Flask, outcome: str, status: str
) -> None:
    credential = brought_to(status)
    score = score_of(credential.npi).points
    verification = found(credential, outcome)
    assert (verification.state, credential.status, score_of(credential.npi).points) == ("waiting", status, score)
    assert open_tasks(credential).count("second_opinion") == 1
    (shown,) = qualifications(credential.npi).credentials
    assert verification is not shown.verification
    with pytest.raises(SelfApprovalError, match="another verifier has to agree"):
        second_check(FIRST, verification, agrees=True)
    with pytest.raises(SelfApprovalError, match="You entered this credential"):
        second_check(CLINIC, verification, agrees=True)
    second_check(SECOND, verification, agrees=True)
    assert (verification.state, verification.second_by, credential.status) == ("final", SECOND, outcome)
    assert score_of(credential.npi).points == 0
    assert open_tasks(credential) == []


@pytest.mark.postgresql
def test_a_disagreement_needs_a_reason_and_leaves_all_as_it_was(app: Flask) -> None:
    credential = brought_to("verified")
    verification = found(credential, "revoked")
    db.session.commit()
    with pytest.raises(ValidationFailedError) as refusal, transaction():
        second_check(SECOND, verification, agrees=False, note=" ")
    assert refusal.value.faults.keys() == {"note"}
    second_check(SECOND, verification, agrees=False, note="That is another person’s license.")
    assert (verification.state, credential.status) == ("declined", "verified")
    assert score_of(credential.npi).points == 30
    assert (SECOND, "decline_outcome", None, {"outcome": "revoked"}) in events(credential)
    assert open_tasks(credential) == []


def test_an_outcome_is_agreed_to_once(app: Flask) -> None:
    verification = found(in_review(), "rejected")
    second_check(SECOND, verification, agrees=True)
    with pytest.raises(EditConflictError):
        second_check(THIRD, verification, agrees=False, note="No.")


def test_a_second_verifier_cannot_agree_to_a_check_that_has_grown_too_old(app: Flask) -> None:
    verification = found(in_review(), "rejected")
    verification.checked_on = TODAY - timedelta(days=121)
    with pytest.raises(ValidationFailedError) as refusal:
        second_check(SECOND, verification, agrees=True)
    assert refusal.value.faults.keys() == {"checked_on"}


def test_what_waited_for_a_second_verifier_is_void_once_something_else_was_decided(app: Flask) -> None:
    credential = in_review()
    verification = found(credential, "rejected")
    found(credential, actor=SECOND)
    assert (verification.state, credential.status) == ("declined", "verified")
    with pytest.raises(EditConflictError):
        second_check(THIRD, verification, agrees=True)
    assert open_tasks(credential) == []


@pytest.mark.parametrize("outcome", AGAINST)
def test_what_a_program_read_in_the_sources_own_file_counts_at_once(app: Flask, outcome: str) -> None:
    credential = brought_to("verified")
    verification = found(credential, outcome, PROGRAM, method=Method.BULK_FILE)
    assert (verification.state, credential.status) == ("final", outcome)
    assert score_of(credential.npi).points == 0


def test_nobody_acts_on_a_provider_they_have_a_conflict_with(app: Flask) -> None:
    account = new_account(app, "verifier")
    conflicted = f"account:{account.id}"
    credential = submitted()
    declare_conflict(conflicted, credential.npi, "My sister works there.")
    with pytest.raises(ConflictOfInterestError):
        take_up(conflicted, credential)
    take_up(FIRST, credential)
    for outcome in ("verified", *AGAINST):
        with pytest.raises(ConflictOfInterestError):
            found(credential, outcome, conflicted)
    verification = found(credential, "rejected")
    with pytest.raises(ConflictOfInterestError):
        second_check(conflicted, verification, agrees=True)


def test_whoever_speaks_for_a_provider_has_a_conflict_of_interest(app: Flask) -> None:
    credential = submitted()
    account = new_account(app, "clinic", npi=credential.npi)
    with pytest.raises(ConflictOfInterestError):
        take_up(f"account:{account.id}", credential)


# Checks


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"checked_on": TODAY - timedelta(days=121)}, "checked_on"),
        ({"checked_on": TODAY + DAY}, "checked_on"),
        ({"method": Method.PHONE}, "contact"),
        ({"method": Method.LETTER}, "evidence_id"),
        ({"expires_on": TODAY - DAY}, "expires_on"),
        ({"issued_on": LICENSE.expires_on, "expires_on": LICENSE.issued_on}, "expires_on"),
        ({"number": None}, "number"),
        ({"outcome": CredentialStatus.REJECTED, "note": None}, "note"),
    ],
)
def test_a_check_that_does_not_count_changes_nothing(app: Flask, changes: dict[str, object], field: str) -> None:
    credential = in_review()
    db.session.commit()
    with pytest.raises(ValidationFailedError) as refusal, transaction():
        record_check(FIRST, credential, replace(FOUND, **changes))
    assert field in refusal.value.faults
    assert (credential.status, credential.verifications) == ("in_review", [])


def test_a_letter_has_to_be_a_file_of_this_very_credential(app: Flask) -> None:
    other, credential = claimed(), claimed()
    submit_credential(CLINIC, other, LICENSE, [(paper(), "letter.pdf")])
    submit_credential(CLINIC, credential, LICENSE, [(paper(), "letter.pdf")])
    take_up(FIRST, credential)
    with pytest.raises(ValidationFailedError) as refusal:
        found(credential, method=Method.LETTER, evidence_id=other.evidence[0].id)
    assert refusal.value.faults.keys() == {"evidence_id"}
    verification = found(credential, method=Method.LETTER, evidence_id=credential.evidence[0].id)
    assert verification.state == "final"


# Two at once


@pytest.mark.own_app
@pytest.mark.parametrize("outcome", ["verified", "rejected"])
def test_of_two_verifiers_at_once_one_wins_and_the_other_is_told(app: Flask, outcome: str) -> None:
    credential = in_review()
    db.session.commit()
    results = at_once(
        app,
        credential.id,
        lambda found_credential: found(found_credential, "verified", FIRST),
        lambda found_credential: found(found_credential, outcome, SECOND),
    )
    assert sorted(results) == ["done", "overtaken"]
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Verification)) == 1
    assert check_log().fault is None


@pytest.mark.own_app
def test_of_two_who_take_it_up_at_once_one_has_it(app: Flask) -> None:
    credential = submitted()
    db.session.commit()
    results = at_once(app, credential.id, lambda each: take_up(FIRST, each), lambda each: take_up(SECOND, each))
    assert sorted(results) == ["done", "overtaken"]


@pytest.mark.own_app
def test_of_two_second_verifiers_at_once_one_decides(app: Flask) -> None:
    credential = in_review()
    found(credential, "rejected")
    db.session.commit()
    results = at_once(
        app,
        credential.id,
        lambda each: second_check(SECOND, each.verifications[0], agrees=True),
        lambda each: second_check(THIRD, each.verifications[0], agrees=False, note="It is there."),
    )
    assert sorted(results) == ["done", "overtaken"]
    assert sum(event[1] in {"reject_credential", "decline_outcome"} for event in events(credential)) == 1


def test_a_page_that_is_older_than_the_credential_decides_nothing(app: Flask) -> None:
    credential = in_review()
    db.session.commit()
    seen = credential.version
    with transaction():
        second_check(SECOND, found(credential, "rejected"), agrees=True)
    for act in (
        lambda: take_up(THIRD, credential, seen),
        lambda: record_check(THIRD, credential, FOUND, seen),
    ):
        with pytest.raises(EditConflictError), transaction():
            act()
    assert credential.status == "rejected"


def at_once(app: Flask, credential_id: int, *acts: Callable[[Credential], object]) -> list[str]:
    """What becomes of `acts`, each on its own connection, after all have read the same state."""
    ready, results = threading.Barrier(len(acts), timeout=60), []

    def press(act: Callable[[Credential], object]) -> None:
        with app.app_context():
            credential = db.session.get(Credential, credential_id)
            assert credential is not None
            [check.state for check in credential.verifications]
            ready.wait()
            try:
                with transaction():
                    act(credential)
                results.append("done")
            except EditConflictError:
                results.append("overtaken")

    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# Notices


@pytest.mark.parametrize("outcome", ["verified", *AGAINST])
def test_confirmed_representatives_alone_are_told_of_a_decision(app: Flask, outcome: str) -> None:
    credential = submitted()
    confirmed, waiting, inactive = (new_account(app, "clinic", npi=credential.npi) for _ in range(3))
    new_account(app, "clinic", npi=factories.provider().npi)
    db.session.get_one(Representative, (waiting.id, credential.npi)).confirmed_at = None
    inactive.active = False
    take_up(FIRST, credential)
    assert db.session.scalars(select(OutgoingMail)).all() == []
    verification = found(credential, outcome)
    if outcome in NEGATIVE:
        assert db.session.scalars(select(OutgoingMail)).all() == [], "nothing is decided yet"
        second_check(SECOND, verification, agrees=True)
    (letter,) = db.session.scalars(select(OutgoingMail))
    assert letter.recipient == confirmed.email
    assert f"/account/providers/{credential.npi}/credentials" in letter.text
    assert ("The board lists none." in letter.text) == (outcome in NEGATIVE)
    assert ("right to see what we found, and to correct it" in letter.text) == (outcome in NEGATIVE)


@pytest.mark.parametrize("column", ["hidden_at", "merged_into"])
def test_no_letter_goes_out_about_a_provider_without_a_page(app: Flask, column: str) -> None:
    credential = submitted()
    new_account(app, "clinic", npi=credential.npi)
    provider = db.session.get_one(Provider, credential.npi)
    setattr(provider, column, factories.provider().npi if column == "merged_into" else datetime.now(UTC))
    take_up(FIRST, credential)
    found(credential, CredentialStatus.VERIFIED)
    assert db.session.scalars(select(OutgoingMail)).all() == []


def test_that_a_program_finds_nothing_changed_is_no_news(app: Flask) -> None:
    credential = submitted()
    new_account(app, "clinic", npi=credential.npi)
    take_up(FIRST, credential)
    found(credential, CredentialStatus.VERIFIED)
    found(credential, CredentialStatus.VERIFIED, actor=PROGRAM)
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 1
    found(credential, CredentialStatus.REVOKED, actor=PROGRAM)
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 2
