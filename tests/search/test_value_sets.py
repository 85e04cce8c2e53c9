"""Numbered sets answer for many rows what each row's own set would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from directory.search.value_sets import ValueSets

values = st.frozensets(st.sampled_from("abcde"), max_size=4)
rows = st.dictionaries(st.integers(1, 50), values, max_size=20)


@given(rows, rows, st.frozensets(st.sampled_from("abcdef")))
def test_filters_and_counts_are_those_of_the_sets_themselves(
    first: dict[int, frozenset[str]], second: dict[int, frozenset[str]], wanted: frozenset[str]
) -> None:
    some = ValueSets(first.values())
    sets = some.with_sets(second.values())
    keys = np.arange(1, 60)
    numbers = sets.numbers(second, keys)
    own = [second.get(key, frozenset()) for key in keys.tolist()]
    assert sets.holding(wanted)[numbers].tolist() == [bool(each & wanted) for each in own]
    counts = {value: sum(value in each for each in own) for value in "abcde"}
    assert sets.counts(numbers, np.full(len(numbers), 2)) == {value: 2 * n for value, n in counts.items() if n}
    assert some.numbers(first, keys).tolist() == sets.numbers(first, keys).tolist()  # numbers given stay


def test_sets_that_are_known_add_nothing() -> None:
    sets = ValueSets([frozenset("ab")])
    assert sets.with_sets([frozenset("ba"), frozenset()]) is sets
