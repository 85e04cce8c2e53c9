"""What is said of differences: never more than the values bear."""

from hypothesis import given
from hypothesis import strategies as st

from directory.search.compare.differences import (
    Distinction,
    DistinctionKind,
    IntervalEstimate,
    best,
    best_estimate,
    is_same,
    only_ones,
)

TWO, THREE = (True, True), (True, True, True)
VALUES = st.lists(st.tuples(st.none() | st.integers(0, 5).map(float), st.booleans(), st.booleans()), max_size=4)


@st.composite
def estimates(draw: st.DrawFn) -> IntervalEstimate:
    low, value, high = sorted(draw(st.tuples(*[st.integers(10, 50)] * 3)))
    return IntervalEstimate(value / 10, low / 10, high / 10)


COLUMNS = st.lists(st.tuples(st.none() | estimates(), st.booleans()), max_size=4)
SETS = st.lists(st.tuples(st.none() | st.frozensets(st.sampled_from("abcde"), max_size=4), st.booleans()), max_size=4)


def test_the_lowest_or_the_highest_is_best() -> None:
    assert best([2.0, 1.0, None], THREE, highest=False) == (None, Distinction(DistinctionKind.BEST), None)
    assert best([2.0, 1.0, None], THREE, highest=True) == (Distinction(DistinctionKind.BEST), None, None)


def test_two_as_good_are_best_together() -> None:
    assert best([1.0, 1.0, 2.0], THREE, highest=False) == (
        Distinction(DistinctionKind.TIED),
        Distinction(DistinctionKind.TIED),
        None,
    )


def test_a_rough_value_makes_the_best_only_roughly_the_best() -> None:
    assert best([1.0, 2.0], TWO, highest=False, rough=(False, True)) == (Distinction(DistinctionKind.ROUGH), None)
    assert best([1.0, 2.0, 3.0], (True, True, False), highest=False, rough=(False, False, True))[0] == Distinction(
        DistinctionKind.BEST
    )


def test_one_known_value_is_best_of_nothing() -> None:
    assert best([1.0, None], TWO, highest=False) == (None, None)
    assert best_estimate([IntervalEstimate(4, 3, 5), None], TWO, highest=True) == (None, None)


def test_an_estimate_is_best_only_apart_from_all_others() -> None:
    high, low = IntervalEstimate(4.8, 4.6, 5.0), IntervalEstimate(4.0, 3.6, 4.5)
    assert best_estimate([high, low], TWO, highest=True) == (Distinction(DistinctionKind.BEST), None)
    touching = IntervalEstimate(4.0, 3.6, 4.6)
    assert best_estimate([high, low, touching], THREE, highest=True) == (
        Distinction(DistinctionKind.CHANCE),
        None,
        None,
    )


def test_two_equal_estimates_apart_from_the_rest_are_best_together() -> None:
    high, low = IntervalEstimate(4.8, 4.6, 5.0), IntervalEstimate(4.0, 3.6, 4.5)
    assert best_estimate([high, high, low], THREE, highest=True) == (
        Distinction(DistinctionKind.TIED),
        Distinction(DistinctionKind.TIED),
        None,
    )


def test_the_only_one_is_certain_only_when_the_others_have_said() -> None:
    botox, both = frozenset({"botox"}), frozenset({"botox", "xeomin"})
    assert only_ones([botox, both], TWO) == (None, Distinction(DistinctionKind.ONLY, ("xeomin",)))
    assert only_ones([botox, both, None], THREE) == (None, Distinction(DistinctionKind.ONLY_KNOWN, ("xeomin",)), None)


def test_who_is_not_ranked_gets_no_mark_and_yet_makes_nobody_the_only_one() -> None:
    botox = frozenset({"botox"})
    assert only_ones([botox, botox], (True, False)) == (None, None)
    assert only_ones([frozenset(), botox], (True, False)) == (None, None)


def test_one_provider_alone_is_the_same_as_nobody() -> None:
    assert not is_same([1])
    assert is_same([None, None])
    assert not is_same([1, None])
    assert only_ones([frozenset({"botox"})], (True,)) == (None,)


@given(VALUES, st.booleans())
def test_who_is_not_ranked_never_wins_and_equals_never_do(
    columns: list[tuple[float | None, bool, bool]], highest: bool
) -> None:
    values, ranked, rough = ([column[part] for column in columns] for part in range(3))
    marks = best(values, ranked, highest=highest, rough=rough)
    assert len(marks) == len(columns)
    known = [value for value, may, _ in columns if may and value is not None]
    for mark, value, may in zip(marks, values, ranked, strict=True):
        if mark:
            assert may
            assert value == (max(known) if highest else min(known))
    if len(set(known)) < 2:
        assert not any(marks)
    else:
        assert any(marks)


@given(COLUMNS, st.booleans())
def test_where_intervals_touch_nobody_is_plainly_best(
    columns: list[tuple[IntervalEstimate | None, bool]], highest: bool
) -> None:
    values, ranked = [column[0] for column in columns], [column[1] for column in columns]
    marks = best_estimate(values, ranked, highest=highest)
    for place, mark in enumerate(marks):
        one = values[place]
        if not mark:
            continue
        assert ranked[place]
        assert one is not None
        rivals = [
            other
            for at, other in enumerate(values)
            if at != place and ranked[at] and other is not None and other.value != one.value
        ]
        assert all(one.value > other.value if highest else one.value < other.value for other in rivals)
        touches = any(one.low <= other.high and other.low <= one.high for other in rivals)
        assert (mark.kind is DistinctionKind.CHANCE) == touches
    if len({one.value for one, may in columns if one and may}) < 2:
        assert not any(marks)


@given(SETS)
def test_only_what_nobody_else_has_is_marked(columns: list[tuple[frozenset[str] | None, bool]]) -> None:
    sets, ranked = [column[0] for column in columns], [column[1] for column in columns]
    for place, mark in enumerate(only_ones(sets, ranked)):
        others = [values for at, values in enumerate(sets) if at != place]
        alone = (sets[place] or frozenset()) - frozenset().union(*(values or frozenset() for values in others))
        if not (ranked[place] and others and alone):
            assert mark is None
            continue
        assert mark is not None
        assert set(mark.values) == alone
        assert (mark.kind is DistinctionKind.ONLY_KNOWN) == (None in others)
    if is_same(sets):
        assert not any(only_ones(sets, ranked))
