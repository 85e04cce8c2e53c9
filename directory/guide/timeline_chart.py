"""Geometry of the timeline: stretches of weeks in, places on the drawing out.

Across, places are percents of the drawing's width, so that a drawing grows with its page while its words keep their
size. Down, they are pixels, from the top. The axis begins at the injection and reaches as far as any figure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.reviews.display.charts import Scale, Span

MIN_REACH_WEEKS = 28  # six months, to a whole step
STEP_WEEKS = 4
MAX_STEPS = 8  # more would crowd a phone

TICK_HEIGHT = 26.0  # the numbers above and below the lines
TITLE_HEIGHT = 34.0  # of a stage
TITLE_BASE = 23.0  # from the top of a title to the foot of its letters
WHO_BASE = 17.0  # from the top of a line to the foot of the letters that say who
WHEN_BASE = 34.0  # the same of those that say when
STAGE_GAP = 8.0


@dataclass(frozen=True, slots=True)
class ChartLayout:
    """How the words of a line lie to its bar. `axis_from` is where the axis begins, in percent; the rest in pixels."""

    axis_from: float
    line_height: float
    bar_middle: float  # from the top of a line


ABOVE = ChartLayout(axis_from=0, line_height=62, bar_middle=49)  # for a phone: the words over the bar
BESIDE = ChartLayout(axis_from=42, line_height=46, bar_middle=24)  # the words left of it


class TimelineSource(StrEnum):
    """Source; each kind has a pattern of its own."""

    TRIAL = "trial"
    LABEL = "label"
    ARTICLE = "article"
    PATIENTS = "patients"
    EARLIEST = "earliest"  # no figure of the course, but the first day on which the next treatment may come


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """What one source says of one stage, in weeks after the injection: a stretch, its middle, or both."""

    who: str
    when: str  # the same figures in words
    kind: TimelineSource
    facts: tuple[str, ...] = ()  # keys of facts.toml; none for what patients here say
    low: float | None = None
    middle: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the course and what each source says of it. `key` is its anchor on the page."""

    key: str
    title: str
    lines: tuple[TimelineLine, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A number of the axis; `anchor` keeps it within the drawing."""

    x: float
    week: int
    anchor: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    line: TimelineLine
    who_y: float
    when_y: float
    y: float  # the middle of the bar and of the dot
    bar: Span | None
    dot: float | None


@dataclass(frozen=True, slots=True)
class DrawnStage:
    stage: Stage
    title_y: float
    lines: tuple[DrawnLine, ...]
    bottom: float


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """`top` and `bottom` are the ends of the upright lines, between the two rows of numbers."""

    height: float
    axis_from: float
    top: float
    bottom: float
    ticks: tuple[Tick, ...]
    stages: tuple[DrawnStage, ...]


def timeline_chart(stages: Sequence[Stage], layout: ChartLayout) -> TimelineChart:
    """The stages one under the other in the order given, on one axis."""
    weeks = [week for stage in stages for line in stage.lines for week in (line.high, line.middle) if week is not None]
    reach, step = max([MIN_REACH_WEEKS, *weeks]), STEP_WEEKS
    while reach > step * MAX_STEPS:
        step *= 2
    last = math.ceil(reach / step) * step
    scale = Scale(0, last, layout.axis_from, 100)
    drawn = []
    top = TICK_HEIGHT
    for stage in stages:
        drawn.append(_drawn_stage(stage, top, layout, scale))
        top = drawn[-1].bottom + STAGE_GAP
    return TimelineChart(
        height=top + TICK_HEIGHT,
        axis_from=layout.axis_from,
        top=TICK_HEIGHT,
        bottom=top,
        ticks=tuple(_tick(week, scale) for week in range(0, last + 1, step)),
        stages=tuple(drawn),
    )


def _tick(week: int, scale: Scale) -> Tick:
    x = scale.at(week)
    return Tick(x, week, "start" if x == 0 else "end" if x == 100 else "middle")


def _drawn_stage(stage: Stage, top: float, layout: ChartLayout, scale: Scale) -> DrawnStage:
    first = top + TITLE_HEIGHT
    lines = tuple(
        _drawn_line(line, first + index * layout.line_height, layout, scale) for index, line in enumerate(stage.lines)
    )
    return DrawnStage(stage, top + TITLE_BASE, lines, first + len(lines) * layout.line_height)


def _drawn_line(line: TimelineLine, top: float, layout: ChartLayout, scale: Scale) -> DrawnLine:
    bar = None
    if line.low is not None and line.high is not None:
        bar = scale.span(line.low, line.high)
    dot = None if line.middle is None else scale.at(line.middle)
    return DrawnLine(line, top + WHO_BASE, top + WHEN_BASE, top + layout.bar_middle, bar, dot)
