"""The inputs of the estimator: whole units, dollars and percentages, as people type them."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from directory.guide.costs import MAX_UNITS
from directory.web.phrases import Words
from directory.web.typed_fields import TypedField, typed_number

MAX_USD = Decimal(1_000_000)
_WHOLE = re.compile(r"\d{1,3}(,\d{3})*|\d{1,9}")


class FigureField(TypedField):
    """A number of 0 or more, known by its label in the sentence about it."""

    @property
    def named(self) -> dict[str, str]:
        return {"field": str(self.label.text)}


class UnitsField(FigureField):
    """A dose, in whole units."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, required=True, **options)

    def read(self, text: str) -> int:
        units = int(text.replace(",", "")) if text.isascii() and _WHOLE.fullmatch(text) else 0
        if not 1 <= units <= MAX_UNITS:
            raise ValueError(self.what_to_type())
        return units

    def what_to_type(self) -> str:
        most = f"{MAX_UNITS:,}"
        return gettext("%(field)s: type a whole number of units from 1 to %(most)s.", most=most, **self.named)

    def pre_validate(self, form: Any) -> None:
        self.sentence = self.what_to_type()
        super().pre_validate(form)


class UsdField(FigureField):
    """Dollars, with as many decimals as `decimals`."""

    def __init__(self, label: Words, decimals: int = 2, **options: Any) -> None:
        super().__init__(label, **options)
        self.decimals = decimals

    def read(self, text: str) -> Decimal:
        amount = typed_number(text.removeprefix("$").strip())
        if amount is None or amount > MAX_USD or amount != round(amount, self.decimals):
            raise ValueError(self.what_to_type())
        return amount

    def what_to_type(self) -> str:
        words = {"most": f"{MAX_USD:,}", "example": "250.50" if self.decimals == 2 else "6.512", **self.named}
        return gettext("%(field)s: type dollars from 0 to %(most)s, such as %(example)s.", **words)


class PercentField(FigureField):
    def read(self, text: str) -> Decimal:
        """The percentage as a share from 0 to 1."""
        percent = typed_number(text.removesuffix("%").strip())
        if percent is None or percent > 100:
            raise ValueError(gettext("%(field)s: type a percentage from 0 to 100, such as 20.", **self.named))
        return percent / 100
