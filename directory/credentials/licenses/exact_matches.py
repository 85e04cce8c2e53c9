"""Claimed licenses that agree exactly with their board's file: chosen in a table and confirmed in batches.

Each is one verifier's check of its own, and of each batch a random sample is looked up again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from secrets import SystemRandom

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import conflicted_npis
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.actions import record_check, take_up
from directory.credentials.checks import Check, Method, faults_of_age
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import license_key, records_by_key
from directory.credentials.models import Credential, LicenseRecord
from directory.credentials.name_keys import names_agree
from directory.credentials.queries import title_of
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.days import today_in_california
from directory.web.pagination import Pages, asked_page, whole_number
from directory.web.refusals import RefusalError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("exact_matching", __name__, url_prefix="/admin/verify/exact")
MATCHES_A_PAGE = 50  # as many as are confirmed at once
ONE_IN = 20  # of a batch that are looked up again, and at least one
CHANGED = "It changed in the meantime, or the board's file no longer matches. Check it separately."
NONE_CHOSEN = "Select the licenses that you want to confirm."
TOO_MANY = f"Confirm at most {MATCHES_A_PAGE} at once."
TO_CONFIRM = (CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What became of one credential of a batch. `refusal` says why it was not confirmed, as a sentence."""

    credential_id: int
    refusal: str | None
    sampled: bool


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_matches() -> str:
    return _page(selected="all" if request.args.get("selected") == "all" else "")


@blueprint.post("")
@role_required(VERIFIER, ADMIN)
def confirm_ticked() -> ResponseReturnValue:
    chosen = [number for number in map(whole_number, request.form.getlist("credential")) if number]
    if not chosen or len(chosen) > MATCHES_A_PAGE:
        return _page(problem=TOO_MANY if chosen else NONE_CHOSEN, chosen=chosen), 400
    results = confirm_matches(current_actor(), chosen)
    rows = credentials_by_id([result.credential_id for result in results])
    return render_template(
        "credentials/licenses/confirmed.html",
        results=results,
        rows=rows,
        title_of=title_of,
        shows_demonstration=any(provider.is_demonstration for _, provider in rows.values()),
    )


def exact_matches(credential_id: int | None = None) -> dict[int, LicenseRecord]:
    """The one record that agrees with each claimed license, by the credential's id and in the order of entry.

    One record alone bears the name under state and number: two need a person's eyes. 0.5 s for 5,000 of them.
    """
    claimed = (
        select(
            Credential.id,
            Credential.state,
            Credential.number,
            Credential.submission,
            Provider.first_name,
            Provider.last_name,
        )
        .join(Provider, Provider.npi == Credential.npi)
        .where(Credential.kind == CredentialKind.LICENSE, Credential.status.in_(TO_CONFIRM))
        .order_by(Credential.id)
    )
    if credential_id is not None:
        claimed = claimed.where(Credential.id == credential_id)
    rows = db.session.execute(claimed).all()
    keys = {row.id: key for row in rows if (key := license_key(row.state, row.number, row.submission))}
    records = records_by_key(keys.values())
    today = today_in_california()
    matches = {}
    for row in rows:
        under_key = records.get(keys[row.id], []) if row.id in keys else []
        named = [record for record in under_key if names_agree(row.first_name, row.last_name, record.name)]
        if len(named) == 1 and agrees_exactly(named[0], today):
            matches[row.id] = named[0]
    return matches


def credentials_by_id(ids: Collection[int]) -> dict[int, tuple[Credential, Provider]]:
    """The credentials with these ids that are still there, each with its provider."""
    rows = db.session.execute(
        select(Credential, Provider)
        .join(Provider, Provider.npi == Credential.npi)
        .where(Credential.id.in_(ids))
        .options(lazyload(Credential.source), lazyload(Provider.source))
    )
    return {credential.id: (credential, provider) for credential, provider in rows}


def agrees_exactly(record: LicenseRecord, today: date) -> bool:
    """Whether a record speaks for its holder: active, not lapsed, no public actions, read lately enough."""
    lapsed = record.expires_on is not None and record.expires_on < today
    return (
        record.active
        and not record.revoked
        and not lapsed
        and not (record.public_actions or "").strip()
        and not faults_of_age(record.as_of, today)
    )


def confirm_matches(actor: str, credential_ids: Sequence[int]) -> list[Confirmation]:
    """Confirm each from its board's file in a transaction of its own; what became of each, in the order asked.

    They are taken in a random order and the first of every `ONE_IN` that succeed is the sample: it is opened together
    with the confirmation, so that no batch goes without.
    """
    order = list(dict.fromkeys(credential_ids))
    done = 0
    results = {}
    for credential_id in SystemRandom().sample(order, len(order)):
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
            record = exact_matches(credential_id).get(credential_id)
            if credential is None or record is None:
                return CHANGED
            take_up(actor, credential)
            found = Check(
                CredentialStatus.VERIFIED,
                Method.BULK_FILE,
                f"{record.board}, {record.source.name}"[:200],
                record.as_of,
                number=record.number,
                issued_on=record.issued_on,
                expires_on=record.expires_on,
            )
            record_check(actor, credential, found)
            if sampled:
                done = f"{title_of(credential)} was confirmed from the board's file."
                open_task(TaskKind.SAMPLE_RECHECK, credential, f"{done} Look it up on the board's page.")
    except EditConflictError:
        return CHANGED
    except (RefusalError, ValidationFailedError) as refusal:
        return str(refusal)
    return None


def _page(problem: str | None = None, selected: str = "", chosen: list[int] | None = None) -> str:
    matches = exact_matches()
    pages = Pages.nearest(asked_page(request.args), MATCHES_A_PAGE, len(matches))
    shown = list(matches)[pages.skipped : pages.last_entry]
    rows = credentials_by_id(shown)
    return render_template(
        "credentials/licenses/exact_matches.html",
        pages=pages,
        matches=[(matches[number], *rows[number]) for number in shown if number in rows],
        chosen=shown if selected == "all" else chosen or [],
        conflicted=conflicted_npis(current_actor()),
        own=current_actor(),
        errors=[("matches", problem)] if problem else [],
        shows_demonstration=any(provider.is_demonstration for _, provider in rows.values()),
    )
