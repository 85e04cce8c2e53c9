"""Which page numbers a long list links to, and whole numbers as addresses and forms have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

MAX_DIGITS = 9


def whole_number(text: str | None) -> int:
    """The whole number that was sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def asked_page(parameters: Mapping[str, str]) -> int:
    """The parameter `page`; anything but a small whole number from 1 on is the first page."""
    return max(1, whole_number(parameters.get("page")))


@dataclass(frozen=True, slots=True)
class Pages:
    """Page `number` (from 1) of a list of `total` entries, `size` of them on a page."""

    number: int
    size: int
    total: int

    @classmethod
    def nearest(cls, number: int, size: int, total: int) -> Self:
        """The page `number`; before the first one it is the first, beyond the last one the last."""
        return cls(min(max(1, number), cls(1, size, total).last), size, total)

    @property
    def skipped(self) -> int:
        """How many entries stand on the pages before."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_entry(self) -> int:
        return min(self.total, self.skipped + 1)

    @property
    def last_entry(self) -> int:
        return min(self.total, self.number * self.size)

    def links(self) -> list[int | None]:
        """First, last and the neighbors of this page; None stands for a gap."""
        near = {1, self.last, *range(self.number - 1, self.number + 2)}
        numbers: list[int | None] = []
        previous = 0
        for number in sorted(page for page in near if 1 <= page <= self.last):
            if number - previous == 2:
                numbers.append(number - 1)
            elif number - previous > 2:
                numbers.append(None)
            numbers.append(number)
            previous = number
        return numbers
