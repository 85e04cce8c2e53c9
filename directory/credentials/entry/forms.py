"""What verifiers fill in to enter a credential by hand, or to have one checked anew."""

from directory.credentials.checks import CredentialSubmission
from directory.credentials.kinds import FIELDS, KINDS, OTHER_FIELD, CredentialKind
from directory.places.names import STATES
from directory.web.typed_fields import AnswerField, DayField, FaultyForm, PlainTextField

MAX_LINE_LENGTH = 200
FIELD_CHOICES = {key: words[:1].upper() + words[1:] for key, words in FIELDS.items()}


class EntryForm(FaultyForm):
    """A credential that a provider told the staff of."""

    kind = AnswerField("Kind", {kind: KINDS[kind].label for kind in KINDS}, "Choose the kind.", required=True)
    issuer = PlainTextField("Issuer", MAX_LINE_LENGTH, sentence="Name the board, program or insurer.", required=True)
    field = AnswerField("Field", FIELD_CHOICES | {OTHER_FIELD: "Another field"}, "Choose a field of the list.")
    other_field = PlainTextField("Another field", 100)
    number = PlainTextField("Number", 40)
    state = AnswerField("State", dict(STATES), "Choose a state of the list.")
    issued_on = DayField("Issued")
    expires_on = DayField("Last day")

    @property
    def submission(self) -> CredentialSubmission:
        """What is said, once valid."""
        field = self.other_field.data if self.field.data in {None, OTHER_FIELD} else self.field.data
        kind = CredentialKind(self.kind.data)
        is_license = kind == CredentialKind.LICENSE
        return CredentialSubmission(
            kind,
            self.issuer.data or "",
            None if is_license else field,
            self.number.data,
            self.state.data if is_license else None,
            self.issued_on.data,
            self.expires_on.data,
        )


class AgainForm(FaultyForm):
    """Why a credential is to be checked anew."""

    why = PlainTextField("Why", MAX_LINE_LENGTH, sentence="Say what you heard and from whom.", required=True)
