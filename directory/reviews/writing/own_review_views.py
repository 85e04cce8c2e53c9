"""The writer's own pages of a confirmed review, behind the private link: where it stands, change, delete, appeal."""

from collections.abc import Callable
from datetime import date

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from directory.extensions import csrf
from directory.reviews.models import Review, ReviewStatus
from directory.reviews.questions import MAX_TEXT_LENGTH
from directory.reviews.reasons import REASONS
from directory.reviews.writing import rights
from directory.reviews.writing.actions import appeal_decision, change_review, withdraw_review
from directory.reviews.writing.content import content_of
from directory.reviews.writing.forms import MAX_APPEAL_LENGTH, AddressForm, AppealForm, ContentForm
from directory.reviews.writing.links import Purpose, private_link, submission_of_key
from directory.reviews.writing.mail import queue_all_links
from directory.reviews.writing.queries import (
    confirmed_submissions,
    hash_of_address,
    plain_address,
)
from directory.reviews.writing.views import MAX_TEXT_BYTES, rate_limit_message
from directory.reviews.writing.views import blueprint as blueprint
from directory.web.languages import current_language
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, transaction

MEANWHILE = _l(
    "Somebody changed this review or decided on it at the same moment, so nothing of yours was sent. "
    "It is still here: send it again if you still want to."
)


@blueprint.route("/reviews/mine", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def mine() -> AnyResponse:
    """Where the review stands; without a key, a form that sends the links to all reviews of an address."""
    if not request.args.get("key"):
        return _find()
    review = _own_review()
    return _page(
        "mine",
        review,
        status=review.status,
        refusal=rights.refusal_of(review),
        reasons=REASONS,
        waiting_edit=rights.waiting_edit(review),
        refused_edit=rights.refused_edit(review),
        refused_proof=rights.refused_proof(review),
        may_change=rights.may_change(review),
        may_appeal=rights.may_appeal(review),
        private_link=private_link(review.submission) if review.submission else "",
    )


@blueprint.route("/reviews/mine/edit", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def edit() -> AnyResponse:
    request.max_form_memory_size = MAX_TEXT_BYTES
    review = _own_review()
    if not rights.may_change(review):
        return _back()
    waiting = rights.waiting_edit(review)
    content = waiting.content if waiting else content_of(review)
    visited_on = content["visited_on"] and date.fromisoformat(content["visited_on"])
    form = ContentForm(review.provider.name, review, data={**content, "visited_on": visited_on})
    problem = rate_limit_message() if request.method == "POST" else ""
    if request.method == "POST" and not problem and form.validate():
        problem = _refusal(lambda: change_review(review, form.content))
        if not problem:
            return _back()
    problems = [("send", problem)] if problem else form.problems
    return _page("edit", review, 400 if problems else 200, form=form, problems=problems, longest_text=MAX_TEXT_LENGTH)


@blueprint.route("/reviews/mine/delete", methods=["GET", "POST"])
def delete() -> AnyResponse:
    review, problem = _own_review(), ""
    if not rights.may_delete(review):
        return _back()
    if request.method == "POST":
        try:
            with transaction():
                withdraw_review(review)
            return _back()
        except EditConflictError:
            problem = gettext(
                "Somebody decided on this review at the same moment. Press the button again to delete it."
            )
    return _page("delete", review, 409 if problem else 200, problem=problem)


@blueprint.route("/reviews/mine/appeal", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def appeal() -> AnyResponse:
    review, form = _own_review(), AppealForm()
    if not rights.may_appeal(review):
        return _back()
    problem = rate_limit_message() if request.method == "POST" else ""
    if request.method == "POST" and not problem and form.validate():
        problem = _refusal(lambda: appeal_decision(review, form.text.data))
        if not problem:
            return _back()
    return _page(
        "appeal",
        review,
        400 if problem or form.problems else 200,
        form=form,
        problems=[("send", problem)] if problem else form.problems,
        longest_appeal=MAX_APPEAL_LENGTH,
        refusal=rights.refusal_of(review),
        reasons=REASONS,
        is_removed=review.status == ReviewStatus.REMOVED,
    )


def _find() -> AnyResponse:
    """Asks for an address; the answer is the same whether anything was written with it."""
    form = AddressForm()
    problem = rate_limit_message() if request.method == "POST" else ""
    if request.method == "POST" and not problem and form.validate():
        address, email_hash = plain_address(form.email.data), hash_of_address(form.email.data)
        with transaction():
            queue_all_links(confirmed_submissions(email_hash), email_hash, address, current_language().code)
        return redirect(url_for("writing.mine", asked="yes"), 303)
    problems = [("send", problem)] if problem else form.problems
    page = render_template(
        "reviews/writing/find.html", form=form, problems=problems, was_asked=request.args.get("asked") == "yes"
    )
    return make_response(page, 400 if problems else 200)


def _refusal(act: Callable[[], None]) -> str:
    """Do `act` in a transaction. Why it was refused, as a sentence; empty when it was done."""
    try:
        with transaction():
            act()
    except InvalidTransitionError as refusal:
        return str(refusal)
    except EditConflictError:
        return str(MEANWHILE)
    return ""


def _own_review() -> Review:
    return submission_of_key(Purpose.MINE, request.args.get("key", "")).review


def _back() -> AnyResponse:
    return redirect(url_for("writing.mine", key=request.args["key"]), 303)


def _page(name: str, review: Review, status_code: int = 200, **shown: object) -> Response:
    page = render_template(
        f"reviews/writing/{name}.html",
        review=review,
        submission=review.submission,
        provider=review.provider,
        shows_demonstration=review.provider.is_demonstration,
        key=request.args["key"],
        **shown,
    )
    return make_response(page, status_code)
