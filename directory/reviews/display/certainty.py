"""How sure an estimate is, in words: by the width of its 90 % interval."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

NARROW_STARS = 0.5
WIDE_STARS = 1.0
RULE = _l(
    "Very sure: the band is at most half a star wide. Fairly sure: at most one star. Not sure yet: wider than one star."
)


@dataclass(frozen=True, slots=True)
class Certainty:
    key: str  # for the color: "very", "fairly", "not"
    words: LazyString


VERY_SURE = Certainty("very", _l("very sure"))
FAIRLY_SURE = Certainty("fairly", _l("fairly sure"))
NOT_SURE = Certainty("not", _l("not sure yet"))


def how_sure(low: float, high: float) -> Certainty:
    """In words how sure an estimate between `low` and `high` (stars) is."""
    width = round(high - low, 6)
    if width <= NARROW_STARS:
        return VERY_SURE
    return FAIRLY_SURE if width <= WIDE_STARS else NOT_SURE
