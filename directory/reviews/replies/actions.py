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


def send_reply(review: Review, text: str, account: Account, seen: int) -> ReviewReply:
    """Send a reply, or another wording of it, to the moderators; what is shown stays until they have decided.

    A wording takes the place of one that waits, and the same text again changes nothing. `seen` is the version of the
    reply that the writer had before them, 0 for none. The caller has made sure that `account` represents the provider.
    Raises `InvalidTransitionError`, `ValidationFailedError`, and `EditConflictError` when another person wrote first.
    """
    _check(review, text)
    reply, waiting, act = review.reply, waiting_version(review.reply), "edit_reply"
    if reply is None:
        reply, act = ReviewReply(review=review, text=None), "write_reply"
        db.session.add(reply)
    elif text == (waiting.text if waiting else reply.text):
        return reply
    elif reply.version != seen:
        raise EditConflictError
    if waiting:
        waiting.status = "withdrawn"
    if text != reply.text:
        reply.versions.append(
            ReplyVersion(
                text=text,
                language=language_of(text),
                status="pending",
                written_by=f"account:{account.id}",
                written_at=datetime.now(UTC),
            )
        )
    flag_modified(reply, "text")  # so that of two changes, or a change and a decision, one wins
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EditConflictError from error
    waiting = waiting_version(reply)
    after = {"reply": reply.id, "reply_version": waiting.id if waiting else None}
    record(f"account:{account.id}", act, f"review:{review.id}", after=after)
    return reply


def publish_reply(version: ReplyVersion, actor: str) -> None:
    """Show a wording that waits under its review, in place of an earlier one. Raises `InvalidTransitionError`."""
    reply = version.reply
    if reply.review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError(f"The review is {reply.review.status}, so its reply can’t be published.")
    for earlier in reply.versions:
        if earlier.status == "published":
            earlier.status = "replaced"
    version.status = "published"
    reply.text = version.text
    reply.published_at = datetime.now(UTC)
    _record_decision(version, actor, "publish_reply", "fits")


def reject_reply(version: ReplyVersion, actor: str, reason: str) -> None:
    """Refuse a wording that waits, for a published reason. What is shown stays."""
    version.status = "rejected"
    flag_modified(version.reply, "text")
    _record_decision(version, actor, "reject_reply", reason)


def _check(review: Review, text: str) -> None:
    if review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError("This review is no longer published, so you can’t reply to it.")
    if not text or len(text) > MAX_REPLY_LENGTH:
        raise ValidationFailedError({"text": f"Write a reply of at most {MAX_REPLY_LENGTH:,} characters."})
    found = check_reply(text, review.provider.name, review.author)
    if found:
        raise ValidationFailedError({"text": " ".join(finding.sentence for finding in found)})


def _record_decision(version: ReplyVersion, actor: str, act: str, reason: str) -> None:
    record(
        actor,
        act,
        f"review:{version.reply.review_id}",
        before={"status": "pending"},
        after={"reply_version": version.id, "status": version.status},
        reason=reason,
    )
