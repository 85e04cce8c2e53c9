"""What differs between the facts that somebody typed and those that somebody else saved meanwhile, in words."""

from collections.abc import Mapping
from typing import Any

from directory.clinics.practice.kinds import KINDS, Facts
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.web.filters import money_range

NOTHING = "nothing"


def differences(now: Facts, typed: Facts, plans: Mapping[str, str]) -> list[tuple[str, str]]:
    """The title and the words of each kind that differs, as it is `now`."""
    return [
        (kind.title, _in_words(kind.name, now[kind.name], plans))
        for kind in KINDS
        if now[kind.name] != typed[kind.name]
    ]


def _in_words(kind: str, values: Mapping[tuple[Any, ...], tuple[Any, ...]], plans: Mapping[str, str]) -> str:
    names = {"products": PRODUCTS, "services": SERVICES, "languages": LANGUAGES, "insurances": plans}
    if kind == "accepting":
        words = ["yes" if accepting else "no" for (accepting,) in values.values()]
    elif kind == "website":
        words = [url for (url,) in values.values()]
    elif kind == "hours":
        words = [
            f"{WEEKDAYS[weekday]} {opens:%H:%M} to {closes:%H:%M}"
            for (weekday,), (opens, closes) in sorted(values.items())
        ]
    elif kind == "fees":
        words = [
            f"{FEES.get(fee, fee)}{f' of {PRODUCTS.get(product, product)}' if product else ''} {money_range(*prices)}"
            for (fee, product), prices in values.items()
        ]
    else:
        words = [names[kind].get(key, key) for (key,) in values]
    return ", ".join(words) or NOTHING
