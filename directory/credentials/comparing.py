"""What a provider claims beside what a source says, value by value, and whether two names are one person's."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from directory.credentials.names_alike import person_key, person_keys
from directory.credentials.standing import in_words

TITLES = frozenset({"md", "do", "pt", "dpt", "phd", "mph", "jr", "sr", "ii", "iii", "iv"})
"""What may stand after a name."""


class Verdict(StrEnum):
    """How two values stand to each other, in the words of the page."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_CLAIMED = "only at the source"
    NOT_AT_SOURCE = "only in the submission"
    NEITHER = "neither says"


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: what is compared, what was claimed and what the source says, each in words."""

    what: str
    claimed: str
    found: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PersonName:
    """A provider's names as the directory has them."""

    first: str
    last: str


def compare(what: str, claimed: str | None, found: str | None) -> Compared:
    """Two texts, compared without regard to case, space and punctuation."""
    return Compared(what, claimed or "", found or "", _verdict(_folded(claimed), _folded(found)))


def compare_days(what: str, claimed: date | None, found: date | None) -> Compared:
    return Compared(
        what,
        in_words(claimed) if claimed else "",
        in_words(found) if found else "",
        _verdict(claimed.isoformat() if claimed else "", found.isoformat() if found else ""),
    )


def names_agree(provider: PersonName, found: str) -> bool:
    """Whether first and last name are equal to those in `found`, which is written "Last, First Middle" or
    "First Middle Last". What `names_alike` folds away does not count, nor do titles and further given names.
    """
    key = person_key(provider.last, provider.first)
    before, comma, after = found.partition(",")
    if comma and not _only_titles(after):
        return bool(key) and key in person_keys(before, after, None)
    words = before.split()
    while words and _only_titles(words[-1]):
        words.pop()
    ways = ((" ".join(words[cut:]), " ".join(words[:cut])) for cut in range(1, len(words)))
    return bool(key) and any(key in person_keys(last, first, None) for last, first in ways)


def _only_titles(text: str) -> bool:
    return all(word in TITLES for word in re.findall(r"\w+", text.replace(".", "").casefold()))


def _folded(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", (text or "").casefold())


def _verdict(claimed: str, found: str) -> Verdict:
    if not claimed and not found:
        return Verdict.NEITHER
    if not claimed:
        return Verdict.NOT_CLAIMED
    if not found:
        return Verdict.NOT_AT_SOURCE
    return Verdict.AGREES if claimed == found else Verdict.DIFFERS
