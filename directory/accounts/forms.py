"""Flask-Security's forms, without what we do not offer."""

from flask_security import LoginForm, TwoFactorRescueForm
from wtforms import RadioField


class SignInForm(LoginForm):
    remember = None  # a session ends with the browser, or after twelve hours


class RescueForm(TwoFactorRescueForm):
    help_setup = RadioField(choices=[])  # Flask-Security adds the recovery codes, if there are any; no mail to anybody
