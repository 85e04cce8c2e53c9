"""Why a result stands where it stands, in words, from facts alone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from directory.credentials.rubric import BOARD, FELLOWSHIP, GUIDANCE, LICENCE, VOLUME, YEARS

FEW_REVIEWS = 5

APPROXIMATE = {"zip": "placed by its ZIP code", "city": "placed by its city"}
"""What is said of a location by its precision; the more precise ones need no word."""

LIFTED = {
    BOARD.key: "board-certified in {}",
    FELLOWSHIP.key: "fellowship or subspecialty in {}",
    VOLUME.key: "{}",
    GUIDANCE.key: "{}",
    YEARS.key: "{}",
    LICENCE.key: "licence verified",
}
"""What a line of the rubric says when it gave points, by its key, in the order in which they are said."""

HELD_BACK = {
    LICENCE.key: "licence not yet verified, so it earns no points for it",
    BOARD.key: "no verified board certification",
    VOLUME.key: "no neck treatments in Medicare's files, which leave out younger patients",
}
"""What is said of a line that gave no points; the lines of fewer points pass in silence."""

UNVERIFIED = "licence and other qualifications not yet verified, so they earn no points"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a result. Ratings are stars, with the ends of the 90 % interval; None without reviews."""

    distance_miles: float
    precision: str
    licence_verified: bool
    awards: Sequence[tuple[str, float, str]]  # of the rubric's lines: key, points, what for or why not
    rating: float | None
    rating_low: float | None
    rating_high: float | None
    reviews_counted: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a result stands where it stands: phrases that can stand in a list or make one sentence."""

    distance: tuple[str, ...]
    lifted: tuple[str, ...]
    rating: str
    held_back: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (*self.distance, *self.lifted, self.rating, *self.held_back)


def explain(facts: Facts) -> Reasons:
    earned = {key: reason for key, points, reason in facts.awards if points > 0}
    distance = [_distance(facts.distance_miles)]
    if facts.precision in APPROXIMATE:
        distance.append(f"{APPROXIMATE[facts.precision]}, so the distance is approximate")
    lifted = [phrase.format(earned[key]) for key, phrase in LIFTED.items() if key in earned]
    return Reasons(tuple(distance), tuple(lifted), _rating(facts), tuple(_held_back(facts, earned.keys())))


def _held_back(facts: Facts, earned: Collection[str]) -> Iterator[str]:
    if 0 < facts.reviews_counted < FEW_REVIEWS:
        yield "few reviews so far"
    if not earned and not facts.licence_verified:
        yield UNVERIFIED
    else:
        yield from filter(None, (_missing(key, facts) for key in HELD_BACK if key not in earned))


def _missing(key: str, facts: Facts) -> str:
    if key == LICENCE.key and facts.licence_verified:  # verified, and yet no points: the award says why
        return next((f"{why}, so its licence earns no points" for line, _, why in facts.awards if line == key), "")
    return HELD_BACK[key]


def _distance(miles: float) -> str:
    if miles < 0.1:
        return "less than 0.1 mile away"
    shown = f"{miles:.1f}"
    return f"{shown} mile away" if shown == "1.0" else f"{shown} miles away"


def _rating(facts: Facts) -> str:
    count = facts.reviews_counted
    if not count or facts.rating is None:
        return "no reviews yet, so it takes the average of all"
    interval = f"likely between {facts.rating_low:.1f} and {facts.rating_high:.1f}"
    return f"rated {facts.rating:.1f} of 5 ({interval}) from {count:,} {'review' if count == 1 else 'reviews'}"
