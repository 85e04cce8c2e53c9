"""What a search asks for and what it answers: plain values, shared by the page and the command line."""

from dataclasses import dataclass, field

from directory.places.place import Place
from directory.search.filters import ChosenFilters

DEFAULT_RADIUS_MILES = 25.0
MAX_RADIUS_MILES = 500.0
RESULTS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts. They sum to 1."""

    proximity: float = 0.35
    qualification: float = 0.35
    rating: float = 0.30


@dataclass(frozen=True, slots=True)
class SearchQuery:
    place: Place
    radius_miles: float = DEFAULT_RADIUS_MILES
    filters: ChosenFilters = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    offset: int = 0
    limit: int = RESULTS_A_PAGE


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of a score, each from 0 to 1."""

    proximity: float
    qualification: float
    rating: float


@dataclass(frozen=True, slots=True)
class Result:
    """One provider at its nearest location, with the reasons for its rank."""

    rank: int  # from 1
    npi: str
    name: str
    location_id: int
    address: str  # "3445 Pacific Coast Highway, Suite 300, Torrance, CA 90505"
    phone: str | None
    latitude: float
    longitude: float
    precision: str
    distance_miles: float
    score: float  # weights.proximity * parts.proximity + ...
    parts: Parts
    specialties: tuple[str, ...]  # display names, the primary one first
    accepting: bool | None  # None: not known
    license_verified: bool
    rating: float | None  # stars; None without reviews
    rating_low: float | None
    rating_high: float | None
    reviews_counted: int
    reasons: tuple[str, ...]  # in words, all that makes its score
    lifted: tuple[str, ...]  # of the reasons, those that no other value here tells
    held_back: tuple[str, ...]
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice of a filter: how many results there would be with it and the other filters as they are."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Loosening:
    """A way out of an empty result: the filter or radius to loosen and how many results that would bring."""

    field: str  # the URL parameter: "radius", "product", ...; "filters" stands for all filters at once
    label: str  # "Search within 50 miles", "Any product"
    value: str  # what the parameter becomes, empty to remove it; of "filters": the new radius, empty to keep it
    total: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    query: SearchQuery
    total: int
    results: tuple[Result, ...]
    facets: dict[str, tuple[FacetValue, ...]]  # by URL parameter
    loosenings: tuple[Loosening, ...]  # filled when total is 0
