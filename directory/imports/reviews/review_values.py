"""What a row of reviews from elsewhere says: its source, its provider and values that can be kept, or why it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from directory.extensions import db
from directory.imports.reading.fields import RowRejectedError, check_lengths
from directory.imports.reading.files import ImportFileError
from directory.providers.models import DEMONSTRATION
from directory.providers.npi import check_digit, why_not_an_npi
from directory.providers.sources import Source, SourceKind
from directory.ratings.csv_reviews import read_stars, read_verified
from directory.ratings.review_days import read_visited_at, read_written_at
from directory.reviews.external.source_terms import SourceError, Terms, review_source, terms_of, why_no_link
from directory.reviews.external.subjects import Subject
from directory.reviews.models import Review
from directory.web.days import local_day
from directory.web.plain_text import plain_text, without_invisible

REQUIRED = ("source_review_id", "rating", "created_at")
"""And `provider_npi` or `provider_name`."""
OPTIONAL = (
    "provider_npi",
    "provider_name",
    "provider_address",
    "provider_phone",
    "source",
    "verified",
    "visited_on",
    "author",
    "text",
    "url",
)
MAX_ID_LENGTH = 100  # as the table has it
EARLIEST = 1995
"""No site had reviews before."""
MAX_AHEAD = timedelta(hours=8)
"""A day that has begun at a site, by UTC, begins in California so much later."""
MAX_SUBJECT_LENGTH = 300  # characters of each of name, address and phone
MAX_REVIEWS = 10_000_000  # behind one average
MAX_SOURCES = 100  # that one file names


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What a file says in one place: `line` is that of the file, or the element's number where lines mean nothing.

    `fields` have the names of the CSV's columns; those of an average are `average`, `reviews`, `url` and the
    provider's.
    """

    line: int
    fields: Mapping[str, str]
    is_average: bool = False

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def whole_characters(text: str) -> str:
    """`text` with a replacement character for each half of one, which JSON can write and no database keeps."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def review_of(row: ReviewRow, now: datetime) -> dict[str, Any]:
    """The review's content as plain JSON values. Raises `RowRejectedError` and `InvalidValueError`."""
    author = without_invisible(row["author"]) or None
    check_lengths(Review, {"author": author})
    created_at = read_written_at(row["created_at"])
    return {
        "rating": read_stars(row["rating"]),
        "verified": read_verified(row["verified"]),
        "visited_on": _visited(row["visited_on"], now),
        "created_at": _within(created_at, row["created_at"], "date of the review", now).astimezone(UTC).isoformat(),
        "author": author,
        "text": plain_text(row.fields.get("text", "")).text or None,
        "url": _link(row["url"]),
    }


def review_id(row: ReviewRow) -> str:
    """The review's id at its source. Raises `RowRejectedError`."""
    given = without_invisible(row["source_review_id"])
    if not given:
        raise RowRejectedError("the review has no id (source_review_id), so it could not be known again")
    if len(given) > MAX_ID_LENGTH:
        raise RowRejectedError(f"the id of the review is longer than {MAX_ID_LENGTH} characters")
    return given


def average_of(row: ReviewRow, as_of: date) -> dict[str, Any]:
    """The average's content as plain JSON values. Raises `RowRejectedError` and `InvalidValueError`."""
    count = row["reviews"]
    if not (count.isascii() and count.isdigit() and len(count) < 10 and 0 < int(count) <= MAX_REVIEWS):
        raise RowRejectedError(f"the average does not say of how many reviews it is ({count[:20] or 'nothing'!r})")
    return {
        "average": read_stars(row["average"]),
        "reviews": int(count),
        "url": _link(row["url"]),
        "as_of": as_of.isoformat(),
    }


def npi_of(row: ReviewRow, *, demonstration: bool) -> str:
    """The NPI that is given, or an empty text. Raises `RowRejectedError` for one that the source cannot mean."""
    npi = row["provider_npi"]
    if not npi:
        return ""
    if not npi.startswith(DEMONSTRATION) or len(npi) != 10:
        if wrong := why_not_an_npi(npi):
            raise RowRejectedError(wrong)
        if demonstration:
            raise RowRejectedError(
                f"the NPI {npi} is a real one, and invented reviews can’t appear with a real provider"
            )
        return npi
    if not (npi.isascii() and npi.isdigit()):
        raise RowRejectedError(f"the NPI {npi!r} is not 10 digits")
    if check_digit(npi[:9]) != npi[9]:
        raise RowRejectedError(f"the NPI {npi} has a wrong check digit")
    if not demonstration:
        raise RowRejectedError(
            f"the NPI {npi} is invented (it starts with {DEMONSTRATION}); only a demonstration source has reviews of it"
        )
    return npi


def subject_of(row: ReviewRow) -> Subject:
    """Whom the source says that it is about. Raises `RowRejectedError` when it does not say."""
    name, address, phone = (without_invisible(row[f"provider_{part}"]) for part in ("name", "address", "phone"))
    if not name:
        raise RowRejectedError("it says neither an NPI nor a name of the provider")
    if max(map(len, (name, address, phone))) > MAX_SUBJECT_LENGTH:
        raise RowRejectedError(f"the provider's name, address or phone is longer than {MAX_SUBJECT_LENGTH} characters")
    return Subject(name, address, phone)


def _visited(text: str, now: datetime) -> str | None:
    visit = read_visited_at(text)
    return local_day(_within(visit, text, "date of the visit", now)).isoformat() if visit else None


def _within(moment: datetime, text: str, what: str, now: datetime) -> datetime:
    if moment.year < EARLIEST:
        raise RowRejectedError(f"the {what}, {text[:40]}, is before {EARLIEST}")
    if moment > now + MAX_AHEAD:
        raise RowRejectedError(f"the {what}, {text[:40]}, is in the future")
    return moment


def _link(text: str) -> str | None:
    if text and (wrong := why_no_link(text)):
        raise RowRejectedError(f"the link {wrong}")
    return text or None


@dataclass(frozen=True, slots=True)
class ReviewSource:
    """What a row needs to know of its source."""

    key: str
    terms: Terms
    is_demonstration: bool
    has_link: bool


class ReviewSources:
    """The sources of one file by the names that its rows give them; new ones are added in the current transaction."""

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
