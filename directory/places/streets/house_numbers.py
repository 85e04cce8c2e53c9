"""House numbers, as people write them and as they stand at the ends of a range."""

import re
from typing import NamedTuple

MAX_DIGITS = 9
_NUMBER = re.compile(r"([A-Z0-9-]*?)(\d+)(?:-?[A-Z])?")
_MAX_BLOCK_DIGITS = 2
"""So many digits before a dash may be a block's ("12-345"); more are the first of two numbers ("3400-3420")."""


class HouseNumber(NamedTuple):
    """The digits that count along a street, and what stands before them: "12-345" is 345 after "12-".

    A letter after the digits is left out: 123A stands where 123 does.
    """

    prefix: str
    number: int


def read_number(text: str) -> HouseNumber | None:
    """One number, such as 123, 123A, 12-345, N123, W220N101; None for what is none."""
    found = _NUMBER.fullmatch("".join(text.upper().split()).replace("–", "-"))
    if not found or len(found[2]) > MAX_DIGITS or len(found[1]) > MAX_DIGITS:
        return None
    return HouseNumber(found[1], int(found[2]))


def spellings(number: HouseNumber) -> list[tuple[HouseNumber, bool]]:
    """Numbers that a range may hold for one that was written, the likeliest first, and whether it is surely that house.

    Files write "12-345" as 12345 too, and the other way round; of "3400-3420" the first is taken.
    """
    found = [(number, True)]
    before, dash, rest = number.prefix.partition("-")
    if dash and not rest and before.isdigit():
        if len(before) <= _MAX_BLOCK_DIGITS:
            found.append((HouseNumber("", int(f"{before}{number.number:03}")), True))
        else:
            found += spellings(HouseNumber("", int(before)))
    elif number.prefix:
        found.append((HouseNumber("", number.number), False))
    elif number.number >= 1000:
        block, within = divmod(number.number, 1000)
        if len(str(block)) <= _MAX_BLOCK_DIGITS:
            found.append((HouseNumber(f"{block}-", within), True))
    return found
