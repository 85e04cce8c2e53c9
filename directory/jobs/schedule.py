"""Jobs that run by the clock: in the worker (`flask worker`), or one at a time by hand (`flask jobs run NAME`).

Each job may run twice, or late, without harm. What it does belongs to the feature that it calls.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from directory.audit.log import PROGRAM
from directory.audit.verify import check_and_record
from directory.clinics.claims.actions import expire_claims
from directory.clinics.practice.asking import ask_clinics
from directory.clinics.reported.actions import tidy_information_reports
from directory.credentials.evidence import sweep_evidence
from directory.credentials.exclusions.actions import match_exclusions
from directory.credentials.expiry import expire_credentials
from directory.credentials.licenses.from_files import verify_from_files
from directory.credentials.licenses.records import apply_license_records
from directory.credentials.scoring import rescore_all_qualifications, rescore_qualifications
from directory.credentials.tasks import notify_verifiers
from directory.extensions import db
from directory.imports.source_age import remind_of_old_sources
from directory.imports.uploads import read_waiting_uploads, sweep_uploads
from directory.jobs.models import JobRun
from directory.mail.outbox import deliver_queued
from directory.reviews.estimating import estimate_ratings
from directory.reviews.writing.tidying import tidy_reviews
from directory.seeding import renew_demonstration
from directory.web.days import today_in_california
from directory.web.filters import count_of
from directory.web.transaction import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """`when` are huey's crontab fields, in UTC. The docstring of `work` says what it does, its result what it did."""

    name: str
    when_in_words: str
    when: dict[str, str]
    work: Callable[[], str]
    is_done_at_start: bool = True  # of the worker, before it takes up any job by the clock


JOBS: dict[str, Job] = {}
"""In the order in which a starting worker does them."""


def job(
    name: str, when_in_words: str, *, is_done_at_start: bool = True, **when: str
) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Make a function the work of a job."""

    def add(work: Callable[[], str]) -> Callable[[], str]:
        JOBS[name] = Job(name, when_in_words, when, work, is_done_at_start)
        return work

    return add


@job("calendar", "every minute", minute="*")
def update_credentials() -> str:
    """Expire what lapsed, announce what will."""
    expired, expiring = expire_credentials()
    return f"{count_of(expired, 'credential')} expired, {expiring:,} expiring."


@job("mail", "every minute", minute="*")
def send_mail() -> str:
    """Send the mail that is due."""
    return f"{count_of(deliver_queued(), 'message')} sent."


@job("uploads", "every minute", is_done_at_start=False, minute="*")
def import_uploads() -> str:
    """Import files that admins uploaded."""
    return read_waiting_uploads()


@job("tell-verifiers", "every ten minutes", minute="*/10")
def tell_verifiers() -> str:
    """Write to verifiers about new tasks."""
    with transaction():
        letters = notify_verifiers()
    return f"{count_of(letters, 'email')} to verifiers."


@job("check-again", "daily at 07:50 UTC", hour="7", minute="50")
def check_again() -> str:
    """Compare all providers with the exclusions and license files as last read."""
    with transaction():
        changed = match_exclusions() | apply_license_records(None, today_in_california())
        rescore_qualifications(sorted(changed))
        changed |= verify_from_files(today_in_california()).npis
    return f"{count_of(len(changed), 'provider')} changed by exclusions and license files."


@job("rescore", "daily at 08:05 UTC", hour="8", minute="5")
def rescore() -> str:
    """Score every provider as of today."""
    with transaction():
        scored, changed = rescore_all_qualifications()
    return f"{count_of(scored, 'provider')} scored; {changed:,} scores changed."


@job("check-log", "daily at 08:40 UTC", hour="8", minute="40")
def check_the_log() -> str:
    """Read the whole log, and note whether it is as it was written."""
    with transaction():
        state = check_and_record(PROGRAM)
    return "The log is intact." if state.fault is None else f"Event {state.fault.number} {state.fault.sentence}."


@job("ratings", "daily at 09:20 UTC", hour="9", minute="20")
def estimate() -> str:
    """Fit the rating parameters and estimate again."""
    with transaction():
        changed = estimate_ratings()
    return f"{count_of(changed, 'rating estimate')} changed."


@job("sources", "daily at 10:30 UTC", is_done_at_start=False, hour="10", minute="30")
def bring_sources_up_to_date() -> str:
    """Bring public sources up to date that are due by their clock."""
    from directory.imports.sources.sync import sync_due_sources  # heavy, and only this job needs it

    return sync_due_sources(today_in_california(), logger.info)


@job("old-files", "daily at 16:00 UTC", hour="16", minute="0")
def remind_of_old_files() -> str:
    """Write to admins, once a month, when newer public files should be read."""
    with transaction():
        letters = remind_of_old_sources(today_in_california())
    return f"{count_of(letters, 'email')} about old files."


@job("ask-clinics", "daily at 16:10 UTC", hour="16", minute="10")
def ask_to_confirm() -> str:
    """Write to clinics whose facts stop counting soon."""
    with transaction():
        letters = ask_clinics(today_in_california())
    return f"{count_of(letters, 'email')} to clinics."


@job("demonstration", "daily at 08:15 UTC", hour="8", minute="15")
def renew() -> str:
    """Confirm the facts of the invented practices."""
    with transaction():
        renewed = renew_demonstration(today_in_california())
    return f"{count_of(renewed, 'fact')} of the demonstration confirmed."


@job("tidy", "daily at 09:40 UTC", hour="9", minute="40")
def tidy() -> str:
    """Remove unconfirmed reviews, files without an owner and old reports; end old claims."""
    with transaction():
        (reviews, proofs), claims = tidy_reviews(PROGRAM), expire_claims()
        reports, uploads = tidy_information_reports(), sweep_uploads()
    files = proofs + uploads + sweep_evidence()
    removed = f"{count_of(reviews, 'unconfirmed review')}, {count_of(files, 'file')}"
    return f"{removed} and {count_of(reports, 'report')} removed; {count_of(claims, 'claim')} ended."


def run_job(job: Job) -> str:
    """Do it now, and note what became of it. What it left open in the database is rolled back."""
    try:
        said = job.work()
    except Exception as error:
        db.session.remove()
        _note_run(job, f"{type(error).__name__}: {error}", succeeded=False)
        raise
    db.session.remove()
    _note_run(job, said, succeeded=True)
    return said


def _note_run(job: Job, said: str, *, succeeded: bool) -> None:
    """Keep it for the staff's first page. While an import writes on SQLite, there is nothing to do but leave it out."""
    try:
        with transaction():
            run = JobRun(name=job.name, ran_at=datetime.now(UTC), succeeded=succeeded, said=said[:500])
            db.session.merge(run)
    except OperationalError:
        logger.warning("%s ran, which could not be noted: the database is busy", job.name)
    finally:
        db.session.remove()
