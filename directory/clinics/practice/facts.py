"""The kinds of facts that a clinic keeps: how a row of each reads as a key and a value, and as words.

Facts are `{kind: {key: value}}`, where key and value are tuples of the named columns, such as
`{"hours": {(0,): (08:00, 17:00)}}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from directory.providers.models import (
    AcceptingNewPatients,
    OfficeHours,
    PostedFee,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    Website,
)
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.web.filters import money_range

Values = dict[tuple[Any, ...], tuple[Any, ...]]
Facts = Mapping[str, Values]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A table of facts: the columns that say which fact it is, and those that say what it is."""

    name: str
    title: str
    table: Any  # of the tables that are `Sourced` and have an npi
    key: tuple[str, ...]
    value: tuple[str, ...] = ()

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in self.key)

    def value_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in self.value)


KINDS = (
    FactKind("accepting", "New patients", AcceptingNewPatients, (), ("accepting",)),
    FactKind("hours", "Office hours", OfficeHours, ("weekday",), ("opens_at", "closes_at")),
    FactKind("products", "Products", ProviderProduct, ("product",)),
    FactKind("services", "Services", ProviderService, ("service",)),
    FactKind("languages", "Languages", ProviderLanguage, ("language",)),
    FactKind("insurances", "Insurance", ProviderInsurance, ("plan_key",)),
    FactKind("fees", "Posted fees", PostedFee, ("fee", "product"), ("low_usd", "high_usd")),
    FactKind("website", "Website", Website, (), ("url",)),
)


def as_logged(values: Values) -> list[list[str | None]]:
    """The facts of one kind in plain JSON, in one order."""
    rows = [[None if part is None else str(part) for part in (*key, *value)] for key, value in values.items()]
    return sorted(rows, key=lambda row: [part or "" for part in row])


def differences(now: Facts, typed: Facts, plans: Mapping[str, str]) -> list[tuple[str, str]]:
    """The title of each kind in which `typed` differs from the facts of `now`, and those of now in words."""
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
    return ", ".join(words) or "nothing"
