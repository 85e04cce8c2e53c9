"""A clinic's own words about itself: sent to a moderator, published or refused."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import select

from directory.accounts.models import Account
from directory.accounts.representing import tell_representatives
from directory.audit.log import record
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.models import ClinicStatement
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import take_version

MAX_STATEMENT_LENGTH = 600
REASONS = {
    "advertising": "It makes claims or promises. Say what the practice does, not that it is the best.",
    "unproven": "It claims qualifications or results. Submit qualifications as credentials instead.",
    "other_people": "It mentions patients or other practices.",
    "contact": "It includes links, phone numbers or addresses, which have their own place on the page.",
    "not_about": "It is not about the practice, or it is not clear.",
}
"""Why a moderator may refuse a statement, as the clinic reads it."""


@dataclass(frozen=True, slots=True)
class Statements:
    """A clinic's own words: what is shown, what waits, and what was refused if nothing came after it."""

    published: ClinicStatement | None
    pending: ClinicStatement | None
    rejected: ClinicStatement | None


def statements_of(npi: str) -> Statements:
    newest_first = select(ClinicStatement).where(ClinicStatement.npi == npi).order_by(ClinicStatement.id.desc())
    all_of_them = db.session.scalars(newest_first).all()

    def first(status: str) -> ClinicStatement | None:
        return next((each for each in all_of_them if each.status == status), None)

    newest = all_of_them[0] if all_of_them else None
    return Statements(first("published"), first("pending"), newest if newest and newest.status == "rejected" else None)


def send_statement(account: Account, npi: str, text: str) -> None:
    """Send the clinic's words to a moderator, in place of what waits. The same words again change nothing.

    What is shown stays until they are published.
    """
    known = statements_of(npi)
    if known.pending and known.pending.text == text:
        return
    if known.pending:
        known.pending.status = "withdrawn"
    if known.published is None or known.published.text != text:
        statement = ClinicStatement(
            npi=npi, text=text, status="pending", written_by=f"account:{account.id}", written_at=datetime.now(UTC)
        )
        db.session.add(statement)
        db.session.flush()
        record(f"account:{account.id}", "send_statement", f"statement:{statement.id}", after={"npi": npi})


def withdraw_statements(account: Account, npi: str) -> None:
    """Take back what is shown and what waits."""
    known = statements_of(npi)
    for statement in filter(None, (known.published, known.pending)):
        before, statement.status = statement.status, "withdrawn"
        record(
            f"account:{account.id}",
            "withdraw_statement",
            f"statement:{statement.id}",
            before={"status": before},
            after={"status": "withdrawn", "npi": npi},
        )


def publish_statement(statement: ClinicStatement, actor: str, version: int) -> None:
    """Show the clinic's words on its page, in place of earlier ones.

    `version` is that of the statement as it was read. Raises `RefusalError` or `EditConflictError`.
    """
    _check(statement, actor, version)
    earlier = statements_of(statement.npi).published
    if earlier:
        earlier.status = "replaced"
    _decide(statement, actor, "publish_statement", "published")
    _tell(statement, "Your description is published", "It is shown on your page as “reported by the practice”.")


def reject_statement(statement: ClinicStatement, actor: str, reason: str, version: int) -> None:
    """Refuse the clinic's words for a key of `REASONS`; what is shown stays. As `publish_statement`."""
    _check(statement, actor, version)
    statement.reason = reason
    _decide(statement, actor, "reject_statement", "rejected", reason)
    _tell(statement, "Your description was not published", f"The reason: {REASONS[reason]}")


def _check(statement: ClinicStatement, actor: str, version: int) -> None:
    take_version(statement, version)
    if statement.status != "pending":
        raise InvalidTransitionError("This description is no longer waiting for a decision.")
    refuse_ineligible(actor, statement.npi)


def _decide(statement: ClinicStatement, actor: str, act: str, status: str, reason: str = "") -> None:
    statement.status, statement.decided_by, statement.decided_at = status, actor, datetime.now(UTC)
    record(
        actor,
        act,
        f"statement:{statement.id}",
        before={"status": "pending"},
        after={"status": status, "npi": statement.npi},
        reason=reason,
    )


def _tell(statement: ClinicStatement, subject: str, outcome: str) -> None:
    page = f"{current_app.config['SITE_URL']}/account/providers/{statement.npi}"
    tell_representatives(
        statement.npi, subject, f"This is about the description of {statement.provider.name}. {outcome}\n\n{page}\n"
    )
