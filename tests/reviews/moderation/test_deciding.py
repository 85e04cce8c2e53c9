"""Each decision: its row, its event in the audit log, its effect; the first of two wins; nothing twice."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.ratings.models import RatingEstimate
from directory.reviews.models import Decision, Review, ReviewStatus
from directory.reviews.moderation.actions import Ruling, decide_review
from directory.reviews.moderation.queries import moderated_review
from directory.reviews.moderation.queue import waiting_kinds
from directory.reviews.writing.actions import change_review
from directory.reviews.writing.content import content_of
from directory.reviews.writing.rights import waiting_edit
from directory.web.refusals import ConflictOfInterestError, InvalidTransitionError, SelfApprovalError
from directory.web.transaction import EditConflictError, transaction
from tests.reviews.moderation import rows
from tests.signing_in import new_account

ACTOR = "account:902"


def decide(review: Review, ruling: Ruling, actor: str) -> None:
    with transaction():
        decide_review(review, ruling, actor)


def take(review: Review, act: str, actor: str = ACTOR, **values: object) -> Review:
    """Decide, from the page as it is now; gives the review as it is afterward."""
    review_id = review.id
    db.session.commit()
    found = moderated_review(review_id)
    assert found
    decide(found, Ruling(act, found.version, **values), actor)  # type: ignore[arg-type]  # the fields of a ruling
    after = moderated_review(review_id)
    assert after
    return after


def events(review: Review) -> list[tuple[str, str, str]]:
    return [
        (event.actor, event.act, event.reason)
        for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        if event.subject == f"review:{review.id}"
    ]


def last(review: Review) -> tuple[str, str, str, str | None]:
    decision = review.decisions[-1]
    return decision.act, decision.reason, decision.moderator, decision.message


def counted(review: Review) -> int:
    estimate = db.session.get(RatingEstimate, review.npi)
    return estimate.reviews_counted if estimate else 0


def test_a_new_review_is_published(app: Flask) -> None:
    review = take(rows.written(), "publish", note="Clear.")
    assert (review.status, waiting_kinds(review.id), counted(review)) == (ReviewStatus.PUBLISHED, [], 1)
    assert review.published_at
    assert last(review) == ("publish", "fits", ACTOR, None)
    assert review.decisions[-1].note == "Clear."
    assert events(review) == [(ACTOR, "publish_review", "fits")]


def test_a_new_review_is_rejected_with_a_reason_and_a_message(app: Flask) -> None:
    review = take(rows.written(), "reject", reason="abusive", message="Please leave the insults out.")
    assert (review.status, waiting_kinds(review.id), counted(review)) == (ReviewStatus.REJECTED, [], 0)
    assert last(review) == ("reject", "abusive", ACTOR, "Please leave the insults out.")
    assert review.text == "They took their time."
    assert events(review) == [(ACTOR, "reject_review", "abusive")]


@pytest.mark.parametrize("reason", ["", "fits", "too_few_stars"])
def test_a_reason_has_to_be_one_of_the_published(app: Flask, reason: str) -> None:
    review = rows.written()
    with pytest.raises(InvalidTransitionError, match="published reasons"):
        take(review, "reject", reason=reason)
    assert (review.status, review.decisions, events(review)) == (ReviewStatus.PENDING, [], [])


def test_nobody_decides_on_reviews_of_a_provider_they_have_a_tie_with(app: Flask) -> None:
    review, tied, other = rows.written(), new_account(app, "moderator"), new_account(app, "moderator")
    declare_conflict(f"account:{tied.id}", review.npi, "My sister works there.")
    with pytest.raises(ConflictOfInterestError, match="You have a conflict of interest with this provider"):
        take(review, "publish", f"account:{tied.id}")
    assert (review.status, review.decisions) == (ReviewStatus.PENDING, [])
    assert take(review, "publish", f"account:{other.id}").status == ReviewStatus.PUBLISHED


def test_a_removal_takes_two(app: Flask) -> None:
    review = take(take(rows.written(), "publish"), "propose_removal", "account:903", reason="copied", note="See 12.")
    assert (review.status, counted(review)) == (ReviewStatus.PUBLISHED, 1)
    with pytest.raises(SelfApprovalError, match="another moderator"):
        take(review, "remove", "account:903")
    review = take(review, "remove", "account:904", message="It was copied.")
    assert (review.status, waiting_kinds(review.id), counted(review)) == (ReviewStatus.REMOVED, [], 0)
    assert last(review) == ("remove", "copied", "account:904", "It was copied.")
    assert [act for _, act, _ in events(review)] == ["publish_review", "propose_removal", "remove_review"]


def test_the_second_moderator_may_decline_and_the_reports_are_answered(app: Flask) -> None:
    review = take(rows.proposed(), "decline_removal")
    assert (review.status, waiting_kinds(review.id)) == (ReviewStatus.PUBLISHED, [])
    assert all(report.closed_at for report in review.reports)
    assert last(review) == ("decline_removal", "not_confirmed", ACTOR, None)


def test_a_reported_review_is_kept(app: Flask) -> None:
    review = take(rows.reported(rows.reported(), "b"), "keep")
    assert (review.status, waiting_kinds(review.id)) == (ReviewStatus.PUBLISHED, [])
    assert all(report.closed_at for report in review.reports)
    assert events(review) == [(ACTOR, "keep_review", "report_unfounded")]


@pytest.mark.parametrize("status", [ReviewStatus.PENDING, ReviewStatus.REJECTED])
def test_an_appeal_against_a_rejection_is_granted(app: Flask, status: ReviewStatus) -> None:
    review = take(rows.appealed(status), "publish")
    assert (review.status, counted(review)) == (ReviewStatus.PUBLISHED, 1)
    assert last(review)[:2] == ("publish", "appeal_upheld")


def test_an_appeal_against_a_removal_is_granted(app: Flask) -> None:
    review = take(rows.appealed(ReviewStatus.REMOVED), "restore")
    assert (review.status, waiting_kinds(review.id), counted(review)) == (ReviewStatus.PUBLISHED, [], 1)
    assert last(review)[:2] == ("restore", "appeal_upheld")


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (ReviewStatus.PENDING, ReviewStatus.REJECTED),
        (ReviewStatus.REJECTED, ReviewStatus.REJECTED),
        (ReviewStatus.REMOVED, ReviewStatus.REMOVED),
    ],
)
def test_an_appeal_is_declined(app: Flask, status: ReviewStatus, after: ReviewStatus) -> None:
    review = take(rows.appealed(status), "decline_appeal", reason="abusive", message="It stands.")
    assert (review.status, waiting_kinds(review.id)) == (after, [])
    assert last(review) == ("decline_appeal", "abusive", ACTOR, "It stands.")
    assert events(review) == [(ACTOR, "decline_appeal", "abusive")]


def test_a_change_is_published_and_what_it_replaced_is_kept(app: Flask) -> None:
    review = rows.edited()
    edit = waiting_edit(review)
    assert edit
    review = take(review, "apply_edit", subject=edit.id)
    assert (review.text, review.rating) == ("It went less well than I thought.", 2)
    assert review.outcome
    assert review.outcome.pain == 4
    assert review.edits[0].status == "applied"
    assert review.edits[0].replaced
    assert review.edits[0].replaced["text"] == "They took their time."
    estimate = db.session.get(RatingEstimate, review.npi)
    assert estimate
    assert estimate.reviews_counted == 1
    assert waiting_kinds(review.id) == []


def test_a_change_is_rejected_and_the_review_stays(app: Flask) -> None:
    review = rows.edited()
    edit = waiting_edit(review)
    assert edit
    review = take(review, "reject_edit", subject=edit.id, reason="advertising", message="No advertising.")
    assert (review.text, review.status) == ("They took their time.", ReviewStatus.PUBLISHED)
    assert (review.edits[0].status, waiting_kinds(review.id)) == ("rejected", [])


def test_a_change_that_the_writer_replaced_meanwhile_is_not_applied_unseen(app: Flask) -> None:
    with pytest.raises(EditConflictError):
        take(rows.edited(), "apply_edit", subject=1_000_000)


def test_a_reply_is_published(app: Flask) -> None:
    review = rows.replied()
    assert review.reply
    review = take(review, "publish_reply", subject=review.reply.versions[0].id)
    assert review.reply
    assert (review.reply.text, waiting_kinds(review.id)) == ("Thank you for writing.", [])
    assert last(review) == ("publish_reply", "fits", ACTOR, None)


def test_a_reply_is_rejected_with_a_message_to_the_clinic(app: Flask) -> None:
    review = rows.replied()
    assert review.reply
    subject = review.reply.versions[0].id
    review = take(review, "reject_reply", subject=subject, reason="discloses_care", message="Say nothing of care.")
    assert review.reply
    assert (review.reply.text, review.reply.versions[0].status, waiting_kinds(review.id)) == (None, "rejected", [])
    assert last(review) == ("reject_reply", "discloses_care", ACTOR, "Say nothing of care.")


def test_a_reply_that_the_clinic_changed_meanwhile_is_not_published_unseen(app: Flask) -> None:
    with pytest.raises(EditConflictError):
        take(rows.replied(), "publish_reply", subject=1_000_000)


@pytest.mark.parametrize(("act", "verified"), [("accept_proof", True), ("decline_proof", False)])
def test_a_proof_is_decided_and_its_file_goes(
    app: Flask, tmp_path: Path, act: str, verified: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "REVIEW_PROOFS_DIR", str(tmp_path))
    review = rows.with_proof()
    assert review.submission
    assert review.submission.proof_file
    file = tmp_path / review.submission.proof_file
    file.write_bytes(b"a receipt")
    reason = "" if verified else "unreadable"
    review = take(review, act, reason=reason, message=None if verified else "We couldn’t read it.")
    assert (review.verified, file.exists(), waiting_kinds(review.id)) == (verified, False, [])
    assert review.submission
    assert (review.submission.proof_file, bool(review.submission.proof_decided_at)) == (None, True)
    assert [act for _, act, _ in events(review)] == [act]


def test_the_proof_stays_when_the_decision_does_not_come_about(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "REVIEW_PROOFS_DIR", str(tmp_path))
    review = rows.with_proof()
    assert review.submission
    assert review.submission.proof_file
    file = tmp_path / review.submission.proof_file
    file.write_bytes(b"a receipt")
    db.session.commit()
    with pytest.raises(EditConflictError):
        decide(review, Ruling("accept_proof", review.version + 1), ACTOR)
    assert file.exists()


def test_what_is_not_open_cannot_be_decided(app: Flask) -> None:
    for act in ("publish", "reject", "remove", "restore", "keep", "accept_proof", "apply_edit"):
        with pytest.raises(InvalidTransitionError, match="nothing like that left"):
            take(rows.written(ReviewStatus.PUBLISHED), act, reason="abusive")
    for act in ("publish", "restore", "propose_removal"):
        with pytest.raises(InvalidTransitionError, match="nothing like that left"):
            take(rows.written(ReviewStatus.WITHDRAWN), act, reason="abusive")


def test_what_the_writer_changed_meanwhile_is_not_published_unseen(app: Flask) -> None:
    review = rows.written()
    db.session.commit()
    version = review.version
    change_review(review, content_of(review) | {"text": "Another text."})
    db.session.commit()
    with pytest.raises(EditConflictError):
        decide(review, Ruling("publish", version), ACTOR)
    assert db.session.get_one(Review, review.id).status == ReviewStatus.PENDING


PAIRS: dict[str, tuple[Callable[[], Review], Ruling, Ruling]] = {
    "publish and reject": (rows.written, Ruling("publish", 0), Ruling("reject", 0, reason="abusive")),
    "keep and propose removal": (rows.reported, Ruling("keep", 0), Ruling("propose_removal", 0, reason="abusive")),
    "confirm and decline": (rows.proposed, Ruling("remove", 0), Ruling("decline_removal", 0)),
    "twice the same": (rows.reported, Ruling("keep", 0), Ruling("keep", 0)),
    "proof accepted and declined": (
        rows.with_proof,
        Ruling("accept_proof", 0),
        Ruling("decline_proof", 0, reason="unreadable"),
    ),
}


@pytest.mark.postgresql
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_from_the_same_page_the_first_wins(app: Flask, pair: str) -> None:
    make, first, second = PAIRS[pair]
    review = make()
    db.session.commit()
    review_id, version, before = review.id, review.version, len(review.decisions)
    decide(review, Ruling(first.act, version, reason=first.reason), "account:903")
    review = db.session.get_one(Review, review_id)
    with pytest.raises(EditConflictError):
        decide(review, Ruling(second.act, version, reason=second.reason), "account:904")
    assert [decision.moderator for decision in review.decisions[before:]] == ["account:903"]


@pytest.mark.own_app
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_at_the_same_moment_one_wins_and_the_other_is_told(app: Flask, pair: str) -> None:
    make, *rulings = PAIRS[pair]
    review = make()
    db.session.commit()
    review_id, version, before = review.id, review.version, len(review.decisions)
    db.session.remove()
    meet = threading.Barrier(2, timeout=30)
    told: list[str] = []

    def press(ruling: Ruling, actor: str) -> None:
        with app.app_context():
            found = moderated_review(review_id)
            assert found
            meet.wait()
            try:
                decide(found, Ruling(ruling.act, version, reason=ruling.reason), actor)
            except EditConflictError:
                told.append(actor)

    threads = [
        threading.Thread(target=press, args=(ruling, f"account:{903 + number}"))
        for number, ruling in enumerate(rulings)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = db.session.scalars(select(Decision).where(Decision.review_id == review_id).order_by(Decision.id)).all()
    winners = [decision.moderator for decision in made[before:]]
    assert len(winners) == len(told) == 1
    assert {*winners, *told} == {"account:903", "account:904"}
    subjects = db.session.scalars(select(AuditEvent.subject)).all()
    assert subjects.count(f"review:{review_id}") == 1
