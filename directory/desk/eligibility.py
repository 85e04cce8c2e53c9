"""Who may decide about a provider: not with a conflict of interest, and a second person where two have to agree."""

from collections.abc import Container, Iterable

from directory.accounts.conflicts import CONFLICT, has_conflict
from directory.audit.log import PROGRAM
from directory.web.refusals import ConflictOfInterestError, RefusalError, SelfApprovalError

FirstPerson = tuple[str | None, str]
"""Who acted first, as the audit log names them, and why another person has to do the rest, as a sentence."""


def refusal_to(
    actor: str, npi: str, first: Iterable[FirstPerson] = (), conflicts: Container[str] | None = None
) -> RefusalError | None:
    """Why `actor` may not decide about the provider; None when they may. A program always may.

    `conflicts` are the NPIs of `conflicted_npis`, where many items are looked at.
    """
    if actor == PROGRAM:
        return None
    if has_conflict(actor, npi) if conflicts is None else npi in conflicts:
        return ConflictOfInterestError(CONFLICT)
    sentence = next((sentence for person, sentence in first if person == actor), None)
    return SelfApprovalError(sentence) if sentence else None


def refuse_ineligible(actor: str, npi: str, first: Iterable[FirstPerson] = ()) -> None:
    """Raises what `refusal_to` finds."""
    refusal = refusal_to(actor, npi, first)
    if refusal:
        raise refusal
