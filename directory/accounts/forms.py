"""Flask-Security's forms, without what we do not offer."""

from typing import Any

from flask_security import ForgotPasswordForm, LoginForm, TwoFactorRescueForm
from wtforms import Form, RadioField

from directory.accounts.settings import SENTENCES

HARMLESS = {SENTENCES[name] for name in ("EMAIL_NOT_PROVIDED", "INVALID_EMAIL_ADDRESS", "PASSWORD_NOT_PROVIDED")}


class TellsHarmlessMistakes(Form):  # type: ignore[misc]  # WTForms has no types
    """Keeps messages that an empty or misspelled field gets whether there is an account or not.

    Flask-Security puts away all messages at the fields, so that none tells of an account.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.harmless: dict[str, list[str]] = {"email": [], "password": []}

    def validate(self, **kwargs: Any) -> bool:
        passed: bool = super().validate(**kwargs)
        for name, kept in self.harmless.items():
            if name in self:
                sentences = [str(sentence) for sentence in self[name].errors]  # Flask-Security's are looked up late
                kept += [sentence for sentence in sentences if sentence in HARMLESS]
                self.form_errors += kept
                self[name].errors = [sentence for sentence in sentences if sentence not in HARMLESS]
        return passed


class SignInForm(TellsHarmlessMistakes, LoginForm):
    remember = None  # a session ends with the browser, or after twelve hours


class ForgottenPasswordForm(TellsHarmlessMistakes, ForgotPasswordForm):
    pass


class RescueForm(TwoFactorRescueForm):
    help_setup = RadioField(choices=[])  # Flask-Security adds the recovery codes, if there are any; no mail to anybody
