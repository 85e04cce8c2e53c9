"""What was verified expires by the calendar, and verifiers are asked in time to check it again."""

from collections.abc import Callable, Collection, Sequence
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


def expire_credentials(today: date | None = None) -> tuple[int, int]:
    """Expire what has lapsed by `today` (by default today in California), and name what lapses within `NOTICE_DAYS`.

    Returns how many expired and how many are named. Each credential is moved in a transaction of its own; one that a
    verifier acts on at that moment is left for the next time. A provider whose license lapsed leaves the ranking with
    the commit.
    """
    today = today or today_in_california()
    soon = today + timedelta(days=NOTICE_DAYS)
    expired = sum(_move(each, today, _expire) for each in _ending(COUNTING, today - timedelta(days=1)))
    return expired, sum(_move(each, today, _announce) for each in _ending({CredentialStatus.VERIFIED}, soon))


def _last_day(credential: Credential) -> date | None:
    """The last day on which the credential counts: its own or its check's, whichever comes first."""
    return min((day for day in (credential.expires_on, credential.verified_until) if day), default=None)


def _ending(statuses: Collection[CredentialStatus], last_day: date) -> Sequence[int]:
    """The credentials with these statuses that count until `last_day` or less long."""
    ends = or_(Credential.expires_on <= last_day, Credential.verified_until <= last_day)
    return db.session.scalars(select(Credential.id).where(Credential.status.in_(statuses), ends)).all()


def _move(credential_id: int, today: date, move: Callable[[Credential, date], bool]) -> bool:
    """Whether `move` moved the credential, which may have changed since it was found."""
    try:
        with transaction():
            credential = db.session.get(Credential, credential_id)
            return credential is not None and move(credential, today)
    except EditConflictError:
        return False


def _expire(credential: Credential, today: date) -> bool:
    ends = _last_day(credential)
    if credential.status not in COUNTING or ends is None or ends >= today:
        return False
    what = "expired" if ends == credential.expires_on else "was last checked too long ago, and stopped counting"
    expire(credential, f"{title_of(credential)} {what} on {day_in_words(ends)}.")
    return True


def _announce(credential: Credential, today: date) -> bool:
    ends = _last_day(credential)
    if credential.status != CredentialStatus.VERIFIED or ends is None or ends < today:
        return False
    what = "expires on" if ends == credential.expires_on else "has to be verified again by"
    start_expiring(credential, f"{title_of(credential)} {what} {day_in_words(ends)}.", ends)
    return True
