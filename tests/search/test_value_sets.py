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
    names = tuple("edcba")
    pairs = [(key, names.index(value)) for key, each in second.items() for value in each for _ in range(2)]
    keys, places = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    sets, owners, numbers = some.with_pairs(keys, places, names)
    assert owners.tolist() == sorted(key for key, each in second.items() if each)
    own = [second[key] for key in owners.tolist()]
    assert sets.holding(wanted)[numbers].tolist() == [bool(each & wanted) for each in own]
    counts = {value: sum(value in each for each in own) for value in "abcde"}
    assert sets.counts(numbers, np.full(len(numbers), 2)) == {value: 2 * n for value, n in counts.items() if n}
    assert list(sets._number)[: len(some)] == list(some._number)  # numbers given stay


def test_sets_that_are_known_add_nothing() -> None:
    sets = ValueSets([frozenset("ab")])
    assert sets.with_sets([frozenset("ba"), frozenset()]) is sets
