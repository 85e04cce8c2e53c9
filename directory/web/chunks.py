"""Sequences in chunks that one statement, or one step, can take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def chunks(rows: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """`rows` in their order, `size` at a time; the last chunk may be shorter."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
