"""What a search asks for and what it answers: plain values, shared by the page and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isclose

from directory.credentials.injections import Injections
from directory.places.place import Place
from directory.search.filters import ChosenFilters
from directory.search.grid import Integers
from directory.web.phrases import N_, Phrase

DEFAULT_RADIUS_MILES = 25.0
MAX_RADIUS_MILES = 500.0
RESULTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts. They sum to 1."""

    proximity: float = 0.35
    qualification: float = 0.35
    rating: float = 0.30


SORTS: Mapping[str, tuple[str, Weights]] = {
    "best": (N_("Best match"), Weights()),
    "nearest": (N_("Nearest"), Weights(1.0, 0.0, 0.0)),
    "qualified": (N_("Most qualified"), Weights(0.0, 1.0, 0.0)),
    "rated": (N_("Best rated"), Weights(0.0, 0.0, 1.0)),
}
"""What a page offers as the order of the results, by the value of `sort=`. A sort is nothing but weights."""


def sort_of(weights: Weights) -> str | None:
    """The key of `SORTS` that these weights are; None for weights of the reader's own."""
    typed = (weights.proximity, weights.qualification, weights.rating)
    for key, (_, named) in SORTS.items():
        if all(map(isclose, typed, (named.proximity, named.qualification, named.rating))):
            return key
    return None


@dataclass(frozen=True, slots=True)
class SearchQuery:
    place: Place
    radius_miles: float = DEFAULT_RADIUS_MILES
    filters: ChosenFilters = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    offset: int = 0
    limit: int = RESULTS_A_PAGE
    npis: Integers | None = field(default=None, compare=False)  # sorted; None: whatever their names


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of a score, each from 0 to 1."""

    proximity: float
    qualification: float
    rating: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProvider:
    """What is shown of a provider that was found. Ratings are stars, with the ends of the 90 % interval."""

    npi: str
    name: str
    location_id: int | None  # None for one that has no practice location; so are the facts of the location
    address: str | None  # "3445 Pacific Coast Highway, Suite 300, Torrance, CA 90505"
    city: str | None
    country: str | None
    phone: str | None
    latitude: float | None
    longitude: float | None
    precision: str | None
    distance_miles: float | None
    profession: str  # "Neurologist": the message, which pages translate; empty for one that declared no specialty
    is_organization: bool
    injections: Injections
    accepting: bool | None  # None: not known
    license_verified: bool
    awards: Sequence[tuple[str, float, Phrase]]  # of the rubric's lines: key, points, what for or why not
    rating: float | None  # None without reviews
    rating_low: float | None
    rating_high: float | None
    reviews_counted: int
    is_demonstration: bool
    phone_as_of: date | None = None  # when the phone was last confirmed
    accepting_as_of: date | None = None
    accepting_is_current: bool = False  # whether that was so lately that the filter counts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(FoundProvider):
    """A provider with its rank, at its nearest location."""

    latitude: float
    longitude: float
    precision: str
    distance_miles: float
    rank: int  # from 1
    score: float  # weights.proximity * parts.proximity + ...
    parts: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedProvider(FoundProvider):
    """A provider that was found by name, outside of the ranking, at its nearest location or at its main one."""

    is_active: bool  # whether its provider number is
    why: str | None  # why it is not ranked, or not among the results


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a filter: how many results there would be with it and the other filters as they are."""

    parameter: str  # of the URL
    value: str
    label: str
    count: int | None = None  # None: nothing was searched, so nothing was counted


@dataclass(frozen=True, slots=True)
class Loosening:
    """A way out of an empty result: what to change in the search, and how many results that would bring."""

    label: str  # "Search within 50 miles", "Any product"
    changes: Mapping[str, str]  # what URL parameters become, empty to remove them
    total: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    query: SearchQuery
    total: int
    results: tuple[Result, ...]
    not_accepting: int  # left out by default alone, because they said lately that they accept no new patients
    facets: dict[str, tuple[FacetValue, ...]]  # by URL parameter
    loosenings: tuple[Loosening, ...]  # filled when total is 0


@dataclass(frozen=True, slots=True)
class NamedProviders:
    """Who is found by name: all of them, or those that are not among the ranked results around a place."""

    total: int
    listed: int  # of these so many are put in order; a name that more have is too common to find anybody by
    providers: tuple[NamedProvider, ...]  # those on the page
    offset: int = 0
    is_partial: bool = False  # nobody has all of the words, and these have the most of them
