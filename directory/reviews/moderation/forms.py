"""What a moderator fills in for one decision."""

from babel import Locale
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from directory.desk.deciding import DecisionForm
from directory.reviews.models import Review
from directory.reviews.moderation.actions import Ruling
from directory.reviews.moderation.offers import ACTS, usual_message
from directory.reviews.reasons import REASONS
from directory.web.fields import AnswerField, PlainTextField
from directory.web.languages import ENGLISH, LANGUAGES, in_language
from directory.web.pagination import whole_number

MAX_MESSAGE_LENGTH = 2_000


class RulingForm(DecisionForm):
    """One decision as typed. A clinic, or a writer of this site, reads the message; else none is asked for."""

    subject = HiddenField()  # the edit, or the version of the reply, that is decided
    reason = AnswerField("Reason", {}, "Choose the reason.")
    message = PlainTextField("Message to the writer", MAX_MESSAGE_LENGTH)
    note = PlainTextField("Note for moderators", MAX_MESSAGE_LENGTH)

    def __init__(self, review: Review, act: str, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(act)
        is_for_clinic = act == "reject_reply"
        self.asks_message = ACTS[act].is_explained and (is_for_clinic or review.submission is not None)
        self.language = ENGLISH if is_for_clinic else LANGUAGES[review.form_language]
        self.reason.offer({key: REASONS[key].sentence for key in ACTS[act].reasons})
        self.reason.required = bool(ACTS[act].reasons)
        self.process(typed)
        if is_for_clinic:
            self.message.label.text = "Message to the clinic"

    def validate(self) -> bool:
        """Whether the decision can be taken. An empty message gets the usual words, to be read before it is sent."""
        valid: bool = super().validate()
        if valid and self.asks_message and not self.message.data:
            self.fill_message(self.reason.data)
            self.message.errors = ["This is the standard message for the reason. Change what doesn’t fit, then send."]
            return False
        return valid

    def fill_message(self, reason: str | None) -> None:
        """Put the usual words for `reason` where nothing is typed."""
        if reason and not self.message.data:
            with in_language(self.language.code):
                self.message.data = usual_message(self.act, reason)

    @property
    def foreign_language(self) -> str | None:
        """The English name of the reader's language; None for English."""
        return None if self.language == ENGLISH else Locale.parse(self.language.locale).get_language_name(ENGLISH.code)

    @property
    def ruling(self) -> Ruling:
        """The decision, once valid."""
        return Ruling(
            self.act,
            self.version_seen,
            whole_number(self.subject.data) or None,
            self.reason.data or "",
            self.message.data if self.asks_message else None,
            self.note.data,
        )
