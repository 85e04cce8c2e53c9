"""The pages of a clinic's confirmed representatives: the reviews of their providers, and the reply to one."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from directory.accounts.access import refuse_all_but_representatives, role_required, signed_in_account
from directory.accounts.roles import CLINIC
from directory.extensions import limiter
from directory.reviews.models import Review
from directory.reviews.reasons import REASONS
from directory.reviews.replies.actions import send_reply
from directory.reviews.replies.queries import answerable_reviews, review_to_reply_to, waiting_version, wordings
from directory.reviews.replies.reply_check import MAX_REPLY_LENGTH, TEMPLATE, check_reply
from directory.reviews.screening.personal_details import TextFinding
from directory.web.fields import PlainTextField
from directory.web.pagination import asked_page, whole_number
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("replying", __name__)

STATES = {
    "pending": "In moderation",
    "published": "Published",
    "rejected": "Not published",
    "replaced": "Published earlier, replaced since",
    "withdrawn": "Changed by the practice before a moderator read it",
}
"""What became of a wording, in words."""
OVERTAKEN = (
    "Someone else changed this reply, or a moderator decided about it, at the same time. Your changes were not sent. "
    "See the current reply below. What you typed is still in the box, and you can send it again."
)

TRIED = ("pending", "published", "rejected")
"""What may be in the box: a wording that waits or is shown, or one that was refused and can be put right."""


class ReplyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A reply as typed; at first what was written last, or else the wording that passes."""

    seen = HiddenField()  # the version of the reply that the page showed; 0 for none
    text = PlainTextField(
        "Your reply", MAX_REPLY_LENGTH, sentence="Write a reply, or start from the sample reply.", required=True
    )

    def __init__(self, review: Review, typed: MultiDict[str, str] | None = None) -> None:
        reply = review.reply
        tried = [version for version in reply.versions if version.status in TRIED] if reply else []
        super().__init__(typed, seen=reply.version if reply else 0, text=tried[-1].text if tried else TEMPLATE)
        self.review = review
        self.findings: list[TextFinding] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the reply can be sent; `findings` are what the check found in it."""
        valid: bool = super().validate(extra_validators)
        self.findings = check_reply(self.text.shown, self.review.provider.name, self.review.author)
        if self.findings:
            quoted = ", ".join(f"“{finding.excerpt}”" for finding in self.findings)
            self.text.errors = [*self.text.errors, f"Remove this, or say it in general terms: {quoted}."]
        return valid and not self.findings

    @property
    def errors_with_reasons(self) -> list[tuple[str, str]]:
        """For the error summary: each finding with its own sentence."""
        found = {finding.sentence: None for finding in self.findings}
        others = self.text.errors[: -1 if self.findings else None]
        return [("text", sentence) for sentence in [*others, *found]]


@blueprint.get("/account/replies")
@role_required(CLINIC)
def list_replies() -> str:
    npis = {link.npi for link in signed_in_account().represented if link.confirmed_at}
    reviews, pages = answerable_reviews(npis, asked_page(request.args))
    return render_template(
        "reviews/replies/list.html",
        reviews=reviews,
        pages=pages,
        shows_demonstration=any(review.provider.is_demonstration for review in reviews),
        states=STATES,
    )


@blueprint.get("/reviews/<int:review_id>/reply")
@role_required(CLINIC)
def show_form(review_id: int) -> str:
    review = _review(review_id)
    return _page(review, ReplyForm(review))


@blueprint.post("/reviews/<int:review_id>/reply")
@limiter.limit(lambda: current_app.config["SUBMISSION_LIMIT"])
@role_required(CLINIC)
def submit_reply(review_id: int) -> ResponseReturnValue:
    review = _review(review_id)
    form = ReplyForm(review, request.form)
    if request.form.get("start") == "template":
        typed, form.text.data = form.text.shown, TEMPLATE
        return _page(review, form, typed=typed)
    if not form.validate():
        return _page(review, form), 400
    try:
        with transaction():
            send_reply(review, form.text.data, signed_in_account(), whole_number(str(form.seen.data)))
    except EditConflictError:
        review = _review(review_id)
        form.seen.data = review.reply.version if review.reply else 0
        return _page(review, form, refusal=OVERTAKEN), 409
    except (InvalidTransitionError, ValidationFailedError) as refusal:
        return _page(review, form, refusal=str(refusal)), 409
    return redirect(url_for(".show_form", review_id=review_id))


def _review(review_id: int) -> Review:
    """The review, if the signed-in account may reply to it."""
    review = review_to_reply_to(review_id)
    if review is None:
        abort(404)
    refuse_all_but_representatives(review.npi)
    return review


def _page(review: Review, form: ReplyForm, typed: str | None = None, refusal: str | None = None) -> str:
    return render_template(
        "reviews/replies/reply.html",
        review=review,
        shows_demonstration=review.provider.is_demonstration,
        form=form,
        refusal=refusal,
        typed=typed if typed and typed != TEMPLATE else None,
        waiting=waiting_version(review.reply),
        wordings=wordings(review.reply),
        reasons=REASONS,
        states=STATES,
        template=TEMPLATE,
        longest=MAX_REPLY_LENGTH,
        own=f"account:{signed_in_account().id}",
    )
