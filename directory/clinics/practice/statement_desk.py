"""The moderators' queue of what clinics say of themselves, on which each is read and decided."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import conflicted_npis
from directory.accounts.models import Account
from directory.accounts.roles import ADMIN, MODERATOR
from directory.accounts.work import Waiting
from directory.clinics.practice.statements import REASONS, publish_statement, reject_statement
from directory.desk.deciding import DecisionForm, Offer, decide, problems_of, shown_offers
from directory.desk.eligibility import refusal_to
from directory.desk.queue import ITEMS_A_PAGE, Queue, waiting_since
from directory.extensions import db
from directory.providers.models import ClinicStatement, Provider
from directory.web.fields import AnswerField
from directory.web.pagination import Pages, asked_page
from directory.web.refusals import RefusalError

blueprint = Blueprint("statements", __name__, url_prefix="/admin/statements")


class RejectionForm(DecisionForm):
    reason = AnswerField("Reason", REASONS, "Choose the reason.", required=True)


Line = tuple[ClinicStatement, ClinicStatement | None, RefusalError | None, dict[str, Offer]]
"""What waits, the words that it would replace, and either why the reader may not decide or what they may do."""


@blueprint.get("")
@role_required(MODERATOR, ADMIN)
def show_queue() -> str:
    return _page()


@blueprint.post("/<int:statement_id>")
@role_required(MODERATOR, ADMIN)
def act_on_statement(statement_id: int) -> ResponseReturnValue:
    statement = db.session.get(ClinicStatement, statement_id) or abort(404)
    actor, form = current_actor(), form_of(request.form.get("act", ""), request.form) or abort(400)
    outcome = decide(form, lambda: _act(statement, actor, form), lambda: what_happened(statement, form.act, actor))
    if not outcome.is_done:
        return _page((statement_id, form), outcome.refusal), outcome.status
    flash(outcome.sentence or "", "success")
    return redirect(url_for(".show_queue", page=asked_page(request.args)), 303)


def pending_statements(_account: Account | None = None) -> Waiting:
    """The clinics' own words that wait for a moderator."""
    return waiting_since(ClinicStatement.written_at, ClinicStatement.status == "pending")


def form_of(act: str, typed: MultiDict[str, str] | None = None) -> DecisionForm | None:
    forms = {"publish": DecisionForm, "reject": RejectionForm}
    return forms[act](act, typed) if act in forms else None


def what_happened(statement: ClinicStatement, act: str, actor: str) -> str | None:
    """How the statement stands, for a person who came too late; None when it was their own second click."""
    if statement.decided_by == actor and statement.status == {"publish": "published", "reject": "rejected"}[act]:
        return None
    return f"The description was {statement.status}." if statement.status != "pending" else "It was changed."


def _act(statement: ClinicStatement, actor: str, form: DecisionForm) -> str:
    if isinstance(form, RejectionForm):
        reject_statement(statement, actor, form.reason.data, form.version_seen)
        return "The description is rejected."
    publish_statement(statement, actor, form.version_seen)
    return "The description is published."


def _waiting(sent: tuple[int, DecisionForm] | None, *, is_refused: bool) -> Queue[Line]:
    """The page that is asked for of what waits, the oldest first; one beyond the last is the last."""
    total = pending_statements().count
    pages = Pages.nearest(asked_page(request.args), ITEMS_A_PAGE, total)
    pending = db.session.scalars(
        select(ClinicStatement)
        .options(joinedload(ClinicStatement.provider).joinedload(Provider.source))
        .where(ClinicStatement.status == "pending")
        .order_by(ClinicStatement.written_at, ClinicStatement.id)
        .offset(pages.skipped)
        .limit(pages.size)
    ).all()
    npis = [statement.npi for statement in pending]
    shown = select(ClinicStatement).where(ClinicStatement.npi.in_(npis), ClinicStatement.status == "published")
    published = {statement.npi: statement for statement in db.session.scalars(shown)}
    actor = current_actor()
    conflicts = conflicted_npis(actor)
    lines: list[Line] = []
    for statement in pending:
        own_form = sent[1] if sent and sent[0] == statement.id else None
        offered = [
            Offer("publish", "Publish", DecisionForm("publish")),
            Offer("reject", "Reject", RejectionForm("reject")),
        ]
        offers = shown_offers(offered, statement.version, 0, own_form, is_refused=is_refused)
        closed = refusal_to(actor, statement.npi, conflicts=conflicts)
        lines.append((statement, published.get(statement.npi), closed, {offer.act: offer for offer in offers}))
    return Queue(lines, pages, {}, total)


def _page(sent: tuple[int, DecisionForm] | None = None, refusal: str | None = None) -> str:
    queue = _waiting(sent, is_refused=refusal is not None)
    return render_template(
        "clinics/practice/statements.html",
        heading="What clinics say of themselves",
        queue=queue,
        errors=problems_of(sent[1], str(sent[0])) if sent else [],
        refusal=refusal,
        shows_demonstration=any(statement.provider.is_demonstration for statement, *_ in queue.items),
    )
