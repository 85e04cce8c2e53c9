"""How sure an estimate is, in words: by the width of its 90 % interval."""

from dataclasses import dataclass

NARROW_STARS = 0.5
WIDE_STARS = 1.0
RULE = (
    "Very sure: the band is at most half a star wide. Fairly sure: at most one star. Not sure yet: wider than one star."
)


@dataclass(frozen=True, slots=True)
class Certainty:
    key: str  # for the colour: "very", "fairly", "not"
    words: str


VERY_SURE = Certainty("very", "very sure")
FAIRLY_SURE = Certainty("fairly", "fairly sure")
NOT_SURE = Certainty("not", "not sure yet")


def how_sure(low: float, high: float) -> Certainty:
    """In words how sure an estimate between `low` and `high` (stars) is."""
    width = round(high - low, 6)
    if width <= NARROW_STARS:
        return VERY_SURE
    return FAIRLY_SURE if width <= WIDE_STARS else NOT_SURE
