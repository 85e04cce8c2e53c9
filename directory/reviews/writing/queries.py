"""Reads for the writers of reviews: which review a link is for, and which a person wrote."""

from datetime import datetime

from email_validator import validate_email
from sqlalchemy import select

from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.queries import provider_of
from directory.reviews.models import Review, ReviewStatus, Submission
from directory.web.days import PACIFIC
from directory.web.hmac_hash import keyed_hash


def reviewable_provider(npi: str) -> Provider | None:
    """The provider, unless it is deactivated."""
    provider = provider_of(npi)
    return provider if provider and not provider.deactivated_on else None


def stored_form_key(npi: str, form_key: str) -> str:
    """The key of a form as it is stored: any text that was sent fits, and forms of two providers never share one."""
    return keyed_hash("review-form", f"{npi}:{form_key}")


def submission_of_form(npi: str, form_key: str) -> Submission | None:
    return db.session.scalar(select(Submission).where(Submission.form_key == stored_form_key(npi, form_key)))


def plain_address(address: str) -> str:
    """The mailbox behind an email address: lower case, without a +tag, its domain in ASCII (IDNA)."""
    parts = validate_email(address, check_deliverability=False)
    mailbox = parts.local_part.partition("+")[0] or parts.local_part
    return f"{mailbox.lower()}@{(parts.ascii_domain or parts.domain).lower()}"


def hash_of_address(address: str) -> str:
    return keyed_hash("writer", plain_address(address))


def year_of(moment: datetime) -> int:
    """The year in which a review was written, in Los Angeles."""
    return moment.astimezone(PACIFIC).year


def earlier_submission(submission: Submission) -> Submission | None:
    """The same writer's confirmed review of the same provider and year."""
    return db.session.scalar(
        select(Submission).where(
            Submission.npi == submission.npi,
            Submission.email_hash == submission.email_hash,
            Submission.year == year_of(submission.submitted_at),
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
