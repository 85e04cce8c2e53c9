"""The sources that the rows of one file name."""

from dataclasses import dataclass

from directory.extensions import db
from directory.imports.reading.fields import RowRejectedError
from directory.imports.reading.files import ImportFileError
from directory.providers.sources import Source, SourceKind
from directory.reviews.external.source_terms import SourceError, Terms, review_source, terms_of

MAX_SOURCES = 100


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """What a row needs to know of its source."""

    key: str
    terms: Terms
    is_demonstration: bool
    has_link: bool


class ReviewSources:
    """ReviewSources by the names that rows give them; new ones are added in the current transaction."""

    def __init__(self, default_key: str) -> None:
        """`default_key` is the source of rows that name none."""
        self._by_name: dict[str, ReviewSource | str] = {"": _as_row_sees(db.session.get_one(Source, default_key))}

    def named(self, name: str) -> ReviewSource:
        """Raises `RowRejectedError` for a name that a source of reviews cannot have."""
        found = self._by_name.get(name)
        if found is None:
            found = self._by_name[name] = self._look_up(name)
        if isinstance(found, str):
            raise RowRejectedError(found)
        return found

    def by_key(self, key: str) -> ReviewSource:
        return next(each for each in self._by_name.values() if isinstance(each, ReviewSource) and each.key == key)

    def _look_up(self, name: str) -> ReviewSource | str:
        if len(self._by_name) > MAX_SOURCES:
            raise ImportFileError(
                f"The file names more than {MAX_SOURCES} sources: is its column “source” the name of a site? "
                "Nothing was changed."
            )
        try:
            return _as_row_sees(review_source(name))
        except SourceError as error:
            sentence = str(error)
            return sentence[:1].lower() + sentence[1:].rstrip(".")


def _as_row_sees(source: Source) -> ReviewSource:
    return ReviewSource(
        source.key, terms_of(source), source.kind == SourceKind.DEMONSTRATION, has_link=bool(source.url)
    )
