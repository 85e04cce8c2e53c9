"""The page on which a reader reports a review."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.extensions import limiter
from directory.reviews.models import Review
from directory.reviews.moderation.queries import moderated_review
from directory.reviews.moderation.report_form import ReportForm
from directory.reviews.moderation.reporting import report_review
from directory.reviews.status import ReviewStatus
from directory.web.refusals import InvalidTransitionError

blueprint = Blueprint("reporting", __name__)


@blueprint.route("/reviews/<int:review_id>/report", methods=["GET", "POST"])
@limiter.limit(lambda: current_app.config["SUBMISSION_LIMIT"], methods=["POST"])
def report(review_id: int) -> ResponseReturnValue:
    review = _published(review_id)
    form = ReportForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            report_review(review, form.reason.data, form.note.data, request.remote_addr, form.form_key.data)
        except InvalidTransitionError:
            abort(404)
        return redirect(url_for(".received", review_id=review_id))
    errors = [(name, sentence) for name, sentences in form.errors.items() for sentence in sentences]
    page = render_template(
        "reviews/moderation/report.html",
        review=review,
        form=form,
        errors=errors,
        shows_demonstration=review.provider.is_demonstration,
    )
    return page, 400 if errors else 200


@blueprint.get("/reviews/<int:review_id>/report/received")
def received(review_id: int) -> str:
    review = _published(review_id)
    return render_template(
        "reviews/moderation/reported.html", review=review, shows_demonstration=review.provider.is_demonstration
    )


def _published(review_id: int) -> Review:
    review = moderated_review(review_id)
    if review is None or review.status != ReviewStatus.PUBLISHED:
        abort(404)
    return review
