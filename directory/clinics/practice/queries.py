"""Reads of the facts of a practice, as they are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from directory.clinics.practice.facts import KINDS, FactKind, Facts
from directory.extensions import db
from directory.providers.models import InsurancePlan
from directory.providers.sources import SourceKind


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
