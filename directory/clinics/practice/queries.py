"""Reads for the clinic's pages: the facts as they are, and what became of its own words."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from directory.clinics.practice.facts import KINDS, FactKind, Facts
from directory.extensions import db
from directory.providers.models import ClinicStatement, InsurancePlan, Provider
from directory.providers.sources import SourceKind
from directory.web.pagination import Pages

STATEMENTS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the directory says now. `version` differs when any fact, its source or its date does."""

    facts: Facts
    version: str


@dataclass(frozen=True, slots=True)
class Statements:
    """A clinic's own words: what is shown, what waits, and what was refused if nothing came after it."""

    published: ClinicStatement | None
    pending: ClinicStatement | None
    rejected: ClinicStatement | None


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


def statements_of(npi: str) -> Statements:
    newest_first = select(ClinicStatement).where(ClinicStatement.npi == npi).order_by(ClinicStatement.id.desc())
    all_of_them = db.session.scalars(newest_first).all()

    def first(status: str) -> ClinicStatement | None:
        return next((each for each in all_of_them if each.status == status), None)

    newest = all_of_them[0] if all_of_them else None
    return Statements(first("published"), first("pending"), newest if newest and newest.status == "rejected" else None)


def count_pending() -> int:
    """How many clinics' own words wait for a moderator."""
    waiting = select(func.count()).select_from(ClinicStatement).where(ClinicStatement.status == "pending")
    return db.session.scalar(waiting) or 0


def pending_statements(page: int) -> tuple[list[tuple[ClinicStatement, Provider]], Pages]:
    """The `page`-th page of what waits with the providers, the oldest first; one beyond the last is the last."""
    pages = Pages.nearest(page, STATEMENTS_A_PAGE, count_pending())
    found = db.session.execute(
        select(ClinicStatement, Provider)
        .join(Provider, Provider.npi == ClinicStatement.npi)
        .options(joinedload(Provider.source))
        .where(ClinicStatement.status == "pending")
        .order_by(ClinicStatement.written_at, ClinicStatement.id)
        .offset(pages.skipped)
        .limit(pages.size)
    )
    return [(statement, provider) for statement, provider in found], pages
