"""The drawing of the timeline: each place is where the figure says, and nothing leaves the picture."""

from hypothesis import given
from hypothesis import strategies as st

from directory.guide.timeline_chart import (
    ABOVE,
    BESIDE,
    MAX_STEPS,
    MIN_REACH_WEEKS,
    ChartLayout,
    Stage,
    TimelineLine,
    TimelineSource,
    timeline_chart,
)
from directory.reviews.display.charts import Span

ROUNDING = 0.11  # percent; each place is rounded to one decimal
weeks = st.floats(0, 500)
layouts = st.sampled_from([ABOVE, BESIDE])


def line(kind: TimelineSource = TimelineSource.TRIAL, **figures: float) -> TimelineLine:
    return TimelineLine(who="A trial", when="some weeks", kind=kind, **figures)


def stage(*lines: TimelineLine) -> Stage:
    return Stage("peak", "When it works best", lines)


@st.composite
def some_lines(draw: st.DrawFn) -> TimelineLine:
    low, middle, high = sorted(draw(st.tuples(weeks, weeks, weeks)))
    return draw(
        st.sampled_from([line(low=low, high=high), line(low=low, middle=middle, high=high), line(middle=middle)])
    )


stages = st.lists(st.lists(some_lines(), min_size=1, max_size=5).map(lambda lines: stage(*lines)), min_size=1)


def test_places_across_are_as_worked_out_by_hand() -> None:
    chart = timeline_chart([stage(line(low=7, high=14), line(middle=21), line(low=0, middle=3.5, high=28))], ABOVE)
    first, second, third = chart.stages[0].lines
    assert (first.bar, first.dot) == (Span(25, 25), None)  # a quarter and a half of 28 weeks
    assert (second.bar, second.dot) == (None, 75)
    assert (third.bar, third.dot) == (Span(0, 100), 12.5)
    assert [tick.week for tick in chart.ticks] == [0, 4, 8, 12, 16, 20, 24, 28]
    assert [tick.x for tick in chart.ticks] == [0, 14.3, 28.6, 42.9, 57.1, 71.4, 85.7, 100]


def test_beside_the_words_the_axis_takes_what_they_leave() -> None:
    chart = timeline_chart([stage(line(low=7, high=14), line(middle=28))], BESIDE)
    first, second = chart.stages[0].lines
    assert chart.axis_from == 42
    assert first.bar == Span(56.5, 14.5)  # 42 + 58 / 4, and as much again
    assert second.dot == 100


def test_places_down_are_as_worked_out_by_hand() -> None:
    layout = ChartLayout(axis_from=0, line_height=50, bar_middle=40)
    chart = timeline_chart([stage(line(middle=1), line(middle=2)), stage(line(middle=3))], layout)
    first, second = chart.stages
    assert (chart.top, first.title_y) == (26, 49)
    assert [(each.who_y, each.when_y, each.y) for each in first.lines] == [(77, 94, 100), (127, 144, 150)]
    assert (first.bottom, second.title_y) == (160, 191)  # 26 + 34 + 2 * 50; then 8 apart, and 23 to the letters' foot
    assert [each.y for each in second.lines] == [242]
    assert (second.bottom, chart.bottom, chart.height) == (252, 260, 286)


def test_numbers_at_the_ends_of_the_drawing_are_laid_inward() -> None:
    above, beside = (timeline_chart([stage(line(middle=1))], layout) for layout in (ABOVE, BESIDE))
    assert [tick.anchor for tick in above.ticks] == ["start", *["middle"] * 6, "end"]
    assert [tick.anchor for tick in beside.ticks] == [*["middle"] * 7, "end"]


@given(stages, layouts)
def test_every_bar_and_dot_lies_within_the_axis_and_in_order(some: list[Stage], layout: ChartLayout) -> None:
    chart = timeline_chart(some, layout)
    for drawn in (each for one in chart.stages for each in one.lines):
        if drawn.bar:
            assert layout.axis_from <= drawn.bar.x <= drawn.bar.x + drawn.bar.width <= 100 + ROUNDING
        if drawn.dot is not None:
            assert layout.axis_from <= drawn.dot <= 100
        if drawn.bar and drawn.dot is not None:
            assert drawn.bar.x <= drawn.dot <= drawn.bar.x + drawn.bar.width + ROUNDING


@given(stages, layouts)
def test_lines_follow_each_other_downward_in_the_order_given(some: list[Stage], layout: ChartLayout) -> None:
    chart = timeline_chart(some, layout)
    assert [drawn.stage for drawn in chart.stages] == some
    assert [tuple(each.line for each in drawn.lines) for drawn in chart.stages] == [one.lines for one in some]
    feet = [chart.top]
    for drawn in chart.stages:
        feet += [drawn.title_y]
        for each in drawn.lines:
            assert each.who_y < each.when_y
            feet += [each.who_y, each.y]
        feet += [drawn.bottom]
    assert feet == sorted(set(feet))
    assert feet[-1] < chart.bottom < chart.height


@given(stages, layouts)
def test_the_axis_holds_every_figure_without_crowding(some: list[Stage], layout: ChartLayout) -> None:
    ticks = timeline_chart(some, layout).ticks
    furthest = max(each.high or each.middle or 0 for one in some for each in one.lines)
    assert ticks[0].week == 0
    assert ticks[-1].week >= max(MIN_REACH_WEEKS, furthest)
    assert 4 <= len(ticks) - 1 <= MAX_STEPS
    assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})


@given(weeks, weeks)
def test_a_later_figure_never_stands_further_left(one: float, other: float) -> None:
    sooner, later = sorted((one, other))
    first, second = timeline_chart([stage(line(middle=sooner), line(middle=later))], ABOVE).stages[0].lines
    assert first.dot is not None
    assert second.dot is not None
    assert first.dot <= second.dot
