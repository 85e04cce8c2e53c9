"""Inviting staff by email. Of the link's key only the hash is stored."""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import ColumnElement, select

from directory.accounts.actions import AccountError, create_account, free_address, lock_access
from directory.accounts.keys import hash_of_key
from directory.accounts.models import Account, Invitation
from directory.accounts.roles import ROLES, STAFF
from directory.accounts.settings import SITE_NAME
from directory.audit.log import record
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.web.plain_text import without_invisible
from directory.web.transaction import lock_row

INVITATION_DAYS = 7
MAX_NAME_LENGTH = 100


class State(StrEnum):
    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    OLD = "old"


class InvitationExpiredError(Exception):
    """The invitation cannot be used any more; `state` says why."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


def invite(actor: str, email: str, roles: Collection[str], name: str = "") -> Invitation:
    """Send a letter with a link to make an account with `roles`. Raises `AccountError`."""
    address = free_address(email)
    if not roles or not set(roles) <= STAFF:
        raise AccountError(f"Invite to one or more of these roles: {', '.join(sorted(STAFF))}.")
    lock_access()
    if db.session.scalar(select(Invitation.id).where(Invitation.email == address, _is_unanswered())):
        raise AccountError(f"{address} is invited already. Send that invitation again, or withdraw it.")
    key, now = secrets.token_urlsafe(32), datetime.now(UTC)
    invitation = Invitation(
        email=address,
        name=without_invisible(name),
        roles=sorted(set(roles)),
        key_hash=hash_of_key(key),
        invited_by=actor,
        invited_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    db.session.add(invitation)
    db.session.flush()
    _queue_letter(invitation, key)
    record(actor, "invite", _subject(invitation), after={"roles": invitation.roles})
    return invitation


def send_again(actor: str, invitation: Invitation) -> None:
    """Send a new link, which works from now on instead of the one before. Raises `InvitationExpiredError`."""
    _lock_unanswered(invitation)
    key = secrets.token_urlsafe(32)
    invitation.key_hash, invitation.expires_at = hash_of_key(key), datetime.now(UTC) + timedelta(days=INVITATION_DAYS)
    _queue_letter(invitation, key)
    record(actor, "send_invitation_again", _subject(invitation))


def withdraw(actor: str, invitation: Invitation) -> None:
    """Let the link work no more. Raises `InvitationExpiredError`."""
    _lock_unanswered(invitation)
    invitation.withdrawn_at = datetime.now(UTC)
    record(actor, "withdraw_invitation", _subject(invitation))


def accept(invitation: Invitation, name: str, password: str) -> Account:
    """Make the account that the invitation offers, once. Raises `InvitationExpiredError` or `AccountError`."""
    if state_of(invitation) is State.OLD:
        raise InvitationExpiredError(State.OLD)
    _lock_unanswered(invitation)  # of two at once, one waits here and then fails
    invitation.accepted_at = datetime.now(UTC)
    account = create_account(_subject(invitation), invitation.email, password, invitation.roles, name)
    record(_subject(invitation), "accept_invitation", _subject(invitation), after={"account": account.id})
    return account


def invitation_of_key(key: str) -> Invitation | None:
    return db.session.scalar(select(Invitation).where(Invitation.key_hash == hash_of_key(key)))


def open_invitations() -> Sequence[Invitation]:
    """Those that were neither accepted nor withdrawn, also when they are too old to be accepted; the newest first."""
    newest_first = select(Invitation).order_by(Invitation.invited_at.desc(), Invitation.id.desc())
    return db.session.scalars(newest_first.where(_is_unanswered())).all()


def state_of(invitation: Invitation) -> State:
    if invitation.accepted_at:
        return State.USED
    if invitation.withdrawn_at:
        return State.WITHDRAWN
    return State.OPEN if datetime.now(UTC) < invitation.expires_at else State.OLD


def _lock_unanswered(invitation: Invitation) -> None:
    """Raises `InvitationExpiredError` when it was accepted or withdrawn up to this moment."""
    lock_row(invitation)
    if state_of(invitation) in {State.USED, State.WITHDRAWN}:
        raise InvitationExpiredError(state_of(invitation))


def _is_unanswered() -> ColumnElement[bool]:
    return Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)


def _subject(invitation: Invitation) -> str:
    return f"invitation:{invitation.id}"


def _queue_letter(invitation: Invitation, key: str) -> None:
    roles = "\n".join(f"- {role}: {ROLES[role]}" for role in invitation.roles)
    greeting = f"Hello {invitation.name},\n\n" if invitation.name else ""
    queue_mail(
        invitation.email,
        f"Your invitation to the {SITE_NAME}",
        f"{greeting}You are invited to work for the {SITE_NAME} as\n\n{roles}\n\n"
        "To make your account, open this link and choose a password:\n\n"
        f"{current_app.config['SITE_URL']}/invitation?key={key}\n\n"
        f"The link works once, for {INVITATION_DAYS} days. Keep it private: anyone who has it can "
        "create the account.\n\n"
        "Didn’t expect this? You don’t need to do anything.\n",
    )
