"""What moderators fill in: which part of the queue they look at, and each decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from directory.reviews.moderation.actions import Ruling
from directory.reviews.moderation.offers import CHOICES_OF_REASON, EXPLAINED
from directory.reviews.moderation.queue import Sort
from directory.reviews.moderation.usual_words import usual_words
from directory.reviews.moderation.waiting import Kind
from directory.reviews.policy import REASONS
from directory.web.languages import ENGLISH, LANGUAGES, in_language
from directory.web.typed_fields import AnswerField, PlainTextField

MAX_MESSAGE_LENGTH = 2_000
MAX_DIGITS = 9
BUTTONS: dict[str, str] = {
    "publish": "Publish",
    "reject": "Reject",
    "propose_removal": "Propose its removal",
    "remove": "Confirm the removal",
    "decline_removal": "Decline: it stays",
    "restore": "Publish it again",
    "decline_appeal": "Decline the appeal",
    "keep": "Keep it published",
    "apply_edit": "Publish the change",
    "reject_edit": "Reject the change",
    "accept_proof": "Accept: the visit is verified",
    "decline_proof": "Decline the proof",
    "publish_reply": "Publish the reply",
    "reject_reply": "Reject the reply",
}


@dataclass(frozen=True, slots=True)
class QueueChoice:
    """Which part of the queue is asked for."""

    kind: Kind | None = None
    sort: Sort = Sort.OLDEST
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "QueueChoice":
        """What an address asks for; anything that is not offered stands for the first."""
        kind, sort = asked.get("kind", ""), asked.get("sort", "")
        return cls(
            Kind(kind) if kind in set(Kind) else None,
            Sort(sort) if sort in set(Sort) else Sort.OLDEST,
            max(1, _whole(asked.get("page"))),
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """The choice as an address names it, without the page."""
        sort = {"sort": self.sort.value} if self.sort is not Sort.OLDEST else {}
        return ({"kind": self.kind.value} if self.kind else {}) | sort


class ReasonField(AnswerField):
    """One of the published reasons, those that `offer` names."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, {}, "Choose the reason.", **options)

    def offer(self, keys: Sequence[str]) -> None:
        """Let the field take `keys` and no other."""
        self.answers = {key: key for key in keys}
        self.words = {key: REASONS[key] for key in keys}
        self.required = bool(keys)


class DecisionForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One decision as typed."""

    version = HiddenField()
    seen = HiddenField()  # the number of the last decision that the page showed
    subject = HiddenField()
    reason = ReasonField("Reason")
    message = PlainTextField("Message to the writer", MAX_MESSAGE_LENGTH)
    note = PlainTextField("Note for moderators", MAX_MESSAGE_LENGTH)

    def __init__(
        self, act: str, typed: MultiDict[str, str] | None = None, *, has_reader: bool, language: str = ENGLISH.code
    ) -> None:
        """For `act`; without `has_reader` nobody would read a message to the writer, so none is asked for.

        `language` is the code of the reader's.
        """
        self.act, self.asks_message, self.language = act, has_reader and act in EXPLAINED, LANGUAGES[language]
        super().__init__()
        self.reason.offer(CHOICES_OF_REASON.get(act, ()))
        self.process(typed)
        if act == "reject_reply":
            self.message.label.text = "Message to the clinic"

    def validate(self) -> bool:
        """Whether the decision can be taken. An empty message gets the usual words, to be read before it is sent."""
        valid: bool = super().validate()
        if valid and self.asks_message and not self.message.data:
            self.fill_message(self.reason.data)
            self.message.errors = ["These are the usual words for the reason. Change what does not fit, then send."]
            return False
        return valid

    def fill_message(self, reason: str | None) -> None:
        """Put the usual words for `reason` where nothing is typed."""
        if reason and not self.message.data:
            with in_language(self.language.code):
                self.message.data = usual_words(self.act, reason)

    @property
    def foreign_language(self) -> str | None:
        """The English name of the reader's language; None for English."""
        return None if self.language == ENGLISH else Locale.parse(self.language.locale).get_language_name(ENGLISH.code)

    @property
    def last_seen(self) -> int:
        return _whole(self.seen.data)

    @property
    def ruling(self) -> Ruling:
        """The decision, once valid."""
        return Ruling(
            self.act,
            _whole(self.version.data),
            _whole(self.subject.data) or None,
            self.reason.data or "",
            self.message.data if self.asks_message else None,
            self.note.data,
        )


def _whole(text: str | None) -> int:
    """The whole number that was sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0
