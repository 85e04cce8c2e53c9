"""The facts that a clinic keeps: their kinds, what is known of each, what the clinic says anew, and their words.

Facts are `{kind: {key: value}}`, where key and value are tuples of the named columns, such as
`{"hours": {(0,): (08:00, 17:00)}}`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from directory.accounts.models import Account
from directory.audit.log import record
from directory.extensions import db
from directory.providers import models
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.providers.sources import SourceKind, known_source
from directory.web.days import today_in_california
from directory.web.filters import money_range
from directory.web.transaction import EditConflictError, lock_row

Values = dict[tuple[Any, ...], tuple[Any, ...]]
Facts = Mapping[str, Values]
CLINIC = "clinic"  # the key of the source


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
    FactKind("accepting", "New patients", models.AcceptingNewPatients, (), ("accepting",)),
    FactKind("hours", "Office hours", models.OfficeHours, ("weekday",), ("opens_at", "closes_at")),
    FactKind(
        "visit_details",
        "Access, parking, booking and referral",
        models.VisitDetails,
        (),
        ("step_free", "parking", "booking", "referral_needed"),
    ),
    FactKind("products", "Products", models.ProviderProduct, ("product",)),
    FactKind("services", "Services", models.ProviderService, ("service",)),
    FactKind("languages", "Languages", models.ProviderLanguage, ("language",)),
    FactKind("insurances", "Insurance", models.ProviderInsurance, ("plan_key",)),
    FactKind("fees", "Posted fees", models.PostedFee, ("fee", "product"), ("low_usd", "high_usd")),
    FactKind("website", "Website", models.Website, (), ("url",)),
)


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the directory says now. `version` differs when any fact, its source or its date does."""

    facts: Facts
    version: str


def _rows_of(kind: FactKind, npi: str) -> Sequence[Any]:
    """The rows of one kind, in one order."""
    rows = db.session.scalars(select(kind.table).where(kind.table.npi == npi)).unique().all()
    return sorted(rows, key=lambda row: [str(part) for part in kind.key_of(row)])


def known_facts(npi: str) -> KnownFacts:
    facts, told = {}, []
    for kind in KINDS:
        rows = _rows_of(kind, npi)
        facts[kind.name] = {kind.key_of(row): kind.value_of(row) for row in rows}
        told += [(kind.name, *kind.key_of(row), *kind.value_of(row), row.source_key, row.as_of) for row in rows]
    return KnownFacts(facts, _hash_of(told))


def _hash_of(told: Sequence[tuple[Any, ...]]) -> str:
    words = "\n".join(" ".join(map(str, line)) for line in told)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def save_facts(account: Account, npi: str, wanted: Facts, seen: str) -> bool:
    """Let the directory say `wanted` of the practice, as the clinic's word of today; False when it did already.

    `seen` is the version of the facts that the form showed. What is unchanged and the clinic's own keeps its date;
    what a public file says stays. The caller has made sure that `account` speaks for the provider. Raises
    `EditConflictError` when other facts were saved since.
    """
    lock_row(db.session.get_one(models.Provider, npi))
    db.session.expire_all()
    before = known_facts(npi)
    if before.version != seen and before.facts != wanted:
        raise EditConflictError
    known_source(CLINIC)
    today = today_in_california()
    changed = [kind for kind in KINDS if _replace(kind, npi, wanted[kind.name], today)]
    if changed:
        db.session.flush()
        db.session.expire_all()
        after = known_facts(npi).facts
        record(
            f"account:{account.id}",
            "say_facts",
            f"provider:{npi}",
            before={kind.name: _as_logged(before.facts[kind.name]) for kind in changed},
            after={kind.name: _as_logged(after[kind.name]) for kind in changed},
        )
    return bool(changed)


@dataclass(frozen=True, slots=True)
class FactsToConfirm:
    """What one click says is still true: the facts of all kinds, and the addresses with their phones."""

    locations: Sequence[models.PracticeLocation]
    old: Sequence[Any]  # the rows of all that were not confirmed today
    oldest: date | None  # when the oldest of them was last confirmed
    version: str


def facts_to_confirm(npi: str) -> FactsToConfirm:
    where = models.PracticeLocation.npi == npi
    locations = db.session.scalars(
        select(models.PracticeLocation).where(where).order_by(models.PracticeLocation.id)
    ).all()
    said = [row for kind in KINDS for row in _rows_of(kind, npi)]
    old = [row for row in (*said, *locations) if row.as_of < today_in_california()]
    shown = [(row.id, row.line_1, row.line_2, row.city, row.postal_code, row.phone, row.as_of) for row in locations]
    oldest = min((row.as_of for row in old), default=None)
    return FactsToConfirm(locations, old, oldest, _hash_of([(known_facts(npi).version,), *shown]))


def confirm_facts(account: Account, npi: str, seen: str) -> None:
    """Let the clinic confirm all of that today; a second time changes nothing.

    The facts become the clinic's word, as when it saves them; what a public file says, an address, and a website that
    another source named stay that source's. `seen` is the version that the page showed. The caller has made sure that
    `account` speaks for the provider. Raises `EditConflictError` when something was changed since.
    """
    lock_row(db.session.get_one(models.Provider, npi))
    db.session.expire_all()
    now = facts_to_confirm(npi)
    if now.oldest is None:
        return
    if now.version != seen:
        raise EditConflictError
    known_source(CLINIC)
    for row in now.old:
        row.as_of = today_in_california()
        if row.source.kind != SourceKind.PUBLIC_FILE and not isinstance(row, (models.PracticeLocation, models.Website)):
            row.source_key = CLINIC
    before, after = {"oldest": now.oldest.isoformat()}, {"confirmed": len(now.old)}
    record(f"account:{account.id}", "confirm_facts", f"provider:{npi}", before=before, after=after)


def plan_names() -> dict[str, str]:
    """The insurance plans by key, in the order of their names."""
    plans = db.session.execute(
        select(models.InsurancePlan.key, models.InsurancePlan.name).order_by(models.InsurancePlan.name)
    )
    return dict(plans.all())


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
    elif kind == "visit_details":
        words = [text for details in values.values() for text in _details_in_words(*details)]
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


def _details_in_words(
    step_free: bool | None, parking: str | None, booking: str | None, referral_needed: bool | None
) -> Iterator[str]:
    if step_free is not None:
        yield "step-free access" if step_free else "steps on the way in"
    if parking:
        yield f"parking: {parking}"
    if booking:
        yield f"booking: {booking}"
    if referral_needed is not None:
        yield "a referral is needed" if referral_needed else "no referral is needed"


def _replace(kind: FactKind, npi: str, wanted: Values, today: date) -> bool:
    """Let the rows of one kind say `wanted`; whether any row changed. Those of a public file stay."""
    rows = _rows_of(kind, npi)
    public = [row for row in rows if row.source.kind == SourceKind.PUBLIC_FILE]
    missing = {key: value for key, value in wanted.items() if key not in map(kind.key_of, public)}
    changed = False
    for row in rows:
        if row in public:
            continue
        value = missing.pop(kind.key_of(row), None)
        if value is None:
            db.session.delete(row)
            changed = True
        # A website that another source named stays its own while it is the same: mail at its domain proves a claim.
        elif kind.value_of(row) != value or (row.source_key != CLINIC and kind.name != "website"):
            for column, part in zip(kind.value, value, strict=True):
                setattr(row, column, part)
            row.source_key, row.as_of = CLINIC, today
            changed = True
    for key, value in missing.items():
        columns = dict(zip((*kind.key, *kind.value), (*key, *value), strict=True))
        db.session.add(kind.table(npi=npi, **columns, source_key=CLINIC, as_of=today))
        changed = True
    return changed


def _as_logged(values: Values) -> list[list[str | None]]:
    """The facts of one kind in plain JSON, in one order."""
    rows = [[None if part is None else str(part) for part in (*key, *value)] for key, value in values.items()]
    return sorted(rows, key=lambda row: [part or "" for part in row])
