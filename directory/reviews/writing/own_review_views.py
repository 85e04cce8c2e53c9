"""The writer's own pages of a confirmed review, behind the private link: where it stands, change, delete, appeal."""

from collections.abc import Callable
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.extensions import csrf
from directory.reviews.models import ReviewStatus, Submission
from directory.reviews.reasons import REASONS
from directory.reviews.writing import rights
from directory.reviews.writing.actions import appeal_decision, change_review, withdraw_review
from directory.reviews.writing.content import content_of
from directory.reviews.writing.forms import AddressForm, AppealForm, ContentForm
from directory.reviews.writing.links import Purpose, submission_of_key, writer_link
from directory.reviews.writing.mail import queue_all_links
from directory.reviews.writing.queries import confirmed_submissions
from directory.reviews.writing.views import MAX_TEXT_BYTES, review_page
from directory.reviews.writing.views import blueprint as blueprint
from directory.web.languages import current_language
from directory.web.mail_addresses import without_tag
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, transaction

MEANWHILE = _l(
    "Someone else changed or decided on this review at the same time, so nothing was sent. What "
    "you typed is still here: send it again if you still want to."
)


@blueprint.route("/reviews/mine", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def show_own_review() -> ResponseReturnValue:
    """Where the review stands; without a key, a form that sends the links to all reviews of an address."""
    if not request.args.get("key"):
        return _find()
    submission = _own()
    review = submission.review
    return review_page(
        "mine",
        submission,
        refusal=rights.refusal_of(review),
        reasons=REASONS,
        waiting_edit=rights.waiting_edit(review),
        refused_edit=rights.refused_edit(review),
        refused_proof=rights.refused_proof(review),
        may_change=rights.may_change(review),
        may_appeal=rights.may_appeal(review),
        private_link=writer_link(Purpose.MINE, submission),
    )


@blueprint.route("/reviews/mine/edit", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def edit() -> ResponseReturnValue:
    request.max_form_memory_size = MAX_TEXT_BYTES
    submission = _own()
    review = submission.review
    if not rights.may_change(review):
        return _back()
    waiting = rights.waiting_edit(review)
    content = waiting.content if waiting else content_of(review)
    visited_on = content["visited_on"] and date.fromisoformat(content["visited_on"])
    form = ContentForm(review.provider.name, data={**content, "visited_on": visited_on})
    if form.validate_on_submit():
        form.refusal = _refusal(lambda: change_review(review, form.content))
        if not form.refusal:
            return _back()
    return review_page("edit", submission, 400 if form.problems else 200, form=form)


@blueprint.route("/reviews/mine/delete", methods=["GET", "POST"])
def delete() -> ResponseReturnValue:
    submission, problem = _own(), ""
    if submission.review.status == ReviewStatus.WITHDRAWN:
        return _back()
    if request.method == "POST":
        try:
            with transaction():
                withdraw_review(submission.review)
            return _back()
        except EditConflictError:
            problem = gettext("Someone decided on this review at the same time. Press the button again to delete it.")
    return review_page("delete", submission, 409 if problem else 200, problem=problem)


@blueprint.route("/reviews/mine/appeal", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def appeal() -> ResponseReturnValue:
    submission, form = _own(), AppealForm()
    review = submission.review
    if not rights.may_appeal(review):
        return _back()
    if form.validate_on_submit():
        form.refusal = _refusal(lambda: appeal_decision(review, form.text.data))
        if not form.refusal:
            return _back()
    return review_page(
        "appeal",
        submission,
        400 if form.problems else 200,
        form=form,
        refusal=rights.refusal_of(review),
        reasons=REASONS,
    )


def _find() -> ResponseReturnValue:
    """Asks for an address; the answer is the same whether anything was written with it."""
    form = AddressForm()
    if form.validate_on_submit():
        submissions = confirmed_submissions(form.email.data)
        with transaction():
            queue_all_links(submissions, without_tag(form.email.data), current_language().code)
        return redirect(url_for("writing.show_own_review", asked="yes"), 303)
    page = render_template("reviews/writing/find.html", form=form, was_asked=request.args.get("asked") == "yes")
    return page, 400 if form.problems else 200


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


def _own() -> Submission:
    return submission_of_key(Purpose.MINE, request.args.get("key", ""))


def _back() -> ResponseReturnValue:
    return redirect(url_for("writing.show_own_review", key=request.args["key"]), 303)
