"""Reviews from elsewhere: a file of another site's reviews or averages into the directory.

The file is first read into a temporary table, which touches nothing; then it is settled whom each row is about, and
all is applied in one transaction.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from directory.imports.progress import Progress
from directory.imports.reading.files import ImportFileError, open_published
from directory.imports.reviews.apply import apply_reviews
from directory.imports.reviews.review_formats import ENDINGS, found_in
from directory.imports.reviews.review_values import Found, average_of, npi_of, review_id, review_of, subject_of
from directory.imports.reviews.sources import Sources
from directory.imports.reviews.staged_reviews import Kept, ReviewSpool
from directory.imports.reviews.subject_matching import Applied
from directory.imports.rows import RowRejectedError
from directory.imports.runs import FileRun, Workplace, import_run, timed
from directory.providers.sources import Source
from directory.ratings.review_values import InvalidValueError
from directory.reviews.external.source_terms import SourceError, change_terms, review_source
from directory.reviews.external.terms import Terms

ACTOR = "command"


@dataclass(frozen=True, slots=True)
class ReviewImport:
    """What the command was asked: `terms` are None when those of the source stay as they are."""

    path: str
    source: str
    url: str | None = None
    terms: Terms | None = None


@dataclass(slots=True)
class ImportedReviews:
    """What came of it."""

    files: list[FileRun]
    source_key: str
    applied: Applied = field(default_factory=Applied)
    texts_cut: int = 0


def import_reviews(asked: ReviewImport, progress: Progress) -> ImportedReviews:
    """Import the file and commit.

    Raises `ImportFileError`, and then nothing was changed but that the source is known.
    """
    source = _source(asked.source)
    options = {"source": asked.source, "url": asked.url}
    with import_run(source.key, [asked.path], {name: value for name, value in options.items() if value}) as work:
        done = ImportedReviews(work.files, source.key)
        file = work.files[0]
        with timed(file), ReviewSpool(work.folder / "reviews.sqlite3") as spool:
            source = _source(asked.source, asked.url)
            if asked.terms is not None:
                done.texts_cut = change_terms(source, asked.terms, ACTOR)
            sources = Sources(source.key)
            _read(file, work, spool, sources, progress)
            _reject_repeated(file, work, spool)
            done.applied = apply_reviews(file, work, spool, sources, progress)
    return done


def _source(name: str, url: str | None = None) -> Source:
    try:
        return review_source(name, url)
    except SourceError as error:
        raise ImportFileError(str(error)) from error


def _read(file: FileRun, work: Workplace, spool: ReviewSpool, sources: Sources, progress: Progress) -> None:
    now = datetime.now(UTC)
    with open_published(file.path, "reviews", ENDINGS, web_pages=True) as opened, progress.reading(opened) as published:
        file.name, file.as_of = published.label, published.as_of
        for found in found_in(published, file, work):
            try:
                spool.add(_kept(found, sources, spool, now, file.as_of))
            except (RowRejectedError, InvalidValueError) as error:
                work.reject(file, found.line, found["provider_npi"], str(error))


def _kept(found: Found, sources: Sources, spool: ReviewSpool, now: datetime, as_of: date) -> Kept:
    source = sources.named(found["source"])
    npi = npi_of(found, demonstration=source.is_demonstration)
    subject = None if npi else spool.subject_id(source.key, subject_of(found))
    identity = "" if found.is_average else review_id(found)
    content = average_of(found, as_of) if found.is_average else review_of(found, now)
    if source.terms.link_required and not (content["url"] or source.has_link):
        raise RowRejectedError("the source asks for a link, and neither the review nor the source has one")
    return Kept(found.line, source.key, identity, npi, subject, content)


def _reject_repeated(file: FileRun, work: Workplace, spool: ReviewSpool) -> None:
    spool.index()
    for line, npi, taken in spool.take_repeated():
        work.reject(file, line, npi, f"the review stands again in line {taken}, which was taken")
