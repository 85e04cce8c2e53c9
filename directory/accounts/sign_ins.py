"""Sign-ins that last: each has a random key in its person's cookie, and a row with the key's hash here.

Without the row the cookie is worth nothing, so that to delete it is to end the sign-in.
"""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from directory.accounts.keys import hash_of_key
from directory.accounts.models import SignedInSession
from directory.audit.log import record
from directory.extensions import db

SESSION_SECONDS = 12 * 3600
MAX_DURATION = timedelta(seconds=SESSION_SECONDS)
SEEN_EVERY = timedelta(minutes=5)  # between two writes of when it was last seen


def begin_sign_in(account_id: int, device: str, before: str | None = None) -> str:
    """Add a sign-in and give its key. It takes the place of the one with the key `before`; those that are over go."""
    now = datetime.now(UTC)
    db.session.execute(delete(SignedInSession).where(SignedInSession.started_at <= now - MAX_DURATION))
    if before is not None:
        end_by_key(before)
    key = secrets.token_urlsafe(32)
    db.session.add(
        SignedInSession(key_hash=hash_of_key(key), account_id=account_id, started_at=now, seen_at=now, device=device)
    )
    return key


def sign_in_of(key: str) -> SignedInSession | None:
    """The sign-in with that key, unless it has ended."""
    oldest = datetime.now(UTC) - MAX_DURATION
    return db.session.scalar(
        select(SignedInSession).where(SignedInSession.key_hash == hash_of_key(key), SignedInSession.started_at > oldest)
    )


def renew_key(key: str) -> str:
    """Another key for the same sign-in; the one before is worth nothing from now on."""
    new = secrets.token_urlsafe(32)
    db.session.execute(
        update(SignedInSession).where(SignedInSession.key_hash == hash_of_key(key)).values(key_hash=hash_of_key(new))
    )
    return new


def end_by_key(key: str) -> None:
    db.session.execute(delete(SignedInSession).where(SignedInSession.key_hash == hash_of_key(key)))


def end_all(account_id: int, but: str | None = None) -> int:
    """End the account's sign-ins, except the one with the key `but`; gives how many ended."""
    chosen = delete(SignedInSession).where(SignedInSession.account_id == account_id)
    if but is not None:
        chosen = chosen.where(SignedInSession.key_hash != hash_of_key(but))
    return len(db.session.scalars(chosen.returning(SignedInSession.key_hash)).all())


def end_one(account_id: int, key_hash: str) -> bool:
    """End one sign-in of the account, as its person asked. False when there is none any more."""
    sign_in = db.session.scalar(
        select(SignedInSession).where(SignedInSession.account_id == account_id, SignedInSession.key_hash == key_hash)
    )
    if sign_in is None:
        return False
    db.session.delete(sign_in)
    record(f"account:{account_id}", "end_session", f"account:{account_id}", before={"device": sign_in.device})
    return True


def end_others(account_id: int, but: str) -> int:
    """End all sign-ins of the account except the one with the key `but`, as its person asked; gives how many."""
    ended = end_all(account_id, but)
    if ended:
        record(f"account:{account_id}", "end_other_sessions", f"account:{account_id}", before={"sessions": ended})
    return ended


def sign_ins_of(account_id: int) -> list[SignedInSession]:
    """Those that last, the one that was seen last first."""
    oldest = datetime.now(UTC) - MAX_DURATION
    return list(
        db.session.scalars(
            select(SignedInSession)
            .where(SignedInSession.account_id == account_id, SignedInSession.started_at > oldest)
            .order_by(SignedInSession.seen_at.desc(), SignedInSession.key_hash)
        )
    )
