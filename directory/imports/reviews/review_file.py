"""Reviews from other sources: a file of another site's reviews or averages into the directory.

The file is first staged in a temporary table, which touches nothing; then the provider of each row is found, and all
is applied in one transaction.
"""

from datetime import UTC, date, datetime

from sqlalchemy import select

from directory.audit.log import command_actor
from directory.extensions import db
from directory.imports.reading.fields import RowRejectedError
from directory.imports.reading.files import ImportFileError
from directory.imports.reviews.review_formats import ENDINGS, rows_in
from directory.imports.reviews.review_values import (
    ReviewRow,
    ReviewSources,
    average_of,
    npi_of,
    review_id,
    review_of,
    subject_of,
)
from directory.imports.reviews.staged_reviews import StagedReview, StagedReviews
from directory.imports.reviews.subject_matching import ReviewCounts, match_subjects
from directory.imports.runs import FileRun, import_run, writing_bar
from directory.providers.models import Provider
from directory.providers.queries import successors_of
from directory.providers.sources import Source
from directory.ratings.review_days import InvalidValueError
from directory.reviews.estimating import estimate_ratings
from directory.reviews.external.source_terms import SourceError, Terms, change_terms, review_source
from directory.reviews.external.upserting import ExternalReview, upsert_average, upsert_reviews
from directory.web.transaction import transaction

ROWS_A_BATCH = 1_000
MAX_DETECTED = 1_000
"""Larger imports are written without detecting signals, which asks the database several things of each review."""


def import_reviews(
    path: str, source_name: str, url: str | None = None, terms: Terms | None = None
) -> tuple[FileRun, ReviewCounts]:
    """Import the file. With `terms` those of the source become what they say.

    Raises `ImportFileError`, and then nothing was changed but that the source is known.
    """
    with transaction():
        source_key = _source(source_name).key
    counts = ReviewCounts()
    with import_run(source_key, [path]) as (file,), StagedReviews() as staged:
        source = _source(source_name, url)
        if terms is not None:
            counts.texts_cut = change_terms(source, terms, command_actor())
        sources = ReviewSources(source.key)
        _read(file, staged, sources)
        for line, npi, taken in staged.take_repeated():
            file.reject(line, npi, f"the review is repeated in line {taken}, which was taken")
        match_subjects(file, staged, sources, counts)
        _apply(file, staged, sources, counts)
    return file, counts


def _source(name: str, url: str | None = None) -> Source:
    try:
        return review_source(name, url)
    except SourceError as error:
        raise ImportFileError(str(error)) from error


def _read(file: FileRun, staged: StagedReviews, sources: ReviewSources) -> None:
    now = datetime.now(UTC)
    with file.open("reviews", ENDINGS, web_pages=True) as published:
        for row in rows_in(published, file):
            try:
                staged.add(_staged(row, sources, staged, now, published.as_of))
            except (RowRejectedError, InvalidValueError) as error:
                file.reject(row.line, row["provider_npi"], str(error))


def _staged(row: ReviewRow, sources: ReviewSources, staged: StagedReviews, now: datetime, as_of: date) -> StagedReview:
    source = sources.named(row["source"])
    npi = npi_of(row, demonstration=source.is_demonstration)
    subject = None if npi else staged.subject_id(source.key, subject_of(row))
    identity = "" if row.is_average else review_id(row)
    content = average_of(row, as_of) if row.is_average else review_of(row, now)
    if source.terms.link_required and not (content["url"] or source.has_link):
        raise RowRejectedError("the source asks for a link, and neither the review nor the source has one")
    return StagedReview(row.line, source.key, identity, npi, subject, content)


def _apply(file: FileRun, staged: StagedReviews, sources: ReviewSources, counts: ReviewCounts) -> None:
    """Write the rows of known providers, and estimate anew."""
    detects = staged.count() <= MAX_DETECTED
    touched: set[str] = set()
    with writing_bar(staged.count(), "rows") as bar:
        for batch in staged.batches(ROWS_A_BATCH):
            known = set(db.session.scalars(select(Provider.npi).where(Provider.npi.in_({row.npi for row in batch}))))
            successors, reviews = successors_of(known), []
            for row in batch:
                if row.npi not in known:
                    file.reject_stranger(row.line, row.npi, f"the NPI {row.npi} is not in the directory")
                elif row.review_id:
                    reviews.append(_arriving(row, sources))
                else:
                    outcome = upsert_average(row.npi, row.source, row.content)
                    file.counts.add(outcome)
                    if outcome != "unchanged":
                        touched.add(successors.get(row.npi, row.npi))
            arrived = upsert_reviews(reviews, detects=detects)
            for outcome in arrived.outcomes:
                file.counts.add(outcome)
            counts.duplicates += arrived.duplicates
            touched |= arrived.npis
            bar.update(len(batch))
    if touched:
        estimate_ratings(touched)


def _arriving(row: StagedReview, sources: ReviewSources) -> ExternalReview:
    source = sources.by_key(row.source)
    return ExternalReview(row.npi, row.source, row.review_id, row.content, source.terms, source.has_link)
