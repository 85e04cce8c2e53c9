"""Reads of accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from directory.accounts.models import Account, Invitation, Role
from directory.extensions import db
from directory.web.pagination import Pages

ACCOUNTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedAccounts:
    """One page of accounts, by name."""

    accounts: Sequence[Account]
    pages: Pages


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


def listed_accounts(words: str = "", page: int = 1) -> ListedAccounts:
    """Accounts whose name or address has all `words`; a page beyond the last is the last."""
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
    return ListedAccounts(accounts, pages)


def open_invitations() -> Sequence[Invitation]:
    """Those that were neither accepted nor withdrawn, also when they are too old to be accepted; the newest first."""
    unanswered = select(Invitation).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session.scalars(unanswered.order_by(Invitation.invited_at.desc(), Invitation.id.desc())).all()
