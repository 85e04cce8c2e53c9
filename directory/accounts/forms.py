"""Flask-Security's forms, without what we do not offer, and the form of a passkey."""

from typing import Any

from flask_security import ForgotPasswordForm, LoginForm, TwoFactorRescueForm
from wtforms import Form, RadioField
from wtforms.validators import ValidationError

from directory.accounts.settings import SENTENCES
from directory.web.fields import PlainTextField

MAX_PASSKEY_NAME_LENGTH = 64

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


class PasskeyForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The name of a new passkey, which differs from those `taken`."""

    name = PlainTextField(
        "Name",
        MAX_PASSKEY_NAME_LENGTH,
        required=True,
        sentence="Give the passkey a name by which you know it again, such as “Phone”.",
    )

    def __init__(self, taken: set[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    def validate_name(self, field: PlainTextField) -> None:
        if field.data in self.taken:
            raise ValidationError("You have a passkey of that name. Choose another.")
