"""What is done to accounts. Each act writes the audit log; the caller commits."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_security import hash_password
from sqlalchemy import select

from directory.accounts.models import Account, Representative, Role
from directory.accounts.roles import CLINIC, ROLES
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import Provider


class AccountRefused(ValueError):  # noqa: N818 (it says what happened, as its callers read it)
    """The act cannot be done; the message is a sentence that says why."""


def create_account(
    actor: str, email: str, password: str, roles: Collection[str], name: str = "", npis: Collection[str] = ()
) -> Account:
    """Add an account, a representative confirmed for `npis` if it has the role clinic. Raises `AccountRefused`."""
    security = current_app.extensions["security"]
    try:
        address = security.mail_util.validate(email).lower()
    except ValueError as error:
        raise AccountRefused(f"{email} is not a whole e-mail address.") from error
    if account_of(address) is not None:
        raise AccountRefused(f"There is an account of {address} already.")
    if not roles or not set(roles) <= ROLES.keys():
        raise AccountRefused(f"Give one or more of these roles: {', '.join(ROLES)}.")
    if (CLINIC in roles) != bool(npis):
        raise AccountRefused("The role clinic and the NPI of whom it represents go together.")
    for npi in npis:
        if db.session.get(Provider, npi) is None:
            raise AccountRefused(f"No provider with NPI {npi} is in the directory.")
    shown_name = name.strip() or address.partition("@")[0]
    faults, password = security.password_util.validate(password, True, email=address, name=shown_name)
    if faults:
        raise AccountRefused(" ".join(faults))

    now = datetime.now(UTC)
    account: Account = _datastore().create_user(
        email=address,
        name=shown_name,
        password=hash_password(password),
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
    """Let nobody sign in to `account` any more, and end its sessions."""
    datastore = _datastore()
    datastore.deactivate_user(account)
    datastore.set_uniquifier(account)
    record(actor, "disable_account", f"account:{account.id}", before={"active": True}, after={"active": False})


def enable_account(actor: str, account: Account) -> None:
    """Let the person of a disabled account sign in again."""
    _datastore().activate_user(account)
    record(actor, "enable_account", f"account:{account.id}", before={"active": False}, after={"active": True})


def reset_second_factor(actor: str, account: Account) -> None:
    """Forget the authenticator app and recovery codes of `account`, and end its sessions.

    The next sign-in with the password sets up a new app.
    """
    datastore = _datastore()
    datastore.reset_user_access(account)
    account.tf_last_counter = None
    record(actor, "reset_second_factor", f"account:{account.id}")


def account_of(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def _role(name: str) -> Role:
    role: Role = _datastore().find_or_create_role(name)
    return role


def _datastore() -> Any:  # its types speak of the mixins, which our tables are at run time alone
    return current_app.extensions["security"].datastore
