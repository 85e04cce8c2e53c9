"""Which of several places of one name is meant, and which names are near a misspelled one."""

from collections.abc import Sequence
from functools import lru_cache

from directory.places.atlas import ACCEPTABLE, INFORMAL, PRIMARY, City, Point, atlas
from directory.places.distance import miles_between
from directory.places.names import fold

HOME: Point = (33.8358, -118.3406)
"""The middle of Torrance, around which the directory is built."""
HOME_MILES = 60.0
"""A place within so many miles of home is meant before larger ones of its name elsewhere ..."""
MIN_SHARE = 0.1
"""... unless it has less than this share of the largest one's ZIPs."""
DOMINANCE = 4
"""Elsewhere a place is meant without asking when it has so many times the ZIPs of every other of its name."""
MAX_SUGGESTIONS = 6
_MIN_SIMILARITY = 0.7
_MUCH_NEARER = 0.12


def choose(cities: Sequence[City]) -> City | None:
    """The one place that a bare name means, by the rules above; None when the person has to choose."""
    if len(cities) < 2:
        return cities[0] if cities else None
    named = candidates(cities)
    if len(named) < 2:
        return named[0]
    first, second = named[0], named[1]
    near = [city for city in named if city.weight and city.weight >= first.weight * MIN_SHARE and is_near(city)]
    if near:
        return near[0]
    return first if first.weight and first.weight >= DOMINANCE * second.weight else None


def candidates(cities: Sequence[City]) -> tuple[City, ...]:
    """Those worth choosing from, the largest first. An informal name counts where no better one is nearly as large."""
    by_size = sorted(cities, key=lambda city: (-city.weight, miles_between(HOME, city.point)))
    formal = [city for city in by_size if city.standing != INFORMAL]
    largest = max((city.weight for city in formal), default=0)
    return tuple(c for c in by_size if c.standing != INFORMAL or not formal or c.weight > DOMINANCE * largest)


def others_of_note(chosen: City, cities: Sequence[City]) -> tuple[City, ...]:
    """Other places of the same name, at least half as large as `chosen`: the person may mean one of those."""
    return tuple(c for c in candidates(cities) if c != chosen and c.weight and c.weight >= chosen.weight / 2)


def near_names(name: str, state: str | None = None) -> tuple[str, ...]:
    """Labels of the places whose names come nearest to a misspelled one, nearest first.

    Among equally near names those around home come first, then the larger. Names in `state` count as nearer.
    """
    folded = fold(name)[:60]
    if len(folded) < 3:
        return ()
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    names = _names()
    similar = dict.fromkeys((n for n in names if len(folded) > 3 and n.startswith(folded)), 0.85)
    for known, similarity, _index in process.extract(
        folded, names, scorer=OSA.normalized_similarity, score_cutoff=_MIN_SIMILARITY, limit=40
    ):
        similar[known] = max(similarity, similar.get(known, 0))
    ranked = [
        (-round(similarity + 0.15 * (city.state == state), 2), not is_near(city), -city.weight, city.label)
        for known, similarity in similar.items()
        for city in atlas().cities[known]
        if city.standing <= ACCEPTABLE
    ]
    ranked.sort()
    labels = dict.fromkeys(label for order, *_, label in ranked if order <= ranked[0][0] + _MUCH_NEARER)
    return tuple(labels)[:MAX_SUGGESTIONS]


def largest_cities(state: str) -> tuple[str, ...]:
    in_state = [city for cities in atlas().cities.values() for city in cities if city.state == state]
    labels = dict.fromkeys(c.label for c in sorted(in_state, key=lambda c: -c.weight) if c.standing == PRIMARY)
    return tuple(labels)[:MAX_SUGGESTIONS]


def is_near(city: City) -> bool:
    return miles_between(HOME, city.point) <= HOME_MILES


@lru_cache(maxsize=1)
def _names() -> list[str]:
    return [name for name, cities in atlas().cities.items() if any(city.standing <= ACCEPTABLE for city in cities)]
