"""The columns of a public file and the values of a row, by name."""

from collections.abc import Mapping
from typing import NamedTuple


class Layout(NamedTuple):
    """One kind of file: how its name starts in its zip, what messages call it, and the columns it must have."""

    prefix: str
    kind: str
    columns: tuple[str, ...]


class Fields:
    """One row's values by column name, without the spaces around them; a withheld value is no value."""

    __slots__ = ("_fields", "_position")

    def __init__(self, position: Mapping[str, int], fields: list[str]) -> None:
        self._position = position
        self._fields = fields

    def __getitem__(self, name: str) -> str:
        text = self._fields[self._position[name]].strip()
        return "" if text.upper() == "<UNAVAIL>" else text

    def raw(self, name: str) -> str:
        return self._fields[self._position[name]]
