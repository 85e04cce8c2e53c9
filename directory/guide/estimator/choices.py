"""What the reader chooses before any figure: the medicine, who pays, how it is done, and perhaps a provider."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from directory.providers.models import Provider
from directory.providers.offerings import PRODUCTS
from directory.providers.queries import provider_of

MEDICARE, COMMERCIAL, SELF_PAY = "medicare", "commercial", "self_pay"
ONE_SIDE, BOTH_SIDES = "one", "both"
PAYERS = {
    MEDICARE: _l("Medicare"),
    COMMERCIAL: _l("A commercial health plan"),
    SELF_PAY: _l("I pay all of it myself"),
}
SIDES = {ONE_SIDE: _l("One side of the neck"), BOTH_SIDES: _l("Both sides on one day")}
GUIDANCE = {True: _l("With guidance (EMG)"), False: _l("Without guidance")}
FIRST = {"product": "botox", "payer": MEDICARE, "sides": ONE_SIDE, "guidance": "yes", "npi": ""}
"""What is chosen when the page is opened."""


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


def choice_of(typed: Mapping[str, str]) -> Choice:
    """What was chosen; for what is none of the choices, the first."""
    product, payer = (typed.get(name, FIRST[name]).strip() for name in ("product", "payer"))
    return Choice(
        product if product in PRODUCTS else FIRST["product"],
        payer if payer in PAYERS else FIRST["payer"],
        provider_of(typed.get("npi", "").strip()),
    )
