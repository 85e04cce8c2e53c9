"""A named place, and what a typed name was taken for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

Precision = Literal["point", "address", "street", "zip", "city", "none"]
"""How exactly a point is known: coordinates as given, a house number on its street, a place near it on its street, the
middle of a ZIP or of a city.
"""


class WhyUnplaced(StrEnum):
    """Why an address has no point of its own, so that its ZIP or city stands for it."""

    NO_FILE = "no file"  # no file of streets covers where it is
    PO_BOX = "po box"
    NO_NUMBER = "no number"  # it has no house number, or one that its street does not have
    NO_STREET = "no street"
    TIE = "tie"  # several streets or numbers may be meant
    NEW = "new"  # it was not looked up yet


class AddressLine(NamedTuple):
    """One address in parts: a street with its house number, and what it lies in."""

    street: str
    city: str
    state: str
    zip_code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A named point on the map.

    `label` is what pages show ("Torrance, CA 90503"); `latitude` and `longitude` are degrees;
    `note` says in a sentence what was done with the text when that is not plain to see
    ("We couldn’t find that street address, so distances start from the middle of ZIP 90503.");
    `located_by` names what gave the point: the gazetteer, the street index, or an outside geocoder.
    """

    label: str
    latitude: float
    longitude: float
    precision: Precision
    note: str | None = None
    located_by: str = "gazetteer"

    @property
    def point(self) -> tuple[float, float]:
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True)
class Answer:
    """What an outside geocoder said of an address: a place, or None, when `is_tie` because several may be meant."""

    place: Place | None
    is_tie: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text was taken for: one place, or several to choose from, or none with a message and near names.

    Exactly one of these holds: `place` is set; `choices` has two or more; `message` says what to try.
    `choices` and `suggestions` are texts that resolve to a single place; beside a place, `suggestions` are others that
    may have been meant.
    """

    place: Place | None = None
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    message: str | None = None
