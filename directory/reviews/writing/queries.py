"""Reads for the writers of reviews: which reviews a person wrote."""

from sqlalchemy import select

from directory.extensions import db
from directory.reviews.models import Review, ReviewStatus, Submission
from directory.web.days import local_day
from directory.web.hmac_hash import keyed_hash
from directory.web.mail_addresses import mailbox_of, without_tag


def hash_of_address(address: str) -> str:
    """The keyed hash of the mailbox behind `address`, whichever of its spellings that is."""
    return hashes_of_address(address)[0]


def hashes_of_address(address: str) -> list[str]:
    """`hash_of_address`, and the hash that reviews kept when each spelling counted as a mailbox, but for case and tags.

    The address of such a review is forgotten, so it is found by the spelling with which it was written.
    """
    mailboxes = dict.fromkeys((mailbox_of(address), without_tag(address)))
    return [keyed_hash("writer", mailbox) for mailbox in mailboxes]


def earlier_submission(submission: Submission) -> Submission | None:
    """The same writer's confirmed review of the same provider and year."""
    hashes = hashes_of_address(submission.email) if submission.email else [submission.email_hash]
    return db.session.scalar(
        select(Submission).where(
            Submission.npi == submission.npi,
            Submission.email_hash.in_(hashes),
            Submission.year == local_day(submission.submitted_at).year,
            Submission.review_id != submission.review_id,
        )
    )


def confirmed_submissions(address: str) -> list[Submission]:
    """All reviews of one mailbox that were confirmed and not deleted, the newest first."""
    hidden = (ReviewStatus.UNCONFIRMED, ReviewStatus.WITHDRAWN)
    return list(
        db.session.scalars(
            select(Submission)
            .join(Review)
            .where(Submission.email_hash.in_(hashes_of_address(address)), Review.status.not_in(hidden))
            .order_by(Submission.submitted_at.desc())
        )
    )
