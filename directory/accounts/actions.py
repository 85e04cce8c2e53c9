"""What is done to accounts. Each act writes the audit log; the caller commits."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from directory.accounts.models import Account, Representative, Role
from directory.accounts.roles import CLINIC, ROLES
from directory.accounts.sign_ins import end_all
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider


class AccountError(ValueError):
    """The act cannot be done; the message is a sentence that says why."""


def create_account(
    actor: str, email: str, password: str, roles: Collection[str], name: str = "", npis: Collection[str] = ()
) -> Account:
    """Add an account, a representative confirmed for `npis` if it has the role clinic. Raises `AccountError`."""
    address = free_address(email)
    if not roles or not set(roles) <= ROLES.keys():
        raise AccountError(f"Give one or more of these roles: {', '.join(ROLES)}.")
    if (CLINIC in roles) != bool(npis):
        raise AccountError("The role clinic and the NPI of whom it represents go together.")
    for npi in npis:
        if db.session.get(Provider, npi) is None:
            raise AccountError(f"No provider with NPI {npi} is in the directory.")
    shown_name = name.strip() or address.partition("@")[0]
    password, faults = checked_password(password, address, shown_name)
    if faults:
        raise AccountError(" ".join(faults))

    now = datetime.now(UTC)
    account: Account = _datastore().create_user(
        email=address,
        name=shown_name,
        password=hash_password(password),
        roles=[_role(role) for role in sorted(set(roles))],
        represented=[Representative(npi=npi, confirmed_at=now) for npi in sorted(set(npis))],
        created_at=now,
    )
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody else was quicker
        db.session.rollback()
        if account_of(address) is None:
            raise
        raise AccountError(f"There is an account of {address} already.") from error
    record(
        actor,
        "create_account",
        f"account:{account.id}",
        after={"roles": sorted(set(roles)), "npis": sorted(set(npis))},
    )
    return account


def disable_account(actor: str, account: Account) -> None:
    """Let nobody sign in to `account` any more, and end its sessions."""
    _datastore().deactivate_user(account)
    _end_all_sessions(account)
    record(actor, "disable_account", f"account:{account.id}", before={"active": True}, after={"active": False})


def enable_account(actor: str, account: Account) -> None:
    """Let the person of a disabled account sign in again."""
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


def free_address(email: str) -> str:
    """`email` as accounts have it, in small letters. Raises `AccountError` when it is none, or has an account."""
    try:
        address: str = current_app.extensions["security"].mail_util.validate(email).lower()
    except ValueError as error:
        raise AccountError(f"{email} is not a whole email address.") from error
    if account_of(address) is not None:
        raise AccountError(f"There is an account of {address} already.")
    return address


def checked_password(password: str, email: str, name: str) -> tuple[str, list[str]]:
    """The password in the form in which it is hashed, and a sentence for each fault of it."""
    faults, normal = current_app.extensions["security"].password_util.validate(password, True, email=email, name=name)
    return normal, [str(fault) for fault in faults or ()]


def account_of(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def _end_all_sessions(account: Account) -> None:
    _datastore().set_uniquifier(account)
    end_all(account.id)


def _role(name: str) -> Role:
    role: Role = _datastore().find_or_create_role(name)
    return role


def _datastore() -> Any:  # its types speak of the mixins, which our tables are at run time alone
    return current_app.extensions["security"].datastore
