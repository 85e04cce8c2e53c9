"""Reads for the writers of reviews: which reviews a person wrote."""

from email_validator import validate_email
from sqlalchemy import select

from directory.extensions import db
from directory.reviews.models import Review, ReviewStatus, Submission
from directory.web.days import local_day
from directory.web.hmac_hash import keyed_hash


def plain_address(address: str) -> str:
    """The mailbox behind an email address: lower case, without a +tag, its domain in ASCII (IDNA)."""
    parts = validate_email(address, check_deliverability=False)
    mailbox = parts.local_part.partition("+")[0] or parts.local_part
    return f"{mailbox.lower()}@{(parts.ascii_domain or parts.domain).lower()}"


def hash_of_address(address: str) -> str:
    return keyed_hash("writer", plain_address(address))


def earlier_submission(submission: Submission) -> Submission | None:
    """The same writer's confirmed review of the same provider and year."""
    return db.session.scalar(
        select(Submission).where(
            Submission.npi == submission.npi,
            Submission.email_hash == submission.email_hash,
            Submission.year == local_day(submission.submitted_at).year,
            Submission.review_id != submission.review_id,
        )
    )


def confirmed_submissions(email_hash: str) -> list[Submission]:
    """All reviews of one address that were confirmed and not deleted, the newest first."""
    hidden = (ReviewStatus.UNCONFIRMED, ReviewStatus.WITHDRAWN)
    return list(
        db.session.scalars(
            select(Submission)
            .join(Review)
            .where(Submission.email_hash == email_hash, Review.status.not_in(hidden))
            .order_by(Submission.submitted_at.desc())
        )
    )
