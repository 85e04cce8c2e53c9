"""ZIPs in typed addresses: joined to other words, mistyped, and taken out of the text."""

import re

from directory.places.atlas import atlas
from directory.places.names import ARMED_FORCES, state_code

_PLUS_4 = r"(?:\s?-\s?\d{0,5})?"
_GLUED_ZIP = re.compile(rf"(?<=[A-Za-z])(?=\d{{5}}{_PLUS_4}$)")
_MISTYPED_ZIP = re.compile(rf"(?<![^\s,])(?:[0-9OoIl|]{{5}}(?={_PLUS_4}(?:$|[\s,]))|[0-9OoIl|SB]{{5}}(?={_PLUS_4}$))")
_LETTERS_FOR_DIGITS = str.maketrans("OoIl|SB", "0011158")
_JOINED_ZIP = re.compile(r"(?<=[A-Za-z])[-/:_](?=\d{5}\b)|(?<=\b\d{5})[:/](?=\s?[A-Za-z])")
_ODD_PLUS_4 = re.compile(r"(?<=\b\d{5})[._](?=\d{4}$)")
_LAST_ZIP = re.compile(
    rf"(?:^|[\s,])(\d{{5}})(?:{_PLUS_4}|\d{{4}}|[\s,]{{1,2}}\d{{1,4}}|\s(?:zip(?:\s?code)?|area))$", re.I
)
_STATE_AND_ZIP = re.compile(r"[\s,]([A-Za-z]{2})[\s,]+(\d{5})(?:-\d{4})?\b")
_ZIP_AND_STATE = re.compile(r"(.*\D)[\s,](\d{5})(?:-\d{4})?[\s,]+([A-Za-z. ]+)")
FIRST_ZIP = re.compile(r"^(\d{5})(?:-\d{4})?[\s,]+(?=\D)")
_NUMBERED = re.compile(
    r"(?:^|[\s,.])(?:#|(?:ste|suite|apt|apartment|unit|room|rm|bldg|building|floor|fl|box|pob|no|number|hwy|highway|route|rte|rt)\.?)"
    r"\s*#?$",
    re.I,
)  # the number that follows is not a ZIP


def part_from_zips(text: str) -> str:
    """`text` with a space between a ZIP and the words that a sign joins to it, and a hyphen before its last four."""
    return _ODD_PLUS_4.sub("-", _JOINED_ZIP.sub(" ", text))


def correct_zips(text: str) -> str:
    """`text` with digits in place of the letters that look like them, and a space before a ZIP at its end."""
    return _GLUED_ZIP.sub(" ", _MISTYPED_ZIP.sub(_as_digits, text))


def _as_digits(found: re.Match[str]) -> str:
    """The ZIP that is meant by one with letters for digits, when there is such a ZIP: "9O503"."""
    digits = found[0].translate(_LETTERS_FOR_DIGITS)
    return digits if sum(map(str.isdigit, found[0])) > 2 and digits in atlas().zips else found[0]


def take_zip(text: str) -> tuple[str, str | None]:
    """What is left of the text without its ZIP, and the ZIP: the number at the end, or the last one after a state."""
    found = _LAST_ZIP.search(text)
    if found and not _NUMBERED.search(text[: found.start(1)].rstrip()):
        return text[: found.start(1)].rstrip(" ,"), found[1]
    swapped = _ZIP_AND_STATE.fullmatch(text)
    if swapped and state_code(swapped[3]):
        return f"{swapped[1]}, {swapped[3]}", swapped[2]
    for found in reversed(list(_STATE_AND_ZIP.finditer(text))):
        if state_code(found[1]) or found[1].upper() in ARMED_FORCES:
            return text[: found.end(1)], found[2]
    return text, None
