"""Which of several places of one name is meant, and which names are near a misspelled one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from directory.config import HOME, read_point
from directory.places.atlas import atlas
from directory.places.cities import ACCEPTABLE, INFORMAL, PRIMARY, City, Point
from directory.places.distance import miles_between
from directory.places.names import fold

home: Point = read_point(HOME)
"""The middle of the area that the directory is built for; `PLACE_HOME` sets another one."""
HOME_MILES = 150.0
"""A place within so many miles of home is meant before larger ones of its name elsewhere ..."""
MIN_SHARE = 0.1
"""... unless it has less than this share of the largest one's weight."""
DOMINANCE = 4
"""Elsewhere a bare name means a place that has so many times the weight of every other of its name ..."""
MIN_FAR_WEIGHT = 5
"""... and this weight: some 50,000 people."""
DOMINANCE_IN_STATE = 2
"""The same for a name with its state."""
MAX_SUGGESTIONS = 6
_MIN_SIMILARITY = 0.71
_MUCH_NEARER = 0.12
_STATE_BONUS = 0.15
_HOME_BONUS = 0.21  # puts one wrong letter of five around home before the very name far away


def choose(cities: Sequence[City], *, is_bare: bool) -> City | None:
    """The one of several places of a name that is meant, by the rules above; None when the person has to choose.

    `is_bare` says that the name stands without a state or ZIP.
    """
    named = candidates(cities)
    if not named:
        return None
    first = named[0]
    if is_near(first) and first.weight:
        return first if first.weight >= MIN_SHARE * max(city.weight for city in named) else None
    if len(named) > 1 and first.weight < (DOMINANCE if is_bare else DOMINANCE_IN_STATE) * named[1].weight:
        return None
    return first if first.weight >= MIN_FAR_WEIGHT or not is_bare else None


def candidates(cities: Sequence[City]) -> tuple[City, ...]:
    """Those worth choosing from: around home the nearest first, then the largest.

    An informal name counts where no better one is nearly as large.
    """
    formal = [city for city in cities if city.standing != INFORMAL]
    largest = max((city.weight for city in formal), default=0)
    worthy = [c for c in cities if c.standing != INFORMAL or not formal or c.weight > DOMINANCE * largest]
    return tuple(sorted(worthy, key=_order))


def _order(city: City) -> tuple[bool, float, float]:
    miles = miles_between(home, city.point)
    is_far = miles > HOME_MILES or not city.weight
    return is_far, -city.weight if is_far else miles, miles


def others_of_note(chosen: City, cities: Sequence[City]) -> tuple[City, ...]:
    """Other places of the same name, at least a quarter as large as `chosen`: the person may mean one of those."""
    return tuple(c for c in candidates(cities) if c != chosen and c.weight and c.weight >= chosen.weight / 4)


def label_of(city: City) -> str:
    """What to type for the city: with its county where the state has another of that name, which is meant without."""
    namesakes = [other for other in atlas().named(city.name) if other.state == city.state]
    known = next((other for other in namesakes if other.point == city.point), city)  # a short name has no county
    return replace(known, county="").label if choose(namesakes, is_bare=False) == known else known.label


def near_names(name: str, state: str | None = None) -> tuple[str, ...]:
    """Labels of the places whose names come nearest to a misspelled one, nearest first.

    Names around home and in `state` count as nearer. Among equally near names the order is that of `candidates`.
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
        (
            -round(similarity + _STATE_BONUS * (city.state == state) + _HOME_BONUS * is_near(city), 2),
            *_order(city),
            label_of(city),
        )
        for known, similarity in similar.items()
        for city in atlas().cities[known]
        if city.standing <= ACCEPTABLE
    ]
    ranked.sort()
    labels = dict.fromkeys(label for order, *_, label in ranked if order <= ranked[0][0] + _MUCH_NEARER)
    return tuple(labels)[:MAX_SUGGESTIONS]


def largest_cities(state: str) -> tuple[str, ...]:
    in_state = [
        city
        for _name, cities in atlas().cities.items()
        for city in cities
        if city.state == state and city.standing == PRIMARY
    ]
    in_state.sort(key=lambda city: -city.weight)
    return tuple(dict.fromkeys(map(label_of, in_state[: 2 * MAX_SUGGESTIONS])))[:MAX_SUGGESTIONS]


def is_near(city: City) -> bool:
    return miles_between(home, city.point) <= HOME_MILES


@lru_cache(maxsize=1)
def _names() -> list[str]:
    return [name for name, cities in atlas().cities.items() if any(city.standing <= ACCEPTABLE for city in cities)]
