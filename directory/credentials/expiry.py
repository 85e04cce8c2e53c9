"""What was verified expires by the calendar, and verifiers are asked in time to check it again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from directory.credentials.actions import expire, start_expiring
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.credentials.status import COUNTING, CredentialStatus
from directory.extensions import db
from directory.web.days import day_in_words, today_in_california
from directory.web.transaction import EditConflictError, transaction

NOTICE_DAYS = 30  # before a credential or its verification lapses


@dataclass(slots=True)
class ExpiryCounts:
    """How many credentials one look at the calendar moved."""

    expired: int = 0
    expiring: int = 0


def expire_credentials(today: date | None = None) -> ExpiryCounts:
    """Expire what has lapsed by `today` (by default today in California), and name what lapses within `NOTICE_DAYS`.

    Each credential is moved in a transaction of its own; one that a verifier acts on at that moment is left for
    the next time. A provider whose license lapsed leaves the ranking with the commit.
    """
    today = today or today_in_california()
    moved = ExpiryCounts()
    for credential_id in _lapsed(today):
        moved.expired += _move(credential_id, today, _expire)
    for credential_id in _lapsing(today):
        moved.expiring += _move(credential_id, today, _announce)
    return moved


def last_day_of(credential: Credential) -> date | None:
    """The last day on which the credential counts: its own or its check's, whichever comes first."""
    return min((day for day in (credential.expires_on, credential.verified_until) if day), default=None)


def _lapsed(today: date) -> list[int]:
    ended = or_(Credential.expires_on < today, Credential.verified_until < today)
    return list(db.session.scalars(select(Credential.id).where(Credential.status.in_(COUNTING), ended)))


def _lapsing(today: date) -> list[int]:
    soon = today + timedelta(days=NOTICE_DAYS)
    ending = or_(Credential.expires_on <= soon, Credential.verified_until <= soon)
    return list(db.session.scalars(select(Credential.id).where(Credential.status == CredentialStatus.VERIFIED, ending)))


def _move(credential_id: int, today: date, move: Callable[[Credential, date], bool]) -> bool:
    """Whether `move` moved the credential, which may have changed since it was found."""
    try:
        with transaction():
            credential = db.session.get(Credential, credential_id)
            return credential is not None and move(credential, today)
    except EditConflictError:
        return False


def _expire(credential: Credential, today: date) -> bool:
    ends = last_day_of(credential)
    if credential.status not in COUNTING or ends is None or ends >= today:
        return False
    what = "expired" if ends == credential.expires_on else "was last checked too long ago, and stopped counting"
    expire(credential, f"{title_of(credential)} {what} on {day_in_words(ends)}.")
    return True


def _announce(credential: Credential, today: date) -> bool:
    ends = last_day_of(credential)
    if credential.status != CredentialStatus.VERIFIED or ends is None or ends < today:
        return False
    what = "expires on" if ends == credential.expires_on else "has to be verified again by"
    start_expiring(credential, f"{title_of(credential)} {what} {day_in_words(ends)}.", ends)
    return True
