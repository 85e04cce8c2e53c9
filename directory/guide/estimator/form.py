"""The form of the estimator: what was chosen, and the figures. A fee that is not known stays empty."""

from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from directory.guide.estimator.choices import GUIDANCE, PAYERS, SIDES
from directory.guide.estimator.fields import PercentField, UnitsField, UsdField
from directory.guide.estimator.filled_in import GROUPS
from directory.providers.models import Provider
from directory.providers.offerings import PRODUCTS
from directory.web.typed_fields import AnswerField, FaultyForm, LineField

PRICE_DECIMALS = 6
MAX_NPI_LENGTH = 20


class Span(NamedTuple):
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
    def price(self) -> Span:
        return self._span("price")

    @property
    def procedure(self) -> Span:
        return self._span("procedure")

    @property
    def guidance_fee(self) -> Span:
        return self._span("guidance_fee")

    @property
    def visit(self) -> Span:
        return self._span("visit")

    def _span(self, group: str) -> Span:
        low, high = (self[name].data for name in GROUPS[group])
        return Span(high if low is None else low, low if high is None else high)
