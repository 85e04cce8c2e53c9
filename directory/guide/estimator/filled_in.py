"""What the reader chooses in the estimator, and the figures that stand in its inputs before the reader types any.

Figures that were filled in for an earlier choice do not pass for those of a new one. The form sends along, in `before`,
what it was shown with. A figure that was not changed since, and that belongs to a choice which has changed, is dropped;
what the reader typed in the same step stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from babel.dates import format_skeleton
from sqlalchemy import select

from directory.extensions import db
from directory.guide.costs import as_typed, unit_price
from directory.guide.estimator.medicines import DOSES, find_doses, medicare_price
from directory.providers.by_name.queries import best_by_name
from directory.providers.models import Provider
from directory.providers.offerings import HCPCS_OF_PRODUCT, PRODUCTS
from directory.providers.queries import FeeKind, FeeRange, fees_of, fees_of_all, public_provider_of
from directory.web.facts import fact
from directory.web.filters import month
from directory.web.languages import current_locale
from directory.web.messages import gettext, ngettext
from directory.web.messages import lazy_gettext as _l

MAX_MATCHES = 10  # of a typed name
MEDICARE, COMMERCIAL, SELF_PAY = "medicare", "commercial", "self_pay"
ONE_SIDE, BOTH_SIDES = "one", "both"
PAYERS = {
    MEDICARE: _l("Medicare"),
    COMMERCIAL: _l("Private or employer health insurance"),
    SELF_PAY: _l("I pay for all of it myself"),
}
SIDES = {ONE_SIDE: _l("One side of the neck"), BOTH_SIDES: _l("Both sides on one day")}
GUIDANCE = {True: _l("With guidance (EMG)"), False: _l("Without guidance")}
IN_A_SENTENCE = {
    ONE_SIDE: _l("one side of the neck"),
    BOTH_SIDES: _l("both sides of the neck"),
    True: _l("with guidance"),
    False: _l("without guidance"),
    MEDICARE: _l("paid by Medicare"),
    COMMERCIAL: _l("paid by private or employer health insurance"),
    SELF_PAY: _l("you pay for all of it"),
}
""""For 236 units of Botox, one side of the neck, with guidance, paid by Medicare"."""
FIRST = {"product": "botox", "payer": MEDICARE, "sides": ONE_SIDE, "guidance": "yes", "npi": ""}
"""What is chosen when the page is opened; of a provider the product that they give."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What decides which figures are filled in."""

    product: str
    payer: str
    provider: Provider | None

    @property
    def name(self) -> str:
        """Of the product, as patients call it."""
        return PRODUCTS[self.product].partition(" ")[0]


def read_choice(typed: Mapping[str, str]) -> Choice:
    """What was chosen; for what is none of the choices, the first."""
    provider = public_provider_of(typed.get("npi", "").strip())
    usual = _usual_product(provider) if provider else FIRST["product"]
    product, payer = typed.get("product", usual).strip(), typed.get("payer", FIRST["payer"]).strip()
    return Choice(
        product if product in PRODUCTS else usual,
        payer if payer in PAYERS else FIRST["payer"],
        provider,
    )


def find_by_name(text: str) -> list[Provider]:
    """Whose names are most like `text`, the best first."""
    npis = best_by_name(text, MAX_MATCHES)
    return sorted(
        db.session.scalars(select(Provider).where(Provider.npi.in_(npis))), key=lambda each: npis.index(each.npi)
    )


def _usual_product(provider: Provider) -> str:
    """The first product that the provider has posted a price of, or else gives; without any the first of all."""
    priced = [product for fee, product in fees_of(provider.npi) if fee == "product_unit"]
    given = [each.product for each in provider.products]
    return next((product for product in PRODUCTS if product in (priced or given)), FIRST["product"])


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
    fees = {group: _fee(choice, own.get(kind), of_all.get(kind)) for group, kind in POSTED.items()}
    return {
        "dose": _dose(choice),
        "price": _price(choice, own.get(("product_unit", choice.product)), today),
        **fees,
        "coinsurance": _coinsurance(choice),
        "deductible": Filled(("",), gettext("How much you still have to pay this year. Blank counts as 0.")),
        "copay": Filled(("",), gettext("A fixed amount for the visit. Blank counts as 0.")),
        "out_of_pocket": Filled(
            ("",), gettext("How much you still pay before your plan pays everything. Leave blank for no limit.")
        ),
    }


def not_posted(choice: Choice, guided: bool) -> list[str]:
    """Of what is billed, the groups for which the chosen provider has posted nothing; another figure is used."""
    posted = fees_of(choice.provider.npi) if choice.provider else {}
    billed = {**POSTED, "price": ("product_unit", choice.product)}
    if not guided:
        del billed["guidance_fee"]
    if choice.payer == MEDICARE:
        del billed["price"]  # Medicare pays by its own limit
    return [group for group in GROUPS if group in billed and billed[group] not in posted]


def texts_of(filled: Mapping[str, Filled]) -> dict[str, str]:
    """The text of each input by its name."""
    return {
        name: text for group, names in GROUPS.items() for name, text in zip(names, filled[group].texts, strict=True)
    }


def _dose(choice: Choice) -> Filled:
    doses = find_doses(choice.product)
    texts = tuple(map(str, (doses.low, doses.typical, doses.high)))
    sources = [fact(key) for key in DOSES[choice.product]]
    source = gettext(sources[0].source)
    if all(each.confirmed for each in sources):
        origin = gettext("Source: %(source)s.", source=source)
    elif doses.typical_is_middle:
        origin = gettext(
            "Source: %(source)s, starting dose. Not confirmed. Typical is just the middle of the range.", source=source
        )
    else:
        origin = gettext("Source: %(source)s, starting dose. Not confirmed.", source=source)
    return Filled(texts, origin)


def _price(choice: Choice, posted: FeeRange | None, today: date) -> Filled:
    if posted and choice.provider and choice.payer != MEDICARE:
        return _posted_by(choice.provider.name, posted)
    medicare = medicare_price(choice.product, today)
    text = as_typed(round(medicare.unit_price, 6))
    words = {
        "code": HCPCS_OF_PRODUCT[choice.product],
        "limit": unit_price(medicare.limit_usd),
        "quarter": format_skeleton("yQQQQ", medicare.quarter_starts_on, locale=current_locale()),
    }
    origin = ngettext(
        "Medicare payment limit, %(quarter)s, CMS ASP file: %(limit)s for %(num)d unit (%(code)s).",
        "Medicare payment limit, %(quarter)s, CMS ASP file: %(limit)s for %(num)d units (%(code)s).",
        medicare.units,
        **words,
    )
    return Filled((text, ""), origin)


def _fee(choice: Choice, own: FeeRange | None, of_all: FeeRange | None) -> Filled:
    if own and choice.provider:
        return _posted_by(choice.provider.name, own)
    if not of_all:
        return Filled(("", ""), gettext("We have no price. Ask the clinic. Leave blank to leave it out of the total."))
    origin = ngettext(
        "Lowest and highest fee posted by %(num)d provider here.",
        "Lowest and highest fee posted by %(num)d providers here.",
        of_all.providers,
    )
    if of_all.is_demonstration:
        origin = ngettext(
            "Posted by %(num)d provider here, who is invented, as is the fee.",
            "Posted by %(num)d providers here, who are invented, as are the fees.",
            of_all.providers,
        )
    return Filled(_from_to(of_all), origin, of_all.is_demonstration)


def _posted_by(name: str, posted: FeeRange) -> Filled:
    origin = gettext("Posted by %(name)s.", name=name)
    if posted.is_demonstration:
        origin = gettext("Posted by %(name)s, who is invented, as is the fee.", name=name)
    origin += " " + gettext("Last confirmed %(month)s.", month=month(posted.confirmed_on))
    return Filled(_from_to(posted), origin, posted.is_demonstration)


def _from_to(posted: FeeRange) -> tuple[str, str]:
    """The second is empty where it would say the same."""
    low, high = as_typed(posted.low_usd), as_typed(posted.high_usd)
    return low, "" if high == low else high


def _coinsurance(choice: Choice) -> Filled:
    if choice.payer == MEDICARE:
        share = fact("medicare_share_percent")
        return Filled((f"{share.figure:g}",), gettext("Source: %(source)s.", source=gettext(share.source)))
    return Filled(("",), gettext("Your share of the bill, as a percentage. Check your plan documents."))


BEFORE = "before"
MAX_TEXT_LENGTH = 40  # of a figure worth remembering: a longer one is none
MAX_BEFORE_LENGTH = 2_000
_DEPENDENT = {chooser: [name for group in groups for name in GROUPS[group]] for chooser, groups in DEPENDENT.items()}
_REMEMBERED = tuple(dict.fromkeys((*_DEPENDENT, *(name for names in _DEPENDENT.values() for name in names))))


def encode_shown(shown: Mapping[str, str]) -> str:
    """What `before` holds of the texts in the form."""
    named = [(name, shown[name]) for name in _REMEMBERED if name in shown]
    return urlencode([(name, text) for name, text in named if len(text) <= MAX_TEXT_LENGTH])


def find_stale(typed: Mapping[str, str]) -> set[str]:
    """The names of the figures in `typed` that are left from an earlier choice."""
    text = typed.get(BEFORE, "")
    before = dict(parse_qsl(text, keep_blank_values=True)) if len(text) <= MAX_BEFORE_LENGTH else {}
    changed = [chooser for chooser in _DEPENDENT if typed.get(chooser, before.get(chooser)) != before.get(chooser)]
    return {
        name
        for chooser in changed
        if chooser in before
        for name in _DEPENDENT[chooser]
        if name in typed and typed[name] == before.get(name)
    }
