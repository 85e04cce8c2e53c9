"""Sums and other numbers as people type them. One that two people may read in two ways is asked for again."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from directory.web.fields import TypedField
from directory.web.messages import gettext
from directory.web.phrases import Words, listed

_NUMBER = re.compile(r"([1-9]\d{0,2}(,\d{3})+|\d{1,9})?(\.\d{1,6})?", re.ASCII)
_MARKED = re.compile(r"(\d{1,9}(?:[.,]\d{3,9})*)[.,](\d{1,9})", re.ASCII)
_DOLLARS = re.compile(r"(?:US\$|\$|USD)?\s*(.*?)\s*(?:\$|USD|dollars?|dólares)?", re.IGNORECASE | re.DOTALL)


class DollarsField(TypedField):
    """A sum in US dollars from 0 to `most`, with at most `decimals` decimals.

    A sum that two people may read in two ways is asked for again.
    """

    def __init__(self, label: Words, sentence: Words, most: int, decimals: int = 2, **options: Any) -> None:
        super().__init__(label, sentence, **options)
        self.most, self.decimals = most, decimals

    def read(self, text: str) -> Decimal:
        bare = _DOLLARS.fullmatch(text)[1]  # type: ignore[index]  # it matches any text
        amount = typed_number(bare)
        if amount is None or self._is_doubtful(bare):
            readings = [round(each, self.decimals) for each in possible_numbers(bare) if each <= self.most]
            if readings:
                raise ValueError(ask_which(text, [dollars_as_typed(each) for each in readings]))
        if amount is None or amount > self.most or amount != round(amount, self.decimals):
            raise ValueError(str(self.sentence))
        return amount

    def _is_doubtful(self, text: str) -> bool:
        """Whether the period of "1.500" may be one between thousands. Prices of a unit do have three decimals, but
        no zero at their end, and are no thousands: the comma of "6,512" may begin the decimals.
        """
        if self.decimals >= 3 and re.fullmatch(r"\d{1,3},\d{3}", text, re.ASCII):
            return True
        whole, _, decimals = text.rpartition(",")[2].partition(".")
        is_grouped = len(decimals) == 3 and len(whole) <= 3 and bool(whole.strip("0"))
        return is_grouped and (self.decimals < 3 or decimals.endswith("0"))


def typed_number(text: str) -> Decimal | None:
    """A number of 0 or more, with or without commas between thousands; None for other text."""
    if not text or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


def possible_numbers(text: str) -> list[Decimal]:
    """What digits with periods or commas among them may mean: the last mark begins the decimals, or it does not."""
    found = _MARKED.fullmatch(text)
    may_be_thousands = found is not None and len(found[2]) == 3
    if found is None or not ("," in text or may_be_thousands):
        return []
    marks, whole = re.findall(r"[.,]", text), re.sub(r"[.,]", "", found[1])
    readings = []
    if len(marks) == 1 or len(set(marks)) == 2 or not may_be_thousands:
        readings.append(Decimal(f"{whole}.{found[2]}"))
    if whole.strip("0") and (may_be_thousands or len(marks) == 1):
        readings.append(Decimal(whole + found[2]))
    return readings


def ask_which(typed: str, readings: Sequence[str]) -> str:
    """The sentence about a number that may mean any of `readings`, each as it can be typed without doubt."""
    return gettext(
        "We are not sure what “%(typed)s” means. Type %(readings)s.",
        typed=typed,
        readings=listed(list(dict.fromkeys(readings)), "or"),
    )


def dollars_as_typed(amount: Decimal) -> str:
    """1500, 1.50 or 6.512: as exactly as it is, with two decimals where it has any."""
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals:0<2}" if decimals else whole
