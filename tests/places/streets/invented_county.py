"""An invented county in TIGER's layout whose houses are known: each with its number, its street and where it stands."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, hypot, radians
from random import Random
from typing import NamedTuple

from directory.places.atlas import atlas
from tests.places.streets.tiger import AddressRange

ZIPS = ("90501", "90503", "90505", "90717", "90710", "90277", "90266", "90245", "90274", "90731", "90806", "90048")
EVERYWHERE = ("Main St", "1st St", "N Vermont Ave", "S Vermont Ave", "Hawthorne Blvd", "Park Pl", "Elm Ave")
"""Streets of one name in every ZIP."""
SOMEWHERE = (
    *("W 190th St", "W 190th Pl", "E 23rd St", "103rd St", "10th St W", "Avenue 26", "W Avenue K", "W Avenue K 8"),
    *("Avenida de la Playa", "Camino Real", "El Camino Real", "Via Oro Ave", "Paseo del Mar", "La Cañada Blvd"),
    *("Calle Mayor", "Del Amo Blvd", "El Segundo Blvd", "La Brea Ave", "Rancho Vista Rd", "Los Palos Verdes Dr W"),
    *("State Hwy 111", "US Hwy 101", "Avenue of the Stars", "The Strand", "Broadway", "Saint James Pl"),
    *("Martin Luther King Jr Blvd", "Mount Vernon Ave", "O'Farrell St", "North St", "E St", "Country Club Dr"),
    *("Crenshaw Blvd", "Sepulveda Blvd", "Lomita Blvd", "Carson St", "Arlington Ave", "Wilmington Ave", "Court St"),
    *("Artesia Blvd", "Anza Ave", "Palos Verdes Blvd", "Torrance Blvd", "Madrona Ave", "Maple Way", "Oak Ln"),
    *("Cherry Cir", "Eagle Ridge Ter", "Harbor View Pkwy", "Sunset Trl", "Mission Plz", "Amapola Ct", "Cabrillo Sq"),
)
COAST = "Pacific Coast Hwy", "State Hwy 1"
"""One road by two names, with a row for each."""
SYLLABLES = (
    "al",
    "ber",
    "ca",
    "do",
    "el",
    "fer",
    "ga",
    "ho",
    "in",
    "ju",
    "lo",
    "mar",
    "ne",
    "or",
    "pa",
    "ri",
    "sel",
    "ton",
)
BLOCK_METERS, BLOCKS = 160.0, 8
_METERS_A_DEGREE = 111_195.0


class House(NamedTuple):
    """A house that stands: its number and street as the file writes them, and its latitude and longitude."""

    number: str
    street: str
    city: str
    state: str
    zip: str
    point: tuple[float, float]


@dataclass
class InventedCounty:
    """Streets of some ZIPs, block by block, with the houses on them. The same by the same seed."""

    rows: list[AddressRange] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    _streets: set[tuple[str, str]] = field(default_factory=set)

    def has(self, street: str, zip_code: str) -> bool:
        """Whether a street of that name is in the ZIP."""
        if not self._streets:
            self._streets.update((house.street, house.zip) for house in self.houses)
        return (street, zip_code) in self._streets


def invent_county(zips: tuple[str, ...] = ZIPS, seed: int = 15, streets_a_zip: int = 24) -> InventedCounty:
    random, county = Random(seed), InventedCounty()
    pool = list(SOMEWHERE)
    for index, code in enumerate(zips):
        random.shuffle(pool)
        names = [*EVERYWHERE, *pool[: streets_a_zip - len(EVERYWHERE)]]
        names += [_invented_name(random) for _ in range(streets_a_zip - len(names))]
        for row, name in enumerate(names):
            _add_street(county, random, code, name, row, len(names))
        if index % 3 == 0:
            _add_street(county, random, code, COAST[0], len(names), len(names), also=COAST[1])
    return county


def _invented_name(random: Random) -> str:
    syllables = "".join(random.choice(SYLLABLES) for _ in range(random.randrange(2, 4)))
    return f"{syllables.capitalize()} {random.choice(('St', 'Ave', 'Dr', 'Ln', 'Pl', 'Ct', 'Way', 'Rd'))}"


def _add_street(
    county: InventedCounty, random: Random, code: str, name: str, row: int, of: int, also: str = ""
) -> None:
    """A street of eight blocks that runs from west to east, with bends; numbers of a block are its hundred."""
    known = atlas().zips[code]
    assert known.point
    latitude, longitude = known.point
    east = _METERS_A_DEGREE * cos(radians(latitude))
    first_block = 2 + random.randrange(1, 30) if name not in EVERYWHERE else 1 + row
    style = (
        random.choice(("plain", "plain", "plain", "plain", "dashed", "lettered", "mixed")) if also == "" else "plain"
    )
    for block in range(BLOCKS):
        x, y = (block - BLOCKS / 2) * BLOCK_METERS, (row - of / 2) * 110.0
        bends = random.choice((0, 0, 1, 3, 6))
        steps = bends + 1
        plane = [
            (x + BLOCK_METERS * step / steps, y + (random.uniform(-12, 12) if 0 < step < steps else 0.0))
            for step in range(steps + 1)
        ]
        line = [(round(longitude + px / east, 6), round(latitude + py / _METERS_A_DEGREE, 6)) for px, py in plane]
        is_against = random.random() < 0.3  # drawn against the way its numbers rise
        hundred = (first_block + block) * 100
        sides = {}
        for is_odd in (False, True):
            low, high = hundred + is_odd, hundred + 98 + is_odd
            sides[is_odd] = (low, high)
            share = random.uniform(0.6, 0.85) if random.random() < 0.15 else 1.0  # how much of the range stands
            count = random.randrange(6, 13)
            for house in range(count):
                number = low + 2 * round((house + 0.5) / count * share * 49)
                along = (house + 0.5 + random.uniform(-0.25, 0.25)) / count * BLOCK_METERS
                if is_against:
                    along = BLOCK_METERS - along
                px, py = _on(plane, along, random.uniform(8, 18) * (-1 if is_odd else 1))
                point = (latitude + py / _METERS_A_DEGREE, longitude + px / east)
                written = _written(number, style)
                county.houses.append(House(written, name, known.city, known.state, code, point))
        # seen along the line odd numbers are on its right, except that the line may run the other way
        odd, even = (
            tuple(_written(number, style) for number in (sides[is_odd][::-1] if is_against else sides[is_odd]))
            for is_odd in (True, False)
        )
        right_parity, left_parity = ("B", "B") if style == "mixed" else ("O", "E")
        for each in filter(None, (name, also)):
            county.rows.append(
                AddressRange(each, line, even, odd, code, code, left_parity, right_parity, tlid=len(county.rows) + 1)
            )


def _written(number: int, style: str) -> str:
    if style == "dashed":
        return f"{12 + number // 1000}-{number % 1000:03}"
    return f"N{number}" if style == "lettered" else str(number)


def _on(plane: list[tuple[float, float]], meters: float, aside: float) -> tuple[float, float]:
    """The point so many meters along in x, to the left by `aside`."""
    for (x1, y1), (x2, y2) in pairwise(plane):
        if meters + plane[0][0] <= x2 + 1e-9:
            share = (meters + plane[0][0] - x1) / (x2 - x1)
            length = hypot(x2 - x1, y2 - y1)
            return (
                x1 + (x2 - x1) * share - (y2 - y1) / length * aside,
                y1 + (y2 - y1) * share + (x2 - x1) / length * aside,
            )
    return plane[-1]
