"""Reads of accounts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from directory.accounts.models import Account, Role
from directory.extensions import db


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """By actor, as the audit log names accounts: what to call them among staff."""
    actors = set(actors)
    ids = [int(number) for kind, _, number in (actor.partition(":") for actor in actors) if kind == "account"]
    found = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    names = {f"account:{number}": f"{name} (account {number})" for number, name in found}
    return {actor: names.get(actor, actor) for actor in actors}


def active_accounts(role: str) -> Sequence[Account]:
    """The accounts with that role that are not disabled, the oldest first."""
    return db.session.scalars(
        select(Account).where(Account.active, Account.roles.any(Role.name == role)).order_by(Account.id)
    ).all()
