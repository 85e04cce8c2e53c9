"""Removing reviews that were never confirmed, and proofs of visit that belong to no review."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from directory.audit.log import record
from directory.extensions import db
from directory.reviews.models import Review, ReviewStatus, Submission
from directory.web.transaction import after_commit

UNCONFIRMED_DAYS = 30
ORPHAN_DAYS = 2
"""A file waits for this long for a form that came back with a mistake."""


def tidy_reviews(actor: str) -> tuple[int, int]:
    """Delete unconfirmed reviews older than `UNCONFIRMED_DAYS`, and files without a submission; returns how many."""
    now = datetime.now(UTC)
    old = db.session.scalars(
        select(Review)
        .join(Submission)
        .where(
            Review.status == ReviewStatus.UNCONFIRMED,
            Submission.submitted_at < now - timedelta(days=UNCONFIRMED_DAYS),
        )
    ).all()
    for review in old:
        db.session.delete(review)
    if old:
        record(actor, "tidy_reviews", "reviews", after={"unconfirmed_deleted": len(old)})
    return len(old), _remove_orphans(now - timedelta(days=ORPHAN_DAYS))


def _remove_orphans(before: datetime) -> int:
    """Remove, after the commit, the files last written `before` that no submission names; returns how many."""
    folder = Path(current_app.config["REVIEW_PROOFS_DIR"])
    if not folder.is_dir():
        return 0
    old = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before.timestamp()]
    named = set(db.session.scalars(select(Submission.proof_file).where(Submission.proof_file.is_not(None))))
    orphans = [path for path in old if path.name not in named]
    for path in orphans:
        after_commit(partial(path.unlink, missing_ok=True))
    return len(orphans)
