"""The staff's page of reviews from elsewhere whose provider is not certain."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.accounts.access import current_actor, role_required
from directory.accounts.roles import ADMIN, MODERATOR
from directory.reviews.external.actions import decide_match
from directory.reviews.external.provider_matching import Likeness
from directory.reviews.external.queries import decided_match, known_match, waiting_page
from directory.web.pagination import asked_page
from directory.web.refusals import RefusalError
from directory.web.transaction import transaction
from directory.web.typed_fields import AnswerField

blueprint = Blueprint("matching", __name__, url_prefix="/admin/matches")
NOBODY = "none"
_NOT_SAID = "not given by both"


class MatchForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One of the candidates' NPIs, or `NOBODY`."""

    npi = AnswerField("Who is meant?", {}, "Choose who is meant, or “none of these”.", required=True)

    def __init__(self, candidates: list[str], typed: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.npi.answers = {each: each for each in (*candidates, NOBODY)}
        if typed is not None:
            self.process(typed)

    @property
    def chosen(self) -> str | None:
        """The NPI, or None for nobody here."""
        return None if self.npi.data == NOBODY else self.npi.data


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
        with transaction():
            decide_match(match_id, form.chosen, current_actor())
    except RefusalError as refusal:
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


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the comparison; `agrees` is None when one of the two says nothing."""

    what: str
    words: str
    agrees: bool | None


def agreements(found: Likeness) -> list[Agreement]:
    """Name, address and phone, in this order."""
    return [_name(found.name), _address(found.address), _phone(found.phone)]


def _name(likeness: float) -> Agreement:
    words = "the same" if likeness == 1 else f"alike to {100 * likeness:.0f} of 100"
    return Agreement("Name", words, likeness == 1)


def _address(likeness: float | None) -> Agreement:
    if likeness is None:
        return Agreement("Address", _NOT_SAID, None)
    if likeness == 1:
        return Agreement("Address", "the same", True)
    if likeness == 0:
        return Agreement("Address", "another", False)
    return Agreement("Address", "partly the same", False)


def _phone(likeness: float | None) -> Agreement:
    if likeness is None:
        return Agreement("Phone", _NOT_SAID, None)
    return Agreement("Phone", "the same", True) if likeness else Agreement("Phone", "another", False)
