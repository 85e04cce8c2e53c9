"""Geometry of the charts: numbers in, places in an SVG out. Lengths are units of the chart's viewBox, y grows downward.

A value beyond the end of a scale is drawn at the end, so nothing leaves the picture. Labels are in the language of the
page; outside of a request they are in English.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from directory.web.messages import gettext

WIDTH = 340.0
MARGIN = 12.0
LONG_LABEL = 60.0
MIN_STARS, MAX_STARS = 1, 5


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: the value `low` stands at `start`, `high`, which is above it, at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        inside = min(self.high, max(self.low, value))
        return round(self.start + (inside - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    def span(self, low: float, high: float) -> "Span":
        start = self.at(low)
        return Span(start, round(self.at(high) - start, 1))


@dataclass(frozen=True, slots=True)
class AxisMark:
    """A place on an axis with its label."""

    at: float
    label: str

    @property
    def anchor(self) -> str:
        """How SVG is to lay a long label, so that it stays within the picture."""
        return "start" if self.at < LONG_LABEL else "end" if self.at > WIDTH - LONG_LABEL else "middle"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an axis, from `x` on."""

    x: float
    width: float


STARS = Scale(MIN_STARS, MAX_STARS, MARGIN, WIDTH - MARGIN)
STAR_TICKS = tuple(AxisMark(STARS.at(star), str(star)) for star in range(MIN_STARS, MAX_STARS + 1))


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """An estimate and its interval on the scale from 1 to 5 stars, with the average of all providers as a mark."""

    width: float
    height: float
    axis: Span
    ticks: tuple[AxisMark, ...]
    band: Span
    dot: float
    average: AxisMark | None


def interval_chart(estimate: float, low: float, high: float, average: float | None = None) -> IntervalChart:
    """All arguments in stars, low <= estimate <= high."""
    mark = None
    if average is not None:
        mark = AxisMark(STARS.at(average), gettext("all providers %(stars)s", stars=format(average, ".1f")))
    return IntervalChart(
        width=WIDTH,
        height=64,
        axis=STARS.span(MIN_STARS, MAX_STARS),
        ticks=STAR_TICKS,
        band=STARS.span(low, high),
        dot=STARS.at(estimate),
        average=mark,
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a comparison: a value, a stretch, or both. `ours` marks what patients here reported."""

    label: str
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    ours: bool = False


@dataclass(frozen=True, slots=True)
class FigureRow:
    label: str
    label_y: float
    y: float  # of the line
    span: Span | None
    dot: float | None
    ours: bool


@dataclass(frozen=True, slots=True)
class ComparisonChart:
    """Several figures one under the other on one scale from 0."""

    width: float
    height: float
    axis: Span
    axis_y: float
    ticks: tuple[AxisMark, ...]
    rows: tuple[FigureRow, ...]


ROW_HEIGHT = 42.0
MAX_STEPS = 8


def comparison_chart(figures: Sequence[Figure], reach: float, step: float) -> ComparisonChart:
    """The scale goes from 0 to at least `reach` in steps of `step`, or wider ones when a figure lies far beyond."""
    furthest = max([reach, *(end for figure in figures for end in (figure.high, figure.middle) if end is not None)])
    while furthest / step > MAX_STEPS:
        step *= 2
    steps = math.ceil(furthest / step)
    scale = Scale(0, steps * step, MARGIN, WIDTH - MARGIN)
    rows = []
    for index, figure in enumerate(figures):
        top = index * ROW_HEIGHT
        span = None if figure.low is None or figure.high is None else scale.span(figure.low, figure.high)
        dot = None if figure.middle is None else scale.at(figure.middle)
        rows.append(FigureRow(figure.label, top + 14, top + 27, span, dot, figure.ours))
    axis_y = len(figures) * ROW_HEIGHT + 2
    ticks = tuple(AxisMark(scale.at(index * step), f"{index * step:g}") for index in range(steps + 1))
    return ComparisonChart(WIDTH, axis_y + 24, scale.span(0, steps * step), axis_y, ticks, tuple(rows))


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    y: float
    width: float
    height: float
    center: float
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """A column for each value, as high as many gave it, with a mark at the mean."""

    width: float
    height: float
    base_y: float
    columns: tuple[Column, ...]
    mean: AxisMark


def column_chart(counts: Sequence[int], mean: float) -> ColumnChart:
    """`counts[value]` gave the value, of 0, 1, 2 and so on; `mean` lies among them."""
    base_y, tallest = 116.0, 96.0
    slot = (WIDTH - 2 * MARGIN) / len(counts)
    most = max(*counts, 1)
    scale = Scale(-0.5, len(counts) - 0.5, MARGIN, WIDTH - MARGIN)
    columns = []
    for value, count in enumerate(counts):
        height = round(tallest * count / most, 1)
        center = scale.at(value)
        columns.append(
            Column(
                round(center - 0.4 * slot, 1), base_y - height, round(0.8 * slot, 1), height, center, str(value), count
            )
        )
    return ColumnChart(
        WIDTH,
        base_y + 34,
        base_y,
        tuple(columns),
        AxisMark(scale.at(mean), gettext("average %(mean)s", mean=format(mean, ".1f"))),
    )


@dataclass(frozen=True, slots=True)
class YearAverage:
    """The reviews of one year; their average in stars is None when there are too few."""

    year: int
    reviews: int
    average: float | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    x: float
    y: float
    year: int
    average: float


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A dot for each year with an average, and lines between years that follow each other."""

    width: float
    height: float
    left: float
    right: float
    stars: tuple[AxisMark, ...]  # at their y
    years: tuple[AxisMark, ...]  # at their x
    points: tuple[TrendPoint, ...]
    lines: tuple[tuple[TrendPoint, TrendPoint], ...]


YEAR_LABEL_WIDTH = 36.0


def trend_chart(years: Sequence[YearAverage]) -> TrendChart | None:
    """None when fewer than two years have an average: one dot is no trend."""
    drawn = [(year.year, year.average) for year in years if year.average is not None]
    if len(drawn) < 2:
        return None
    first, last = drawn[0][0], drawn[-1][0]
    across = Scale(first, last, 44, WIDTH - 24)
    up = Scale(MIN_STARS, MAX_STARS, 122, 22)
    points = [TrendPoint(across.at(year), up.at(average), year, average) for year, average in drawn]
    every = math.ceil(YEAR_LABEL_WIDTH * (last - first) / (across.end - across.start))
    return TrendChart(
        width=WIDTH,
        height=146,
        left=26,
        right=WIDTH - 6,
        stars=tuple(AxisMark(up.at(star), str(star)) for star in range(MIN_STARS, MAX_STARS + 1)),
        years=tuple(AxisMark(across.at(year), str(year)) for year in range(first, last + 1, every)),
        points=tuple(points),
        lines=tuple((before, after) for before, after in pairwise(points) if after.year == before.year + 1),
    )
