"""One spelling for all the ways of writing a street's name, in an address as in the Census Bureau's files."""

import re
from dataclasses import dataclass
from functools import lru_cache

from directory.places.names import plain

KINDS = {
    "alley": "aly ally", "avenue": "av ave aven avenu avn avnue", "boulevard": "blvd boul boulv bl blv bvd bulevar",
    "bend": "bnd", "center": "ctr cntr centre cen cent", "circle": "cir circ crcl", "close": "", "common": "cmn",
    "corner": "cor", "court": "ct crt", "courts": "cts", "cove": "cv", "creek": "crk", "crescent": "cres crsent",
    "crossing": "xing crssng", "drive": "dr drv driv", "estate": "est", "estates": "ests",
    "expressway": "expy expwy expw", "extension": "ext", "freeway": "fwy frwy freewy", "garden": "gdn",
    "gardens": "gdns", "glen": "gln", "green": "grn", "grove": "grv", "heights": "hts",
    "highway": "hwy hiway hiwy hway highwy", "hill": "hl", "hills": "hls", "hollow": "holw", "island": "is",
    "junction": "jct", "knoll": "knl", "lake": "lk", "landing": "lndg", "lane": "ln la", "loop": "lp", "mall": "",
    "manor": "mnr", "meadow": "mdw", "meadows": "mdws", "mews": "", "motorway": "mtwy",
    "parkway": "pkwy parkwy pky pkway", "pass": "", "path": "", "pike": "", "place": "pl", "plaza": "plz plza",
    "point": "pt", "promenade": "prom", "ranch": "rnch", "ridge": "rdg", "road": "rd", "route": "rte rt", "row": "",
    "run": "", "square": "sq sqr", "street": "st str strt", "summit": "smt", "terrace": "ter terr", "trace": "trce",
    "trail": "trl", "turnpike": "tpke tnpk", "tunnel": "tunl", "valley": "vly", "view": "vw", "village": "vlg",
    "vista": "vis vst", "walk": "wlk", "way": "wy", "wells": "wls",
}  # fmt: skip
"""What kind of street a name's last word may say, and how else the word is written."""

KIND_WORDS = {word: kind for kind, others in KINDS.items() for word in (kind, *others.split())}
_DIRECTIONS = {
    "n": "n", "north": "n", "no": "n", "norte": "n", "s": "s", "south": "s", "so": "s", "sur": "s", "e": "e",
    "east": "e", "este": "e", "w": "w", "west": "w", "oeste": "w", "ne": "ne", "northeast": "ne", "nw": "nw",
    "northwest": "nw", "se": "se", "southeast": "se", "sw": "sw", "southwest": "sw",
}  # fmt: skip
_FIRST_WORDS = {
    "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "sta": "santa", "sto": "santo", "dr": "doctor",
    "cam": "camino", "cmno": "camino", "cno": "camino", "cll": "calle", "cl": "calle", "clle": "calle",
    "cmt": "caminito", "cmto": "caminito", "pso": "paseo", "cte": "corte", "avd": "avenida", "avda": "avenida",
    "avenidas": "avenida", "rcho": "rancho", "plz": "plaza",
}  # fmt: skip
"""What stands for the first word of a name of several."""
_AFTER_SPANISH = frozenset({"de", "del", "la", "las", "los", "el"})
ARTICLES = _AFTER_SPANISH | {"the", "of", "y", "and"}
"""Words that people leave out of a name, or put in."""
_LEFT_OUT = frozenset({"jr", "sr"})
_ALIASES = {
    "pch": "pacific coast highway", "mlk": "martin luther king", "m l k": "martin luther king",
    "m l king": "martin luther king", "doctor martin luther king": "martin luther king",
    "doctor m l king": "martin luther king", "cesar chavez": "cesar e chavez",
}  # fmt: skip
ALSO_CALLED = {"pacificcoast": ("route1", "highway"), "route1": ("pacificcoast", "highway")}
"""Names of one road: by the one, the other and the kind that it then has."""
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_ORDINAL_ONES = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
]  # fmt: skip
_TENS = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70, "eight": 80, "ninet": 90}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|ro|do|to|o|a)?")
_ROUTE = re.compile(
    r"(?:(?P<interstate>i|interstate)|(?P<us>u ?s)|(?P<county>county|cr|co)"
    r"|(?P<state>state|s|sr|street|ca|cal|calif|california))?"
    r" ?(?:(?:highway|route|road|sr|freeway)(?: no)?)? ?(?P<number>\d{1,4} ?[a-z]?)"
)
_LETTERED = re.compile(r"[a-z]?\d*")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def number_named(word: str) -> int | None:
    """1 for "One" and so on to nineteen, and 100 for "hundred"; None for other words, and for "first"."""
    value, is_ordinal = _number_word(word.lower())
    return None if is_ordinal else value


def is_direction(word: str) -> bool:
    return word.strip(".,").lower() in _DIRECTIONS


@dataclass(frozen=True, slots=True)
class StreetName:
    """A name in parts: "W 190th St" is 190, street, w.

    `base` has its words joined, without accents and spaces; `kind` is empty where the name says none; `directions` are
    those before and after, since files and people differ on which side they stand.
    """

    base: str
    kind: str = ""
    directions: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def with_kind(self) -> str:
        """The base with the kind, as if that were the last word of it: "Eagle Ridge" may lack its kind."""
        return f"{self.base}{self.kind}"

    @property
    def without_articles(self) -> str:
        """The base without "de la", "the" and the like."""
        return "".join(word for word in self.words if word not in ARTICLES) or self.base


@lru_cache(maxsize=4096)
def read_name(text: str) -> StreetName:
    """The parts of a street's name, as typed or as in the files. Never raises; an empty base for what is no name."""
    words = _SEPARATORS.sub(" ", plain(text[:200]).replace("'", "").replace("’", "")).split()
    if route := _route(words):
        return route
    before, after, words = _take_directions(words)
    if route := _route(words):  # "N State Hwy 1"
        return StreetName(route.base, route.kind, before | after, route.words)
    kind = ""
    if len(words) > 1 and (said := KIND_WORDS.get(words[-1])):
        kind, words = said, words[:-1]
    if not kind and (lettered := _lettered(words)):
        words = lettered
    words = _alike(words, has_kind=bool(kind))
    if alias := _ALIASES.get(" ".join(words)):
        words = alias.split()
        if not kind and words[-1] in KINDS:
            kind = words.pop()
    return StreetName("".join(words), kind, before | after, tuple(words))


def _take_directions(words: list[str]) -> tuple[frozenset[str], frozenset[str], list[str]]:
    """Directions at both ends, and the words between; what would leave no name stays ("North St", "Avenue S")."""
    before = after = frozenset[str]()
    if words and words[-1] in _DIRECTIONS and _names_something(words[:-1]) and not _ends_lettered(words):
        after, words = frozenset({_DIRECTIONS[words[-1]]}), words[:-1]
    if words and words[0] in _DIRECTIONS and _names_something(words[1:]):
        before, words = frozenset({_DIRECTIONS[words[0]]}), words[1:]
    return before, after, words


def _ends_lettered(words: list[str]) -> bool:
    """Whether the last word is the letter of a name: "W Avenue S", but not "Avenue K 8 W"."""
    return any(_lettered(words[start:]) and not _lettered(words[start:-1]) for start in (0, 1))


def _names_something(words: list[str]) -> bool:
    """Whether the words are more than a kind or a direction: "Court St" and "E St" are, "St" is not."""
    if any(word not in _DIRECTIONS and word not in KIND_WORDS for word in words):
        return True
    return bool(_lettered(words)) or (len(words) > 1 and words[-1] in KIND_WORDS)


def _lettered(words: list[str]) -> list[str] | None:
    """ "Ave 26", "Avenue Q", "Avenue K 8": the kind is part of the name."""
    if len(words) < 2 or KIND_WORDS.get(words[0]) not in {"avenue", "road"}:
        return None
    rest = [_ORDINAL.sub(r"\1", word) if word[0].isdigit() else word for word in words[1:]]
    return [KIND_WORDS[words[0]], *rest] if all(_LETTERED.fullmatch(word) for word in rest) else None


def _alike(words: list[str], *, has_kind: bool) -> list[str]:
    """The words of a name in one spelling: numbers as digits, first words in full."""
    if number := _as_number(words):
        return [number]
    words = [word for word in words if word not in _LEFT_OUT] or words
    if len(words) > 1:
        first = words[0]
        if KIND_WORDS.get(first) == "avenue" and words[1] in _AFTER_SPANISH:
            words = ["avenida", *words[1:]]
        elif first in _FIRST_WORDS and not (first == "cl" and has_kind):
            words = [_FIRST_WORDS[first], *words[1:]]
        elif words[1] in ARTICLES and (kind := KIND_WORDS.get(first)):
            words = [kind, *words[1:]]  # "Ave of the Stars"
    return words


def _as_number(words: list[str]) -> str | None:
    """ "190th", "190" and "One Hundred Ninetieth" as "190"; None for what is no number."""
    if len(words) == 1 and (found := _ORDINAL.fullmatch(words[0])):
        return found[1].lstrip("0") or "0"
    total, is_ordinal = 0, False
    for word in words:
        if is_ordinal:
            return None
        value, is_ordinal = _number_word(word)
        if value is None:
            return None
        total = max(total, 1) * 100 if value == 100 else total + value
    return str(total) if is_ordinal and total else None


def _number_word(word: str) -> tuple[int | None, bool]:
    """The value of one word of a number, and whether it ends the number: "ninetieth" is 90, the last."""
    if word == "and":
        return 0, False
    for ordinal, names in ((False, _ONES), (True, _ORDINAL_ONES)):
        if word in names:
            return names.index(word), ordinal
    if word in {"hundred", "hundredth"}:
        return 100, word.endswith("th")
    for stem, value in _TENS.items():
        if word in {f"{stem}y", f"{stem}ieth"}:
            return value, word.endswith("th")
    return None, False


def _route(words: list[str]) -> StreetName | None:
    """A numbered highway, by whatever name: "State Hwy 1", "CA-1", "SR 1", "Highway 1"."""
    if len(words) < 2 and not (words and words[0][:1].isalpha()):
        return None
    found = _ROUTE.fullmatch(" ".join(KIND_WORDS.get(word, word) for word in words))
    if not found or found.start("number") == 0 or words[0] in {"road", "rd"}:
        return None
    system = next((name for name in ("interstate", "us", "county", "state") if found[name]), "")
    number = found["number"].replace(" ", "")
    base = f"county{number}" if system == "county" else f"route{number}"
    return StreetName(base, "highway", frozenset(), (base,))
