"""The pages of a clinic's confirmed representatives for the credentials of their providers."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, refuse_all_but_representatives, role_required
from directory.accounts.roles import CLINIC
from directory.clinics.credentials.actions import AlreadyListedError, note_birth_date, submit_again, submit_new
from directory.clinics.credentials.forms import BirthDateForm, CredentialForm
from directory.clinics.credentials.queries import (
    ACT_WORDS,
    birth_date_of,
    credential_of,
    finding_on,
    listed_credentials,
)
from directory.credentials.actions import DECISION_DAYS
from directory.credentials.evidence import MAX_EVIDENCE_BYTES, MAX_FILES
from directory.credentials.kinds import KINDS, CredentialKind
from directory.credentials.models import Credential
from directory.credentials.queries import title_of
from directory.extensions import csrf, db
from directory.providers.models import PERSON, Provider
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("clinic_credentials", __name__, url_prefix="/account")
MAX_REQUEST_BYTES = (MAX_FILES + 1) * MAX_EVIDENCE_BYTES  # so that one too large a file gets its own sentence
OVERTAKEN = (
    "Somebody else changed this credential at the same moment, so nothing of yours was sent. Look below how it stands "
    "now; what you typed is still here."
)


@blueprint.get("/providers/<npi>/credentials")
@role_required(CLINIC)
def list_credentials(npi: str) -> str:
    provider = _represented(npi)
    return render_template(
        "clinics/credentials/listing.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        credentials=listed_credentials(npi),
        birth_date=birth_date_of(npi),
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
    credential = credential_of(npi, credential_id) or abort(404)
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
        flash("The date of birth was noted. Only the directory’s staff see it.")
        return redirect(url_for(".list_credentials", npi=npi), 303)
    page = render_template(
        "clinics/credentials/birth_date.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        form=form,
        noted=birth_date_of(npi),
    )
    return page, 400 if form.errors else 200


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
    flash(f"Submitted. A verifier decides within {DECISION_DAYS} days, and we write to you then.")
    return redirect(url_for(".list_credentials", npi=npi), 303)


def _choice_page(provider: Provider, *, is_wrong: bool) -> ResponseReturnValue:
    page = render_template(
        "clinics/credentials/choose.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        choices=[(key.value, f"{kind.label}: {kind.meaning}", False) for key, kind in KINDS.items()],
        problems=[("kind", "Choose what kind of credential it is.")] if is_wrong else [],
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
        is_closed=request.method == "GET" and credential is not None and credential.status not in ACT_WORDS,
        finding=finding_on(credential) if credential else None,
        refusal=refusal,
        listed_id=listed_id,
        max_megabytes=MAX_EVIDENCE_BYTES // 1024 // 1024,
        decision_days=DECISION_DAYS,
    )
