"""What is done to accounts. Each act writes the audit log."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_security import hash_password
from sqlalchemy import select

from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Account, Representative, Role
from directory.accounts.queries import active_accounts
from directory.accounts.roles import ADMIN, CLINIC, ROLES
from directory.accounts.sessions import end_all
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.plain_text import without_invisible
from directory.web.refusals import RefusalError
from directory.web.transaction import lock_row


class AccountError(RefusalError):
    """The account cannot be made or changed so."""


def create_account(
    actor: str, email: str, password: str, roles: Collection[str], name: str = "", npis: Collection[str] = ()
) -> Account:
    """Add an account, a representative confirmed for `npis` if it has the role clinic. Raises `AccountError`."""
    address = free_address(email)
    if not roles or not set(roles) <= ROLES.keys():
        raise AccountError(f"Give one or more of these roles: {', '.join(ROLES)}.")
    if (CLINIC in roles) != bool(npis):
        raise AccountError("The clinic role needs the NPI of the provider it represents, and only that role takes one.")
    for npi in npis:
        if db.session.get(Provider, npi) is None:
            raise AccountError(f"No provider with NPI {npi} is in the directory.")
    shown_name = without_invisible(name) or address.partition("@")[0]
    password, faults = checked_password(password, address, shown_name)
    if faults:
        raise AccountError(" ".join(faults))

    hashed = hash_password(password)
    lock_access()
    free_address(address)  # again, since no other account can be made meanwhile now

    now = datetime.now(UTC)
    account: Account = _datastore().create_user(
        email=address,
        name=shown_name,
        password=hashed,
        roles=[_role(role) for role in sorted(set(roles))],
        represented=[Representative(npi=npi, confirmed_at=now) for npi in sorted(set(npis))],
        created_at=now,
    )
    db.session.flush()
    record(
        actor,
        "create_account",
        f"account:{account.id}",
        after={"roles": sorted(set(roles)), "npis": sorted(set(npis))},
    )
    return account


def disable_account(actor: str, account: Account) -> None:
    """Stop all sign-ins to `account`, and end its sessions. A disabled one stays as it is."""
    if not account.active:
        return
    _datastore().deactivate_user(account)
    _end_all_sessions(account)
    record(actor, "disable_account", f"account:{account.id}", before={"active": True}, after={"active": False})


def enable_account(actor: str, account: Account) -> None:
    """Let the person of a disabled account sign in again."""
    if account.active:
        return
    _datastore().activate_user(account)
    record(actor, "enable_account", f"account:{account.id}", before={"active": False}, after={"active": True})


def reset_second_factor(actor: str, account: Account) -> None:
    """Forget the authenticator app, passkeys and recovery codes of `account`, and end its sessions.

    The next sign-in with the password sets up a new second factor.
    """
    _datastore().reset_user_access(account)
    account.tf_last_counter = None
    _end_all_sessions(account)
    record(actor, "reset_second_factor", f"account:{account.id}")


def end_sessions(actor: str, account: Account) -> None:
    """Sign the account out everywhere."""
    _end_all_sessions(account)
    record(actor, "end_sessions", f"account:{account.id}")


def change_access(actor: str, account: Account, act: str) -> None:
    """Do one of `ACTS` to `account`; nothing when it is so already, as after a second click.

    Raises `AccountError` for one's own account, and for the last admin who can sign in.
    """
    if account.id == account_id_of(actor):
        raise AccountError("This is your own account, so another admin has to do this.")
    lock_access()
    db.session.refresh(account)
    if act == "disable" and account.active and ADMIN in account.role_names and not _another_admin(account):
        raise AccountError(f"{account.name} is the last admin who can sign in. Invite another one first.")
    ACTS[act](actor, account)


def lock_access() -> None:
    """Let one change of who has access go on at a time, until the transaction ends."""
    lock_row(_role(ADMIN))


def free_address(email: str) -> str:
    """`email` as accounts have it, in small letters. Raises `AccountError` when it is none, or has an account."""
    try:
        address: str = current_app.extensions["security"].mail_util.validate(email).lower()
    except ValueError as error:
        raise AccountError(f"{email} is not a whole email address.") from error
    if account_of(address) is not None:
        raise AccountError(f"There is already an account for {address}.")
    return address


def checked_password(password: str, email: str, name: str) -> tuple[str, list[str]]:
    """The password in the form in which it is hashed, and a sentence for each fault of it."""
    faults, normal = current_app.extensions["security"].password_util.validate(password, True, email=email, name=name)
    return normal, [str(fault) for fault in faults or ()]


def account_of(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def _reset(actor: str, account: Account) -> None:
    if account.has_second_factor or account.mf_recovery_codes:
        reset_second_factor(actor, account)


def _another_admin(account: Account) -> bool:
    return any(other.id != account.id for other in active_accounts(ADMIN))


def _end_all_sessions(account: Account) -> None:
    _datastore().set_uniquifier(account)
    end_all(account.id)


def _role(name: str) -> Role:
    role: Role = _datastore().find_or_create_role(name)
    return role


def _datastore() -> Any:  # its types speak of the mixins, which our tables are at run time alone
    return current_app.extensions["security"].datastore


ACTS: dict[str, Callable[[str, Account], None]] = {
    "disable": disable_account,
    "enable": enable_account,
    "reset_second_factor": _reset,
    "end_sessions": end_sessions,
}
