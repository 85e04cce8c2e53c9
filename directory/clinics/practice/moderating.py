"""The moderators' page of what clinics say of themselves."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import CONFLICT, has_conflict
from directory.accounts.roles import ADMIN, MODERATOR
from directory.clinics.practice.forms import RefusalForm
from directory.clinics.practice.queries import pending_statements, statements_of
from directory.clinics.practice.statements import OVERTAKEN, publish_statement, reject_statement
from directory.extensions import db
from directory.mail.outbox import deliver_after
from directory.providers.models import ClinicStatement
from directory.web.pagination import asked_page
from directory.web.refusals import RefusalError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("statements", __name__, url_prefix="/admin/statements")


@blueprint.get("")
@role_required(MODERATOR, ADMIN)
def statements() -> str:
    return _page()


@blueprint.post("/<int:statement_id>")
@role_required(MODERATOR, ADMIN)
def decide(statement_id: int) -> ResponseReturnValue:
    statement = db.session.get(ClinicStatement, statement_id) or abort(404)
    form = RefusalForm(request.form)
    act = request.form.get("act")
    if act not in {"publish", "reject"}:
        abort(400)
    if act == "reject" and not form.validate():
        return _page((statement_id, form)), 400
    try:
        with transaction():
            if act == "publish":
                publish_statement(statement, current_actor())
            else:
                reject_statement(statement, current_actor(), form.reason.data)
    except RefusalError as refusal:
        return _page(refusal=str(refusal)), 409
    except EditConflictError:
        return _page(refusal=OVERTAKEN), 409
    response = redirect(url_for(".statements", page=asked_page(request.args)), 303)
    deliver_after(response)
    return response


def _page(sent: tuple[int, RefusalForm] | None = None, refusal: str | None = None) -> str:
    found, pages = pending_statements(asked_page(request.args))
    forms = {statement.id: RefusalForm() for statement, _ in found}
    if sent and sent[0] in forms:
        forms[sent[0]] = sent[1]
    return render_template(
        "clinics/practice/statements.html",
        found=found,
        pages=pages,
        forms=forms,
        published={statement.id: statements_of(statement.npi).published for statement, _ in found},
        conflicted={
            statement.id: CONFLICT if has_conflict(current_actor(), statement.npi) else None for statement, _ in found
        },
        mistakes=[(f"reason-{number}", each) for number, form in forms.items() for each in form.reason.errors],
        refusal=refusal,
        shows_demonstration=any(provider.is_demonstration for _, provider in found),
    )
