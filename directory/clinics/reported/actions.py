"""What readers and staff do with reports of wrong information. The caller opens the transaction.

Of two sendings at the same moment the second breaks a constraint: the caller uses `with_retries`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, exists, or_, select, update

from directory.accounts.representing import representatives_of
from directory.audit.log import PROGRAM, record
from directory.clinics.claims.queries import published_domain
from directory.clinics.models import InformationReport
from directory.clinics.reported import letters
from directory.clinics.reported.kinds import (
    ABOUT_A_LOCATION,
    ACCEPTING,
    ANSWERED,
    ASKED,
    CORRECTED,
    REFUSED,
    WAITING,
)
from directory.clinics.reported.queries import (
    reported_location,
    shown_facts,
    waiting_reports,
)
from directory.desk.eligibility import refuse_ineligible
from directory.desk.providers.actions import FieldsChangedError, edit_fields
from directory.extensions import db
from directory.providers.actions import DoubtfulFieldsError, set_accepting
from directory.providers.models import Provider
from directory.providers.websites import is_at
from directory.web.messages import gettext
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import lock_row, take_version

READER = "reader"
MAX_WAITING_OF_A_NETWORK = 5  # about one provider
MAX_WAITING_OF_A_PROVIDER = 50
ASKED_DAYS = 30
"""For so long the sender's address is kept after the practice was asked."""
DECIDED_DAYS, UNDECIDED_DAYS = 90, 365
"""For so long a report is kept after its decision, and without one."""


def report_information(report: InformationReport) -> None:
    """Keep a report, for staff to check. Raises `ValidationFailedError` when too many wait.

    The same form sent twice, and the same report from the same network while it waits, change nothing.
    """
    lock_row(db.session.get_one(Provider, report.npi))
    if db.session.scalar(select(exists().where(InformationReport.form_key == report.form_key))):
        return
    waiting = waiting_reports(report.npi)
    own = [each for each in waiting if each.network_hash == report.network_hash]
    if any(_says(each) == _says(report) for each in own):
        return
    if len(own) >= MAX_WAITING_OF_A_NETWORK or len(waiting) >= MAX_WAITING_OF_A_PROVIDER:
        sentence = gettext(
            "Our staff already have several reports about this provider, so we can’t take more right now. "
            "What you typed is still here: send it again in a few days."
        )
        raise ValidationFailedError({"about": sentence})
    report.status, report.reported_at = WAITING, datetime.now(UTC)
    db.session.add(report)
    db.session.flush()
    record(READER, "report_information", _subject(report), after={"npi": report.npi, "about": report.about})


def correct_reported(
    report: InformationReport,
    actor: str,
    changed: Mapping[str, str],
    shown: Mapping[str, str],
    reason: str,
    version: int,
    *,
    confirmed: bool = False,
) -> None:
    """Set the `changed` values, each as a correction with its own event, and tell the sender.

    `shown` is what the page of staff had as the values of now. What is odd about the outcome is taken when a person
    has `confirmed` it. Raises `RefusalError`, `ValidationFailedError` or `EditConflictError`.
    """
    _take(report, actor, version)
    if not changed:
        raise ValidationFailedError({next(iter(shown)): "The page already says that. Type the correct value."})
    if ACCEPTING in changed:
        set_accepting(actor, report.npi, changed[ACCEPTING] == "yes", reason)
    else:
        location = reported_location(report) if report.about in ABOUT_A_LOCATION else None
        try:
            location_id = location.id if location else None
            edit_fields(actor, report.npi, location_id, changed, shown, reason, changed if confirmed else ())
        except FieldsChangedError as others:
            raise ValidationFailedError(
                {field: f"Someone else set this to “{value}” in the meantime." for field, value in others.now.items()}
            ) from others
        except DoubtfulFieldsError as doubt:
            ask = {"confirmed": "Check it again, or check this box to accept it."}
            raise ValidationFailedError(doubt.faults | ask) from doubt
    letters.tell_of_correction(report)
    _decide(report, actor, "correct_reported", CORRECTED, reason)


def ask_practice(report: InformationReport, actor: str, question: str, address: str | None, version: int) -> None:
    """Write to the representatives of the practice, or to `address` at its published domain, and tell the sender.

    Raises `RefusalError`, `ValidationFailedError` or `EditConflictError`.
    """
    _take(report, actor, version)
    if report.status == ASKED:
        raise InvalidTransitionError("We already asked the practice. See below.")
    addresses = [account.email for account in representatives_of(report.npi)]
    is_claimed = bool(addresses)
    if not is_claimed:
        domain = published_domain(report.npi)
        if domain is None:
            raise InvalidTransitionError("We have no email address for this practice. Call its published number.")
        if address is None or not is_at(address, domain):
            raise ValidationFailedError({"address": f"Type an address at the practice’s own domain: …@{domain}."})
        addresses = [address]
    letters.ask_practice_about(report, shown_facts(report), question, addresses, is_claimed=is_claimed)
    letters.tell_of_question(report, ASKED_DAYS)
    _decide(report, actor, "ask_practice", ASKED, question)


def answer_report(report: InformationReport, actor: str, words: str, version: int) -> None:
    """End the report with `words` for its sender. Raises `RefusalError` or `EditConflictError`."""
    _take(report, actor, version)
    letters.tell_answer(report, words)
    _decide(report, actor, "answer_report", ANSWERED, words)


def refuse_report(report: InformationReport, actor: str, reason: str, words: str | None, version: int) -> None:
    """Change nothing, for a key of `REFUSALS`. Raises `RefusalError` or `EditConflictError`."""
    _take(report, actor, version)
    letters.tell_of_refusal(report, reason, words)
    _decide(report, actor, "refuse_report", REFUSED, words, reason)


def tidy_information_reports() -> int:
    """Delete old reports, and addresses whose answer did not come; returns how many reports."""
    now = datetime.now(UTC)
    db.session.execute(
        update(InformationReport)
        .where(InformationReport.status == ASKED, InformationReport.decided_at < now - timedelta(days=ASKED_DAYS))
        .values(email=None)
    )
    old = delete(InformationReport).where(
        or_(
            InformationReport.decided_at < now - timedelta(days=DECIDED_DAYS),
            InformationReport.reported_at < now - timedelta(days=UNDECIDED_DAYS),
        )
    )
    deleted = len(db.session.execute(old.returning(InformationReport.id)).all())
    if deleted:
        record(PROGRAM, "tidy_information_reports", "information_reports", after={"deleted": deleted})
    return deleted


def _take(report: InformationReport, actor: str, version: int) -> None:
    take_version(report, version)
    if report.status not in {WAITING, ASKED}:
        raise InvalidTransitionError("This report was decided. See the result below.")
    refuse_ineligible(actor, report.npi)


def _decide(report: InformationReport, actor: str, act: str, status: str, note: str | None, reason: str = "") -> None:
    before, report.status = report.status, status
    report.decided_by, report.decided_at, report.note = actor, datetime.now(UTC), note
    if status != ASKED:
        report.email = None
    then, now = ({"status": each, "npi": report.npi} for each in (before, status))
    record(actor, act, _subject(report), before=then, after=now, reason=reason)


def _says(report: InformationReport) -> tuple[str, str, str]:
    """What makes two reports the same."""
    return report.about, report.address_key, " ".join((report.right_value or "").casefold().split())


def _subject(report: InformationReport) -> str:
    return f"information_report:{report.id}"
