"""Jobs that run by the clock: in the worker (`flask worker`), or one at a time by hand (`flask jobs run NAME`).

Each job may run twice, or late, without harm. What it does belongs to the feature that it calls.
"""

from collections.abc import Callable
from dataclasses import dataclass

from directory.clinics.claims.actions import expire_claims
from directory.credentials.evidence import sweep_evidence
from directory.credentials.exclusions.actions import match_exclusions
from directory.credentials.expiry import expire_credentials
from directory.credentials.licenses.records import apply_license_records
from directory.credentials.scoring import rescore_all_qualifications, rescore_qualifications
from directory.credentials.tasks import notify_verifiers
from directory.extensions import db
from directory.imports.source_age import remind_of_old_sources
from directory.mail.outbox import deliver_queued
from directory.reviews.estimating import estimate_ratings
from directory.reviews.writing.tidying import tidy_reviews
from directory.web.days import today_in_california
from directory.web.filters import count_of
from directory.web.transaction import transaction


@dataclass(frozen=True, slots=True)
class Job:
    """`when` are huey's crontab fields, in UTC; `work` says in a sentence what it did."""

    name: str
    when: dict[str, str]
    when_in_words: str
    meaning: str
    work: Callable[[], str]


def _expire_credentials() -> str:
    moved = expire_credentials()
    return f"{count_of(moved.expired, 'credential')} expired, {moved.expiring:,} expiring."


def _notify_verifiers() -> str:
    with transaction():
        letters = notify_verifiers()
    return f"{count_of(letters, 'email')} to verifiers."


def _send_mail() -> str:
    return f"{count_of(deliver_queued(), 'message')} sent."


def _check_again() -> str:
    with transaction():
        changed = match_exclusions() | apply_license_records(None, today_in_california())
        rescore_qualifications(sorted(changed))
    return f"{count_of(len(changed), 'provider')} changed by exclusions and license files."


def _remind() -> str:
    with transaction():
        letters = remind_of_old_sources(today_in_california())
    return f"{count_of(letters, 'email')} about old files."


def _rescore() -> str:
    with transaction():
        scored, changed = rescore_all_qualifications()
    return f"{count_of(scored, 'provider')} scored; {changed:,} scores changed."


def _estimate() -> str:
    with transaction():
        changed = estimate_ratings()
    return f"{count_of(changed, 'rating estimate')} changed."


def _tidy() -> str:
    with transaction():
        tidied, claims = tidy_reviews(), expire_claims()
    files = tidied.files + sweep_evidence()
    removed = f"{count_of(tidied.reviews, 'unconfirmed review')} and {count_of(files, 'file')} removed"
    return f"{removed}; {count_of(claims, 'claim')} ended."


EVERY_MINUTE = {"minute": "*"}
JOBS = {
    job.name: job
    for job in (
        Job("calendar", EVERY_MINUTE, "every minute", "expire what lapsed, announce what will", _expire_credentials),
        Job("mail", EVERY_MINUTE, "every minute", "send the mail that is due", _send_mail),
        Job(
            "tell-verifiers",
            {"minute": "*/10"},
            "every ten minutes",
            "write to verifiers about new tasks",
            _notify_verifiers,
        ),
        Job(
            "check-again",
            {"minute": "50", "hour": "7"},
            "daily at 07:50 UTC",
            "compare all providers with the exclusions and license files as last read",
            _check_again,
        ),
        Job(
            "rescore",
            {"minute": "5", "hour": "8"},
            "daily at 08:05 UTC",
            "score every provider as of today",
            _rescore,
        ),
        Job(
            "ratings",
            {"minute": "20", "hour": "9"},
            "daily at 09:20 UTC",
            "fit the rating parameters and estimate anew",
            _estimate,
        ),
        Job(
            "old-files",
            {"minute": "0", "hour": "16"},
            "daily at 16:00 UTC",
            "write to admins, once a month, when newer public files should be read",
            _remind,
        ),
        Job(
            "tidy",
            {"minute": "40", "hour": "9"},
            "daily at 09:40 UTC",
            "remove unconfirmed reviews and files without an owner; end old claims",
            _tidy,
        ),
    )
}


def run_job(job: Job) -> str:
    """Do it now. What it left open in the database is rolled back."""
    try:
        return job.work()
    finally:
        db.session.remove()
