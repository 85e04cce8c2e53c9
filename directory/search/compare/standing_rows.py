"""Whether the providers may be ranked, where they are, and what is verified of their qualifications."""

from collections.abc import Sequence
from dataclasses import dataclass

from directory.places.place import Place
from directory.providers.models import PracticeLocation
from directory.providers.origin import nearest_location
from directory.search.compare.differences import best, only_ones
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import ComparedRow, RowGroup, row
from directory.search.explain import APPROXIMATE
from directory.web.messages import gettext

ONE_DECIMAL_BELOW_MILES = 100  # as pages write distances


@dataclass(frozen=True, slots=True)
class Practice:
    """Where a provider is met: the nearest practice location, or the main one where no place was given."""

    location: PracticeLocation
    distance_miles: float | None
    others: int  # how many further practice locations there are

    @property
    def placed_by(self) -> str | None:
        """Why the distance is approximate, if it is."""
        return APPROXIMATE.get(self.location.precision)

    @property
    def shown_miles(self) -> float | None:
        """The distance as finely as pages show it, so that distances that look equal count as equal."""
        if self.distance_miles is None:
            return None
        return round(self.distance_miles, 1 if self.distance_miles < ONE_DECIMAL_BELOW_MILES else 0)


def place_rows(columns: Sequence[ComparedProvider], place: Place | None) -> RowGroup:
    practices = [practice_of(column, place) for column in columns]
    standings = [
        (column.provider.deactivated_on, column.qualification.barred_for, column.qualification.license_verified)
        for column in columns
    ]
    addresses = [practice and (practice.location.line_1, practice.location.city) for practice in practices]
    no_address = gettext("No address listed.")
    return RowGroup(
        "where",
        gettext("License and location"),
        (
            row("standing", gettext("License"), columns, same_by=standings),
            _distance(columns, practices, place),
            row("address", gettext("Address"), practices, same_by=addresses, nothing=no_address),
        ),
    )


def practice_of(column: ComparedProvider, place: Place | None) -> Practice | None:
    """The practice nearest to `place`, or the main one; None without an address."""
    location, distance_miles = nearest_location(column.provider.locations, place)
    return Practice(location, distance_miles, len(column.provider.locations) - 1) if location else None


def _distance(
    columns: Sequence[ComparedProvider], practices: Sequence[Practice | None], place: Place | None
) -> ComparedRow:
    """Without a place no distance is known, so that none is the same."""
    miles = [practice.shown_miles if practice else None for practice in practices]
    rough = [practice is not None and practice.placed_by is not None for practice in practices]
    marks = best(miles, [column.is_ranked for column in columns], highest=False, rough=rough)
    measured = [practice if practice and practice.distance_miles is not None else None for practice in practices]
    nothing = gettext("Not known: we couldn’t find the address on the map.")
    same = miles if place else range(len(miles))
    return row("distance", gettext("Distance"), measured, same_by=same, nothing=nothing, marks=marks)


def qualification_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    """The points, each line of the rubric, which gives every provider an award in the same order, and credentials."""
    ranked = [column.is_ranked for column in columns]
    points = [column.qualification.points for column in columns]
    marks = best(points, ranked, highest=True)
    rows = [row("points", gettext("Total points"), points, same_by=points, marks=marks)]
    for awards in zip(*(column.qualification.awards for column in columns), strict=True):
        marks = best([award.points for award in awards], ranked, highest=True)
        reasons = [(award.points, award.why.english) for award in awards]
        rows.append(row("award", gettext(awards[0].label), awards, same_by=reasons, marks=marks))
    return RowGroup(
        "qualifications",
        gettext("Qualifications"),
        (_injections(columns), *rows, _credentials(columns, ranked)),
        caution=gettext("Only what we verified with the source earns points. What is only claimed earns nothing."),
    )


def _injections(columns: Sequence[ComparedProvider]) -> ComparedRow:
    known = [column.injections for column in columns]
    return row("injections", gettext("Neck injections"), known, same_by=[each.sentences for each in known])


def _credentials(columns: Sequence[ComparedProvider], ranked: Sequence[bool]) -> ComparedRow:
    """All credentials, the verified ones first."""
    verified = [frozenset(str(each.title) for each in column.credentials if each.counts) for column in columns]
    standings = [
        tuple(sorted((str(each.title), str(each.standing)) for each in column.credentials)) for column in columns
    ]
    return row(
        "credentials",
        gettext("Credentials"),
        [sorted(column.credentials, key=lambda each: not each.counts) or None for column in columns],
        same_by=standings,
        nothing=gettext("No credentials listed."),
        marks=only_ones(verified, ranked),
    )
