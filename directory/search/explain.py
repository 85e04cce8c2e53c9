"""Why a result stands where it stands, in words, from facts alone."""

from dataclasses import dataclass

FEW_REVIEWS = 5
APPROXIMATE = {
    "zip": "placed by its ZIP code, so the distance is approximate",
    "city": "placed by its city, so the distance is approximate",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a result. Ratings are stars, with the ends of the 90 % interval; None without reviews."""

    distance_miles: float
    precision: str
    lifted_by: tuple[str, ...]  # what verified facts earned points, in words: "board-certified in neurology"
    licence_verified: bool
    neck_treatments: float | None  # services of CPT 64616 billed to Medicare in `neck_treatments_year`
    neck_treatments_year: int | None
    rating: float | None
    rating_low: float | None
    rating_high: float | None
    reviews_counted: int


def reasons(facts: Facts) -> tuple[str, ...]:
    """What lifted a result and what held it back; each a phrase that can stand in a list or in one sentence."""
    said = [_distance(facts.distance_miles)]
    if facts.precision in APPROXIMATE:
        said.append(APPROXIMATE[facts.precision])
    said.extend(facts.lifted_by)
    if facts.neck_treatments:
        count = round(facts.neck_treatments)
        said.append(f"{count:,} neck {_plural('treatment', count)} billed to Medicare in {facts.neck_treatments_year}")
    said.append(_reviews(facts))
    if not facts.licence_verified:
        said.append("licence not yet verified, so it earns no points for it")
    return tuple(said)


def _distance(miles: float) -> str:
    if miles < 0.1:
        return "less than 0.1 mile away"
    shown = f"{miles:.1f}" if miles < 99.95 else f"{miles:,.0f}"
    return f"{shown.removesuffix('.0')} {'mile' if shown == '1.0' else 'miles'} away"


def _reviews(facts: Facts) -> str:
    if facts.rating is None or facts.rating_low is None or facts.rating_high is None or not facts.reviews_counted:
        return "no reviews yet, so it takes the average of all"
    interval = f"likely between {facts.rating_low:.1f} and {facts.rating_high:.1f}"
    count = facts.reviews_counted
    rated = f"rated {facts.rating:.1f} of 5 ({interval}) from {count:,} {_plural('review', count)}"
    return f"{rated}; few reviews so far" if count < FEW_REVIEWS else rated


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
