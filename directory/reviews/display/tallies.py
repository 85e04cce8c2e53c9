"""Sums of answers: how many gave each value in, shares and quantiles out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

Counts = Mapping[int, int]
"""By value: how many gave it."""
Bins = Sequence[tuple[str | LazyString, int | None]]
"""In rising order: what a bin is called and the last value in it; None for no end."""


@dataclass(frozen=True, slots=True)
class AnswerShare:
    """One answer and how many gave it; `percent` is of all who answered, rounded."""

    label: str  # in the language of the page
    count: int
    percent: int


def share(label: str | LazyString, count: int, total: int) -> AnswerShare:
    return AnswerShare(str(label), count, round(100 * count / total) if total else 0)


def shares(counts: Mapping[str, int], labels: Mapping[str, str | LazyString], total: int) -> list[AnswerShare]:
    """One share for each of `labels`, in their order; `total` is how many answered."""
    return [share(label, counts.get(key, 0), total) for key, label in labels.items()]


def binned(counts: Counts, bins: Bins) -> list[AnswerShare]:
    """One share for each of `bins`."""
    total = sum(counts.values())
    found = []
    after = float("-inf")
    for label, last in bins:
        end = float("inf") if last is None else last
        found.append(share(label, sum(count for value, count in counts.items() if after < value <= end), total))
        after = end
    return found


def quantile(counts: Counts, part: float) -> float:
    """The value below which `part` (0 to 1) of at least one value lies, between neighbors in proportion.

    Definition 7 of Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996);
    for a part of 0.5 it is the median.
    """
    position = part * (sum(counts.values()) - 1)
    below = int(position)
    first = in_order(counts, below)
    return first + (position - below) * (in_order(counts, below + 1) - first)


def middle(counts: Counts) -> int:
    """The middle one of all values; of two in the middle the first."""
    return in_order(counts, (sum(counts.values()) - 1) // 2)


def in_order(counts: Counts, position: int) -> int:
    """The value at `position` (from 0) when all are laid out in order; beyond the last, the last."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if position < seen:
            return value
    return max(counts)
