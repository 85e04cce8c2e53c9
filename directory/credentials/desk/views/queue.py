"""The queue with its figures, and who has which task."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_account, current_actor, role_required
from directory.accounts.conflicts import account_id_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.credentials.desk.acts import assign
from directory.credentials.desk.choice import Assigned, QueueChoice, whole
from directory.credentials.desk.dashboard import dashboard
from directory.credentials.desk.queue import assignable, waiting_queue
from directory.credentials.models import VerificationTask
from directory.credentials.tasks import TASK_KINDS
from directory.extensions import db
from directory.web.refusals import ConflictOfInterestError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("verifying", __name__, url_prefix="/admin/verify")
ASSIGNED = {Assigned.ANYONE: "Everything", Assigned.ME: "Mine", Assigned.NOBODY: "Nobody's"}


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def queue() -> str:
    actor, choice = current_actor(), QueueChoice.read(request.args)
    waiting = waiting_queue(choice, actor)
    return render_template(
        "credentials/desk/queue.html",
        figures=dashboard(),
        queue=waiting,
        choice=choice,
        kinds=TASK_KINDS,
        assigned=ASSIGNED,
        people=assignable() if is_admin() else [],
        own_id=account_id_of(actor),
        shows_demonstration=any(line.task.provider.is_demonstration for line in waiting.items),
    )


@blueprint.post("/<int:task_id>/assign")
@role_required(VERIFIER, ADMIN)
def give(task_id: int) -> ResponseReturnValue:
    """Take a task, give it back, or as an admin give it to a verifier; then back to the page that it was done on."""
    task = db.session.get(VerificationTask, task_id) or abort(404)
    actor, wanted = current_actor(), request.form.get("to", "")
    account_id = whole(wanted) or None
    own, shown = account_id_of(actor), whole(request.form.get("shown")) or None
    takes, gives_back = account_id == own and shown is None, account_id is None and shown == own
    if not is_admin() and not takes and not gives_back:
        abort(403)
    if is_admin() and account_id is not None and account_id not in {account.id for account in assignable()}:
        abort(400)
    try:
        with transaction():
            assign(actor, task, account_id, shown)
        flash("You have it now." if account_id == own else "Nobody has it now." if account_id is None else "Assigned.")
    except EditConflictError:
        flash("Somebody else was quicker: look who has it now.", "error")
    except ConflictOfInterestError as refusal:
        flash(str(refusal), "error")
    parameters = QueueChoice.read(request.args)
    if request.form.get("from") == "item":
        return redirect(url_for("verifying_item.item", task_id=task_id, **parameters.parameters))
    return redirect(url_for(".queue", **parameters.parameters, page=parameters.page if parameters.page > 1 else None))


def is_admin() -> bool:
    account = current_account()
    return account is not None and ADMIN in account.role_names
