"""The figures about the treatment that pages quote: `directory/guide/facts.toml`, read once.

`fact("retreatment_days_botox").value` is 80.7. The file stands in the guide's folder because a clinician reviews it
with the guide; it is read here, so that every feature may quote it. What an entry needs is checked in `tests/web/`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from directory.config import ROOT

FACTS_FILE = ROOT / "directory" / "guide" / "facts.toml"


class FactsError(Exception):
    """facts.toml holds no such entry, or no such figure; the message names the entry."""


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
    """All facts by key, in the file's order."""
    entries = tomllib.loads(FACTS_FILE.read_text(encoding="utf-8"))
    return {key: Fact(key=key, **entry | {"basis": Basis(entry["basis"])}) for key, entry in entries.items()}
