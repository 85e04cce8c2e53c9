"""A reply is written once, read by a moderator, changed with its history kept, and everything is audited."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.accounts.models import Account
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.reviews.models import Decision, ReplyVersion, Review, ReviewReply, ReviewStatus
from directory.reviews.moderation.actions import Ruling, decide_review
from directory.reviews.replies import actions
from directory.reviews.replies.queries import waiting_version, wordings
from directory.reviews.replies.reply_check import MAX_REPLY_LENGTH, TEMPLATE
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction
from tests import factories
from tests.signing_in import new_account

OTHER = "Thank you for writing. We have hired two more people for the front desk."
THIRD = "Thank you for writing. Parking is free behind the building now."
MODERATOR = "account:900"


def send_reply(review: Review, text: str, account: Account, seen: int = 0) -> ReviewReply:
    with transaction():
        return actions.send_reply(review, text, account, seen)


def publish_reply(version: ReplyVersion, actor: str) -> None:
    review = version.reply.review
    decide_review(review, Ruling("publish_reply", review.version, version.id), actor)


def reject_reply(version: ReplyVersion, actor: str, reason: str, message: str | None, note: str | None = None) -> None:
    review = version.reply.review
    decide_review(review, Ruling("reject_reply", review.version, version.id, reason, message, note), actor)


@pytest.fixture
def review(app: Flask) -> Review:
    found: Review = factories.review(factories.provider().npi)
    db.session.commit()
    return found


@pytest.fixture
def account(app: Flask, review: Review) -> Account:
    return new_account(app, "clinic", npi=review.npi)


def published(review: Review, account: Account, text: str = TEMPLATE) -> ReviewReply:
    reply = send_reply(review, text, account)
    publish_reply(reply.versions[-1], MODERATOR)
    db.session.commit()
    return reply


def waiting(reply: ReviewReply) -> ReplyVersion:
    version = waiting_version(reply)
    assert version is not None
    return version


def statuses(reply: ReviewReply) -> list[str]:
    return [version.status for version in reply.versions]


def test_a_new_reply_waits_and_is_not_shown(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    assert (reply.text, reply.published_at) == (None, None)
    assert [(version.text, version.status, version.written_by) for version in reply.versions] == [
        (TEMPLATE, "pending", f"account:{account.id}")
    ]


def test_the_same_reply_sent_twice_is_one(review: Review, account: Account) -> None:
    first = send_reply(review, TEMPLATE, account)
    assert send_reply(review, TEMPLATE, account) is first
    assert send_reply(first.review, TEMPLATE, account, 0) is first
    assert statuses(first) == ["pending"]


def test_a_second_reply_by_somebody_who_saw_none_is_not_sent(review: Review, account: Account) -> None:
    send_reply(review, TEMPLATE, account)
    with pytest.raises(EditConflictError):
        send_reply(review, OTHER, account)
    assert db.session.scalar(select(func.count()).select_from(ReplyVersion)) == 1


@pytest.mark.own_app
def test_of_two_first_replies_at_the_same_moment_one_wins(app: Flask, review: Review, account: Account) -> None:
    account_id, review_id = account.id, review.id
    assert review.reply is None  # read before the other one comes in
    with db.engine.begin() as elsewhere:
        elsewhere.execute(ReviewReply.__table__.insert().values(review_id=review_id, version=1))
    with pytest.raises(EditConflictError):
        send_reply(review, TEMPLATE, account)
    assert db.session.scalar(select(func.count()).select_from(ReviewReply)) == 1
    assert account_id


def test_publishing_shows_the_wording(review: Review, account: Account) -> None:
    reply = published(review, account)
    assert reply.text == TEMPLATE
    assert reply.published_at is not None
    assert statuses(reply) == ["published"]


def test_a_change_waits_while_the_old_wording_stays(review: Review, account: Account) -> None:
    reply = published(review, account)
    send_reply(reply.review, OTHER, account, reply.version)
    assert reply.text == TEMPLATE
    assert statuses(reply) == ["published", "pending"]
    publish_reply(waiting(reply), MODERATOR)
    db.session.commit()
    assert reply.text == OTHER
    assert statuses(reply) == ["replaced", "published"]


def test_a_change_of_what_waits_takes_its_place(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    send_reply(reply.review, OTHER, account, reply.version)
    assert statuses(reply) == ["withdrawn", "pending"]
    assert waiting(reply).text == OTHER


@pytest.mark.postgresql
def test_going_back_to_what_is_shown_takes_the_change_back(review: Review, account: Account) -> None:
    reply = published(review, account)
    send_reply(reply.review, OTHER, account, reply.version)
    send_reply(reply.review, TEMPLATE, account, reply.version)
    assert statuses(reply) == ["published", "withdrawn"]
    assert waiting_version(reply) is None


def test_a_change_of_what_has_changed_meanwhile_is_not_sent(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    seen = reply.version
    send_reply(reply.review, OTHER, account, seen)
    with pytest.raises(EditConflictError):
        send_reply(reply.review, THIRD, account, seen)
    assert waiting(reply).text == OTHER


@pytest.mark.own_app
def test_of_a_change_and_a_decision_at_the_same_moment_one_wins(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    seen = reply.version
    with db.engine.begin() as elsewhere:
        elsewhere.execute(ReviewReply.__table__.update().values(version=ReviewReply.__table__.c.version + 1))
    with pytest.raises(EditConflictError):
        send_reply(reply.review, OTHER, account, seen)
    assert statuses(db.session.scalars(select(ReviewReply)).one()) == ["pending"]


def test_a_refused_wording_is_kept_with_reason_and_message(review: Review, account: Account) -> None:
    reply = published(review, account)
    send_reply(reply.review, OTHER, account, reply.version)
    reject_reply(waiting(reply), MODERATOR, "advertising", "Please leave the parking out.", note="third time")
    db.session.commit()
    assert reply.text == TEMPLATE
    newest, refusal = wordings(reply)[0]
    assert (newest.status, refusal.reason, refusal.message) == (
        "rejected",
        "advertising",
        "Please leave the parking out.",
    )


def test_each_refusal_stands_with_its_own_wording(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    reject_reply(waiting(reply), MODERATOR, "abusive", "first")
    db.session.commit()
    send_reply(reply.review, OTHER, account, reply.version)
    send_reply(reply.review, THIRD, account, reply.version)
    reject_reply(waiting(reply), MODERATOR, "advertising", "second")
    db.session.commit()
    assert [(version.text, refusal and refusal.message) for version, refusal in wordings(reply)] == [
        (THIRD, "second"),
        (OTHER, None),
        (TEMPLATE, "first"),
    ]


def test_the_same_words_may_be_sent_again_after_a_refusal(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    reject_reply(waiting(reply), MODERATOR, "not_about_care", None)
    db.session.commit()
    send_reply(reply.review, TEMPLATE, account, reply.version)
    assert statuses(reply) == ["rejected", "pending"]


def test_a_wording_is_decided_once(review: Review, account: Account) -> None:
    reply = published(review, account)
    with pytest.raises(InvalidTransitionError):
        publish_reply(reply.versions[0], MODERATOR)
    with pytest.raises(InvalidTransitionError):
        reject_reply(reply.versions[0], MODERATOR, "abusive", None)


def test_a_refusal_needs_a_published_reason(review: Review, account: Account) -> None:
    reply = send_reply(review, TEMPLATE, account)
    with pytest.raises(InvalidTransitionError):
        reject_reply(waiting(reply), MODERATOR, "we do not like it", None)
    assert statuses(reply) == ["pending"]


@pytest.mark.parametrize("status", [ReviewStatus.REMOVED, ReviewStatus.PENDING, ReviewStatus.WITHDRAWN])
def test_only_a_published_review_takes_a_reply(review: Review, account: Account, status: ReviewStatus) -> None:
    reply = send_reply(review, TEMPLATE, account)
    review.status = status
    db.session.commit()
    with pytest.raises(InvalidTransitionError):
        send_reply(reply.review, OTHER, account, reply.version)
    with pytest.raises(InvalidTransitionError):
        publish_reply(waiting(reply), MODERATOR)


@pytest.mark.parametrize("text", ["", "x" * (MAX_REPLY_LENGTH + 1), "We saw you on time at your appointment."])
def test_what_the_check_refuses_cannot_be_sent_by_any_way(review: Review, account: Account, text: str) -> None:
    with pytest.raises(ValidationFailedError):
        send_reply(review, text, account)
    assert review.reply is None


def test_every_act_is_audited_without_the_words(review: Review, account: Account) -> None:
    reply = published(review, account)
    send_reply(reply.review, OTHER, account, reply.version)
    reject_reply(waiting(reply), MODERATOR, "advertising", "secret message")
    db.session.commit()
    events = list(
        db.session.scalars(select(AuditEvent).where(AuditEvent.act.contains("reply")).order_by(AuditEvent.number))
    )
    writer = f"account:{account.id}"
    assert [(event.actor, event.act, event.subject) for event in events] == [
        (writer, "write_reply", f"review:{review.id}"),
        (MODERATOR, "publish_reply", f"review:{review.id}"),
        (writer, "edit_reply", f"review:{review.id}"),
        (MODERATOR, "reject_reply", f"review:{review.id}"),
    ]
    told = str([(event.before, event.after) for event in events])
    assert "secret" not in told
    assert "Thank" not in told


def test_a_moderator_s_acts_are_decisions_about_the_reply(review: Review, account: Account) -> None:
    reply = published(review, account)
    send_reply(reply.review, OTHER, account, reply.version)
    reject_reply(waiting(reply), MODERATOR, "advertising", "m", "n")
    db.session.commit()
    decisions = db.session.scalars(select(Decision).order_by(Decision.id))
    assert [
        (each.reply_id, each.review_id, each.act, each.reason, each.message, each.note, each.moderator)
        for each in decisions
    ] == [
        (reply.id, review.id, "publish_reply", "fits", None, None, MODERATOR),
        (reply.id, review.id, "reject_reply", "advertising", "m", "n", MODERATOR),
    ]
