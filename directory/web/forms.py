"""Forms that are sent: with a token, and with what is wrong told beside the fields and above the form."""

from typing import Any

from flask import current_app
from flask_limiter import RateLimitExceeded
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField
from wtforms.form import BaseForm

from directory.extensions import limiter
from directory.web.messages import gettext


class FaultyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A form with which an act may find something wrong."""

    def take(self, faults: dict[str, str]) -> None:
        """Put what an act found wrong beside its fields; a fault without a field goes to the first visible one."""
        for name, sentence in faults.items():
            seen = (field for field in self if not isinstance(field, HiddenField))
            field = self[name] if name in self else next(seen)
            field.errors = [*field.errors, sentence]


class SentForm(FaultyForm, FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """A form with a token, and a sentence for one that is missing or expired. The page's button has the id "send"."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = [
                gettext(
                    "The page was open for too long, or your browser didn’t send its cookie, so nothing was sent yet. "
                    "What you typed is still here: send it again."
                )
            ]
        return valid

    @property
    def problems(self) -> list[tuple[str, str]]:
        return mistakes_of(self)


class LimitedForm(SentForm):
    """A form that one network may send so often. `refusal` is why it was not taken, whatever is typed in it."""

    refusal = ""

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether it was sent and can be taken; each sending counts."""
        if not self.is_submitted():
            return False
        try:
            _count_sending()
        except RateLimitExceeded:
            self.refusal = gettext(
                "We got too many forms from your network in a short time. What you typed is still here: send it again "
                "later."
            )
        return not self.refusal and self.validate(extra_validators)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [("send", self.refusal)] if self.refusal else super().problems


@limiter.limit(lambda: current_app.config["SUBMISSION_LIMIT"])
def _count_sending() -> None:
    """Raises `RateLimitExceeded`."""


def mistakes_of(*forms: BaseForm) -> list[tuple[str, str]]:
    """For the error summary: the id of each faulty field, in the order of the forms, and the sentence about it."""
    return [
        ("send" if field.name == "csrf_token" else field.name, str(sentence))
        for form in forms
        for field in form
        for sentence in field.errors
    ]
