"""What staff look for in the audit log."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.accounts.models import Account
from directory.audit.queries import LogFilter
from directory.web.days import PACIFIC
from directory.web.plain_text import without_invisible
from directory.web.typed_fields import AnswerField, DayField, TypedField

MAX_DIGITS = 9
MAX_LENGTH = 200


class LogWordsField(TypedField):
    """Anything on one line."""

    def read(self, text: str) -> str | None:
        return without_invisible(text)[:MAX_LENGTH] or None


class ActorField(LogWordsField):
    """Who acted, as the log names them; an account's address stands for the account that `find_account` gives."""

    find_account: Callable[[str], Account | None]

    def read(self, text: str) -> str | None:
        typed = super().read(text)
        if typed is None or "@" not in typed:
            return typed
        account = self.find_account(typed)
        if account is None:
            raise ValueError("There is no account with that address. Type its whole address, or account:7.")
        return f"account:{account.id}"


class EventNumberField(TypedField):
    """The number of an event."""

    sentence = "Type the number of one event, such as 812."

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
            raise ValueError(self.sentence)
        return int(text)


class LogForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The search as an address names it. Days are days in California."""

    actor = ActorField("Who")
    act = AnswerField("Act", {}, "Choose an act of the list.")
    subject = LogWordsField("Subject")
    words = LogWordsField("Words in the reason")
    since = DayField("From the day")
    until = DayField("To the day")
    number = EventNumberField("Event number")

    def __init__(
        self, acts: Sequence[str], find_account: Callable[[str], Account | None], asked: MultiDict[str, str]
    ) -> None:
        super().__init__()
        self.actor.find_account = find_account
        self.act.answers = {act: act for act in acts}
        self.act.words = {"": "any"} | {act: act.replace("_", " ") for act in acts}
        self.process(asked)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.since.data and self.until.data and self.since.data > self.until.data:
            self.until.errors = ["This day is before the first one. Exchange the two."]
            return False
        return valid

    @property
    def wanted(self) -> LogFilter:
        """The filter, once valid."""
        until = self.until.data
        return LogFilter(
            number=self.number.data,
            actor=self.actor.data,
            act=self.act.data,
            subject=self.subject.data,
            words=self.words.data,
            since=_start_of(self.since.data) if self.since.data else None,
            until=_start_of(until + timedelta(days=1)) if until and until < date.max else None,
        )

    @property
    def noted(self) -> dict[str, Any]:
        """The search as the log may hold it: without words and addresses that were typed."""
        days = {name: self[name].data.isoformat() for name in ("since", "until") if self[name].data}
        others = {name: self[name].data for name in ("number", "actor", "act", "subject") if self[name].data}
        return others | days | ({"words": True} if self.words.data else {})


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, PACIFIC)
