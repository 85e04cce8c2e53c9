"""Reads of accounts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from directory.accounts.models import Account, Role
from directory.accounts.roles import STAFF
from directory.extensions import db
from directory.web.pagination import Pages

ACCOUNTS_A_PAGE = 50


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


def count_deciding_accounts() -> int:
    """How many accounts may decide anything in the staff's queues."""
    deciding = select(func.count(Account.id)).where(Account.active, Account.roles.any(Role.name.in_(STAFF)))
    return db.session.scalar(deciding) or 0


def listed_accounts(words: str, page: int) -> tuple[Sequence[Account], Pages]:
    """One page of the accounts whose name or address has all `words`, by name; beyond the last it is the last."""
    wanted = [
        or_(Account.name.icontains(word, autoescape=True), Account.email.icontains(word, autoescape=True))
        for word in words.split()
    ]
    total = db.session.scalar(select(func.count()).select_from(Account).where(*wanted)) or 0
    pages = Pages.nearest(page, ACCOUNTS_A_PAGE, total)
    found = select(Account).where(*wanted).options(selectinload(Account.roles), selectinload(Account.webauthn))
    accounts = db.session.scalars(
        found.order_by(func.lower(Account.name), Account.id).offset(pages.skipped).limit(pages.size)
    ).all()
    return accounts, pages
