"""One item: the claim, the source's record and the evidence side by side, and what can be done about them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import account_id_of, has_conflict
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.actions import second_check
from directory.credentials.desk.acts import attach, check, take_up_task
from directory.credentials.desk.choice import QueueChoice
from directory.credentials.desk.item import item_of, task_for_page
from directory.credentials.desk.item_forms import ItemForms, is_second_click, what_happened
from directory.credentials.desk.offers import offers_on
from directory.credentials.desk.queue import assignable, neighbors, title_of_task
from directory.credentials.desk.views.queue import is_admin
from directory.credentials.evidence import EVIDENCE_MOST_BYTES, title_of_file
from directory.credentials.exclusions.matching import confirm_match, dismiss_match, propose_match
from directory.credentials.kinds import KINDS, STANDINGS
from directory.credentials.models import VerificationTask
from directory.credentials.tasks import TASK_KINDS
from directory.mail.outbox import deliver_after
from directory.web.refusals import (
    ConflictOfInterestError,
    InvalidTransitionError,
    SelfApprovalError,
    ValidationFailedError,
)
from directory.web.transaction import EditConflictError, transaction
from directory.web.uploads import UploadError, read_upload

blueprint = Blueprint("verifying_item", __name__, url_prefix="/admin/verify")
ROOM_FOR_THE_REST = 1024 * 1024  # of the request that brings a file
REFUSALS = (SelfApprovalError, InvalidTransitionError, ConflictOfInterestError)


@blueprint.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form's token is looked for, which reads the request."""
    if endpoint == "verifying_item.attach_file":
        request.max_content_length = EVIDENCE_MOST_BYTES + ROOM_FOR_THE_REST


@blueprint.get("/<int:task_id>")
@role_required(VERIFIER, ADMIN)
def item(task_id: int) -> str:
    return _page(_task(task_id))


@blueprint.post("/<int:task_id>")
@role_required(VERIFIER, ADMIN)
def act_on_item(task_id: int) -> ResponseReturnValue:
    task, act = _task(task_id), request.form.get("act", "")
    if act not in ACTS:
        abort(400)
    forms = ItemForms(item_of(task), act, request.form)
    form = forms.sent
    if form is None:
        abort(400)
    if not form.validate():
        return _page(task, forms), 400
    actor = current_actor()
    try:
        with transaction():
            sentence = ACTS[act](actor, task, form)
    except ValidationFailedError as faulty:
        form.take(faulty.faults)
        return _page(_task(task_id), forms), 400
    except REFUSALS as refusal:
        return _page(_task(task_id), forms, str(refusal)), 409
    except EditConflictError:
        now = item_of(_task(task_id))
        if not is_second_click(now, act, form, actor):
            return _page(_task(task_id), forms, what_happened(now)), 409
        sentence = "That was done already."
    flash(sentence)
    response = redirect(url_for(".item", task_id=task_id, **QueueChoice.read(request.args).parameters))
    deliver_after(response)  # the provider's notice
    return response


@blueprint.post("/<int:task_id>/evidence")
@role_required(VERIFIER, ADMIN)
def attach_file(task_id: int) -> ResponseReturnValue:
    """Keep a letter that reached the verifier."""
    task = _task(task_id)
    credential, file = task.credential, request.files.get("file")
    if credential is None:
        abort(400)
    if file is None or not file.filename:
        return _page(task, file_error="Choose the file first."), 400
    try:
        clean = read_upload(file, EVIDENCE_MOST_BYTES)
        with transaction():
            attach(current_actor(), credential, clean, title_of_file(file.filename))
    except UploadError as refusal:
        return _page(_task(task_id), file_error=str(refusal)), 400
    except ConflictOfInterestError as refusal:
        return _page(_task(task_id), refusal=str(refusal)), 409
    flash("The file is kept with the credential.")
    return redirect(url_for(".item", task_id=task_id, **QueueChoice.read(request.args).parameters))


def _take_up(actor: str, task: VerificationTask, form: Any) -> str:
    take_up_task(actor, task, task.credential or abort(400), form.version_seen)
    return "You took it up."


def _check(actor: str, task: VerificationTask, form: Any) -> str:
    found = check(actor, task.credential or abort(400), form.check, form.version_seen)
    if found.state == "final":
        return f"Done: {STANDINGS[found.outcome]}."
    return "Done: another verifier has to agree now. Until then nothing changes."


def _second(actor: str, task: VerificationTask, form: Any) -> str:
    waiting = item_of(task).waiting_check
    if waiting is None:
        raise EditConflictError
    second_check(actor, waiting, agrees=form.agrees.data, note=form.note.data or "", version=form.version_seen)
    return f"Done: {STANDINGS[waiting.outcome]}." if form.agrees.data else "Done: you disagreed, and nothing changes."


def _match(actor: str, task: VerificationTask, form: Any) -> str:
    decide = propose_match if form.same.data else dismiss_match
    decide(actor, task.possible_exclusion or abort(400), form.note.data or "", form.version_seen)
    if form.same.data:
        return "Done: another verifier has to agree now. Until then nothing changes."
    return "Done: it is somebody else."


def _second_match(actor: str, task: VerificationTask, form: Any) -> str:
    possible = task.possible_exclusion or abort(400)
    confirm_match(actor, possible, form.agrees.data, form.note.data or "", form.version_seen)
    if form.agrees.data:
        return "Done: the provider is excluded and leaves the search."
    return "Done: you disagreed, and it waits for a decision again."


ACTS: dict[str, Callable[[str, VerificationTask, Any], str]] = {
    "take_up": _take_up,
    "check": _check,
    "second": _second,
    "match": _match,
    "second_match": _second_match,
}


def _task(task_id: int) -> VerificationTask:
    return task_for_page(task_id) or abort(404)


def _page(
    task: VerificationTask, forms: ItemForms | None = None, refusal: str | None = None, file_error: str | None = None
) -> str:
    actor, choice = current_actor(), QueueChoice.read(request.args)
    shown = item_of(task)
    offers = offers_on(shown, actor, has_conflict(actor, task.npi))
    forms = ItemForms.shown(shown, forms, fresh=refusal is not None)
    errors = forms.problems + ([("evidence-file", file_error)] if file_error else [])
    return render_template(
        "credentials/desk/item.html",
        item=shown,
        task=task,
        title=title_of_task(task),
        offers=offers,
        forms=forms,
        errors=errors,
        file_error=file_error,
        refusal=refusal,
        choice=choice,
        beside=neighbors(task.id, choice, actor),
        kinds=TASK_KINDS,
        credential_kinds=KINDS,
        standings=STANDINGS,
        people=assignable() if is_admin() else [],
        own_id=account_id_of(actor),
        shows_demonstration=task.provider.is_demonstration,
    )
