"""Readers report a published review: the form, the act, and its pages."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, select
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from directory.audit.log import record
from directory.extensions import db, limiter
from directory.reviews.models import Review, ReviewReport, ReviewStatus
from directory.reviews.moderation.queries import moderated_review
from directory.reviews.reasons import REPORTS
from directory.web.fields import AnswerField, PlainTextField
from directory.web.forms import mistakes_of
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.messages import lazy_gettext as _l
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import with_retries

blueprint = Blueprint("reporting", __name__)
MAX_NOTE_LENGTH = 1_000
MAX_KEY_LENGTH = 64


class ReportForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A report as typed. `form_key` tells a second sending of the same form."""

    form_key = HiddenField()
    reason = AnswerField(
        _l("What is wrong with it?"), REPORTS, _l("Choose what is wrong with the review."), required=True
    )
    note = PlainTextField(_l("Anything that helps us find the problem"), MAX_NOTE_LENGTH)

    def __init__(self, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed)
        if not self.form_key.data or len(self.form_key.data) > MAX_KEY_LENGTH:
            self.form_key.data = secrets.token_urlsafe(24)


def report_review(review: Review, reason: str, note: str | None, address: str | None, form_key: str) -> None:
    """Keep the report. Raises `InvalidTransitionError` when the review is not published.

    Of the sender's IP `address` only a keyed hash of its network is kept. A second report of the same review from the
    same network is kept too, but closed at once, so that many reports from one network make a review wait once. The
    same form sent twice is one report.
    """
    if review.status != ReviewStatus.PUBLISHED:
        raise InvalidTransitionError("This review is no longer shown, so there is nothing to report.")
    if db.session.scalar(select(exists().where(ReviewReport.form_key == form_key))):
        return
    now = datetime.now(UTC)
    network_hash = keyed_hash("report", network_of(address))
    is_repeated = db.session.scalar(
        select(exists().where(ReviewReport.review_id == review.id, ReviewReport.network_hash == network_hash))
    )
    report = ReviewReport(
        review_id=review.id,
        reason=reason,
        note=note,
        network_hash=network_hash,
        form_key=form_key,
        reported_at=now,
        closed_at=now if is_repeated else None,
    )
    db.session.add(report)
    db.session.flush()
    record("reader", "report_review", f"review:{review.id}", after={"report": report.id}, reason=reason)


@blueprint.route("/reviews/<int:review_id>/report", methods=["GET", "POST"])
@limiter.limit(lambda: current_app.config["SUBMISSION_LIMIT"], methods=["POST"])
def report(review_id: int) -> ResponseReturnValue:
    review = _published(review_id)
    form = ReportForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            answers = (form.reason.data, form.note.data, request.remote_addr, form.form_key.data)
            with_retries(lambda: report_review(review, *answers))
        except InvalidTransitionError:
            abort(404)
        return redirect(url_for(".acknowledge_report", review_id=review_id))
    errors = mistakes_of(form)
    page = render_template(
        "reviews/moderation/report.html",
        review=review,
        form=form,
        errors=errors,
        shows_demonstration=review.provider.is_demonstration,
    )
    return page, 400 if errors else 200


@blueprint.get("/reviews/<int:review_id>/report/received")
def acknowledge_report(review_id: int) -> str:
    review = _published(review_id)
    return render_template(
        "reviews/moderation/reported.html", review=review, shows_demonstration=review.provider.is_demonstration
    )


def _published(review_id: int) -> Review:
    review = moderated_review(review_id)
    if review is None or review.status != ReviewStatus.PUBLISHED:
        abort(404)
    return review
