"""The form of the estimator: what was chosen, and figures as people type them. A fee that is not known stays empty."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from directory.guide.costs import MAX_UNITS
from directory.guide.estimator.filled_in import GROUPS, GUIDANCE, PAYERS, SIDES
from directory.providers.models import Provider
from directory.providers.offerings import PRODUCTS
from directory.web.phrases import Words
from directory.web.typed_fields import AnswerField, FaultyForm, LineField, TypedField, typed_number

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


PRICE_DECIMALS = 6
MAX_NPI_LENGTH = 20


class AmountRange(NamedTuple):
    """From the lowest to the highest amount; where one of them is not known it is the other. None: neither is."""

    low: Decimal | None
    high: Decimal | None

    @property
    def typical(self) -> Decimal | None:
        """The middle."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2


class EstimateForm(FaultyForm):
    """`provider` is whom the NPI means, if anybody."""

    product = AnswerField(_l("Medicine"), PRODUCTS, _l("Choose one of the five medicines."), required=True)
    payer = AnswerField(_l("Who pays"), PAYERS, _l("Choose who pays: one of the three."), required=True)
    sides = AnswerField(_l("Where"), SIDES, _l("Choose one side or both sides."), required=True)
    guidance = AnswerField(_l("Guidance"), GUIDANCE, _l("Choose with or without guidance."), required=True)
    npi = LineField(_l("NPI of a provider"), MAX_NPI_LENGTH)
    dose_low = UnitsField(_l("Low dose"))
    dose_typical = UnitsField(_l("Typical dose"))
    dose_high = UnitsField(_l("High dose"))
    price_low = UsdField(_l("Price of one unit, from"), PRICE_DECIMALS)
    price_high = UsdField(_l("Price of one unit, to"), PRICE_DECIMALS)
    procedure_low = UsdField(_l("Procedure fee, from"))
    procedure_high = UsdField(_l("Procedure fee, to"))
    guidance_low = UsdField(_l("Guidance fee, from"))
    guidance_high = UsdField(_l("Guidance fee, to"))
    visit_low = UsdField(_l("Visit fee, from"))
    visit_high = UsdField(_l("Visit fee, to"))
    deductible = UsdField(_l("Deductible left"))
    coinsurance = PercentField(_l("Coinsurance"))
    copay = UsdField(_l("Copay"))
    out_of_pocket = UsdField(_l("Out-of-pocket maximum left"))

    def __init__(self, texts: MultiDict[str, str], provider: Provider | None) -> None:
        self.provider = provider
        super().__init__(texts)

    def validate_npi(self, field: Field) -> None:
        if field.data and self.provider is None:
            raise ValidationError(
                gettext("We know no provider with this NPI. Check its ten digits, or leave it empty.")
            )

    def validate(self) -> bool:
        """Whether all figures make sense, each and beside the others."""
        valid: bool = super().validate()
        faults = {}
        for names in GROUPS.values():
            fields = [self[name] for name in names if self[name].data is not None]
            for lower, higher in pairwise(fields):
                if higher.data < lower.data:
                    faults[higher.name] = gettext(
                        "%(higher)s: this is below “%(lower)s”. Make it the same or more.",
                        higher=higher.label.text,
                        lower=lower.label.text,
                    )
        if self.price.low is None and not self.price_low.errors and not self.price_high.errors:
            faults["price_low"] = self.price_low.what_to_type()
        self.take(faults)
        return valid and not faults

    @property
    def price(self) -> AmountRange:
        return self._span("price")

    @property
    def procedure(self) -> AmountRange:
        return self._span("procedure")

    @property
    def guidance_fee(self) -> AmountRange:
        return self._span("guidance_fee")

    @property
    def visit(self) -> AmountRange:
        return self._span("visit")

    def _span(self, group: str) -> AmountRange:
        low, high = (self[name].data for name in GROUPS[group])
        return AmountRange(high if low is None else low, low if high is None else high)
