"""An invented world around Torrance: streets, 3,000 providers on them, and what is true of each. Made by a seed.

What the public sources say of it is in `world_answers` (by question) and `world_files` (as whole files).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from directory.places.atlas import atlas
from directory.web.days import today_in_california
from tests.imports.published import real_npi

SPECIALTIES = {
    "2084N0400X": "Psychiatry & Neurology, Neurology",
    "2084N0008X": "Psychiatry & Neurology, Neuromuscular Medicine",
    "2081N0008X": "Physical Medicine & Rehabilitation, Neuromuscular Medicine",
    "2084N0600X": "Psychiatry & Neurology, Clinical Neurophysiology",
    "208100000X": "Physical Medicine & Rehabilitation",
    "2081P2900X": "Physical Medicine & Rehabilitation, Pain Medicine",
    "2084P2900X": "Psychiatry & Neurology, Pain Medicine",
    "207LP2900X": "Anesthesiology, Pain Medicine",
    "208VP0000X": "Pain Medicine, Pain Medicine",
    "208VP0014X": "Pain Medicine, Interventional Pain Medicine",
    "207Y00000X": "Otolaryngology",
    "261QP3300X": "Clinic/Center, Pain",
    "225100000X": "Physical Therapist",
    "2084P0800X": "Psychiatry & Neurology, Psychiatry",
    "207Q00000X": "Family Medicine",
    "207R00000X": "Internal Medicine",
    "2086S0122X": "Surgery, Plastic and Reconstructive Surgery",
}
"""By NUCC code, described as the registry's API does: the classification and the specialization."""
TREATING = tuple(SPECIALTIES)[:12]
PAIN_CLINIC, PHYSICAL_THERAPIST, PSYCHIATRY = "261QP3300X", "225100000X", "2084P0800X"
OTHERS = ("207Q00000X", "207R00000X", "2086S0122X")
HOSPITAL_ZIP = "90095"
"""With more psychiatrists and neurologists than one question to the registry can be answered with."""
ZIPS = (
    *("90501", "90502", "90503", "90504", "90505", "90503", "90505"),
    *("90245", "90254", "90266", "90274", "90277", "90278"),
    *("90710", "90717", "90731", "90745", "90802", "90806"),
    *("90017", "90025", "90048", "90048"),
    *("92683", "92868", "91105"),
)
AWAY_ZIPS = ("92103", "94103", "93701")
NECK, GUIDANCE = "64616", ("95873", "95874", "76942")
PRODUCT_CODES = ("J0585", "J0586", "J0587", "J0588", "J0589")
_FIRST, _LAST, _STREETS = map(str.split, Path(__file__).with_name("world_names.txt").read_text().splitlines())
"""First names, last names and names of streets, a line each."""
_STREET_TYPES = ("ST", "AVE", "BLVD", "DR", "PL", "WAY")
_SCHOOLS = ("UNIVERSITY OF EXAMPLE SCHOOL OF MEDICINE", "EXAMPLE STATE COLLEGE OF MEDICINE", "OTHER")
STREETS_A_ZIP = 6
_HALF_A_MILE = 0.0072  # in degrees of latitude


class Street(NamedTuple):
    """A straight street from west to east whose numbers run from 100 to 999: even ones north, odd ones south."""

    name: str
    zip: str
    city: str
    state: str
    west: tuple[float, float]
    east: tuple[float, float]

    def point(self, number: int) -> tuple[float, float]:
        """Where a house stands, on the middle of the street."""
        share = (number - 100) / 899
        return (self.west[0], self.west[1] + share * (self.east[1] - self.west[1]))


class Address(NamedTuple):
    """A house on a street."""

    street: Street
    number: int
    suite: str

    @property
    def line_1(self) -> str:
        return f"{self.number} {self.street.name}"

    @property
    def postal_code(self) -> str:
        return f"{self.street.zip}{1000 + self.number}"

    @property
    def point(self) -> tuple[float, float]:
        return self.street.point(self.number)


class License(NamedTuple):
    """A license as the registry has it, and what its board says of it; no board knows one without a `status`."""

    number: str
    status: str
    expires_on: date
    last_name: str  # as the board writes it


class Billed(NamedTuple):
    """What one provider billed of one code in one year at one place (F facility, O office)."""

    year: int
    code: str
    place: str
    services: int
    patients: int


@dataclass
class InventedProvider:
    """One person or organization, and all that is true of it."""

    npi: str
    organization: str  # its name; empty for a person
    first: str
    middle: str
    last: str
    sex: str
    credential: str
    specialties: list[str]
    addresses: list[Address]  # the first is the main one
    licensed: License | None
    updated_on: date
    other_name: str = ""
    billed: list[Billed] = field(default_factory=list)
    school: str = ""  # as Medicare's file of clinicians has it; not there when empty
    graduated: int = 0
    group: str = ""
    excluded_on: date | None = None
    excluded_by_npi: bool = False
    is_active: bool = True

    @property
    def is_person(self) -> bool:
        return not self.organization

    @property
    def injects_necks(self) -> bool:
        return any(billed.code == NECK for billed in self.billed)


class World:
    """`count` providers by the `seed`; `today` is the day on which the sources are asked. A test may change them.

    Services billed to Medicare are told of the `years`, of which the last one is the latest.
    """

    def __init__(self, count: int = 3000, seed: int = 15, today: date | None = None) -> None:
        self.today = today or today_in_california()
        self.years = tuple(range(self.today.year - 4, self.today.year - 1))
        self._random = Random(seed)
        self.streets = [
            street for code in dict.fromkeys((*ZIPS, HOSPITAL_ZIP, *AWAY_ZIPS)) for street in _streets(code)
        ]
        self._streets_of: dict[str, list[Street]] = {}
        for street in self.streets:
            self._streets_of.setdefault(street.zip, []).append(street)
        crowded = count * 42 // 100
        self.providers = {
            each.npi: each for each in (self._provider(number, crowded=number < crowded) for number in range(count))
        }

    def _provider(self, number: int, *, crowded: bool) -> InventedProvider:
        random = self._random
        npi = real_npi(20_000 + number)
        updated_on = self.today - timedelta(days=random.randrange(30, 3000))
        if crowded:  # at the hospital: psychiatrists and some neurologists
            codes = ["2084N0400X" if random.random() < 0.12 else PSYCHIATRY]
            zips: Sequence[str] = (HOSPITAL_ZIP,)
        else:
            codes = [
                random.choices(
                    (*TREATING, PHYSICAL_THERAPIST, *OTHERS), (30, 4, 3, 4, 20, 8, 3, 12, 10, 8, 10, 7, 12, 6, 6, 3)
                )[0]
            ]
            zips = ZIPS if random.random() < 0.95 else AWAY_ZIPS
        if not crowded and codes[0] in TREATING and codes[0] != PAIN_CLINIC and random.random() < 0.15:
            codes.append(random.choice([code for code in TREATING[:11] if code != codes[0]]))
        addresses = [self._address(zips)]
        if random.random() < 0.12:
            addresses.append(self._address(ZIPS))
        first, middle, last = random.choice(_FIRST), random.choice(("", "", *"ABCDEFGHJKLMNPRST")), random.choice(_LAST)
        if codes[0] == PAIN_CLINIC or (not crowded and random.random() < 0.06):
            kind = random.choice(("MEDICAL GROUP INC", "PAIN CENTER LLC", "NEUROLOGY A MEDICAL CORP"))
            name = f"{random.choice(_STREETS)} {last} {kind}"
            other = f"{last} CLINIC" if random.random() < 0.3 else ""
            return InventedProvider(npi, name, "", "", "", "", "", codes, addresses, None, updated_on, other)
        credential = "PT" if codes[0] == PHYSICAL_THERAPIST else random.choices(("M.D.", "D.O."), (85, 15))[0]
        person = InventedProvider(
            npi, "", first, middle, last, random.choice("FM"), credential, codes, addresses, None, updated_on
        )
        person.licensed = self._license(person, number)
        self._add_medicare(person)
        self._exclude(person)
        return person

    def _address(self, zips: Sequence[str]) -> Address:
        street = self._random.choice(self._streets_of[self._random.choice(zips)])
        suite = self._random.choice(
            ("", "", f"STE {self._random.randrange(100, 900)}", f"#{self._random.randrange(1, 30)}")
        )
        return Address(street, self._random.randrange(100, 1000), suite)

    def _license(self, person: InventedProvider, number: int) -> License:
        random = self._random
        prefix = {"PT": "PT", "D.O.": "20A"}.get(person.credential) or random.choice("AACG")
        status = random.choices(("Current", "Delinquent", "CurrentInactive", "Revoked", ""), (930, 25, 15, 3, 27))[0]
        expires_on = self.today + timedelta(days=random.randrange(20, 720))
        if status == "Delinquent":
            expires_on = self.today - timedelta(days=random.randrange(20, 700))
        last_name = random.choice(_LAST) if random.random() < 0.01 else person.last
        return License(f"{prefix}{30_000 + number}", status, expires_on, last_name)

    def _add_medicare(self, person: InventedProvider) -> None:
        random = self._random
        treats = person.specialties[0] in TREATING
        if random.random() < 0.8:
            person.school = random.choice(_SCHOOLS)
            person.graduated = random.randrange(1970, 2020)
            person.group = f"{random.choice(_STREETS)} PHYSICIANS GROUP" if random.random() < 0.7 else ""
        chance = 0.35 if treats else 0.25 if person.specialties[0] in OTHERS else 0
        if random.random() >= chance:
            return
        for year in self.years[random.randrange(len(self.years)) :]:
            for place in ("O", "F") if random.random() < 0.15 else ("O",):
                patients = random.randrange(11, 60)
                person.billed.append(Billed(year, NECK, place, patients * random.randrange(1, 5), patients))
                for code, share in (
                    (random.choice(GUIDANCE), 0.6),
                    (random.choices(PRODUCT_CODES, (6, 2, 1, 3, 1))[0], 0.9),
                ):
                    if random.random() < share:
                        services = patients * (random.randrange(100, 300) if code.startswith("J") else 2)
                        person.billed.append(Billed(year, code, place, services, patients))

    def _exclude(self, person: InventedProvider) -> None:
        if self._random.random() < 0.004:
            person.excluded_on = self.today - timedelta(days=self._random.randrange(100, 3000))
            person.excluded_by_npi = self._random.random() < 0.5


def _streets(code: str) -> list[Street]:
    """The streets of a ZIP, around its middle."""
    known = atlas().zips[code]
    if known.point is None:
        raise ValueError(code)
    latitude, longitude = known.point
    first = int(code) % len(_STREETS)
    return [
        Street(
            f"{_STREETS[(first + index) % len(_STREETS)]} {_STREET_TYPES[(int(code) + index) % len(_STREET_TYPES)]}",
            code,
            known.city.upper(),
            known.state,
            (latitude + offset, longitude - _HALF_A_MILE / 2),
            (latitude + offset, longitude + _HALF_A_MILE / 2),
        )
        for index in range(STREETS_A_ZIP)
        for offset in ((index - STREETS_A_ZIP / 2) * _HALF_A_MILE / STREETS_A_ZIP,)
    ]
