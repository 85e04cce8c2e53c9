"""The pages of a clinic's confirmed representatives for the credentials of their providers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from directory.accounts.access import current_actor, refuse_all_but_representatives, role_required
from directory.accounts.roles import CLINIC
from directory.clinics.credentials.actions import AlreadyListedError, note_birth_date, submit_again, submit_new
from directory.clinics.credentials.forms import BirthDateForm, CredentialForm
from directory.credentials.actions import DECISION_DAYS
from directory.credentials.evidence import MAX_EVIDENCE_BYTES, MAX_FILES
from directory.credentials.exclusions.models import BirthDate
from directory.credentials.kinds import FIELDS, KINDS, CredentialKind
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.queries import ShownCredential, credentials_of, shown_credential, title_of
from directory.credentials.status import COUNTING, STANDINGS, CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.extensions import csrf, db
from directory.places.names import STATES
from directory.providers.models import PERSON, Provider
from directory.web.days import today_in_california
from directory.web.filters import day
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("clinic_credentials", __name__, url_prefix="/account")
MAX_REQUEST_BYTES = (MAX_FILES + 1) * MAX_EVIDENCE_BYTES  # so that one too large a file gets its own sentence
AGAINST_IT = "It doesn’t count. Answer with a document that shows otherwise, or leave it as it is."
STEPS: dict[CredentialStatus, tuple[str, str | None]] = {
    CredentialStatus.CLAIMED: (
        "Not submitted yet. Submit it with a supporting document, so a verifier can check it.",
        "Submit",
    ),
    CredentialStatus.SUBMITTED: ("Submitted. Waiting for a verifier.", "Change what you submitted"),
    CredentialStatus.IN_REVIEW: ("A verifier is checking it. You can’t change it until then.", None),
    CredentialStatus.VERIFIED: ("It counts.", "Renew or correct"),
    CredentialStatus.EXPIRING: ("It counts.", "Renew or correct"),
    CredentialStatus.EXPIRED: ("It no longer counts. Submit its renewal once you have it.", "Submit the renewal"),
    CredentialStatus.COULD_NOT_VERIFY: (AGAINST_IT, "Answer and submit again"),
    CredentialStatus.REJECTED: (AGAINST_IT, "Answer and submit again"),
    CredentialStatus.REVOKED: (AGAINST_IT, "Answer and submit again"),
}
"""Where a credential is in the process, and what the representative may do with it now."""
OVERTAKEN = (
    "Someone else changed this credential at the same time, so your changes were not sent. See its current status "
    "below. What you typed is still here."
)


@dataclass(frozen=True, slots=True)
class ListedCredential:
    shown: ShownCredential
    facts: list[tuple[str, str]]  # what is in force, or claimed while nothing is
    asked: list[tuple[str, str]]  # what was claimed since and differs
    place: str  # where it is in the process, in a sentence
    decide_by: date | None
    act: str | None


@blueprint.get("/providers/<npi>/credentials")
@role_required(CLINIC)
def list_credentials(npi: str) -> str:
    provider = _represented(npi)
    return render_template(
        "clinics/credentials/listing.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        credentials=listed_credentials(npi),
        standings=STANDINGS,
        birth_date=db.session.get(BirthDate, npi),
        is_person=provider.entity_type == PERSON,
        decision_days=DECISION_DAYS,
    )


@blueprint.route("/providers/<npi>/credentials/new", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
@role_required(CLINIC)
def add_credential(npi: str) -> ResponseReturnValue:
    provider = _represented(npi)
    asked = request.args.get("kind", "")
    if asked not in set(CredentialKind):
        return _choice_page(provider, is_wrong="kind" in request.args)
    request.max_content_length = MAX_REQUEST_BYTES
    form = CredentialForm(CredentialKind(asked))
    if request.method == "GET":
        return _form_page(provider, form)
    return _sent(provider, form, lambda: submit_new(current_actor(), npi, form.submission, form.evidence))


@blueprint.route("/providers/<npi>/credentials/submit/<int:credential_id>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
@role_required(CLINIC)
def submit_credential(npi: str, credential_id: int) -> ResponseReturnValue:
    provider = _represented(npi)
    credential = db.session.get(Credential, credential_id)
    if credential is None or credential.npi != npi:
        abort(404)
    request.max_content_length = MAX_REQUEST_BYTES
    form = CredentialForm(CredentialKind(credential.kind), credential)
    if request.method == "GET":
        return _form_page(provider, form)
    answer = form.answer.data if "answer" in form else None
    return _sent(
        provider, form, lambda: submit_again(current_actor(), credential, form.submission, form.evidence, answer)
    )


@blueprint.route("/providers/<npi>/credentials/birth-date", methods=["GET", "POST"])
@role_required(CLINIC)
def enter_birth_date(npi: str) -> ResponseReturnValue:
    provider = _represented(npi)
    if provider.entity_type != PERSON:
        abort(404)
    form = BirthDateForm()
    if request.method == "POST" and form.validate():
        with transaction():
            note_birth_date(current_actor(), npi, form.born_on.data)
        flash("The date of birth was saved. Only the directory’s staff see it.")
        return redirect(url_for(".list_credentials", npi=npi), 303)
    page = render_template(
        "clinics/credentials/birth_date.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        form=form,
        noted=db.session.get(BirthDate, npi),
    )
    return page, 400 if form.errors else 200


def listed_credentials(npi: str) -> list[ListedCredential]:
    """All credentials of a provider, in the order of kinds."""
    open_submissions = select(VerificationTask.credential_id, VerificationTask.due_on).where(
        VerificationTask.npi == npi,
        VerificationTask.kind == TaskKind.SUBMITTED,
        VerificationTask.closed_at.is_(None),
    )
    deadlines = dict(db.session.execute(open_submissions).all())
    rows = sorted(credentials_of([npi]), key=lambda row: list(KINDS).index(CredentialKind(row.kind)))
    return [_listed(row, deadlines.get(row.id)) for row in rows]


def _listed(credential: Credential, decide_by: date | None) -> ListedCredential:
    kind, submission = KINDS[credential.kind], credential.last_submission
    labels = {
        "issuer": kind.issuer,
        "field": "Field",
        "number": kind.number or "Number",
        "state": "State",
        "issued_on": kind.issued_on,
        "expires_on": kind.expires_on or "Valid until",
    }
    facts = {label: _in_words(name, getattr(credential, name)) for name, label in labels.items()}
    asked = {label: _in_words(name, getattr(submission, name)) for name, label in labels.items()} if decide_by else {}
    place, act = STEPS[CredentialStatus(credential.status)]
    if decide_by and credential.status in COUNTING:
        place += " A renewal was submitted and waits for a verifier."
    return ListedCredential(
        shown=shown_credential(credential, today_in_california()),
        facts=[(label, words) for label, words in facts.items() if words],
        asked=[(label, words) for label, words in asked.items() if words and words != facts[label]],
        place=place,
        decide_by=decide_by,
        act=act,
    )


def _in_words(name: str, value: Any) -> str:
    words = {"state": STATES, "field": FIELDS}.get(name, {})
    return day(value) if isinstance(value, date) else words.get(value, value)


def _represented(npi: str) -> Provider:
    """The provider, if the signed-in account speaks for it; a try at another one is logged."""
    refuse_all_but_representatives(npi)
    return db.session.get_one(Provider, npi)


def _sent(provider: Provider, form: CredentialForm, act: Callable[[], object]) -> ResponseReturnValue:
    """Do what the form asks for, or give it back with what is wrong."""
    npi = provider.npi
    if not form.validate():
        return _form_page(provider, form), 400
    try:
        with transaction():
            act()
    except ValidationFailedError as refusal:
        form.take(refusal.faults)
        return _form_page(provider, form), 400
    except AlreadyListedError as refusal:
        return _form_page(provider, form, str(refusal), listed_id=refusal.listed_id), 409
    except InvalidTransitionError as refusal:
        return _form_page(provider, form, str(refusal)), 409
    except EditConflictError:
        return _form_page(provider, form, OVERTAKEN), 409
    flash(f"Submitted. A verifier will decide within {DECISION_DAYS} days, and we will email you.")
    return redirect(url_for(".list_credentials", npi=npi), 303)


def _choice_page(provider: Provider, *, is_wrong: bool) -> ResponseReturnValue:
    page = render_template(
        "clinics/credentials/choose.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        choices=[(key.value, f"{kind.label}: {kind.meaning}", False) for key, kind in KINDS.items()],
        problems=[("kind", "Choose the type of credential.")] if is_wrong else [],
    )
    return page, 400 if is_wrong else 200


def _form_page(
    provider: Provider, form: CredentialForm, refusal: str | None = None, *, listed_id: int | None = None
) -> str:
    credential: Credential | None = form.credential
    return render_template(
        "clinics/credentials/form.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        form=form,
        kind=form.words.in_sentence,
        title=title_of(credential) if credential else None,
        credential=credential,
        is_closed=request.method == "GET" and credential is not None and STEPS[credential.status][1] is None,
        finding=credential.newest_check if credential else None,
        standings=STANDINGS,
        refusal=refusal,
        listed_id=listed_id,
        max_megabytes=MAX_EVIDENCE_BYTES // 1024 // 1024,
        decision_days=DECISION_DAYS,
    )
