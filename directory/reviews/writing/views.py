"""Pages on which a review is written, sent and confirmed. What follows is in `own_review_views.py`."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import lazy_gettext as _l
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response as AnyResponse

from directory.extensions import csrf, limiter
from directory.reviews.models import ReviewStatus, Submission
from directory.reviews.questions import MAX_TEXT_LENGTH, TIES
from directory.reviews.screening.language import language_of
from directory.reviews.writing.actions import (
    AlreadyReviewedError,
    SentReview,
    confirm_review,
    put_into_earlier,
    submit_review,
)
from directory.reviews.writing.forms import ReviewForm
from directory.reviews.writing.links import Purpose, WriterLinkError, make_key, submission_of_key
from directory.reviews.writing.mail import MAX_A_DAY, may_be_mailed, queue_confirmation, queue_link_of_earlier
from directory.reviews.writing.queries import (
    earlier_submission,
    plain_address,
    reviewable_provider,
)
from directory.reviews.writing.tidying import UNCONFIRMED_DAYS
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.languages import current_language
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import transaction, with_retries

blueprint = Blueprint("writing", __name__)
MAX_REQUEST_BYTES = 6 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024
TOO_MANY = _l(
    "Many forms came from your network within a short time. What you typed is still here: send it again later."
)


@blueprint.context_processor
def put_answers_in_words() -> dict[str, Any]:
    """For the templates that show a review to its writer."""
    return {"ties": TIES, "language_of": language_of}


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """A page behind a key is for its holder alone."""
    if request.args.get("key"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.route("/providers/<npi>/reviews/new", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def new(npi: str) -> AnyResponse:
    provider = reviewable_provider(npi)
    if provider is None:
        abort(404)
    request.max_content_length, request.max_form_memory_size = MAX_REQUEST_BYTES, MAX_TEXT_BYTES
    form, status = ReviewForm(provider.name), 200
    problem = rate_limit_message() if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        if form.validate():
            sending = _sent(npi, form)
            submission = with_retries(lambda: submit_review(sending))
            return redirect(_address("sent", Purpose.SENT, submission), 303)
        status = 400
    page = render_template(
        "reviews/writing/new.html",
        provider=provider,
        shows_demonstration=provider.is_demonstration,
        form=form,
        problems=[("send", problem)] if problem else form.problems,
        longest_text=MAX_TEXT_LENGTH,
    )
    return make_response(page, 429 if problem else status)


@blueprint.route("/reviews/sent", methods=["GET", "POST"])
def sent() -> AnyResponse:
    """What happens next, and the mail once more."""
    submission = submission_of_key(Purpose.SENT, request.args.get("key", ""))
    if request.method == "POST":
        with transaction():
            queue_confirmation(submission)
        return redirect(_address("sent", Purpose.SENT, submission), 303)
    if submission.review.status == ReviewStatus.WITHDRAWN:
        raise WriterLinkError("gone")
    return make_response(
        render_template(
            "reviews/writing/sent.html",
            submission=submission,
            provider=submission.review.provider,
            shows_demonstration=submission.review.provider.is_demonstration,
            key=request.args["key"],
            may_be_mailed=may_be_mailed(submission.email_hash),
            most_a_day=MAX_A_DAY,
            hours=f"{current_app.config['REVIEW_CONFIRM_HOURS']:g}",
            unconfirmed_days=UNCONFIRMED_DAYS,
        )
    )


@blueprint.route("/reviews/confirm", methods=["GET", "POST"])
def confirm() -> AnyResponse:
    """The review and one button: programs that look into mail follow links, and must not confirm anything."""
    submission = submission_of_key(Purpose.CONFIRM, request.args.get("key", ""))
    review_id, status = submission.review_id, submission.review.status
    if status == ReviewStatus.WITHDRAWN:
        raise WriterLinkError("gone")
    if request.method == "POST":
        try:
            act = put_into_earlier if "change_earlier" in request.form else confirm_review
            confirmed = with_retries(lambda: act(review_id))
            return redirect(_address("mine", Purpose.MINE, confirmed), 303)
        except AlreadyReviewedError as refusal:
            with transaction():
                was_mailed = queue_link_of_earlier(
                    refusal.earlier, plain_address(submission.email or ""), submission.review.form_language
                )
            return _confirm_page(submission, refusal.earlier, was_mailed=was_mailed)
        except InvalidTransitionError as refusal:
            return _confirm_page(submission, earlier_submission(submission), refusal=str(refusal))
    if status != ReviewStatus.UNCONFIRMED:
        return make_response(
            render_template("reviews/writing/confirmed.html", mine=_address("mine", Purpose.MINE, submission))
        )
    return _confirm_page(submission, None)


def _confirm_page(submission: Submission, earlier: Submission | None, **shown: Any) -> Response:
    page = render_template(
        "reviews/writing/confirm.html",
        review=submission.review,
        provider=submission.review.provider,
        shows_demonstration=submission.review.provider.is_demonstration,
        key=request.args["key"],
        earlier=earlier,
        **{"was_mailed": False, "refusal": "", **shown},
    )
    return make_response(page, 409 if earlier else 200)


@blueprint.errorhandler(WriterLinkError)
def explain_refused_key(refusal: WriterLinkError) -> Response:
    """What is the matter with a link, and a way on."""
    kind, resend = refusal.kind, ""
    if refusal.submission and refusal.submission.review.status == ReviewStatus.UNCONFIRMED:
        resend = _address("sent", Purpose.SENT, refusal.submission)
    elif refusal.submission:
        kind = "used"
    page = render_template(
        "reviews/writing/refused_link.html",
        kind=kind,
        resend=resend,
        hours=f"{current_app.config['REVIEW_CONFIRM_HOURS']:g}",
        unconfirmed_days=UNCONFIRMED_DAYS,
    )
    return make_response(page, 410 if kind in {"gone", "expired", "used"} else 400)


def rate_limit_message() -> str:
    """Count one more form from this network address; a sentence when there were too many, else empty."""
    try:
        _count_sending()
    except RateLimitExceeded:
        return str(TOO_MANY)
    return ""


@limiter.limit(lambda: current_app.config["SUBMISSION_LIMIT"])
def _count_sending() -> None:
    """Raises `RateLimitExceeded`."""


def _sent(npi: str, form: ReviewForm) -> SentReview:
    return SentReview(
        npi=npi,
        form_key=form.form_key.data,
        content=form.content,
        email=form.email.data,
        network_hash=keyed_hash("network", network_of(request.remote_addr)),
        proof_file=form.kept_proof,
        language=current_language().code,
    )


def _address(page: str, purpose: Purpose, submission: Submission) -> str:
    return url_for(f"writing.{page}", key=make_key(purpose, submission))
