"""The reasons for a result's rank, in words, from facts alone.

The words are those of the page that is being made; outside of a request they are English.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from directory.credentials.rubric import BOARD, FELLOWSHIP, GUIDANCE, LICENSE, VOLUME, YEARS
from directory.search.query import Result
from directory.web.messages import gettext, ngettext
from directory.web.phrases import N_

FEW_REVIEWS = 5

APPROXIMATE = {
    "street": N_("located by street"),
    "zip": N_("located by ZIP code"),
    "city": N_("located by city"),
}
ROUGH = {
    "street": N_("located by street, so the distance is approximate"),
    "zip": N_("located by ZIP code, so the distance is approximate"),
    "city": N_("located by city, so the distance is approximate"),
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
    LICENSE.key: N_("license not yet verified, so it earns no points"),
    BOARD.key: N_("no verified board certification"),
    VOLUME.key: N_("no neck treatments in Medicare's files, which leave out younger patients"),
}
"""What is said of a line that gave no points; the lines of fewer points pass in silence."""

UNVERIFIED = N_("license and other qualifications not yet verified, so they earn no points")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a result stands where it stands: phrases that can stand in a list or make one sentence."""

    distance: tuple[str, ...]
    lifted: tuple[str, ...]
    rating: str
    held_back: tuple[str, ...]

    def in_order(self) -> tuple[str, ...]:
        return (*self.distance, *self.lifted, self.rating, *self.held_back)


def explain(result: Result) -> Reasons:
    earned = {key: reason for key, points, reason in result.awards if points > 0}
    distance = [_distance(result.distance_miles)]
    if result.precision in APPROXIMATE:
        distance.append(gettext(ROUGH[result.precision]))
    lifted = [
        gettext(message, what=earned[key]) if message else str(earned[key])
        for key, message in LIFTED.items()
        if key in earned
    ]
    return Reasons(tuple(distance), tuple(lifted), _rating(result), tuple(_held_back(result, earned.keys())))


def _held_back(result: Result, earned: Collection[str]) -> Iterator[str]:
    if 0 < result.reviews_counted < FEW_REVIEWS:
        yield gettext("few reviews so far")
    if not earned and not result.license_verified:
        yield gettext(UNVERIFIED)
    else:
        yield from filter(None, (_missing(key, result) for key in HELD_BACK if key not in earned))


def _missing(key: str, result: Result) -> str:
    if key == LICENSE.key and result.license_verified:  # verified, and yet no points: the award says why
        why = next((why for line, _, why in result.awards if line == key), None)
        return gettext("%(why)s, so its license earns no points", why=why) if why else ""
    return gettext(HELD_BACK[key])


def _distance(miles: float) -> str:
    if miles < 0.1:
        return gettext("less than 0.1 mile away")
    shown = f"{miles:.1f}"
    return ngettext("%(miles)s mile away", "%(miles)s miles away", 1 if shown == "1.0" else 2, miles=shown)


def _rating(result: Result) -> str:
    count = result.reviews_counted
    if not count or result.rating is None:
        return gettext("no reviews yet, so we use the average of all providers")
    stars = {"rating": result.rating, "low": result.rating_low, "high": result.rating_high}
    shown = {name: f"{number:.1f}" for name, number in stars.items()} | {"count": f"{count:,}"}
    return ngettext(
        "rated %(rating)s of 5 (likely between %(low)s and %(high)s) from %(count)s review",
        "rated %(rating)s of 5 (likely between %(low)s and %(high)s) from %(count)s reviews",
        count,
        **shown,
    )
