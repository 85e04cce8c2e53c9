"""Whom a review elsewhere is about, in a form that can be compared: the words of a name, an address, a phone.

Two sources rarely write one provider alike. What does not tell people apart goes: titles, degrees, legal forms,
accents, the order of first and last name, middle initials, suites.
"""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from directory.places.names import plain
from directory.providers.contact import phone_number
from directory.providers.names import words

_TITLES = words("dr doctor prof professor mr mrs ms miss mx")
_CLEAR_ENDINGS = words(
    "md dds dmd dpm dpt pac np rn crna aprn fnp phd psyd pharmd mbbs mba mph faan facs faapmr inc incorporated "
    "llc llp lp pllc plc corp corporation company ltd apc professional"
)
_ENDINGS = _CLEAR_ENDINGS | words("do dc od pa ms ma pt ot pc co")
"""Degrees and legal forms. Those that are family names too, such as Do and Ma, go only when two words are left."""
_GENERATIONS = words("jr sr ii iii iv")
_SMALL_WORDS = words("and at for of the")
_GENERAL_WORDS = words(
    "associates center centers centre clinic clinics group institute medical office offices practice services"
)
_SAYS_NOTHING = _ENDINGS | _SMALL_WORDS | _GENERAL_WORDS | {"a"}
_STREET_WORDS = {
    "avenue": "ave",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "south": "s",
    "street": "st",
    "west": "w",
}
_UNIT = re.compile(r"^(#.*|apt|bldg|building|fl|floor|rm|room|ste|suite|unit)$")
_ZIP = re.compile(r"(?:(?<=\D)|^(?=[\d-]+$))(\d{5})(?:-?\d{4})?(?!\d)[a-z\s.,]*$")
_NUMBER = re.compile(r"\b(\d+)[a-z]?\b")
_MIN_WORDS = 2
_INITIAL_FITS, _OTHER_ENDING = 0.8, 0.85
_MIN_FORM_LENGTH = 3  # letters: Dan
_GENERATIONS_DIFFER, _GENERATION_UNSAID = 0.5, 0.9
_WORD_TOO_MANY, _WORD_TOO_MANY_BESIDE_ONE = 0.9, 0.7
_SAME_STREET = 0.8
_OTHER_ZIP, _SAME_ZIP_NO_STREET, _SAME_ZIP_OTHER_STREET = 0.7, 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the source says that a review is about, in its own words; the address in one line."""

    name: str
    address: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        """The same for two spellings that differ in nothing but case and spaces."""
        return "|".join(" ".join(part.casefold().split()) for part in (self.name, self.address, self.phone))


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name that tell it from others, and the generation ("jr") if it is given."""

    words: tuple[str, ...]
    generation: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Each part is empty when it is not known. `street` without the unit, its common words abbreviated."""

    number: str
    street: tuple[str, ...]
    zip: str


def name_of(text: str) -> Name:
    """The name in `text`: "Cruz, Ana M., M.D." and "Dr. Ana Cruz" are the same."""
    parts = [_without_endings(_words(part), 1, _CLEAR_ENDINGS) for part in plain(text).split(",")]
    parts = [part for index, part in enumerate(parts) if part and not (index and _SAYS_NOTHING.issuperset(part))]
    if len(parts) == 2 and not _GENERATIONS.issuperset(parts[1]):
        parts.reverse()  # "Last, First"
    words = [word for part in parts for word in part if word not in _TITLES]
    words = _without_endings(words, _MIN_WORDS, _ENDINGS)
    generation = next((word for word in words if word in _GENERATIONS), "") if len(words) > _MIN_WORDS else ""
    words = [word for word in words if word != generation and word not in _SMALL_WORDS] or words
    telling = [word for word in words if word not in _GENERAL_WORDS] or words
    whole = [word for index, word in enumerate(telling) if len(word) > 1 or not index]
    return Name(tuple(whole if len(whole) >= _MIN_WORDS else telling), generation)


def address_of(text: str) -> Address:
    """The address in `text`, one line: "1786 Lantern Court, Suite 300, Torrance, CA 90503"."""
    folded = plain(text)
    zips = list(_ZIP.finditer(folded))
    before_zip = folded[: zips[-1].start()] if zips else folded
    for number in _NUMBER.finditer(before_zip):
        street: list[str] = []
        for word in before_zip[number.end() :].partition(",")[0].replace(".", "").split():
            if _UNIT.match(word):
                break
            street.append(_STREET_WORDS.get(word, word))
        if street:
            return Address(number[1], tuple(street), zips[-1][1] if zips else "")
    return Address("", (), zips[-1][1] if zips else "")


def phone_of(text: str) -> str:
    """Its ten digits, with "+52" and the like before a foreign one, without an extension; empty for no number."""
    number = phone_number(text)
    if number is None:
        return ""
    return f"{'' if number.country_code == 1 else f'+{number.country_code}'}{number.national_number}"


def name_likeness(one: Name, other: Name) -> float:
    """How alike two names are, 0 to 1: the square of the likeness of the pair of words that fits worst, whatever the
    order, times 0.9 for each word that only one has (0.7 when but one word is in both), and less when the generations
    differ. Likeness of words is `rapidfuzz.fuzz.ratio`. A lone initial fits a word that starts with it to 0.8; words
    that differ in their end alone to 0.85, because Daniel, Daniela and Dan may be one person or three.
    """
    fewer, more = sorted((one.words, other.words), key=len)
    if not fewer:
        return 0.0
    likeness = 1.0
    if "".join(fewer) != "".join(more):
        left = list(more)
        worst = 1.0
        for word in fewer:
            best = max(left, key=lambda candidate: _word_likeness(word, candidate))
            worst = min(worst, _word_likeness(word, best))
            left.remove(best)
        cost = _WORD_TOO_MANY if len(fewer) >= _MIN_WORDS else _WORD_TOO_MANY_BESIDE_ONE
        likeness = worst**2 * cost ** len(left)
    if one.generation == other.generation:
        return likeness
    return likeness * (_GENERATIONS_DIFFER if one.generation and other.generation else _GENERATION_UNSAID)


def address_likeness(one: Address, other: Address) -> float | None:
    """How alike two addresses are, 0 to 1: 1 for the same number, street and ZIP. None when either says too little."""
    if not (one.zip or one.number) or not (other.zip or other.number):
        return None
    same_zip = one.zip == other.zip if one.zip and other.zip else None
    if one.number and other.number:
        if one.number == other.number and _same_street(one.street, other.street):
            return _OTHER_ZIP if same_zip is False else 1.0
        return _SAME_ZIP_OTHER_STREET if same_zip else 0.0
    if same_zip is None:
        return None
    return _SAME_ZIP_NO_STREET if same_zip else 0.0


def _same_street(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Without a comma the city may follow the street, so the shorter says how many words count."""
    count = min(len(one), len(other))
    return fuzz.ratio(" ".join(one[:count]), " ".join(other[:count])) / 100 >= _SAME_STREET


def _word_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 1:
        return _INITIAL_FITS if longer.startswith(shorter) else 0.0
    likeness = fuzz.ratio(one, other) / 100
    if longer.startswith(shorter) and len(shorter) >= _MIN_FORM_LENGTH:
        return _OTHER_ENDING
    return min(likeness, _OTHER_ENDING) if one[:-1] == other[:-1] else likeness


def _without_endings(words: list[str], least: int, endings: frozenset[str]) -> list[str]:
    kept = list(words)
    while len(kept) > least and kept[-1] in endings:
        kept.pop()
    return kept


def _words(text: str) -> list[str]:
    """Words without punctuation; "M.D." is one, "Quintero-Hale" two, "O'Neil" one."""
    words: list[str] = []
    for spaced in re.sub(r"['’`]", "", text.replace("&", " and ")).split():
        bare = spaced.translate({ord("."): None, ord("-"): None})
        words += [bare] if bare in _ENDINGS else filter(None, re.split(r"\W+", spaced))
    return words
