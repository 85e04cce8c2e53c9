"""The staff's page of reviews from elsewhere whose provider is not certain."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from directory.accounts.access import current_actor, role_required
from directory.accounts.roles import ADMIN, MODERATOR
from directory.desk.deciding import DecisionForm, decide
from directory.extensions import db
from directory.providers.queries import provider_of
from directory.reviews.external.actions import decide_match
from directory.reviews.external.queries import waiting_page
from directory.reviews.models import DoubtfulMatch
from directory.web.fields import AnswerField
from directory.web.pagination import asked_page

blueprint = Blueprint("matching", __name__, url_prefix="/admin/matches")
NOBODY = "none"


class SubjectForm(DecisionForm):
    """Who is meant by a subject: one of the candidates' NPIs, or `NOBODY`."""

    npi = AnswerField("Who is meant?", {}, "Choose who is meant, or “none of these”.", required=True)


@blueprint.get("")
@role_required(ADMIN, MODERATOR)
def show_matches() -> str:
    return _page()


@blueprint.post("/<int:match_id>")
@role_required(ADMIN, MODERATOR)
def decide_subject(match_id: int) -> ResponseReturnValue:
    match = db.session.get(DoubtfulMatch, match_id) or abort(404)
    form = SubjectForm(f"match-{match_id}")
    form.npi.offer({each: each for each in (*(each["npi"] for each in match.candidates), NOBODY)})
    form.process(request.form)
    outcome = decide(form, lambda: _decide(match, form), lambda: "It was already decided.")
    if not outcome.is_done:
        return _page(form, outcome.refusal), outcome.status
    flash(outcome.sentence or "")
    return redirect(url_for(".show_matches", page=asked_page(request.args)))


def _decide(match: DoubtfulMatch, form: SubjectForm) -> str:
    chosen = None if form.npi.data == NOBODY else form.npi.data
    decide_match(match.id, chosen, current_actor())
    name, provider = match.subject["name"], provider_of(chosen) if chosen else None
    if provider is None:
        return f"Done: “{name}” matches no provider here."
    page = url_for("providers.show_provider", npi=provider.npi)
    return Markup('Done: “{}” is <a href="{}">{}</a>.').format(name, page, provider.name)


def _page(sent: SubjectForm | None = None, refusal: str | None = None) -> str:
    found = waiting_page(asked_page(request.args))
    return render_template(
        "reviews/external/matches.html",
        heading="Who is meant?",
        queue=found,
        shows_demonstration=any(provider.is_demonstration for each in found.items for provider, _ in each.candidates),
        nobody=NOBODY,
        sent=sent,
        errors=[(sent.act, " ".join(sent.npi.errors))] if sent and sent.npi.errors else [],
        refusal=refusal,
    )
