"""The staff's page of reviews from elsewhere whose provider is not certain."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.roles import ADMIN, MODERATOR
from directory.extensions import db
from directory.reviews.external.actions import MatchDecisionError, decide_match
from directory.reviews.external.agreement import agreements
from directory.reviews.external.forms import NOBODY, MatchForm
from directory.reviews.external.queries import decided_match, known_match, waiting_page
from directory.web.pagination import asked_page

blueprint = Blueprint("matching", __name__, url_prefix="/admin/matches")


@blueprint.get("")
@role_required(ADMIN, MODERATOR)
def matches() -> str:
    return _page()


@blueprint.post("/<int:match_id>")
@role_required(ADMIN, MODERATOR)
def decide(match_id: int) -> ResponseReturnValue:
    match = known_match(match_id) or abort(404)
    form = MatchForm([each["npi"] for each in match.candidates], request.form)
    if not form.validate():
        return _page((match_id, form)), 400
    try:
        decide_match(match_id, form.chosen, current_actor())
        db.session.commit()
    except MatchDecisionError as refusal:
        db.session.rollback()
        return _page(refusal=str(refusal)), 409
    return redirect(url_for(".matches", page=asked_page(request.args), decided=match_id))


def _page(sent: tuple[int, MatchForm] | None = None, refusal: str | None = None) -> str:
    found = waiting_page(asked_page(request.args))
    decided = request.args.get("decided", type=int)
    return render_template(
        "reviews/external/matches.html",
        found=found,
        shows_demonstration=any(card.provider.is_demonstration for each in found.subjects for card in each.candidates),
        agreements=agreements,
        nobody=NOBODY,
        sent_id=sent[0] if sent else None,
        chosen=sent[1].npi.shown if sent else "",
        mistakes=sent[1].npi.errors if sent else (),
        refusal=refusal,
        decided=decided_match(decided) if decided and not sent and not refusal else None,
    )
