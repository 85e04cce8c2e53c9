"""Names compared as a clerk would: capitals, accents, hyphens, apostrophes, spaces and Jr. do not matter.

The OIG's list and the NPI registry spell one person in different ways: "O'NEIL-SMITH JR" here, "Oneil Smith" there.
Keys are equal for what may be the same name, so that a database can find them by an index.
"""

import re
from collections.abc import Sequence

from directory.places.names import plain

MAX_KEY_LENGTH = 200  # characters that `ListedExclusion.name_key` holds
TITLES = frozenset({"md", "do", "pt", "dpt", "phd", "mph", "jr", "sr", "ii", "iii", "iv"})  # may stand after a name
_SILENT = re.compile(r"[.'’‘`´ʻʼ]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_NO_ACCENT_TO_DROP = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"})
_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "corp", "corporation", "co", "company"}
    | {"pc", "pa", "pllc", "plc", "apc", "apmc"}
)
_BEFORE_A_LEGAL_FORM = ("a professional", "a medical", "a prof", "professional")


def person_key(last: str | None, first: str | None) -> str:
    """The key of a person's last and first name; empty when either says nothing."""
    folded = "".join(_words(last)), "".join(_words(first))
    return "|".join(folded)[:MAX_KEY_LENGTH] if all(folded) else ""


def person_keys(last: str | None, first: str | None, middle: str | None) -> set[str]:
    """All keys under which an entry may have this person: two first names may stand as a first and a middle one."""
    given = [*_words(first), *_words(middle)]
    keys = {person_key(last, first), *(person_key(last, "".join(given[:count])) for count in range(1, len(given) + 1))}
    return keys - {""}


def same_given_names(first: str | None, middle: str | None, other_first: str | None, other_middle: str | None) -> bool:
    """Whether two people of one last name may be one by their first and middle names.

    The first names agree, and so do the middle ones as far as both give them; an initial agrees with what it begins.
    Or all agree when written together: "Mary" "Ann" is "Mary Ann".
    """
    ours, theirs = _words(first), _words(other_first)
    if not ours or not theirs:
        return False
    if "".join(ours) == "".join(theirs):
        return all(map(_agree, _words(middle), _words(other_middle)))
    return "".join([*ours, *_words(middle)]) == "".join([*theirs, *_words(other_middle)])


def names_agree(first_name: str | None, last_name: str | None, found: str) -> bool:
    """Whether a provider's names are equal to those in `found`, which is written "Last, First Middle" or
    "First Middle Last". What keys fold away does not count, nor do titles and further given names.
    """
    key = person_key(last_name, first_name)
    before, comma, after = found.partition(",")
    if comma and not _only_titles(after):
        return bool(key) and key in person_keys(before, after, None)
    words = before.split()
    while words and _only_titles(words[-1]):
        words.pop()
    ways = ((" ".join(words[cut:]), " ".join(words[:cut])) for cut in range(1, len(words)))
    return bool(key) and any(key in person_keys(last, first, None) for last, first in ways)


def middle_names_agree(first: str | None, middle: str | None, found: str) -> bool:
    """Whether a person's middle name does not contradict that in `found`, written "Last, First Middle"; True where
    `found` is written otherwise, or one of the two has none.
    """
    given = found.partition(",")[2].split()
    return not given or same_given_names(first, middle, given[0], " ".join(given[1:]))


def business_key(name: str | None) -> str:
    """The key of a business: without Inc., LLC, Corp., P.C. and the like at its end, or "The" before it."""
    words = _split(name.replace("&", " and ") if name else "")
    while len(words) > 1 and (size := _ending(words)):
        words = words[:-size]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(words)[:MAX_KEY_LENGTH]


def _ending(words: Sequence[str]) -> int:
    """How many words at the end, not all of them, are no part of the name."""
    if words[-1] in _LEGAL_FORMS:
        return 1
    for size in (3, 2):  # "P C", "L L C"
        tail = words[-size:]
        if len(words) > size and all(len(word) == 1 for word in tail) and "".join(tail) in _LEGAL_FORMS:
            return size
    ends = (phrase.split() for phrase in _BEFORE_A_LEGAL_FORM)
    return next((len(end) for end in ends if len(words) > len(end) and list(words[-len(end) :]) == end), 0)


def _agree(one: str, other: str) -> bool:
    """Whether two middle names may be one: they are the same, or one is the other's initial."""
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _words(text: str | None) -> list[str]:
    """The folded words of a person's name, without Jr. and the like at its end."""
    words = _split(text or "")
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return words


def _split(text: str) -> list[str]:
    folded = plain(_SILENT.sub("", text)).translate(_NO_ACCENT_TO_DROP)
    return [word for word in _BETWEEN_WORDS.split(folded) if word]


def _only_titles(text: str) -> bool:
    return all(word in TITLES for word in re.findall(r"\w+", text.replace(".", "").casefold()))
