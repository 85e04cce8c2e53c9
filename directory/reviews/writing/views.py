"""Pages on which a review is written, sent and confirmed. What follows is in `own_review_views.py`."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.extensions import csrf
from directory.providers.queries import provider_of
from directory.reviews.models import ReviewStatus, Submission
from directory.reviews.questions import TIES, WRITTEN_AS
from directory.reviews.screening.language import language_of
from directory.reviews.writing.actions import (
    AlreadyReviewedError,
    SentReview,
    confirm_review,
    put_into_earlier,
    submit_review,
)
from directory.reviews.writing.forms import ReviewForm
from directory.reviews.writing.links import PAGES, Purpose, WriterLinkError, make_key, submission_of_key
from directory.reviews.writing.mail import MAX_A_DAY, may_be_mailed, queue_confirmation, queue_link_of_earlier
from directory.reviews.writing.queries import earlier_submission
from directory.reviews.writing.tidying import UNCONFIRMED_DAYS
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.languages import current_language
from directory.web.mail_addresses import without_tag
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import transaction, with_retries

blueprint = Blueprint("writing", __name__)
MAX_REQUEST_BYTES = 6 * 1024 * 1024
MAX_TEXT_BYTES = 2 * 1024 * 1024


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """A page behind a key is for its holder alone."""
    if request.args.get("key"):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.route("/providers/<npi>/reviews/new", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def write_review(npi: str) -> ResponseReturnValue:
    provider = provider_of(npi)
    if provider is None or provider.deactivated_on:
        abort(404)
    request.max_content_length, request.max_form_memory_size = MAX_REQUEST_BYTES, MAX_TEXT_BYTES
    form = ReviewForm(provider.name)
    if form.validate_on_submit():
        sent = SentReview(
            npi=npi,
            form_key=keyed_hash("review-form", f"{npi}:{form.form_key.data}"),
            content=form.content,
            email=form.email.data,
            network_hash=keyed_hash("network", network_of(request.remote_addr)),
            proof_file=form.kept_proof,
            language=current_language().code,
        )
        submission = with_retries(lambda: submit_review(sent))
        return redirect(address_of(Purpose.SENT, submission), 303)
    page = render_template(
        "reviews/writing/new.html", provider=provider, shows_demonstration=provider.is_demonstration, form=form
    )
    return page, 429 if form.refusal else 400 if form.problems else 200


@blueprint.route("/reviews/sent", methods=["GET", "POST"])
def acknowledge_review() -> ResponseReturnValue:
    """What happens next, and the mail once more."""
    submission = submission_of_key(Purpose.SENT, request.args.get("key", ""))
    if request.method == "POST":
        with transaction():
            queue_confirmation(submission)
        return redirect(address_of(Purpose.SENT, submission), 303)
    if submission.review.status == ReviewStatus.WITHDRAWN:
        raise WriterLinkError("gone")
    return review_page(
        "sent",
        submission,
        may_be_mailed=may_be_mailed(submission.email_hash),
        most_a_day=MAX_A_DAY,
        unconfirmed_days=UNCONFIRMED_DAYS,
    )


@blueprint.route("/reviews/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """The review and one button: programs that look into mail follow links, and must not confirm anything."""
    submission = submission_of_key(Purpose.CONFIRM, request.args.get("key", ""))
    review_id, status = submission.review_id, submission.review.status
    if status == ReviewStatus.WITHDRAWN:
        raise WriterLinkError("gone")
    if request.method == "POST":
        try:
            act = put_into_earlier if "change_earlier" in request.form else confirm_review
            confirmed = with_retries(lambda: act(review_id))
            return redirect(address_of(Purpose.MINE, confirmed), 303)
        except AlreadyReviewedError:
            return _page_beside_earlier(submission)
        except InvalidTransitionError as refusal:
            return _page_beside_earlier(submission, str(refusal))
    if status != ReviewStatus.UNCONFIRMED:
        return render_template("reviews/writing/confirmed.html", mine=address_of(Purpose.MINE, submission))
    return review_page("confirm", submission, earlier=None)


def _page_beside_earlier(submission: Submission, refusal: str = "") -> ResponseReturnValue:
    """Offers to put the review in place of an earlier one, or says why that was refused."""
    earlier, was_mailed = earlier_submission(submission), False
    if earlier and not refusal:
        with transaction():
            was_mailed = queue_link_of_earlier(
                earlier, without_tag(submission.email or ""), submission.review.form_language
            )
    return review_page(
        "confirm", submission, 409 if earlier else 200, earlier=earlier, refusal=refusal, was_mailed=was_mailed
    )


@blueprint.errorhandler(WriterLinkError)
def explain_refused_key(refusal: WriterLinkError) -> ResponseReturnValue:
    """What is the matter with a link, and a way on."""
    kind, resend = refusal.kind, ""
    if refusal.submission and refusal.submission.review.status == ReviewStatus.UNCONFIRMED:
        resend = address_of(Purpose.SENT, refusal.submission)
    elif refusal.submission:
        kind = "used"
    page = render_template(
        "reviews/writing/refused_link.html", kind=kind, resend=resend, unconfirmed_days=UNCONFIRMED_DAYS
    )
    return page, 410 if kind in {"gone", "expired", "used"} else 400


def review_page(name: str, submission: Submission, status_code: int = 200, **shown: object) -> ResponseReturnValue:
    """A page about the review of `submission`, for the holder of its key."""
    page = render_template(
        f"reviews/writing/{name}.html",
        submission=submission,
        review=submission.review,
        provider=submission.review.provider,
        shows_demonstration=submission.review.provider.is_demonstration,
        key=request.args["key"],
        ties=TIES,
        written_as=WRITTEN_AS,
        language_of=language_of,
        **shown,
    )
    return page, status_code


def address_of(purpose: Purpose, submission: Submission) -> str:
    return url_for(PAGES[purpose], key=make_key(purpose, submission))
