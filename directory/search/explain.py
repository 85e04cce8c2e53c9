"""The reasons for a result's rank, in words, from facts alone.

The words are those of the page that is being made; outside of a request they are English.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext, ngettext

from directory.credentials.rubric import BOARD, FELLOWSHIP, GUIDANCE, LICENSE, VOLUME, YEARS
from directory.web.phrases import N_, Phrase

FEW_REVIEWS = 5

APPROXIMATE = {"zip": N_("placed by its ZIP code"), "city": N_("placed by its city")}
ROUGH = {
    "zip": N_("placed by its ZIP code, so the distance is approximate"),
    "city": N_("placed by its city, so the distance is approximate"),
}
"""What is said of a location by its precision, in short and in full; the more precise ones need no word."""

LIFTED = {
    BOARD.key: N_("board-certified in %(what)s"),
    FELLOWSHIP.key: N_("fellowship or subspecialty in %(what)s"),
    VOLUME.key: None,  # what the rubric says of it
    GUIDANCE.key: None,
    YEARS.key: None,
    LICENSE.key: N_("license verified"),
}
"""What a line of the rubric says when it gave points, by its key, in the order in which they are said."""

HELD_BACK = {
    LICENSE.key: N_("license not yet verified, so it earns no points for it"),
    BOARD.key: N_("no verified board certification"),
    VOLUME.key: N_("no neck treatments in Medicare's files, which leave out younger patients"),
}
"""What is said of a line that gave no points; the lines of fewer points pass in silence."""

UNVERIFIED = N_("license and other qualifications not yet verified, so they earn no points")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a result. Ratings are stars, with the ends of the 90 % interval; None without reviews."""

    distance_miles: float
    precision: str
    license_verified: bool
    awards: Sequence[tuple[str, float, Phrase]]  # of the rubric's lines: key, points, what for or why not
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
        distance.append(gettext(ROUGH[facts.precision]))
    lifted = [_lifted(message, earned[key]) for key, message in LIFTED.items() if key in earned]
    return Reasons(tuple(distance), tuple(lifted), _rating(facts), tuple(_held_back(facts, earned.keys())))


def _lifted(message: str | None, why: Phrase) -> str:
    return str(why) if message is None else gettext(message, what=why)


def _held_back(facts: Facts, earned: Collection[str]) -> Iterator[str]:
    if 0 < facts.reviews_counted < FEW_REVIEWS:
        yield gettext("few reviews so far")
    if not earned and not facts.license_verified:
        yield gettext(UNVERIFIED)
    else:
        yield from filter(None, (_missing(key, facts) for key in HELD_BACK if key not in earned))


def _missing(key: str, facts: Facts) -> str:
    if key == LICENSE.key and facts.license_verified:  # verified, and yet no points: the award says why
        why = next((why for line, _, why in facts.awards if line == key), None)
        return gettext("%(why)s, so its license earns no points", why=why) if why else ""
    return gettext(HELD_BACK[key])


def _distance(miles: float) -> str:
    if miles < 0.1:
        return gettext("less than 0.1 mile away")
    shown = f"{miles:.1f}"
    return ngettext("%(miles)s mile away", "%(miles)s miles away", 1 if shown == "1.0" else 2, miles=shown)


def _rating(facts: Facts) -> str:
    count = facts.reviews_counted
    if not count or facts.rating is None:
        return gettext("no reviews yet, so it takes the average of all")
    stars = {"rating": facts.rating, "low": facts.rating_low, "high": facts.rating_high}
    shown = {name: f"{number:.1f}" for name, number in stars.items()} | {"count": f"{count:,}"}
    return ngettext(
        "rated %(rating)s of 5 (likely between %(low)s and %(high)s) from %(count)s review",
        "rated %(rating)s of 5 (likely between %(low)s and %(high)s) from %(count)s reviews",
        count,
        **shown,
    )
