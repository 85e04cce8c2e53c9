"""How well a provider's names fit what was typed, in whole points of 100, word by word.

Each typed word gets the points of the best kind of likeness that it has with any word of the provider's names:

    100  the same word
     95  the same first name for short (Bob, Robert)
     90  the beginning of a word (quint, quintero)
     85  an initial, for one word of three or more (Ana Maria Quintero, Ana M. Quintero)
     80  one letter wrong, missing, added or swapped (qunitero)
     60  the same consonants by their sound (kintaro)

All words have to fit, in any order, and the points of a name are their mean, rounded down. Two neighbors may be one
word (de la cruz, delacruz), if it is typed right. An initial ("J Smith") or a title need not fit, and adds a point
where it does.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from directory.providers.by_name.words import (
    FILLERS,
    MIN_PREFIX,
    SHORT_NAMES,
    TITLES,
    joined_pairs,
    mistyped,
    name_words,
    sound_of,
)
from directory.providers.npi import check_digit
from directory.web.phrases import N_, Phrase

SAME, SHORT, BEGINNING, INITIAL, MISTYPED, SOUND = 100, 95, 90, 85, 80, 60
MIN_WORDS_FOR_INITIALS = 3
INITIAL_OF = "."
"""After the first letter of a typed word, for which the initial of a name may stand."""


class Closeness(IntEnum):
    """The least likeness that each word has to have. A search takes the first one that finds enough."""

    CLOSE = INITIAL
    MISTYPED = MISTYPED
    SOUND = SOUND


@dataclass(frozen=True, slots=True)
class TypedName:
    """The words of a typed name: all `words` have to fit, the `extras` (initials, titles) only count."""

    words: tuple[str, ...]
    extras: tuple[str, ...] = ()

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The words, with each pair of neighbors as one, and of three words or more with one of them as an initial."""
        readings = (self.words, *joined_pairs(self.words))
        if len(self.words) < MIN_WORDS_FOR_INITIALS:
            return readings
        return readings + tuple(
            (*reading[:at], word[0] + INITIAL_OF, *reading[at + 1 :])
            for reading in readings
            for at, word in enumerate(reading)
            if word in self.words
        )


def read_name(text: str) -> TypedName:
    """The words to search for; there are none when `text` has neither letter nor digit.

    Fillers ("of") are left out. Initials and titles have to fit only where nothing else was typed.
    """
    typed = tuple(dict.fromkeys(name_words(text)))
    kept = tuple(word for word in typed if word not in FILLERS) or typed
    words = tuple(word for word in kept if len(word) > 1 and word not in TITLES)
    if not words:
        return TypedName(kept)
    return TypedName(words, tuple(word for word in kept if word not in words))


MAX_NAME_LENGTH = 100
MAX_NAME_WORDS = 12
_AROUND_DIGITS = re.compile(r"^npi\b|[\s().:#-]", re.IGNORECASE)
NOT_TEN_DIGITS = N_("An NPI has 10 digits, but this has %(count)s. Check the number, or type the name instead.")
WRONG_DIGIT = N_("%(npi)s is not an NPI: its last digit doesn’t match. Check the number, or type the name instead.")
TOO_LONG = N_("That is too long for a name. Type up to %(most)s characters. A last name is enough.")
TOO_MANY_WORDS = N_("Type only the name, up to %(most)s words. A last name is enough.")
NO_NAME = N_("Type a last name, or one word of the practice’s name. Its first three letters are enough.")


def npi_in(text: str) -> str | None:
    """The digits of `text`, which may be an NPI, when it has no letter; else None."""
    digits = _AROUND_DIGITS.sub("", text)
    return digits if digits.isascii() and digits.isdigit() else None


def why_not_a_name(text: str) -> Phrase | None:
    """Why nobody can be found by `text`, and what to type instead; None for what may be a name or an NPI."""
    npi = npi_in(text)
    if npi is not None:
        if len(npi) != 10:
            return Phrase(NOT_TEN_DIGITS, {"count": len(npi)})
        return None if check_digit(npi[:9]) == npi[9] else Phrase(WRONG_DIGIT, {"npi": npi})
    if len(text) > MAX_NAME_LENGTH:
        return Phrase(TOO_LONG, {"most": MAX_NAME_LENGTH})
    name = read_name(text)
    if not name.words or all(len(word) == 1 for word in name.words):
        return Phrase(NO_NAME)
    return Phrase(TOO_MANY_WORDS, {"most": MAX_NAME_WORDS}) if len(name.words + name.extras) > MAX_NAME_WORDS else None


def likeness(typed: str, word: str, may_be_wrong: bool = True) -> int:
    """The points of one typed word for one word of a name; 0 when they are not alike."""
    if typed == word:
        return SAME
    if word in SHORT_NAMES.get(typed, ()):
        return SHORT
    if len(typed) >= MIN_PREFIX and word.startswith(typed):
        return BEGINNING
    if typed == word + INITIAL_OF:
        return INITIAL
    if not may_be_wrong:
        return 0
    if word in mistyped(typed):
        return MISTYPED
    if sound_of(typed) and sound_of(typed) == sound_of(word):
        return SOUND
    return 0


def extra_points(extras: Collection[str], words: Collection[str]) -> int:
    """A point for each initial that one of `words` begins with, and for each title that is among them."""
    return sum(any(word == extra or (len(extra) == 1 and word[0] == extra) for word in words) for extra in extras)
