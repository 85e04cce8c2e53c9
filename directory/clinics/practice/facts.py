"""The facts that a clinic keeps: their kinds, what is known of each, and how they read as words.

Facts are `{kind: {key: value}}`, where key and value are tuples of the named columns, such as
`{"hours": {(0,): (08:00, 17:00)}}`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PostedFee,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    Website,
)
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.providers.sources import SourceKind
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


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the directory says now. `version` differs when any fact, its source or its date does."""

    facts: Facts
    version: str


def rows_of(kind: FactKind, npi: str) -> Sequence[Any]:
    """The rows of one kind, in one order."""
    rows = db.session.scalars(select(kind.table).where(kind.table.npi == npi)).unique().all()
    return sorted(rows, key=lambda row: [str(part) for part in kind.key_of(row)])


def is_public(row: Any) -> bool:
    """Whether a fact came from a public file, which a clinic leaves alone."""
    return bool(row.source.kind == SourceKind.PUBLIC_FILE)


def known_facts(npi: str) -> KnownFacts:
    facts, told = {}, []
    for kind in KINDS:
        rows = rows_of(kind, npi)
        facts[kind.name] = {kind.key_of(row): kind.value_of(row) for row in rows}
        told += [(kind.name, *kind.key_of(row), *kind.value_of(row), row.source_key, row.as_of) for row in rows]
    words = "\n".join(" ".join(map(str, line)) for line in told)
    return KnownFacts(facts, hashlib.sha256(words.encode()).hexdigest()[:16])


def plan_names() -> dict[str, str]:
    """The insurance plans by key, in the order of their names."""
    plans = db.session.execute(select(InsurancePlan.key, InsurancePlan.name).order_by(InsurancePlan.name))
    return dict(plans.all())


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
