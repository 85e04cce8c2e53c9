"""The lists' exclusions against the providers here: what the program matches, and what verifiers decide.

An entry with a provider's NPI excludes that provider. One whose name fits is only possible: a verifier proposes that it
is the same, a second one agrees, or one says that it is another person.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

from sqlalchemy import select

from directory.audit.log import record
from directory.credentials.exclusions.lists import list_words
from directory.credentials.exclusions.matched import ask_about, update_exclusions, update_possible_exclusions
from directory.credentials.exclusions.models import CONFIRMED, DISMISSED, PROPOSED, WAITING, PossibleExclusion
from directory.credentials.scoring import rescore_qualifications
from directory.credentials.tasks import TaskKind, close_tasks, open_task
from directory.desk.eligibility import FirstPerson, refuse_ineligible
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.chunks import chunks
from directory.web.days import today_in_california
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import EditConflictError

SECOND_MATCH = "You proposed this match, so another verifier has to agree to it."
PROVIDERS_AT_ONCE = 1_000


def match_exclusions(npis: Collection[str] | None = None, gone_on: date | None = None) -> set[str]:
    """Match these providers, or all, with the lists as last read; returns those who are to be scored anew.

    Exclusions whose entry is no longer in its list end on `gone_on`, by default today. Running it again changes
    nothing.
    """
    today = today_in_california()
    changed: set[str] = set()
    asked = sorted(db.session.scalars(select(Provider.npi)) if npis is None else npis)
    for batch in chunks(asked, PROVIDERS_AT_ONCE):
        update_possible_exclusions(batch, today)
        changed |= update_exclusions(batch, today, gone_on or today)
    return changed


def match_and_rescore(npis: Collection[str]) -> None:
    """Match these providers with the lists as last read, and score them anew."""
    rescore_qualifications(sorted({*npis, *match_exclusions(npis)}))


def propose_match(actor: str, possible: PossibleExclusion, note: str, version: int) -> None:
    """Say that the entry is about this provider, for a second verifier to agree. It may have been dismissed before.

    Raises `ConflictOfInterestError`, or `EditConflictError` when it changed since `version` or is decided.
    """
    _take(actor, possible, version, WAITING, DISMISSED)
    before = possible.status
    possible.status, possible.proposed_by, possible.note = PROPOSED, actor, note.strip() or None
    possible.decided_by = possible.decided_at = None
    db.session.flush()
    _log(actor, "propose_match", possible, before, note)
    close_tasks(actor, possible)
    name = list_words(possible.entry.get("source_key")).name
    open_task(
        TaskKind.SECOND_OPINION,
        possible,
        f"A verifier found that an entry of {name} is about this provider. A second one has to agree.",
    )


def confirm_match(actor: str, possible: PossibleExclusion, agrees: bool, note: str, version: int) -> None:
    """Agree or disagree, as the second verifier. Agreed to, it excludes the provider; else it waits as before.

    Raises `SelfApprovalError` for who proposed it, `ValidationFailedError` for a disagreement without a note,
    `ConflictOfInterestError`, or `EditConflictError`.
    """
    _take(actor, possible, version, PROPOSED, first=[(possible.proposed_by, SECOND_MATCH)])
    if not agrees and not note.strip():
        raise ValidationFailedError({"note": "Explain to the first verifier why you disagree."})
    close_tasks(actor, possible)
    if agrees:
        _decide(actor, "confirm_match", possible, CONFIRMED, "\n\n".join(filter(None, (possible.note, note.strip()))))
        changed = update_exclusions([possible.npi], today_in_california(), today_in_california())
        rescore_qualifications(sorted(changed))
        return
    possible.status, possible.proposed_by = WAITING, None
    db.session.flush()
    _log(actor, "decline_match", possible, PROPOSED, note)
    ask_about(possible)


def dismiss_match(actor: str, possible: PossibleExclusion, note: str, version: int) -> None:
    """Say that the entry is about another person. That holds for as long as its list says the same.

    Raises `ValidationFailedError` without a note, `ConflictOfInterestError`, or `EditConflictError` when it
    changed or does not wait any more.
    """
    _take(actor, possible, version, WAITING)
    if not note.strip():
        raise ValidationFailedError({"note": "Explain how you know that it is someone else."})
    close_tasks(actor, possible)
    _decide(actor, "dismiss_match", possible, DISMISSED, note.strip())


def _take(
    actor: str, possible: PossibleExclusion, version: int, *statuses: str, first: Iterable[FirstPerson] = ()
) -> None:
    refuse_ineligible(actor, possible.npi, first)
    if possible.version != version or possible.status not in statuses:
        raise EditConflictError


def _decide(actor: str, act: str, possible: PossibleExclusion, status: str, note: str) -> None:
    before = possible.status
    possible.status, possible.note = status, note or None
    possible.decided_by, possible.decided_at = actor, datetime.now(UTC)
    db.session.flush()
    _log(actor, act, possible, before, note)


def _log(actor: str, act: str, possible: PossibleExclusion, before: str, note: str) -> None:
    record(
        actor,
        act,
        f"possible_exclusion:{possible.id}",
        before={"status": before},
        after={"status": possible.status, "npi": possible.npi},
        reason=note.strip(),
    )
