"""What is typed into the pages about accounts."""

import hmac
import re

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import ValidationError

from directory.accounts.actions import checked_password
from directory.accounts.roles import ROLES, STAFF
from directory.web.forms import AddressField, AnswersField, LineField, PlainTextField, TypedField

MAX_NAME_LENGTH = 100
MAX_CONFLICT_LENGTH = 300
OFFERED_ROLES = {role: meaning for role, meaning in ROLES.items() if role in STAFF}


class RolesField(AnswersField):
    """At least one of the roles of staff."""

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            raise ValidationError(self.sentence)


class PasswordField(TypedField):
    """A password, with all its spaces. It is never shown again."""

    def process_formdata(self, typed: list[str]) -> None:  # type: ignore[override]  # WTForms gives a list
        self.data = typed[0] if typed and isinstance(typed[0], str) and typed[0] else None


class InviteForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Whom an admin invites."""

    name = LineField("Name", MAX_NAME_LENGTH)
    email = AddressField("Email", "Type their email address, such as name@example.org.", required=True)
    roles = RolesField("Roles", OFFERED_ROLES, "Choose one role or more.")


class AcceptForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The account that the reader of an invitation makes."""

    name = LineField("Your name", MAX_NAME_LENGTH, sentence="Type your name, as colleagues know you.", required=True)
    password = PasswordField("Password", "Choose a password.", required=True)
    again = PasswordField("The same password again", "Type the same password again.", required=True)

    def __init__(self, email: str, invited_name: str, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed, name=invited_name)
        self.email = email

    def validate(self, extra_validators: object = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.password.data:
            _, faults = checked_password(self.password.data, self.email, self.name.data or "")
            self.password.errors = [*self.password.errors, *faults]
            if self.again.data and not hmac.compare_digest(self.again.data.encode(), self.password.data.encode()):
                self.again.errors = ["The two passwords differ. Type the same one twice."]
        return valid and not self.password.errors and not self.again.errors


class ProviderField(TypedField):
    """A provider, by the NPI or by the address of the page here."""

    def read(self, text: str) -> str:
        found = re.fullmatch(r"(?:\S*/providers/)?(\d{10})(?:[/?#]\S*)?", text)
        if not found:
            raise ValueError(self.sentence)
        return found[1]


class ConflictForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A conflict of interest that a member of staff declares."""

    provider = ProviderField(
        "Provider", "Type the provider’s NPI, ten digits, or copy the address of their page here.", required=True
    )
    what = PlainTextField(
        "What the conflict is", MAX_CONFLICT_LENGTH, sentence="Say what the conflict is.", required=True
    )
