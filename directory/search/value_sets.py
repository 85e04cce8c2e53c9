"""Sets of values, numbered, so that one number a row says all that a provider offers in one respect.

Many providers share one set ("English and Spanish"). A filter is then a table with one entry a set, looked up for all
rows at once however many values it names, and counts by value come from counts by set.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32] | NDArray[np.int16]
Mask = NDArray[np.bool_]


class ValueSets:
    """Distinct sets of values; number 0 is the empty set. Never changed once made."""

    def __init__(self, sets: Iterable[frozenset[str]] = ()) -> None:
        self._number = {values: number for number, values in enumerate(dict.fromkeys((frozenset[str](), *sets)))}
        self.values = sorted(set(chain.from_iterable(self._number)))
        place = {value: index for index, value in enumerate(self.values)}
        pairs = [(place[value], number) for values, number in self._number.items() for value in values]
        self._value_of_pair, self._set_of_pair = np.array(pairs, dtype=np.int64).reshape(-1, 2).T

    def __len__(self) -> int:
        return len(self._number)

    def with_sets(self, sets: Iterable[frozenset[str]]) -> "ValueSets":
        """These and `sets`, under the numbers that they have here."""
        new = set(sets) - self._number.keys()
        return ValueSets((*self._number, *new)) if new else self

    def with_pairs(
        self, keys: NDArray[np.int64], values: NDArray[np.int64], names: Sequence[str]
    ) -> tuple["ValueSets", NDArray[np.int64], NDArray[np.int32]]:
        """These and the sets that pairs of key and value (its place in `names`) make; the keys in order, and the number
        of the set that each has.
        """
        pairs = np.sort(keys * max(len(names), 1) + values)
        keys, values = np.divmod(pairs[np.append(True, np.diff(pairs) != 0)[: len(pairs)]], max(len(names), 1))
        owners, starts, lengths = np.unique(keys, return_index=True, return_counts=True)
        first, several = values[starts], np.flatnonzero(lengths > 1)
        alone = {value: frozenset({names[value]}) for value in np.unique(first[lengths == 1]).tolist()}
        ranges = zip(starts[several].tolist(), lengths[several].tolist(), strict=True)
        together = [
            frozenset(names[value] for value in values[start : start + length].tolist()) for start, length in ranges
        ]
        grown = self.with_sets((*alone.values(), *together))
        of_value = np.zeros(len(names), dtype=np.int32)
        of_value[np.array([*alone], dtype=np.int64)] = [grown._number[each] for each in alone.values()]
        numbers = of_value[first]
        numbers[several] = [grown._number[each] for each in together]
        return grown, owners, numbers

    def holding(self, values: frozenset[str]) -> Mask:
        """By set number: whether the set holds any of `values`, "" standing for the empty set."""
        holds = np.zeros(len(self), dtype=np.bool_)
        wanted = np.array([value in values for value in self.values], dtype=np.bool_)
        holds[self._set_of_pair[wanted[self._value_of_pair]]] = True
        holds[0] = "" in values
        return holds

    def counts(self, numbers: Numbers, times: NDArray[np.int32]) -> dict[str, int]:
        """How many hold each value, where `times` as many have each of the set `numbers`; left out where none does."""
        of_set = np.bincount(numbers, weights=times, minlength=len(self))
        of_value = np.bincount(self._value_of_pair, weights=of_set[self._set_of_pair], minlength=len(self.values))
        return {self.values[index]: int(of_value[index]) for index in np.flatnonzero(of_value)}
