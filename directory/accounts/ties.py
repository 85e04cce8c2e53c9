"""Ties of staff to providers: nobody acts on a provider whom they have something to do with."""

from datetime import UTC, datetime

from sqlalchemy import exists, select

from directory.accounts.models import Representative, Tie
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider


class TieRefused(ValueError):  # noqa: N818 (the decision, not a fault of ours)
    """An act on a provider whom the actor is tied to, or a tie that cannot be noted; the message is a sentence."""


def declare_tie(actor: str, npi: str, what: str) -> Tie:
    """Note that the account behind `actor` has something to do with a provider. The caller commits."""
    account_id = account_id_of(actor)
    if account_id is None or db.session.get(Provider, npi) is None:
        raise TieRefused(f"No provider with NPI {npi} is in the directory.")
    tie = db.session.get(Tie, (account_id, npi)) or Tie(account_id=account_id, npi=npi)
    tie.what, tie.declared_at = what.strip(), datetime.now(UTC)
    db.session.add(tie)
    record(actor, "declare_tie", f"provider:{npi}", after={"account": account_id})
    return tie


def is_tied(actor: str, npi: str) -> bool:
    """Whether the account behind `actor` declared a tie with the provider, or speaks for it. False for programs."""
    account_id = account_id_of(actor)
    if account_id is None:
        return False
    declared = exists().where(Tie.account_id == account_id, Tie.npi == npi)
    speaks = exists().where(Representative.account_id == account_id, Representative.npi == npi)
    return bool(db.session.scalar(select(declared | speaks)))


def refuse_tied(actor: str, npi: str) -> None:
    """Raises `TieRefused` when `is_tied`."""
    if is_tied(actor, npi):
        raise TieRefused("You have a tie with this provider, so somebody else has to do this.")


def account_id_of(actor: str) -> int | None:
    """7 for "account:7"; None for a program or a command."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "account" and number.isdigit() else None
