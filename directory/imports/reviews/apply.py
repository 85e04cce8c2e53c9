"""The kept rows into the directory, inside the session's transaction."""

from sqlalchemy import select

from directory.extensions import db
from directory.imports.progress import Progress
from directory.imports.reviews.sources import Sources
from directory.imports.reviews.staged_reviews import Kept, ReviewSpool
from directory.imports.reviews.subject_matching import Applied, settle_subjects
from directory.imports.runs import FileRun, Workplace
from directory.providers.models import Provider
from directory.reviews.estimating import estimate_ratings
from directory.reviews.external.upserting import ArrivingReview, take_average, take_reviews

ROWS_A_BATCH = 1_000
MAX_NOTICED = 1_000
"""Larger imports are taken in without a look for signals, which asks the database several things of each review."""


def apply_reviews(file: FileRun, work: Workplace, spool: ReviewSpool, sources: Sources, progress: Progress) -> Applied:
    """Settle whom rows are about, write all, and estimate anew; the caller commits."""
    applied = Applied()
    settle_subjects(file, work, spool, sources, applied)
    notices = spool.count() <= MAX_NOTICED
    touched: set[str] = set()
    with progress.of_rows(spool.count()) as bar:
        for batch in spool.batches(ROWS_A_BATCH):
            known = set(db.session.scalars(select(Provider.npi).where(Provider.npi.in_({row.npi for row in batch}))))
            reviews = []
            for row in batch:
                if row.npi not in known:
                    work.reject(file, row.line, row.npi, f"the NPI {row.npi} is not in the directory")
                elif row.review_id:
                    reviews.append(_arriving(row, sources))
                else:
                    outcome = take_average(row.npi, row.source, row.content)
                    file.counts.add(outcome)
                    if outcome != "unchanged":
                        touched.add(row.npi)
            arrived = take_reviews(reviews, notices=notices)
            for outcome in arrived.outcomes:
                file.counts.add(outcome)
            applied.duplicates += arrived.duplicates
            touched |= arrived.npis
            bar.update(len(batch))
    if touched:
        estimate_ratings(touched)
    return applied


def _arriving(row: Kept, sources: Sources) -> ArrivingReview:
    source = sources.by_key(row.source)
    return ArrivingReview(row.npi, row.source, row.review_id, row.content, source.terms, source.has_link)
