"""The form of the estimator: what was chosen, and figures as people type them. A fee that is not known stays empty."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.guide.costs import MAX_UNITS, as_typed
from directory.guide.estimator.filled_in import GROUPS, GUIDANCE, PAYERS, SIDES
from directory.providers.models import Provider
from directory.providers.offerings import PRODUCTS
from directory.web.amounts import DollarsField, ask_which, possible_numbers, typed_number
from directory.web.fields import AnswerField, LineField, TypedField
from directory.web.forms import FaultyForm
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import Words

MAX_USD = 1_000_000
_PERCENT = re.compile(r"(.*?)\s*(%|percent|per cent|por ciento)?", re.IGNORECASE | re.DOTALL)


class UnitsField(TypedField):
    """A dose, in whole units."""

    def __init__(self, label: Words, **options: Any) -> None:
        sentence = _l(
            "%(field)s: type a whole number of units from 1 to %(most)s.", field=label, most=format(MAX_UNITS, ",")
        )
        super().__init__(label, sentence, required=True, **options)

    def read(self, text: str) -> int:
        units = typed_number(text)
        if units is None or "." in text or not 1 <= units <= MAX_UNITS:
            raise ValueError(str(self.sentence))
        return int(units)


class PercentField(TypedField):
    """A percentage, as a share from 0 to 1. A number that may be such a share itself is asked for again."""

    def __init__(self, label: Words, **options: Any) -> None:
        sentence = _l("%(field)s: type a percentage from 0 to 100, such as 20.", field=label)
        super().__init__(label, sentence, **options)

    def read(self, text: str) -> Decimal:
        bare, sign = _PERCENT.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches any text
        percent = typed_number(bare)
        readings = [each for each in possible_numbers(bare) if each <= 100] if percent is None else [percent]
        may_be_share = [each for each in readings if 0 < each <= 1 and not bare.isdigit()] if not sign else []
        if readings and (percent is None or may_be_share):
            meant = [*(each * 100 for each in may_be_share), *readings]
            raise ValueError(ask_which(text, [f"{as_typed(each)}%" for each in meant]))
        if percent is None or percent > 100:
            raise ValueError(str(self.sentence))
        return percent / 100


def dollars_field(label: Words, decimals: int = 2) -> DollarsField:
    example = "250.50" if decimals == 2 else "6.512"
    sentence = _l(
        "%(field)s: type dollars from 0 to %(most)s, such as %(example)s.",
        field=label,
        most=format(MAX_USD, ","),
        example=example,
    )
    return DollarsField(label, sentence, MAX_USD, decimals)


PRICE_DECIMALS = 6
MAX_NPI_LENGTH = 20
MAX_NAME_LENGTH = 200


class EstimateForm(FaultyForm):
    """`provider` is the one of the typed NPI, None for none."""

    product = AnswerField(_l("Medicine"), PRODUCTS, _l("Choose one of the five medicines."), required=True)
    payer = AnswerField(_l("Who pays"), PAYERS, _l("Choose who pays: one of the three."), required=True)
    sides = AnswerField(_l("Where"), SIDES, _l("Choose one side or both sides."), required=True)
    guidance = AnswerField(_l("Guidance"), GUIDANCE, _l("Choose with or without guidance."), required=True)
    npi = LineField(_l("Doctor or practice"), MAX_NPI_LENGTH)
    provider_name = LineField(_l("Doctor or practice name"), MAX_NAME_LENGTH)
    dose_low = UnitsField(_l("Low dose"))
    dose_typical = UnitsField(_l("Typical dose"))
    dose_high = UnitsField(_l("High dose"))
    price_low = dollars_field(_l("Price of one unit, from"), PRICE_DECIMALS)
    price_high = dollars_field(_l("Price of one unit, to"), PRICE_DECIMALS)
    procedure_low = dollars_field(_l("Procedure fee, from"))
    procedure_high = dollars_field(_l("Procedure fee, to"))
    guidance_low = dollars_field(_l("Guidance fee, from"))
    guidance_high = dollars_field(_l("Guidance fee, to"))
    visit_low = dollars_field(_l("Visit fee, from"))
    visit_high = dollars_field(_l("Visit fee, to"))
    deductible = dollars_field(_l("Deductible left"))
    coinsurance = PercentField(_l("Coinsurance"))
    copay = dollars_field(_l("Copay"))
    out_of_pocket = dollars_field(_l("Out-of-pocket maximum left"))

    def __init__(self, texts: MultiDict[str, str], provider: Provider | None) -> None:
        self.provider = provider
        super().__init__(texts)

    def validate(self, *, name_is_unknown: bool = False) -> bool:
        """Whether all figures make sense, each and beside the others, and the typed name is somebody's."""
        valid: bool = super().validate()
        faults = {}
        if self.npi.data and self.provider is None:
            faults["provider_name"] = gettext("We couldn’t find this provider. Type a name, or leave it blank.")
        if name_is_unknown:
            faults["provider_name"] = gettext(
                "We couldn’t find “%(name)s”. Check the spelling, or leave it blank.", name=self.provider_name.data
            )
        for names in GROUPS.values():
            fields = [self[name] for name in names if self[name].data is not None]
            for lower, higher in pairwise(fields):
                if higher.data < lower.data:
                    faults[higher.name] = gettext(
                        "%(higher)s: this is below “%(lower)s”. Make it the same or more.",
                        higher=higher.label.text,
                        lower=lower.label.text,
                    )
        if self.amounts("price")[0] is None and not self.price_low.errors and not self.price_high.errors:
            faults["price_low"] = str(self.price_low.sentence)
        self.take(faults)
        return valid and not faults

    def amounts(self, group: str) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """Low, typical and high of a group of fees, or of the price of a unit.

        Typical is the middle. Where one end is not known it is the other; all are None when neither is.
        """
        low, high = (self[name].data for name in GROUPS[group])
        low, high = high if low is None else low, low if high is None else high
        return low, None if low is None else (low + high) / 2, high
