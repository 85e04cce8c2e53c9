"""The form in which a clinic's representative replies to a review."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from directory.reviews.models import Review
from directory.reviews.replies.reply_check import MAX_REPLY_LENGTH, TEMPLATE, check_reply
from directory.reviews.screening.personal_details import TextFinding
from directory.web.forms import PlainTextField
from directory.web.pagination import whole_number

TRIED = ("pending", "published", "rejected")
"""What may be in the box: a wording that waits or is shown, or one that was refused and can be put right."""


class ReplyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A reply as typed; at first what was written last, or else the wording that passes."""

    seen = HiddenField()  # the version of the reply that the page showed; 0 for none
    text = PlainTextField(
        "Your reply", MAX_REPLY_LENGTH, sentence="Write a reply, or start from the wording that passes.", required=True
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
            self.text.errors = [*self.text.errors, f"Take out or word in general terms: {quoted}."]
        return valid and not self.findings

    @property
    def seen_version(self) -> int:
        return whole_number(str(self.seen.data or ""))

    @property
    def errors_with_reasons(self) -> list[tuple[str, str]]:
        """For the error summary: each finding with its own sentence."""
        found = {finding.sentence: None for finding in self.findings}
        others = self.text.errors[: -1 if self.findings else None]
        return [("text", sentence) for sentence in [*others, *found]]
