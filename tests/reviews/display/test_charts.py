"""The charts: everything within the picture, in proportion, and true to the numbers."""

from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.display.charts import (
    Figure,
    Scale,
    YearAverage,
    column_chart,
    comparison_chart,
    interval_chart,
    trend_chart,
)

stars = st.floats(1, 5)


def test_a_scale_is_straight_and_ends_at_its_ends() -> None:
    scale = Scale(0, 10, 100, 200)
    assert [scale.at(value) for value in (0, 2.5, 10)] == [100, 125, 200]
    assert (scale.at(-3), scale.at(11)) == (100, 200)


def test_a_scale_may_fall() -> None:
    assert Scale(1, 5, 120, 20).at(2) == 95


@given(stars, stars, stars, stars)
def test_an_interval_lies_within_the_picture(one: float, two: float, three: float, average: float) -> None:
    low, estimate, high = sorted((one, two, three))
    chart = interval_chart(estimate, low, high, average)
    assert chart.axis.x <= chart.band.x <= chart.dot <= chart.band.x + chart.band.width + 0.11
    assert chart.band.x + chart.band.width <= chart.axis.x + chart.axis.width + 0.11
    assert chart.average is not None
    assert 0 < chart.average.at < chart.width


def test_a_long_label_at_an_end_is_laid_inward() -> None:
    assert [interval_chart(3, 2, 4, average).average.anchor for average in (1, 3, 5)] == ["start", "middle", "end"]


def test_an_interval_without_an_average_of_all_has_no_mark() -> None:
    assert interval_chart(3, 2, 4).average is None


def test_figures_share_one_scale_from_zero() -> None:
    chart = comparison_chart([Figure("ours", 7, 14, 21, ours=True), Figure("theirs", middle=14)], reach=28, step=7)
    assert [tick.label for tick in chart.ticks] == ["0", "7", "14", "21", "28"]
    ours, theirs = chart.rows
    assert ours.dot == theirs.dot == chart.ticks[2].at
    assert (ours.span.x, ours.span.x + ours.span.width) == (chart.ticks[1].at, chart.ticks[3].at)
    assert theirs.span is None
    assert ours.y < theirs.label_y < theirs.y < chart.axis_y < chart.height


@given(st.floats(0, 500))
def test_a_far_figure_widens_the_scale_without_crowding_it(far: float) -> None:
    chart = comparison_chart([Figure("far", middle=far)], reach=28, step=7)
    assert 4 <= len(chart.ticks) - 1 <= 8
    assert float(chart.ticks[-1].label) >= far


def test_columns_are_as_high_as_their_counts() -> None:
    chart = column_chart([1, 0, 4], mean=1.6)
    heights = [column.height for column in chart.columns]
    assert heights[2] == 4 * heights[0]
    assert heights[1] == 0
    assert all(column.y + column.height == chart.base_y for column in chart.columns)
    assert chart.columns[1].center < chart.mean.at < chart.columns[2].center
    assert chart.mean.label == "average 1.6"


def test_columns_of_nothing_are_flat() -> None:
    assert {column.height for column in column_chart([0, 0], mean=0).columns} == {0}


def test_the_trend_joins_only_years_that_follow_each_other() -> None:
    averages = {2020: 4.0, 2021: 5.0, 2022: None, 2023: 1.0}
    chart = trend_chart([YearAverage(year, 3, average) for year, average in averages.items()])
    assert [point.average for point in chart.points] == [4.0, 5.0, 1.0]
    assert len(chart.lines) == 1
    assert chart.points[1].y < chart.points[0].y < chart.points[2].y
    assert [year.label for year in chart.years] == ["2020", "2021", "2022", "2023"]


def test_one_year_is_no_trend() -> None:
    assert trend_chart([YearAverage(2025, 9, 4.0), YearAverage(2026, 1, None)]) is None
    assert trend_chart([]) is None


@given(st.integers(2, 60))
def test_labels_of_many_years_do_not_overlap(number: int) -> None:
    chart = trend_chart([YearAverage(1990 + index, 3, 4.0) for index in range(number)])
    gaps = [after.at - before.at for before, after in zip(chart.years, chart.years[1:], strict=False)]
    assert all(gap >= 35.9 for gap in gaps)
