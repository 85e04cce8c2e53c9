"""The whole comparison: the columns, and the rows in their groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from directory.places.place import Place
from directory.search.compare.offer_rows import fee_rows, offer_rows
from directory.search.compare.patient_rows import patient_rows
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import RowGroup
from directory.search.compare.standing_rows import place_rows, qualification_rows


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    columns: tuple[ComparedProvider, ...]
    groups: tuple[RowGroup, ...]
    rows_left_out: int  # that say the same of all, when only differences are shown

    @property
    def not_ranked(self) -> list[ComparedProvider]:
        return [column for column in self.columns if not column.is_ranked]

    @property
    def is_demonstration(self) -> bool:
        return any(column.provider.is_demonstration for column in self.columns)


def build_comparison(
    columns: Sequence[ComparedProvider], place: Place | None, only_differences: bool
) -> ComparisonTable:
    """Set `columns` side by side. Without a `place` there are no distances."""
    groups = (
        place_rows(columns, place),
        qualification_rows(columns),
        patient_rows(columns),
        offer_rows(columns),
        fee_rows(columns),
    )
    shown = tuple(_differing(group) for group in groups) if only_differences else groups
    left_out = sum(len(group.rows) for group in groups) - sum(len(group.rows) for group in shown)
    return ComparisonTable(tuple(columns), shown, left_out)


def _differing(group: RowGroup) -> RowGroup:
    return replace(group, rows=tuple(row for row in group.rows if not row.is_same))
