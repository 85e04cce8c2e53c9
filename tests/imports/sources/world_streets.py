"""The streets of the invented world as the Census Bureau sends them: every address of a provider is on one of them."""

import re

from tests.imports.sources.world import Street, World
from tests.places.streets.tiger import AddressRange, addrfeat_zip, other_zip

TIGER_FILE = re.compile(r"/geo/tiger/TIGER2025/\w+/(tl_2025_(\d+)_(addrfeat|areawater|prisecroads|place))\.zip")
COUNTIES = {"926": "06059", "928": "06059"} | {f"{start}": "06037" for start in range(900, 919)}
"""By the first three digits of a ZIP around Torrance."""
ELSEWHERE = AddressRange("Route 66", [(-117.3, 34.1), (-117.2, 34.1)], ("2", "98"), ("1", "99"), "92410", "92410")
"""The street of a county in which none of the providers is."""


def tiger_file(world: World, path: str) -> bytes | None:
    """The zip at that path; None where there is none."""
    found = TIGER_FILE.fullmatch(path)
    if not found:
        return None
    stem, code, kind = found.groups()
    if kind != "addrfeat":
        return other_zip(stem)
    streets = [street for street in world.streets if COUNTIES.get(street.zip[:3]) == code]
    return addrfeat_zip(stem, [row for street in streets for row in _blocks(street)] or [ELSEWHERE])


def _blocks(street: Street) -> list[AddressRange]:
    """A row for each hundred numbers, even ones to the north."""
    rows = []
    for hundred in range(100, 1000, 100):
        line = [street.point(number)[::-1] for number in (hundred, hundred + 99)]
        even, odd = (str(hundred), str(hundred + 98)), (str(hundred + 1), str(hundred + 99))
        rows.append(AddressRange(street.name.title(), line, even, odd, street.zip, street.zip, "E", "O"))
    return rows
