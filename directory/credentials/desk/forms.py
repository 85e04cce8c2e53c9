"""What verifiers fill in: a check, a second opinion, a decision on a possible exclusion."""

from collections.abc import Iterable, Sequence

from werkzeug.datastructures import MultiDict

from directory.credentials.checks import Check, Method
from directory.credentials.models import Evidence
from directory.credentials.status import CredentialStatus
from directory.desk.deciding import DecisionForm, OfferedField
from directory.web.typed_fields import AnswerField, DayField, PlainTextField, TickField

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


class CheckForm(DecisionForm):
    """What was found at the primary source."""

    outcome = OfferedField("What did you find?", "Choose what you found.", required=True)
    method = AnswerField("How did you check?", METHODS, "Choose how you checked.", required=True)
    primary_source = PlainTextField(
        "Primary source", MAX_LINE_LENGTH, sentence="Name the board or issuer, and its page.", required=True
    )
    checked_on = DayField("Day of the check", "Type the day on which you looked, such as 1/31/2026.", required=True)
    contact = PlainTextField("With whom you spoke", MAX_LINE_LENGTH)
    evidence_id = OfferedField("Letter or other file", "Choose a file of this credential.")
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
        super().__init__("check")
        self.offer_outcomes(outcomes)
        self.evidence_id.offer({kept.id: kept.title for kept in evidence})
        self.process(typed)

    def offer_outcomes(self, outcomes: Iterable[CredentialStatus]) -> None:
        """Let it find one of these."""
        self.outcome.offer({str(outcome): OUTCOMES[outcome] for outcome in outcomes})

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


class SecondForm(DecisionForm):
    """A second verifier's answer, on a credential or on a possible exclusion."""

    agrees = AnswerField(
        "Do you agree?", {True: "I agree", False: "I disagree"}, "Say whether you agree.", required=True
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)

    def __init__(self, act: str, typed: MultiDict[str, str] | None = None, *, agree: str, disagree: str) -> None:
        super().__init__(act, typed)
        self.agrees.words = {"yes": agree, "no": disagree}


class MatchForm(DecisionForm):
    """Whether an entry of the OIG's list is about the provider."""

    same = AnswerField(
        "Is it the same?",
        {True: "It is the same: propose that the provider is excluded", False: "It is somebody else"},
        "Say whether it is the same.",
        required=True,
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)
