"""Who speaks for a provider: accounts come to it by a confirmed claim, and can give it up."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from directory.accounts.models import Account, Representative, Role
from directory.accounts.roles import CLINIC
from directory.audit.log import record
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.transaction import lock_row


def speak_for(account: Account, npi: str) -> None:
    """Confirm `account` for the provider, with the role clinic. Again, it changes nothing."""
    lock_row(account)
    link = db.session.get(Representative, (account.id, npi))
    if link is not None and link.confirmed_at is not None and CLINIC in account.role_names:
        return
    if link is None:
        link = Representative(account_id=account.id, npi=npi)
        account.represented.append(link)
    link.confirmed_at = datetime.now(UTC)
    if CLINIC not in account.role_names:
        account.roles.append(db.session.scalar(select(Role).where(Role.name == CLINIC)) or Role(name=CLINIC))
    record(f"account:{account.id}", "speak_for", f"provider:{npi}", after={"account": account.id})


def stop_speaking_for(account: Account, npi: str) -> None:
    """Give the provider up, and with the last one the role clinic. Again, it changes nothing."""
    lock_row(account)
    link = db.session.get(Representative, (account.id, npi))
    if link is None:
        return
    account.represented.remove(link)
    if not account.represented:
        account.roles = [role for role in account.roles if role.name != CLINIC]
    record(f"account:{account.id}", "stop_speaking_for", f"provider:{npi}", before={"account": account.id})


def representatives_of(npi: str) -> Sequence[Account]:
    """The accounts that are confirmed for the provider and can sign in."""
    return db.session.scalars(
        select(Account)
        .join(Representative)
        .where(Representative.npi == npi, Representative.confirmed_at.is_not(None), Account.active)
        .order_by(Account.id)
    ).all()


def tell_representatives(npi: str, subject: str, text: str, *, but: Account | None = None) -> None:
    """Queue a letter to each of them, `but` one."""
    for account in representatives_of(npi):
        if account is not but:
            queue_mail(account.email, subject, text)
