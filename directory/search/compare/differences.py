"""Which providers stand out in one row of the comparison, and how surely: plain values in, marks out.

Functions that mark take one value a provider, in the order of the columns, `None` where nothing is known, and which
of the providers are `ranked`. Those who are not (excluded, license not active, number deactivated) never get a mark. A
row in which all who have a value have the same one has no mark.

The 90 % intervals of a median and of a share make no assumption about how answers are spread, so they are wide where
answers are few.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.reviews.display.tallies import in_order

ONE_IN = 20  # so rarely does the truth lie beyond one end of an interval
NORMAL_QUANTILE = 1.6448536269514722  # of the standard normal distribution, at 0.95


class DistinctionKind(StrEnum):
    BEST = "best"  # better than all others
    TIED = "tied"  # as good as another, and better than the rest
    CHANCE = "chance"  # best as estimated, but the intervals overlap, so the difference may be chance
    ROUGH = "rough"  # best as far as rough values tell
    ONLY = "only"  # the only one that has it, and all others have said what they have
    ONLY_KNOWN = "only known"  # the only one known to have it; of some others it is not known


@dataclass(frozen=True, slots=True)
class Distinction:
    """What is said of one provider in one row. `values`: what it alone has."""

    kind: DistinctionKind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntervalEstimate:
    """A value with the ends of its interval: `low` <= `value` <= `high`, in the unit of the row."""

    value: float
    low: float
    high: float


Distinctions = tuple[Distinction | None, ...]


def is_same(values: Sequence[Hashable]) -> bool:
    """Whether a row says the same of all. One provider alone is not the same as others."""
    return len(values) > 1 and len(set(values)) == 1


def best(
    values: Sequence[float | None], ranked: Sequence[bool], *, highest: bool, rough: Sequence[bool] = ()
) -> Distinctions:
    """Mark the best of exact values: the highest, or the lowest. `rough`: whose value is only about right."""
    exact = [None if value is None else IntervalEstimate(value, value, value) for value in values]
    marks = best_estimate(exact, ranked, highest=highest)
    if rough and any(rough[place] for place, value in enumerate(values) if value is not None and ranked[place]):
        return tuple(mark and Distinction(DistinctionKind.ROUGH) for mark in marks)
    return marks


def best_estimate(
    estimates: Sequence[IntervalEstimate | None], ranked: Sequence[bool], *, highest: bool
) -> Distinctions:
    """Mark the best estimate: as `BEST`, or `TIED` with another, only when its interval touches none of the rest."""
    known = {place: one for place, one in enumerate(estimates) if one is not None and ranked[place]}
    values = {one.value for one in known.values()}
    marks: list[Distinction | None] = [None] * len(estimates)
    if len(values) < 2:  # none to compare with, or all are the same
        return tuple(marks)
    top = max(values) if highest else min(values)
    leaders = [place for place, one in known.items() if one.value == top]
    rest = [one for one in known.values() if one.value != top]
    for leader in leaders:
        clear = all(_apart(known[leader], other) for other in rest)
        marks[leader] = Distinction(
            DistinctionKind.CHANCE if not clear else DistinctionKind.BEST if len(leaders) == 1 else DistinctionKind.TIED
        )
    return tuple(marks)


def only_ones(sets: Sequence[frozenset[str] | None], ranked: Sequence[bool]) -> Distinctions:
    """Mark who alone has some value. The values of those who are not ranked count too."""
    owners = Counter(value for values in sets for value in values or ())
    marks: list[Distinction | None] = []
    for place, values in enumerate(sets):
        alone = tuple(sorted(value for value in values or () if owners[value] == 1))
        silent = any(other is None for at, other in enumerate(sets) if at != place)
        marked = len(sets) > 1 and ranked[place] and alone
        marks.append(
            Distinction(DistinctionKind.ONLY_KNOWN if silent else DistinctionKind.ONLY, alone) if marked else None
        )
    return tuple(marks)


def _apart(one: IntervalEstimate, other: IntervalEstimate) -> bool:
    return one.low > other.high or other.low > one.high


def median_interval(counts: Mapping[int, int]) -> tuple[float, float]:
    """The ends of an interval that holds the median of what was drawn with a probability of at least 90 %.

    `counts` says how many gave each answer, in the unit of the answers; there must be one answer at least. The ends
    are the k-th smallest and the k-th largest answer, for the largest k with P(B < k) <= 0.05, where B counts the
    heads of as many fair coins as there are answers (Hahn & Meeker, Statistical Intervals, 1991, section 5.2).
    Below five answers no k fits: the ends are then the smallest and the largest answer.
    """
    answers = sum(counts.values())
    chances = 2**answers
    rank, ways, below = 0, 1, 1  # of `chances` throws: as many have `rank` heads, and at most `rank` heads
    while ONE_IN * below <= chances:
        rank += 1
        ways = ways * (answers - rank + 1) // rank
        below += ways
    place = max(rank, 1) - 1
    return float(in_order(counts, place)), float(in_order(counts, answers - 1 - place))


def share_interval(count: int, answers: int) -> tuple[float, float]:
    """The ends of a 90 % interval of a share, 0 to 1, of which `count` of `answers` (above 0) were seen.

    Wilson's score interval (E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212).
    """
    squared = NORMAL_QUANTILE**2
    share = count / answers
    middle = (share + squared / (2 * answers)) / (1 + squared / answers)
    spread = NORMAL_QUANTILE * math.sqrt(share * (1 - share) / answers + squared / (4 * answers**2))
    half = spread / (1 + squared / answers)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))
