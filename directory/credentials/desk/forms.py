"""What verifiers fill in: a check, a second opinion, a decision on a possible exclusion, a credential by hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from directory.credentials.checks import Check, ClaimedCredential
from directory.credentials.desk.choice import whole
from directory.credentials.kinds import KINDS, CredentialKind, CredentialStatus, Method
from directory.credentials.models import Evidence
from directory.credentials.rubric import FIELDS
from directory.places.names import STATES
from directory.web.typed_fields import AnswerField, DayField, FaultyForm, PlainTextField, TickField

MAX_NOTE_LENGTH = 2_000
MAX_LINE_LENGTH = 200
OUTCOMES = {
    CredentialStatus.VERIFIED: "It holds: the source confirms it",
    CredentialStatus.COULD_NOT_VERIFY: "It could not be verified: the source does not say",
    CredentialStatus.REJECTED: "It is not so: the issuer does not confirm it",
    CredentialStatus.REVOKED: "It was revoked, suspended or surrendered",
}
METHODS = {
    Method.LOOK_UP_PAGE: "The board's or registry's look-up page",
    Method.PHONE: "By phone",
    Method.LETTER: "A letter from the source",
    Method.BULK_FILE: "The board's bulk file",
}
FIELD_CHOICES = {key: words[:1].upper() + words[1:] for key, words in FIELDS.items()}
OTHER_FIELD = "other"


class OfferedField(AnswerField):
    """One of the answers that are offered on this page."""

    def offer(self, answers: Mapping[Any, str]) -> None:
        self.answers = {str(key): key for key in answers}
        self.words = {str(key): words for key, words in answers.items()}


class DeskForm(FaultyForm):
    """A form of an item. `version` is that of what was on the page when it was filled in, `seen` its newest check."""

    version = HiddenField()
    seen = HiddenField()

    def problems(self, prefix: str) -> list[tuple[str, str]]:
        """As the error summary takes them: the field's place on the page, and the sentence."""
        return [(f"{prefix}-{name}", sentence) for name, sentences in self.errors.items() for sentence in sentences]

    @property
    def version_seen(self) -> int:
        return whole(self.version.data)

    @property
    def check_seen(self) -> int:
        return whole(self.seen.data)


class CheckForm(DeskForm):
    """What was found at the primary source."""

    outcome = OfferedField("What did you find?", {}, "Choose what you found.", required=True)
    method = AnswerField("How did you check?", METHODS, "Choose how you checked.", required=True)
    primary_source = PlainTextField(
        "Primary source", MAX_LINE_LENGTH, sentence="Name the board or issuer, and its page.", required=True
    )
    checked_on = DayField("Day of the check", "Type the day on which you looked, such as 1/31/2026.", required=True)
    contact = PlainTextField("With whom you spoke", MAX_LINE_LENGTH)
    evidence_id = OfferedField("Letter or other file", {}, "Choose a file of this credential.")
    number = PlainTextField("Number", 40)
    issued_on = DayField("Issued")
    expires_on = DayField("Last day")
    public_discipline = TickField("The source shows public discipline")
    note = PlainTextField("Note", MAX_NOTE_LENGTH)

    def __init__(
        self,
        outcomes: Sequence[CredentialStatus],
        evidence: Iterable[Evidence],
        typed: MultiDict[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.outcome.offer({str(outcome): OUTCOMES[outcome] for outcome in outcomes})
        self.evidence_id.offer({kept.id: kept.title for kept in evidence})
        self.process(typed)

    @property
    def check(self) -> Check:
        """What was found, once valid."""
        return Check(
            CredentialStatus(self.outcome.data),
            Method(self.method.data),
            self.primary_source.data or "",
            self.checked_on.data,
            self.contact.data,
            self.evidence_id.data,
            self.note.data,
            self.number.data,
            self.issued_on.data,
            self.expires_on.data,
            bool(self.public_discipline.data),
        )


class SecondForm(DeskForm):
    """A second verifier's answer, on a credential or on a possible exclusion."""

    agrees = AnswerField(
        "Do you agree?", {True: "I agree", False: "I disagree"}, "Say whether you agree.", required=True
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)


class MatchForm(DeskForm):
    """Whether an entry of the OIG's list is about the provider."""

    same = AnswerField(
        "Is it the same?",
        {True: "It is the same: exclude the provider", False: "It is somebody else"},
        "Say whether it is the same.",
        required=True,
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)


class EntryForm(DeskForm):
    """A credential that a provider told the staff of."""

    kind = AnswerField("Kind", KINDS, "Choose the kind.", required=True)
    issuer = PlainTextField("Issuer", MAX_LINE_LENGTH, sentence="Name the board, program or insurer.", required=True)
    field = AnswerField("Field", FIELD_CHOICES | {OTHER_FIELD: "Another field"}, "Choose a field of the list.")
    other_field = PlainTextField("Another field", 100)
    number = PlainTextField("Number", 40)
    state = AnswerField("State", dict(STATES), "Choose a state of the list.")
    issued_on = DayField("Issued")
    expires_on = DayField("Last day")

    @property
    def claim(self) -> ClaimedCredential:
        """What is said, once valid."""
        field = self.other_field.data if self.field.data in {None, OTHER_FIELD} else self.field.data
        kind = CredentialKind(self.kind.data)
        is_license = kind == CredentialKind.LICENSE
        return ClaimedCredential(
            kind,
            self.issuer.data or "",
            None if is_license else field,
            self.number.data,
            self.state.data if is_license else None,
            self.issued_on.data,
            self.expires_on.data,
        )


class AgainForm(DeskForm):
    """Why a credential is to be checked anew."""

    why = PlainTextField("Why", MAX_LINE_LENGTH, sentence="Say what you heard and from whom.", required=True)
