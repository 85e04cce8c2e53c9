"""Forms that people send: each comes back filled, with a sentence for whatever went wrong."""

from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import Form, HiddenField

from directory.web.phrases import N_

TOO_LONG_OPEN = N_(
    "The page was open for too long, or your browser did not send its cookie, so nothing was sent yet. "
    "What you typed is still here: send it again."
)


class FaultyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A form with which an act may find something wrong."""

    def take(self, faults: dict[str, str]) -> None:
        """Put what an act found wrong beside its fields; what has none goes to the first that people see."""
        for name, sentence in faults.items():
            seen = (field for field in self if not isinstance(field, HiddenField))
            field = self[name] if name in self else next(seen)
            field.errors = [*field.errors, sentence]


class SentForm(FaultyForm, FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """Says so in a sentence when its token is missing or has expired. The page's button has the id "send"."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = [gettext(TOO_LONG_OPEN)]
        return valid

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Pairs of (id of the field, sentence), in the order of the form."""
        return [
            ("send" if field.name == "csrf_token" else field.name, str(sentence))
            for field in self
            for sentence in field.errors
        ]
