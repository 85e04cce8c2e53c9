"""The figures about the treatment that pages quote: `directory/guide/facts.toml`, read once and checked.

`fact("retreatment_days_botox").value` is 80.7. The file stands in the guide's folder because a clinician reviews it
with the guide; it is read here, so that every feature may quote it.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from directory.config import ROOT

FACTS_FILE = ROOT / "directory" / "guide" / "facts.toml"
TEXTS = ("words", "source", "basis", "unit", "link")
NUMBERS = ("value", "sd", "low", "high")
FIRST_YEAR, LAST_YEAR = 1900, 2100


class FactsError(Exception):
    """facts.toml cannot be read as meant, or holds no such entry; the message names the entry."""


class Basis(StrEnum):
    SEEN = "seen"  # read at the named source
    TO_CONFIRM = "to_confirm"  # general knowledge, not confirmed at a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure with its source: a `value` (perhaps with its `sd`), a range from `low` to `high`, or words alone."""

    key: str
    words: str
    source: str
    basis: Basis
    unit: str | None = None
    value: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    year: int | None = None  # None when the source bears no date
    link: str | None = None

    @property
    def confirmed(self) -> bool:
        return self.basis is Basis.SEEN

    @property
    def figure(self) -> float:
        """The value of a fact that has one. Raises `FactsError`."""
        if self.value is None:
            raise FactsError(f"facts.toml: {self.key} has no value.")
        return self.value

    @property
    def ends(self) -> tuple[float, float]:
        """The range, or for a value with its `sd` one standard deviation to each side. Raises `FactsError`."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.value is not None and self.sd is not None:
            return self.value - self.sd, self.value + self.sd
        raise FactsError(f"facts.toml: {self.key} has no range.")


def fact(key: str) -> Fact:
    """The fact of that name. Raises `FactsError`."""
    try:
        return facts()[key]
    except KeyError:
        raise FactsError(f"facts.toml has no entry {key}.") from None


@cache
def facts() -> Mapping[str, Fact]:
    """All facts by key, in the file's order. Raises `FactsError`."""
    return read_facts(FACTS_FILE)


def read_facts(path: Path) -> Mapping[str, Fact]:
    """The facts of one file by key. Raises `FactsError`."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FactsError(f"{path.name} cannot be read: {error}") from error
    return {key: _checked(key, entry) for key, entry in entries.items()}


def _checked(key: str, entry: Any) -> Fact:
    def refuse_if(wrong: bool, why: str) -> None:
        if wrong:
            raise FactsError(f"facts.toml: {key} {why}.")

    refuse_if(not isinstance(entry, dict), "is not a table")
    unknown = sorted(entry.keys() - {*TEXTS, *NUMBERS, "year"})
    refuse_if(bool(unknown), f"has a field that is not known: {', '.join(unknown)}")
    for name in ("words", "source", "basis"):
        refuse_if(name not in entry, f"needs {name}")
    for name in TEXTS:
        refuse_if(name in entry and not _is_text(entry[name]), f"needs text as its {name}")
    for name in NUMBERS:
        refuse_if(name in entry and not _is_number(entry[name]), f"needs a number as its {name}")
    refuse_if(entry["basis"] not in set(Basis), f"needs a basis that is one of: {', '.join(Basis)}")
    refuse_if(not entry.get("link", "https://").startswith("https://"), "needs a link that starts with https://")
    year = entry.get("year", FIRST_YEAR)
    refuse_if(type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR, "needs a year of four digits")
    refuse_if(("low" in entry) != ("high" in entry), "needs both low and high, or neither")
    refuse_if("low" in entry and "value" in entry, "has a value and a range; it may have one of them")
    refuse_if("low" in entry and entry["low"] >= entry["high"], "needs low below high")
    refuse_if("sd" in entry and "value" not in entry, "has an sd without a value")
    refuse_if(
        ("unit" in entry) != ("low" in entry or "value" in entry), "needs a unit with its figure, and none without"
    )
    return Fact(key=key, **entry | {"basis": Basis(entry["basis"])})


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
