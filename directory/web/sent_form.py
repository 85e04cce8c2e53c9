"""A form that people send: it comes back filled, with a sentence for whatever went wrong."""

from typing import Any

from flask_wtf import FlaskForm

TOO_LONG_OPEN = (
    "The page was open for too long, or your browser did not send its cookie, so nothing was sent yet. "
    "What you typed is still here: send it again."
)


class SentForm(FlaskForm):  # type: ignore[misc]  # WTForms has no types
    """Says so in a sentence when its token is missing or has expired. The page's button has the id "send"."""

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = [TOO_LONG_OPEN]
        return valid

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Pairs of (id of the field, sentence), in the order of the form."""
        return [
            ("send" if field.name == "csrf_token" else field.name, str(sentence))
            for field in self
            for sentence in field.errors
        ]

    def take(self, faults: dict[str, str]) -> None:
        """Put what an act found wrong beside its fields."""
        for name, sentence in faults.items():
            field = self[name] if name in self else next(iter(self))
            field.errors = [*field.errors, sentence]
