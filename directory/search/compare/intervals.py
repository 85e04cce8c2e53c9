"""How far a few patients' answers can be trusted: 90 % intervals of a median and of a share.

Both make no assumption about how answers are spread, so they are wide where answers are few, and say so.
"""

import math
from collections.abc import Mapping

from directory.reviews.display.tallies import in_order

ONE_IN = 20  # so rarely does the truth lie beyond one end of an interval
NORMAL_QUANTILE = 1.6448536269514722  # of the standard normal distribution, at 0.95


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
