"""What an admin does to somebody else's account. The caller commits."""

from collections.abc import Callable

from sqlalchemy import exists, select, update

from directory.accounts.actions import (
    AccountError,
    disable_account,
    enable_account,
    end_sessions,
    reset_second_factor,
)
from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Account, AccountRole, Role
from directory.accounts.roles import ADMIN
from directory.extensions import db


def change_access(actor: str, account: Account, act: str) -> None:
    """Do one of `ACTS` to `account`; nothing when it is so already, as after a second click.

    Raises `AccountError` for one's own account, and for the last admin who can sign in.
    """
    if account.id == account_id_of(actor):
        raise AccountError("This is your own account, so another admin has to do this.")
    wait_for_other_changes()
    db.session.refresh(account)
    ACTS[act](actor, account)


def wait_for_other_changes() -> None:
    """Let one admin at a time change who has access, until the transaction ends."""
    # An update that changes nothing, since SQLite knows no SELECT FOR UPDATE.
    db.session.execute(update(Role).where(Role.name == ADMIN).values(name=Role.name))


def _disable(actor: str, account: Account) -> None:
    if not account.active:
        return
    if ADMIN in account.role_names and not _another_admin(account):
        raise AccountError(f"{account.name} is the last admin who can sign in. Invite another one first.")
    disable_account(actor, account)


def _enable(actor: str, account: Account) -> None:
    if not account.active:
        enable_account(actor, account)


def _reset(actor: str, account: Account) -> None:
    if account.has_second_factor or account.webauthn or account.mf_recovery_codes:
        reset_second_factor(actor, account)


def _another_admin(account: Account) -> bool:
    others = exists(
        select(Account.id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .join(Role, Role.id == AccountRole.role_id)
        .where(Role.name == ADMIN, Account.active.is_(True), Account.id != account.id)
    )
    return bool(db.session.scalar(select(others)))


ACTS: dict[str, Callable[[str, Account], None]] = {
    "disable": _disable,
    "enable": _enable,
    "reset_second_factor": _reset,
    "end_sessions": end_sessions,
}
