"""What the atlas holds: ZIPs, cities, and how a name belongs to a ZIP."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.places.names import fold

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

PRIMARY, ACCEPTABLE, INFORMAL = 0, 1, 2
"""How a name belongs to a ZIP: the post office's own, another that it delivers to, one that it discourages."""


@dataclass(frozen=True, slots=True)
class ZipCode:
    """One ZIP. `point` is None for the armed forces overseas and where it is not known."""

    code: str
    city: str
    state: str
    point: Point | None
    has_streets: bool  # no post-office boxes, single firm or retired ZIP

    @property
    def label(self) -> str:
        return f"{self.city}, {self.state} {self.code}"


@dataclass(frozen=True, slots=True)
class City:
    """One town. `weight` counts its ZIPs with street delivery, which grows with its people.

    It is 1 for a village that only has post-office boxes, and 0 for what is no town: a firm, a retired ZIP.
    `county` is given where the state has another town of that name.
    """

    name: str
    state: str
    point: Point
    weight: int
    standing: int
    county: str = ""

    @property
    def label(self) -> str:
        return ", ".join(filter(None, (self.name, self.county, self.state)))


@dataclass(frozen=True, slots=True)
class Atlas:
    zips: Mapping[str, ZipCode]
    cities: Mapping[str, tuple[City, ...]]
    """By folded name; of several in one state the post office's own comes first."""

    def city(self, name: str, state: str) -> City | None:
        """The city of that name in the state (two capitals), whatever the name's case, accents and abbreviations."""
        return next((city for city in self.named(name) if city.state == state), None)

    def named(self, name: str) -> tuple[City, ...]:
        return self.cities.get(fold(name), ())
