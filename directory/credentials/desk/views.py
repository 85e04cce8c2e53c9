"""The verifiers' pages: the queue with its figures, one item, and who has which task."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from directory.accounts.access import current_account, current_actor, role_required
from directory.accounts.conflicts import account_id_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.actions import record_check, second_check, take_up
from directory.credentials.desk.item import Item, item_of, task_for_page
from directory.credentials.desk.offers import (
    OWN_SAMPLE,
    Looked,
    first_persons_of,
    form_of,
    is_own_sample,
    offers_on,
    what_happened,
)
from directory.credentials.desk.queue import (
    Assigned,
    TaskChoice,
    assignable,
    dashboard,
    neighbors,
    title_of_task,
    waiting_queue,
)
from directory.credentials.evidence import MAX_EVIDENCE_BYTES, add_evidence, title_of_file
from directory.credentials.exclusions.actions import confirm_match, dismiss_match, propose_match
from directory.credentials.licenses.from_files import confirm_file_verification, refute_file_verification
from directory.credentials.licenses.rules import suspensions
from directory.credentials.models import VerificationTask
from directory.credentials.status import STANDINGS
from directory.credentials.tasks import TASK_KINDS, assign_task, reassign_task
from directory.desk.deciding import DecisionForm, decide, left_over, shown_offers, to_next
from directory.desk.eligibility import refusal_to, refuse_ineligible
from directory.extensions import db
from directory.web.pagination import whole_number
from directory.web.refusals import RefusalError, SelfApprovalError
from directory.web.transaction import EditConflictError, transaction
from directory.web.uploads import UploadError, read_upload

blueprint = Blueprint("verifying", __name__, url_prefix="/admin/verify")
ROOM_FOR_THE_REST = 1024 * 1024  # of the request that brings a file
ASSIGNED = {Assigned.ANYONE: "Everything", Assigned.ME: "Mine", Assigned.NOBODY: "Unassigned"}


@blueprint.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form's token is looked for, which reads the request."""
    if endpoint == "verifying.attach_file":
        request.max_content_length = MAX_EVIDENCE_BYTES + ROOM_FOR_THE_REST


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_queue() -> str:
    actor, choice = current_actor(), TaskChoice.read(request.args)
    waiting = waiting_queue(choice, actor)
    return render_template(
        "credentials/desk/queue.html",
        heading="Credentials to verify",
        figures=dashboard(),
        suspended=list(suspensions().values()),
        queue=waiting,
        choice=choice,
        kinds={kind: name for kind, name in TASK_KINDS.items() if waiting.counts[kind] or choice.kind == kind},
        task_kinds=TASK_KINDS,
        assigned=ASSIGNED,
        people=assignable() if is_admin() else [],
        own_id=account_id_of(actor),
        shows_demonstration=any(line.task.provider.is_demonstration for line in waiting.items),
    )


@blueprint.post("/<int:task_id>/assign")
@role_required(VERIFIER, ADMIN)
def assign_item(task_id: int) -> ResponseReturnValue:
    """Take a task, give it back, or as an admin give it to a verifier; then back to the page that it was done on."""
    task = db.session.get(VerificationTask, task_id) or abort(404)
    actor, wanted = current_actor(), request.form.get("to", "")
    account_id = whole_number(wanted) or None
    own, shown = account_id_of(actor), whole_number(request.form.get("shown")) or None
    takes, gives_back = account_id == own and shown is None, account_id is None and shown == own
    if not is_admin() and not takes and not gives_back:
        abort(403)
    if is_admin() and account_id is not None and account_id not in {account.id for account in assignable()}:
        abort(400)
    try:
        with transaction():
            reassign_task(actor, task, account_id, shown)
        flash(
            "You have it now." if account_id == own else "It is unassigned now." if account_id is None else "Assigned."
        )
    except EditConflictError:
        flash("Someone else got there first. See who has it now.", "error")
    except RefusalError as refusal:
        flash(str(refusal), "error")
    choice = TaskChoice.read(request.args)
    if request.form.get("from") == "item":
        return _to_item(task_id)
    return redirect(url_for(".show_queue", **choice.parameters, page=choice.page if choice.page > 1 else None))


@blueprint.get("/<int:task_id>")
@role_required(VERIFIER, ADMIN)
def show_item(task_id: int) -> str:
    return _page(_task(task_id))


@blueprint.post("/<int:task_id>")
@role_required(VERIFIER, ADMIN)
def act_on_item(task_id: int) -> ResponseReturnValue:
    actor, act, found = current_actor(), request.form.get("act", ""), item_of(_task(task_id))
    choice = TaskChoice.read(request.args)
    following = neighbors(task_id, choice, actor).next
    form = form_of(found, act, request.form) or abort(400)
    outcome = decide(
        form,
        lambda: ACTS[act](actor, found, form),
        lambda: what_happened(item_of(_task(task_id)), form, actor),
    )
    if not outcome.is_done:
        return _page(_task(task_id), form, outcome.refusal), outcome.status
    if act == "take_up":
        flash(outcome.sentence or "")
        return _to_item(task_id)
    decided = url_for(".show_item", task_id=task_id, **choice.parameters)
    next_page = url_for(".show_item", task_id=following, **choice.parameters) if following else None
    return to_next(outcome.sentence, decided, next_page, url_for(".show_queue", **choice.parameters))


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
        clean = read_upload(file, MAX_EVIDENCE_BYTES)
        with transaction():
            refuse_ineligible(current_actor(), credential.npi)
            add_evidence(current_actor(), credential, clean, title_of_file(file.filename))
    except UploadError as refusal:
        return _page(_task(task_id), file_error=str(refusal)), 400
    except RefusalError as refusal:
        return _page(_task(task_id), refusal=str(refusal)), 409
    flash("The file is saved with the credential.")
    return _to_item(task_id)


def _take_up(actor: str, item: Item, form: Any) -> str:
    take_up(actor, item.credential or abort(400), form.version_seen)
    if item.task.closed_at is None:
        assign_task(actor, item.task, account_id_of(actor))
    return "You have it now."


def _check(actor: str, item: Item, form: Any) -> str:
    credential = item.credential or abort(400)
    if is_own_sample(actor, credential):
        raise SelfApprovalError(OWN_SAMPLE)
    found = record_check(actor, credential, form.check, form.version_seen)
    if found.state == "final":
        return f"Done: {STANDINGS[found.outcome]}."
    return "Done. Another verifier has to agree now. Until then, nothing changes."


def _look_up(actor: str, item: Item, form: Any) -> str:
    credential = item.credential or abort(400)
    if form.looked.data == Looked.RIGHT:
        confirm_file_verification(actor, credential, form.look_up.data, form.version_seen)
        return f"Done: {STANDINGS[credential.status]}, by you too."
    is_general = form.looked.data == Looked.GENERAL
    refute_file_verification(actor, credential, form.note.data or "", is_general=is_general, version=form.version_seen)
    return "Done. It no longer counts, and nothing more is verified from this list until someone lifts that."


def _second(actor: str, item: Item, form: Any) -> str:
    waiting = item.waiting_check
    if waiting is None:
        raise EditConflictError
    second_check(actor, waiting, agrees=form.agrees.data, note=form.note.data or "", version=form.version_seen)
    return f"Done: {STANDINGS[waiting.outcome]}." if form.agrees.data else "Done. You disagreed, so nothing changes."


def _match(actor: str, item: Item, form: Any) -> str:
    decide = propose_match if form.same.data else dismiss_match
    decide(actor, item.task.possible_exclusion or abort(400), form.note.data or "", form.version_seen)
    if form.same.data:
        return "Done. Another verifier has to agree now. Until then, nothing changes."
    return "Done. It is someone else."


def _second_match(actor: str, item: Item, form: Any) -> str:
    possible = item.task.possible_exclusion or abort(400)
    confirm_match(actor, possible, form.agrees.data, form.note.data or "", form.version_seen)
    if form.agrees.data:
        return "Done. The provider is excluded and no longer appears in searches."
    return "Done. You disagreed, so it is waiting for a decision again."


ACTS: dict[str, Callable[[str, Item, Any], str]] = {
    "take_up": _take_up,
    "file": _look_up,
    "check": _check,
    "second": _second,
    "match": _match,
    "second_match": _second_match,
}


def _task(task_id: int) -> VerificationTask:
    return task_for_page(task_id) or abort(404)


def _to_item(task_id: int) -> Response:
    return redirect(url_for(".show_item", task_id=task_id, **TaskChoice.read(request.args).parameters))


def _page(
    task: VerificationTask,
    sent: DecisionForm | None = None,
    refusal: str | None = None,
    file_error: str | None = None,
) -> str:
    actor, choice, shown = current_actor(), TaskChoice.read(request.args), item_of(task)
    closed = refusal_to(actor, task.npi, first_persons_of(shown, actor))
    offers = [] if closed else offers_on(shown, sent)
    offers = shown_offers(offers, shown.version, shown.newest_check, sent, is_refused=refusal is not None)
    errors = sent.problems if sent else []
    return render_template(
        "credentials/desk/item.html",
        item=shown,
        task=task,
        heading=f"{title_of_task(task)}, {task.provider.name}",
        closed=closed,
        offers=dict.fromkeys(ACTS) | {offer.act: offer for offer in offers},
        errors=[*errors, ("evidence-file", file_error)] if file_error else errors,
        file_error=file_error,
        refusal=refusal,
        left_over=left_over(sent, offers),
        choice=choice,
        neighbors=neighbors(task.id, choice, actor),
        kinds=TASK_KINDS,
        standings=STANDINGS,
        people=assignable() if is_admin() else [],
        own_id=account_id_of(actor),
        shows_demonstration=task.provider.is_demonstration,
    )


def is_admin() -> bool:
    account = current_account()
    return account is not None and ADMIN in account.role_names
