"""Ties of staff to providers: nobody acts on a provider whom they have something to do with."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from directory.accounts.models import Representative, Tie
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.refusals import ConflictOfInterestError

TIED = "You have a tie with this provider, so somebody else has to do this."


def declare_tie(actor: str, npi: str, what: str) -> Tie:
    """Note that the account behind `actor` has something to do with a provider. The caller commits."""
    account_id = account_id_of(actor)
    if account_id is None or db.session.get(Provider, npi) is None:
        raise ConflictOfInterestError(f"No provider with NPI {npi} is in the directory.")
    tie = db.session.get(Tie, (account_id, npi)) or Tie(account_id=account_id, npi=npi)
    tie.what, tie.declared_at = what.strip(), datetime.now(UTC)
    db.session.add(tie)
    record(actor, "declare_tie", f"provider:{npi}", after={"account": account_id})
    return tie


def end_tie(actor: str, tie: Tie) -> None:
    """Say that a tie is over, as an admin other than the one who has it. The caller commits."""
    if tie.account_id == account_id_of(actor):
        raise ConflictOfInterestError("This is your own tie, so another admin has to end it.")
    db.session.delete(tie)
    record(actor, "end_tie", f"provider:{tie.npi}", before={"account": tie.account_id})


def ties_of(account_id: int) -> Sequence[Tie]:
    """The ties that an account declared, with their providers, the newest first."""
    declared = select(Tie).where(Tie.account_id == account_id).options(joinedload(Tie.provider))
    return db.session.scalars(declared.order_by(Tie.declared_at.desc(), Tie.npi)).all()


def is_tied(actor: str, npi: str) -> bool:
    """Whether the account behind `actor` declared a tie with the provider, or speaks for it. False for programs."""
    account_id = account_id_of(actor)
    if account_id is None:
        return False
    declared = exists().where(Tie.account_id == account_id, Tie.npi == npi)
    speaks = exists().where(Representative.account_id == account_id, Representative.npi == npi)
    return bool(db.session.scalar(select(declared | speaks)))


def refuse_tied(actor: str, npi: str) -> None:
    """Raises `ConflictOfInterestError` when `is_tied`."""
    if is_tied(actor, npi):
        raise ConflictOfInterestError(TIED)


def account_id_of(actor: str) -> int | None:
    """7 for "account:7"; None for a program or a command."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
