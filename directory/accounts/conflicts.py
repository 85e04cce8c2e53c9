"""Conflicts of interest: no member of staff decides about a provider with whom they have something to do."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, union
from sqlalchemy.orm import joinedload

from directory.accounts.models import ConflictOfInterest, Representative
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.refusals import ConflictOfInterestError

CONFLICT = "You have a conflict of interest with this provider, so someone else has to do this."


def declare_conflict(actor: str, npi: str, what: str) -> None:
    """Note that the account behind `actor` has something to do with a provider."""
    account_id = account_id_of(actor)
    if account_id is None or db.session.get(Provider, npi) is None:
        raise ConflictOfInterestError(f"No provider with NPI {npi} is in the directory.")
    declared = ConflictOfInterest(account_id=account_id, npi=npi, what=what.strip(), declared_at=datetime.now(UTC))
    db.session.merge(declared)  # again, it says it anew
    record(actor, "declare_conflict_of_interest", f"provider:{npi}", after={"account": account_id})


def end_conflict(actor: str, conflict: ConflictOfInterest) -> None:
    """Say that a conflict is over, as an admin other than the one who has it."""
    if conflict.account_id == account_id_of(actor):
        raise ConflictOfInterestError("This is your own conflict of interest, so another admin has to end it.")
    db.session.delete(conflict)
    record(actor, "end_conflict_of_interest", f"provider:{conflict.npi}", before={"account": conflict.account_id})


def conflicts_of(account_id: int) -> Sequence[ConflictOfInterest]:
    """What an account declared, with the providers, the newest first."""
    declared = select(ConflictOfInterest).where(ConflictOfInterest.account_id == account_id)
    newest_first = declared.order_by(ConflictOfInterest.declared_at.desc(), ConflictOfInterest.npi)
    return db.session.scalars(newest_first.options(joinedload(ConflictOfInterest.provider))).all()


def conflicted_npis(actor: str) -> set[str]:
    """The providers with whom `actor` declared a conflict, or for whom they speak. None for programs."""
    account_id = account_id_of(actor)
    if account_id is None:
        return set()
    declared = select(ConflictOfInterest.npi).where(ConflictOfInterest.account_id == account_id)
    represented = select(Representative.npi).where(Representative.account_id == account_id)
    return set(db.session.scalars(union(declared, represented)))


def has_conflict(actor: str, npi: str) -> bool:
    return npi in conflicted_npis(actor)


def account_id_of(actor: str) -> int | None:
    """7 for "account:7"; None for a program or a command."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
