"""The figures that stand in the estimator's inputs before the reader types any, and where each is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask_babel import gettext, ngettext

from directory.guide.estimator.amounts import as_typed, unit_price
from directory.guide.estimator.choices import MEDICARE, Choice
from directory.guide.estimator.medicines import DOSES, doses_of, medicare_price
from directory.providers.fees import FeeKind, FeeRange, fees_of, fees_of_all
from directory.providers.payment_limits import HCPCS_OF_PRODUCT
from directory.web.facts import fact
from directory.web.languages import current_locale

GROUPS = {
    "dose": ("dose_low", "dose_typical", "dose_high"),
    "price": ("price_low", "price_high"),
    "procedure": ("procedure_low", "procedure_high"),
    "guidance_fee": ("guidance_low", "guidance_high"),
    "visit": ("visit_low", "visit_high"),
    "deductible": ("deductible",),
    "coinsurance": ("coinsurance",),
    "copay": ("copay",),
    "out_of_pocket": ("out_of_pocket",),
}
"""The inputs that share a source."""
POSTED: dict[str, FeeKind] = {
    "procedure": ("injection", None),
    "guidance_fee": ("guidance", None),
    "visit": ("consultation", None),
}
MIN_PROVIDERS = 3
"""Who have posted a fee, for a range of them to be shown."""
DEPENDENT = {
    "product": ("dose", "price"),
    "payer": ("price", "deductible", "coinsurance", "copay", "out_of_pocket"),
    "npi": ("price", *POSTED),
}
"""Which groups belong to what was chosen, and are filled in anew when it changes."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The `texts` of a group's inputs, empty where there is no figure; `origin` says in words where they are from."""

    texts: tuple[str, ...]
    origin: str
    is_invented: bool = False


def filled_in(choice: Choice, today: date) -> dict[str, Filled]:
    """What is filled in for a choice, by group."""
    own = fees_of(choice.provider.npi) if choice.provider else {}
    of_all = fees_of_all(MIN_PROVIDERS)
    fees = {group: _fee(group, choice, own.get(kind), of_all.get(kind)) for group, kind in POSTED.items()}
    return {
        "dose": _dose(choice),
        "price": _price(choice, own.get(("product_unit", choice.product)), today),
        **fees,
        "coinsurance": _coinsurance(choice),
        "deductible": Filled(("",), gettext("What is left of it this year. Empty counts as 0.")),
        "copay": Filled(("",), gettext("A fixed sum for the visit. Empty counts as 0.")),
        "out_of_pocket": Filled(("",), gettext("What is left until your plan pays all. Empty: no limit.")),
    }


def texts_of(filled: Mapping[str, Filled]) -> dict[str, str]:
    """The text of each input by its name."""
    return {
        name: text for group, names in GROUPS.items() for name, text in zip(names, filled[group].texts, strict=True)
    }


def _dose(choice: Choice) -> Filled:
    doses = doses_of(choice.product)
    texts = tuple(map(str, (doses.low, doses.typical, doses.high)))
    sources = [fact(key) for key in DOSES[choice.product]]
    source = gettext(sources[0].source)
    if all(each.confirmed for each in sources):
        return Filled(texts, gettext("Source: %(source)s.", source=source))
    if doses.typical_is_middle:
        return Filled(
            texts,
            gettext(
                "Source: %(source)s, what it starts with. Not confirmed. Typical is just the middle of it.",
                source=source,
            ),
        )
    return Filled(texts, gettext("Source: %(source)s, what it starts with. Not confirmed.", source=source))


def _price(choice: Choice, posted: FeeRange | None, today: date) -> Filled:
    if posted and choice.provider and choice.payer != MEDICARE:
        return _posted_by(choice.provider.name, posted)
    medicare = medicare_price(choice.product, today)
    text = as_typed(round(medicare.unit_price, 6))
    words = {
        "code": HCPCS_OF_PRODUCT[choice.product],
        "limit": unit_price(medicare.limit_usd),
        "quarter": quarter_in_words(medicare.quarter_starts_on),
    }
    origin = ngettext(
        "Medicare payment limit, %(quarter)s, CMS ASP file: %(limit)s for %(num)d unit (%(code)s).",
        "Medicare payment limit, %(quarter)s, CMS ASP file: %(limit)s for %(num)d units (%(code)s).",
        medicare.units,
        **words,
    )
    return Filled((text, ""), origin)


def quarter_in_words(starts_on: date) -> str:
    """2nd quarter 2026, in the page's language."""
    return str(format_skeleton("yQQQQ", starts_on, locale=current_locale()))


def _fee(group: str, choice: Choice, own: FeeRange | None, of_all: FeeRange | None) -> Filled:
    if own and choice.provider:
        return _posted_by(choice.provider.name, own)
    if of_all:
        texts = _from_to(of_all)
        if of_all.is_demonstration:
            return Filled(
                texts,
                ngettext(
                    "Posted by %(num)d provider here, who is invented, as is the fee.",
                    "Posted by %(num)d providers here, who are invented, as are the fees.",
                    of_all.providers,
                ),
                is_invented=True,
            )
        return Filled(
            texts,
            ngettext(
                "Lowest and highest fee that %(num)d provider here has posted.",
                "Lowest and highest fee that %(num)d providers here have posted.",
                of_all.providers,
            ),
        )
    return Filled(("", ""), gettext("We have no figure. Ask the clinic. Empty: left out of the sum."))


def _posted_by(name: str, posted: FeeRange) -> Filled:
    texts = _from_to(posted)
    if posted.is_demonstration:
        origin = gettext("Posted by %(name)s, who is invented, as is the fee.", name=name)
        return Filled(texts, origin, is_invented=True)
    return Filled(texts, gettext("Posted by %(name)s.", name=name))


def _from_to(posted: FeeRange) -> tuple[str, str]:
    """The second is empty where it would say the same."""
    low, high = as_typed(posted.low_usd), as_typed(posted.high_usd)
    return low, "" if high == low else high


def _coinsurance(choice: Choice) -> Filled:
    if choice.payer == MEDICARE:
        share = fact("medicare_share_percent")
        return Filled((f"{share.figure:g}",), gettext("Source: %(source)s.", source=gettext(share.source)))
    return Filled(("",), gettext("Your part of the bill, in percent. Your plan’s papers tell it."))
