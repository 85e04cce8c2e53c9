"""The reviews of a provider, one page at a time: `?reviews_stars=&reviews_sort=&reviews_page=`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.reviews.display.published import shown
from directory.reviews.models import Review, ReviewReply
from directory.reviews.questions import Answer, answers_of, tie_of
from directory.web.pagination import Pages, whole_number

SORTS: dict[str, LazyString] = {
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "lowest": _l("Fewest stars first"),
    "highest": _l("Most stars first"),
}
STARS = (5, 4, 3, 2, 1)
REVIEWS_A_PAGE = 10
SAFE_LINKS = ("https://", "http://")  # an export may hold anything


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Page `page` (from 1) of the reviews with `stars` whole stars, of all when None, in the order `sort`."""

    stars: int | None = None
    sort: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "ListChoice":
        """What an address asks for; anything that is not offered stands for the first, as if it had not been asked."""
        stars, page = whole_number(asked.get("reviews_stars")), whole_number(asked.get("reviews_page"))
        sort = asked.get("reviews_sort", "newest")
        return cls(stars if stars in STARS else None, sort if sort in SORTS else "newest", max(1, page))


@dataclass(frozen=True, slots=True)
class ListedReview:
    """One review with what its template shows besides."""

    review: Review
    answers: list[Answer]
    tie: str | None
    link: str | None  # where it stands at its source, or else the source itself


@dataclass(frozen=True, slots=True)
class ReviewList:
    choice: ListChoice
    pages: Pages  # of the reviews with the stars chosen
    reviews: list[ListedReview]


def review_list(npi: str, choice: ListChoice, total: int) -> ReviewList:
    """The page that `choice` asks for, of `total` with its stars; a page beyond the last is the last."""
    pages = Pages.nearest(choice.page, REVIEWS_A_PAGE, total)
    found = db.session.scalars(
        select(Review)
        .where(*shown(npi), *_with(choice.stars))
        .options(selectinload(Review.outcome), selectinload(Review.reply).selectinload(ReviewReply.versions))
        .order_by(*_ORDERS[choice.sort])
        .offset(pages.skipped)
        .limit(REVIEWS_A_PAGE)
    )
    return ReviewList(choice, pages, [listed(review) for review in found])


def listed(review: Review) -> ListedReview:
    links = [url for url in (review.url, review.source.url) if url and url.startswith(SAFE_LINKS)]
    return ListedReview(review, answers_of(review), tie_of(review), next(iter(links), None))


def _with(stars: int | None) -> list[ColumnElement[bool]]:
    """Half stars go with the star below."""
    return [] if stars is None else [Review.rating >= stars, Review.rating < stars + 1]


_NEWEST = (Review.created_at.desc(), Review.id.desc())
_ORDERS = {
    "newest": _NEWEST,
    "oldest": (Review.created_at, Review.id),
    "lowest": (Review.rating, *_NEWEST),
    "highest": (Review.rating.desc(), *_NEWEST),
}
