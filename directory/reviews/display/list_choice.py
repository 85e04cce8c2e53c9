"""Which reviews of a provider the reader asks to see: `?reviews_stars=&reviews_sort=&reviews_page=`."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SORTS: dict[str, LazyString] = {
    "newest": _l("Newest first"),
    "oldest": _l("Oldest first"),
    "lowest": _l("Fewest stars first"),
    "highest": _l("Most stars first"),
}
STARS = (5, 4, 3, 2, 1)
MAX_DIGITS = 5


@dataclass(frozen=True, slots=True)
class ListChoice:
    """Page `page` (from 1) of the reviews with `stars` whole stars, of all when None, in the order `sort`."""

    stars: int | None = None
    sort: str = "newest"
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "ListChoice":
        """What an address asks for; anything that is not offered stands for the first, as if it had not been asked."""
        stars, page = _whole(asked.get("reviews_stars", "")), _whole(asked.get("reviews_page", ""))
        sort = asked.get("reviews_sort", "newest")
        return cls(stars if stars in STARS else None, sort if sort in SORTS else "newest", max(1, page or 1))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None
