"""The street of a typed address taken apart: its house number, and what its name may be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from directory.places.streets.house_numbers import HouseNumber, read_number
from directory.places.streets.street_names import KIND_WORDS, is_direction, number_named

MAX_CHARACTERS, MAX_NAME_WORDS = 400, 12
_BOX = re.compile(
    r"\b(?:p\s*\.?\s*o\s*\.?|post\s+office|us\s*ps)\s*\.?\s*box\b\W*\w*|^\W*(?:box|apartado(?:\s+postal)?|buz[oó]n)\b\W*\w*"
    r"|\b(?:pmb|hc|rr)\s*#?\s*\d+\w*(?:\s*box\s*\w+)?",
    re.I,
)
"""A post-office box: it is where mail goes, and nobody sees patients there."""
_UNIT = re.compile(
    r"[\s,;(]+(?:"
    r"\d+(?:st|nd|rd|th)\s+(?:floor|fl)\b.*"
    r"|#.*"
    r"|(?:suites?|stes?|suit|apartment|apt|oficina|ofc|piso)\b(?!\s+(?:st|ave|blvd|rd|dr)\b).*"
    r"|(?:unit|rm|room|fl|floor|bldg|building|dept|department|spc|space|lot|office|tower|wing|level|no)\b\.?"
    r"(?!\s+(?:st|pl|dr|rd|ln|ct)\b)(?:\W*(?:[a-z]{0,2}\d\w*|[a-z]{1,2})(?:\W.*)?)?"
    r")$",
    re.I | re.DOTALL,
)
_NUMBER_FIRST = re.compile(
    r"\W*((?:[NSEW]\s)?[A-Z]?\d{1,6}(?:\s?[-–]\s?\d{1,6}|\s?[NSEW]\d{1,6})?(?:-?[A-Z])?)(?:\s+\d/\d)?(?=[\s,])[\s,]*(.*)",
    re.I | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TypedStreet:
    """A house number as written and as read, and the texts that may be the street's name, the likeliest first."""

    number_text: str
    number: HouseNumber | None
    names: tuple[str, ...]


def read_street(text: str) -> Iterator[TypedStreet]:
    """The ways to read what stands before the city, the likeliest first; none of a post-office box. Never raises."""
    text, boxes = _BOX.subn(" ", text[:MAX_CHARACTERS])
    text = text.strip(" ,;")
    plain = _read_plainly(text)
    if plain and (plain.number or not boxes):
        yield plain
    for number_text, name in _read_by_model(text):
        read = TypedStreet(number_text, read_number(number_text), tuple(_names(name)))
        if read.names and read != plain and (read.number or not boxes):
            yield read


def is_box(text: str) -> bool:
    """Whether it names a post-office box."""
    return _BOX.search(text) is not None


def _read_plainly(text: str) -> TypedStreet | None:
    """The first part between commas that begins with a number, else the first part as a street without one."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    for part in parts:
        found = _NUMBER_FIRST.match(part)
        number = read_number(found[1]) if found else None
        if found and number and (names := tuple(_names(found[2]))):
            return TypedStreet(" ".join(found[1].split()), number, names)
        first, _, rest = part.partition(" ")
        value = number_named(first)
        if value and not number_named(rest.partition(" ")[0]) and (names := tuple(_names(rest))):
            return TypedStreet(first, HouseNumber("", value), names)  # "One Medical Center Dr"
    names = tuple(_names(parts[0])) if parts else ()
    return TypedStreet("", None, names) if names else None


def _read_by_model(text: str) -> Iterator[tuple[str, str]]:
    """The number and the name by usaddress, which knows buildings, landmarks and units of many forms."""
    import usaddress  # here, since the model takes 14 MB and a twentieth of a second

    number: list[str] = []
    name: list[str] = []
    for token, label in usaddress.parse(text):
        if label in {"AddressNumberPrefix", "AddressNumber"}:
            number.append(token)
        elif label.startswith("StreetName"):
            name.append(token)
    if name:
        yield "".join(number).strip(",.;#"), " ".join(name)


def _names(text: str) -> Iterator[str]:
    """The text without its unit, then without what follows the last and the first word that says a kind of street."""
    shorter = _UNIT.sub("", f" {text}").strip(" ,;")
    words = shorter.split()[:MAX_NAME_WORDS]
    if not any(word[:1].isalnum() for word in words):
        return
    yield " ".join(words)
    kinds = [at for at, word in enumerate(words) if at and word.strip(".,").lower() in KIND_WORDS]
    for at in dict.fromkeys((*kinds[-1:], *kinds[:1])):
        end = at + 2 if at + 1 < len(words) and is_direction(words[at + 1]) else at + 1
        if end < len(words):
            yield " ".join(words[:end])
