"""A credential entered by hand, or one to be checked anew: both become tasks of the queue."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import account_id_of
from directory.accounts.models import Account
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.actions import enter_credential
from directory.credentials.checks import CredentialSubmission
from directory.credentials.kinds import FIELDS, KINDS, OTHER_FIELD, CredentialKind
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.queries import credentials_of, title_of
from directory.credentials.status import STANDINGS, CredentialStatus
from directory.credentials.tasks import TaskKind, open_task, open_task_ids
from directory.desk.deciding import problems_of
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.places.names import STATES
from directory.providers.models import Provider
from directory.providers.queries import provider_of
from directory.providers.sources import known_source
from directory.web.fields import AnswerField, DayField, PlainTextField
from directory.web.forms import FaultyForm
from directory.web.pagination import whole_number
from directory.web.refusals import ConflictOfInterestError, ValidationFailedError
from directory.web.transaction import lock_row, transaction

blueprint = Blueprint("entering", __name__, url_prefix="/admin/verify/new")
MAX_LINE_LENGTH = 200
FIELD_CHOICES = {key: words[:1].upper() + words[1:] for key, words in FIELDS.items()}


class EntryForm(FaultyForm):
    """A credential that a provider told the staff of."""

    kind = AnswerField("Kind", {kind: KINDS[kind].label for kind in KINDS}, "Choose the kind.", required=True)
    issuer = PlainTextField("Issuer", MAX_LINE_LENGTH, sentence="Name the board, program or insurer.", required=True)
    field = AnswerField("Field", FIELD_CHOICES | {OTHER_FIELD: "Another field"}, "Choose a field of the list.")
    other_field = PlainTextField("Another field", 100)
    number = PlainTextField("Number", 40)
    state = AnswerField("State", dict(STATES), "Choose a state of the list.")
    issued_on = DayField("Issued")
    expires_on = DayField("Last day")

    @property
    def submission(self) -> CredentialSubmission:
        """What is said, once valid."""
        field = self.other_field.data if self.field.data in {None, OTHER_FIELD} else self.field.data
        kind = CredentialKind(self.kind.data)
        is_license = kind == CredentialKind.LICENSE
        return CredentialSubmission(
            kind,
            self.issuer.data or "",
            None if is_license else field,
            self.number.data,
            self.state.data if is_license else None,
            self.issued_on.data,
            self.expires_on.data,
        )


class AgainForm(FaultyForm):
    """Why a credential is to be checked anew."""

    why = PlainTextField("Why", MAX_LINE_LENGTH, sentence="Say what you heard, and from whom.", required=True)


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_form() -> ResponseReturnValue:
    npi = request.args.get("npi", "").strip()
    provider = provider_of(npi)
    if provider is None:
        return render_template("credentials/find_provider.html", npi=npi), 404 if npi else 200
    return _page(provider)


@blueprint.post("")
@role_required(VERIFIER, ADMIN)
def enter_or_ask_again() -> ResponseReturnValue:
    provider = provider_of(request.args.get("npi", "").strip()) or abort(404)
    npi, actor = provider.npi, current_actor()
    form, again = EntryForm(), AgainForm()
    wants_again = request.form.get("act") == "again"
    sent = again if wants_again else form
    sent.process(request.form)
    if not sent.validate():
        return _page(provider, form, again), 400
    try:
        with transaction():
            if wants_again:
                task_id = ask_again(actor, _chosen_credential(npi), again.why.data).id
            else:
                task_id = enter_by_hand(actor, npi, form.submission).id
    except ValidationFailedError as faulty:
        form.take(faulty.faults)
        return _page(provider, form, again), 400
    except ConflictOfInterestError as refusal:
        return _page(provider, form, again, str(refusal)), 409
    flash("It waits in the queue now." if wants_again else "It is entered. Another verifier has to check it.")
    return redirect(url_for("verifying.show_item", task_id=task_id))


def enter_by_hand(actor: str, npi: str, submission: CredentialSubmission) -> VerificationTask:
    """Note what a provider told the staff, for another verifier to check. The same one sent twice is entered once.

    Raises `ValidationFailedError` or `ConflictOfInterestError`.
    """
    lock_row(db.session.get_one(Account, account_id_of(actor)))  # so that a second click sees the first one
    refuse_ineligible(actor, npi)
    credential = next((row for row in credentials_of([npi]) if _is_repeated(actor, row, submission)), None)
    if credential is None:
        credential = enter_credential(actor, npi, submission, source_key=known_source("staff").key)
    return open_task(TaskKind.CLAIMED, credential, f"{title_of(credential)} was entered by hand.")


def ask_again(actor: str, credential: Credential, why: str) -> VerificationTask:
    """Open a task to check a credential anew, after a report that it changed.

    Raises `ConflictOfInterestError`.
    """
    refuse_ineligible(actor, credential.npi)
    return open_task(TaskKind.CHANGED_AT_SOURCE, credential, f"{title_of(credential)}: {why}")


def _is_repeated(actor: str, credential: Credential, submission: CredentialSubmission) -> bool:
    """Whether the actor entered this very submission before, and nothing happened with it since."""
    entered = credential.entered_by == actor and credential.status == CredentialStatus.CLAIMED
    return entered and credential.last_submission == submission


def _chosen_credential(npi: str) -> Credential:
    chosen = whole_number(request.form.get("credential"))
    return next((row for row in credentials_of([npi]) if row.id == chosen), None) or abort(404)


def _page(
    provider: Provider, form: EntryForm | None = None, again: AgainForm | None = None, refusal: str | None = None
) -> str:
    form, again = form or EntryForm(), again or AgainForm()
    return render_template(
        "credentials/entry.html",
        provider=provider,
        form=form,
        again=again,
        errors=problems_of(form, "entry") + problems_of(again, "again"),
        refusal=refusal,
        credentials=[(row, title_of(row), STANDINGS[row.status]) for row in credentials_of([provider.npi])],
        open_tasks=open_task_ids(provider.npi),
        again_id=whole_number(request.form.get("credential")),
        shows_demonstration=provider.is_demonstration,
    )
