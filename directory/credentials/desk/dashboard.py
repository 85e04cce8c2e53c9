"""The figures at the head of the queue."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, or_, select

from directory.credentials.desk.queue import is_waiting, waiting_count
from directory.credentials.expiry import NOTICE_DAYS
from directory.credentials.models import Credential, Verification, VerificationTask
from directory.credentials.status import COUNTING, CredentialStatus
from directory.extensions import db
from directory.web.days import PACIFIC, today_in_california

SECONDS_A_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Of the whole queue and directory; `median_age_days` is None when nothing waits."""

    waiting: int
    median_age_days: float | None
    verified_this_month: int  # credentials, since the first of the month in California
    expiring_soon: int  # what counts today and will not in `NOTICE_DAYS` days


def dashboard(now: datetime | None = None) -> Dashboard:
    """The figures as of `now`, four queries."""
    now = now or datetime.now(UTC)
    waiting = waiting_count()
    return Dashboard(waiting, _median_age_days(waiting, now), _verified_since(_month_start(now)), _expiring_soon())


def _month_start(now: datetime) -> datetime:
    return now.astimezone(PACIFIC).replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _median_age_days(waiting: int, now: datetime) -> float | None:
    """The age in the middle; of an even number the mean of the two in the middle."""
    if not waiting:
        return None
    middle = db.session.scalars(
        select(VerificationTask.opened_at)
        .where(is_waiting())
        .order_by(VerificationTask.opened_at)
        .offset((waiting - 1) // 2)
        .limit(2 - waiting % 2)
    ).all()
    ages = [(now - opened_at).total_seconds() / SECONDS_A_DAY for opened_at in middle]
    return sum(ages) / len(ages) if ages else None


def _verified_since(start: datetime) -> int:
    return (
        db.session.scalar(
            select(func.count(Verification.credential_id.distinct())).where(
                Verification.state == "final",
                Verification.outcome == CredentialStatus.VERIFIED,
                Verification.verified_at >= start,
            )
        )
        or 0
    )


def _expiring_soon() -> int:
    today = today_in_california()
    soon = today + timedelta(days=NOTICE_DAYS)
    return (
        db.session.scalar(
            select(func.count(Credential.id)).where(
                Credential.status.in_(COUNTING),
                or_(Credential.expires_on <= soon, Credential.verified_until <= soon),
                func.coalesce(Credential.expires_on, today) >= today,
                func.coalesce(Credential.verified_until, today) >= today,
            )
        )
        or 0
    )
