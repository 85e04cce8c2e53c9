"""Many exact matches confirmed at once, each as one verifier's check of its own, with a random sample to look up."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import SystemRandom

from directory.credentials.actions import record_check, take_up
from directory.credentials.checks import Check, Method
from directory.credentials.licenses.matches import ExactMatch, credentials_of, exact_match_of
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.refusals import (
    ConflictOfInterestError,
    InvalidTransitionError,
    SelfApprovalError,
    ValidationFailedError,
)
from directory.web.transaction import EditConflictError, transaction

ONE_IN = 20  # of a batch that are looked up again, and at least one
CHANGED = "It changed meanwhile, or the board's file no longer agrees. Look at it by itself."


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What became of one credential of a batch. `refusal` says why it was not confirmed, as a sentence."""

    credential_id: int
    refusal: str | None = None
    sampled: bool = False


def confirm_matches(actor: str, credential_ids: Sequence[int]) -> list[Confirmation]:
    """Confirm each from its board's file in a transaction of its own; what became of each, in the order asked.

    They are taken in a random order and the first of every `ONE_IN` that succeed is the sample: it is opened together
    with the confirmation, so that no batch goes without.
    """
    order = list(dict.fromkeys(credential_ids))
    shuffled = SystemRandom().sample(order, len(order))
    done = 0
    results = {}
    for credential_id in shuffled:
        sampled = done % ONE_IN == 0
        refusal = _confirm(actor, credential_id, sampled)
        done += refusal is None
        results[credential_id] = Confirmation(credential_id, refusal, sampled and refusal is None)
    return [results[credential_id] for credential_id in order]


def _confirm(actor: str, credential_id: int, sampled: bool) -> str | None:
    """Why the credential could not be confirmed; None when it was."""
    try:
        with transaction():
            credential = db.session.get(Credential, credential_id, populate_existing=True)
            match = exact_match_of(credential_id)
            if credential is None or match is None:
                return CHANGED
            take_up(actor, credential)
            record_check(actor, credential, check_of(match))
            if sampled:
                open_task(
                    TaskKind.SAMPLE_RECHECK,
                    credential.npi,
                    f"{title_of(credential)} was confirmed from the board's file. Look it up on the board's page.",
                    credential_id=credential.id,
                )
    except EditConflictError:
        return CHANGED
    except (ValidationFailedError, SelfApprovalError, InvalidTransitionError, ConflictOfInterestError) as refusal:
        return str(refusal)
    return None


def check_of(match: ExactMatch) -> Check:
    """The check that reading the board's file was."""
    record = match.record
    return Check(
        CredentialStatus.VERIFIED,
        Method.BULK_FILE,
        f"{record.board}, {record.source.name}"[:200],
        record.as_of,
        number=record.number,
        issued_on=record.issued_on,
        expires_on=record.expires_on,
    )


@dataclass(frozen=True, slots=True)
class Reported:
    """One row of the report; `provider` is None for a credential that is not there any more."""

    title: str
    provider: Provider | None
    refusal: str | None
    sampled: bool


def reported(confirmations: Sequence[Confirmation]) -> list[Reported]:
    found = credentials_of([each.credential_id for each in confirmations])
    return [_reported(each, *found.get(each.credential_id, (None, None))) for each in confirmations]


def _reported(each: Confirmation, credential: Credential | None, provider: Provider | None) -> Reported:
    title = f"{title_of(credential)} {credential.number or ''}".strip() if credential else "A license"
    return Reported(title, provider, each.refusal, each.sampled)
