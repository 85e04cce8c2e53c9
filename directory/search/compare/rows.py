"""The rows of the comparison: one value a provider, what is said of the differences, and how a page shows them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.search.compare.differences import Kind, Mark, Marks, is_same
from directory.search.compare.words import in_words

UNSURE = {Kind.CHANCE, Kind.ROUGH}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one provider has in a row; None where nothing is known. `mark` says in words what stands out."""

    value: Any
    mark: str | None
    is_sure: bool  # that the mark is no chance


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `kind` names the macro of `search/compare/_cells.html` that shows its values, with `names` of theirs."""

    key: str
    label: str
    kind: str
    cells: tuple[Cell, ...]
    nothing: str  # what stands in place of a value that is not known
    names: Mapping[str, str]
    is_same: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    key: str
    title: str
    rows: tuple[Row, ...]
    caution: str | None = None  # said of all its rows


def row(
    key: str,
    label: str,
    kind: str,
    values: Sequence[Any],
    *,
    same_by: Sequence[Hashable],
    nothing: str = "",
    marks: Marks | None = None,
    names: Mapping[str, str] | None = None,
) -> Row:
    """A row. `same_by`: what decides, a provider, whether all say the same; `names`: of the values in `marks`."""
    given: Sequence[Mark | None] = marks or [None] * len(values)
    said = [in_words(key, mark, names or {}) if mark else None for mark in given]
    cells = tuple(
        Cell(value, words, not (mark and mark.kind in UNSURE))
        for value, words, mark in zip(values, said, given, strict=True)
    )
    return Row(key, label, kind, cells, nothing, names or {}, is_same(same_by))
