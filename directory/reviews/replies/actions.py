"""What becomes of a clinic's reply: written, changed, published, refused. Every wording is kept.

The caller opens the transaction.
"""

from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from directory.accounts.models import Account
from directory.audit.log import record
from directory.extensions import db
from directory.reviews.models import ReplyVersion, Review, ReviewReply, ReviewStatus
from directory.reviews.replies.queries import waiting_version
from directory.reviews.replies.reply_check import MAX_REPLY_LENGTH, check_reply
from directory.reviews.screening.language import language_of
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError


def write_reply(review: Review, text: str, account: Account) -> ReviewReply:
    """Send the first reply to a review to the moderators. The same text again changes nothing.

    The caller has made sure that `account` represents the provider. Raises `InvalidTransitionError`,
    `ValidationFailedError`, and `EditConflictError` when another person replied first.
    """
    _check(review, text)
    if review.reply is not None:
        return _only_if_same(review.reply, text)
    reply = ReviewReply(review=review, versions=[_version(text, account)])
    db.session.add(reply)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EditConflictError from error
    _record(account, "write_reply", reply)
    return reply


def edit_reply(reply: ReviewReply, text: str, account: Account, seen: int) -> ReviewReply:
    """Send another wording to the moderators; what is shown stays until they have decided.

    It takes the place of one that waits. `seen` is the version of the reply that the writer had before them.
    The same text again changes nothing. Raises as `write_reply` does.
    """
    _check(reply.review, text)
    waiting = waiting_version(reply)
    if text == (waiting.text if waiting else reply.text):
        return reply
    if reply.version != seen:
        raise EditConflictError
    if waiting:
        waiting.status = "withdrawn"
    if text != reply.text:
        reply.versions.append(_version(text, account))
    flag_modified(reply, "text")  # so that of two changes, or a change and a decision, one wins
    db.session.flush()
    _record(account, "edit_reply", reply)
    return reply


def publish_reply(version: ReplyVersion, actor: str) -> None:
    """Show a wording under its review, in place of an earlier one. Raises `InvalidTransitionError`."""
    reply = version.reply
    _check_waits(version)
    if reply.review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError(f"The review is {reply.review.status}, so its reply cannot be published.")
    for earlier in reply.versions:
        if earlier.status == "published":
            earlier.status = "replaced"
    version.status = "published"
    reply.text = version.text
    reply.published_at = datetime.now(UTC)
    _record_decision(version, actor, "publish_reply", "fits")


def reject_reply(version: ReplyVersion, actor: str, reason: str) -> None:
    """Refuse a wording for a published reason. What is shown stays. Raises `InvalidTransitionError`."""
    _check_waits(version)
    version.status = "rejected"
    flag_modified(version.reply, "text")
    _record_decision(version, actor, "reject_reply", reason)


def _check(review: Review, text: str) -> None:
    if review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError("This review is not published any more, so it takes no reply.")
    if not text or len(text) > MAX_REPLY_LENGTH:
        raise ValidationFailedError({"text": f"Write a reply of at most {MAX_REPLY_LENGTH:,} characters."})
    found = check_reply(text, review.provider.name, review.author)
    if found:
        raise ValidationFailedError({"text": " ".join(finding.sentence for finding in found)})


def _only_if_same(reply: ReviewReply, text: str) -> ReviewReply:
    waiting = waiting_version(reply)
    if text != (waiting.text if waiting else reply.text):
        raise EditConflictError
    return reply


def _check_waits(version: ReplyVersion) -> None:
    if version.status != "pending":
        raise InvalidTransitionError("This wording of the reply waits no longer.")


def _version(text: str, account: Account) -> ReplyVersion:
    return ReplyVersion(
        text=text,
        language=language_of(text),
        status="pending",
        written_by=f"account:{account.id}",
        written_at=datetime.now(UTC),
    )


def _record(account: Account, act: str, reply: ReviewReply) -> None:
    waiting = waiting_version(reply)
    record(
        f"account:{account.id}",
        act,
        f"review:{reply.review_id}",
        after={"reply": reply.id, "reply_version": waiting.id if waiting else None},
    )


def _record_decision(version: ReplyVersion, actor: str, act: str, reason: str) -> None:
    record(
        actor,
        act,
        f"review:{version.reply.review_id}",
        before={"status": "pending"},
        after={"reply_version": version.id, "status": version.status},
        reason=reason,
    )
