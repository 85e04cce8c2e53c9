"""Fields of forms: each keeps what was typed and says in a sentence what to do about it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from directory.web.messages import gettext, ngettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import Words, listed
from directory.web.plain_text import has_tags, plain_text, without_invisible

FIRST_YEAR = 1900  # of a typed day
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d)(?::\d\d)?)? ?([ap])?\.?(?: ?m\.?)?", re.ASCII)


class TypedField(Field):  # type: ignore[misc]  # WTForms has no types
    """A field with one text. `sentence` says what to do when it is wrong, or missing where it is `required`."""

    data: Any
    sentence: Words = ""

    def __init__(self, label: Words, sentence: Words = "", required: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self.sentence, self.required = sentence or self.sentence, required

    @property
    def shown(self) -> str:
        """What was typed, or what is stored."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else _as_typed(self.data)

    def process_formdata(self, typed: Sequence[str]) -> None:
        text = self.clean(typed[0]) if typed and isinstance(typed[0], str) else ""
        self.data = None
        if text:
            self.data = self.read(text)

    def clean(self, typed: str) -> str:
        """What was typed, on one line and without invisible characters, which pasted values often have."""
        return without_invisible(typed)

    def read(self, text: str) -> Any:
        """The value of what was typed. Raises `ValueError` with a sentence."""
        raise NotImplementedError

    def pre_validate(self, form: Form) -> None:
        if self.required and self.data is None and not self.process_errors:
            raise ValidationError(str(self.sentence))


class AnswerField(TypedField):
    """One of `answers`, whose keys are texts or whole numbers, or a yes or no."""

    def __init__(self, label: Words, answers: Mapping[Any, Words], sentence: Words, **options: Any) -> None:
        super().__init__(label, sentence, **options)
        self.offer(answers)

    def offer(self, answers: Mapping[Any, Words]) -> None:
        """Let the field take the keys of `answers` and no other."""
        self.answers = {_as_typed(key): key for key in answers}
        self.words: Mapping[str, Words] = {_as_typed(key): words for key, words in answers.items()}

    def read(self, text: str) -> Any:
        if text not in self.answers:
            raise ValueError(str(self.sentence))
        return self.answers[text]

    @property
    def choices(self) -> list[tuple[str, Words, bool]]:
        """As the widgets take them: value, words, whether chosen."""
        return [(key, words, key == self.shown) for key, words in self.words.items()]


class AnswersField(Field):  # type: ignore[misc]  # WTForms has no types
    """Any number of `answers`, in their order. The answer "none" goes with no other."""

    data: list[str]

    def __init__(self, label: Words, answers: Mapping[str, Words], sentence: Words, **options: Any) -> None:
        super().__init__(label, default=[], **options)
        self.answers, self.sentence = answers, sentence

    def process_formdata(self, typed: Sequence[str]) -> None:
        self.data = [key for key in self.answers if key in typed]
        if set(typed) - self.answers.keys():
            raise ValueError(str(self.sentence))

    def pre_validate(self, form: Form) -> None:
        if "none" in self.data and len(self.data) > 1:
            named = listed([gettext("“%(answer)s”", answer=self.answers[key]) for key in self.data if key != "none"])
            sentence = gettext("You checked “none” and also %(answers)s. Uncheck one of them.", answers=named)
            raise ValidationError(sentence)


class NumberField(TypedField):
    """A whole number from `least`, which is 0 or more, to `most`."""

    def __init__(self, label: Words, least: int, most: int, sentence: Words, **options: Any) -> None:
        super().__init__(label, sentence, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not self.least <= number <= self.most:
            raise ValueError(str(self.sentence))
        return number


class CountField(NumberField):
    """How many of something, from 0 to `most`."""

    def __init__(self, label: Words, most: int, what: Words, **options: Any) -> None:
        sentence = _l("Type a whole number of %(what)s from 0 to %(most)s, or leave it blank.", what=what, most=most)
        super().__init__(label, 0, most, sentence, **options)


class DayField(TypedField):
    """A day as browsers send it (2026-01-31), or as people here type it (1/31/2026)."""

    sentence: Words = _l("Type the date as month/day/year, such as 1/31/2026.")

    def read(self, text: str) -> date:
        for form in ("%Y-%m-%d", "%m/%d/%Y"):
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
            except ValueError:
                continue
            if day.year >= FIRST_YEAR:
                return day
        raise ValueError(str(self.sentence))


class ClockField(TypedField):
    """A time of day, as browsers send it (17:30), or as people type it (5:30 pm, in Spanish 5:30 p. m.)."""

    sentence: Words = "Type the time, such as 8:30 am or 17:30."

    def read(self, text: str) -> time:
        typed = text.lower().replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        found = _CLOCK.fullmatch(typed)
        if found is None or (found[2] is None and found[3] is None):
            raise ValueError(str(self.sentence))
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and not 1 <= hour <= 12:
            raise ValueError(str(self.sentence))
        if found[3]:
            hour = hour % 12 + (12 if found[3] == "p" else 0)
        if hour > 23 or minute > 59:
            raise ValueError(str(self.sentence))
        return time(hour, minute)


class PlainTextField(TypedField):
    """Plain words, at most `longest` characters. Invisible characters are taken out, and the form comes back for it."""

    def __init__(self, label: Words, longest: int, **options: Any) -> None:
        super().__init__(label, **options)
        self.longest, self.taken_out = longest, 0

    @property
    def shown(self) -> str:
        return self.data or ""

    def clean(self, typed: str) -> str:
        found = plain_text(typed)
        self.taken_out = found.taken_out
        return found.text

    def read(self, text: str) -> str:
        return text

    def length_mistakes(self) -> list[str]:
        """A sentence when there are too many characters."""
        more = len(self.data or "") - self.longest
        if more <= 0:
            return []
        return [
            ngettext(
                "That is %(more)s character too long: shorten it to %(most)s.",
                "That is %(more)s characters too long: shorten it to %(most)s.",
                more,
                more=format(more, ","),
                most=format(self.longest, ","),
            )
        ]

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        sentences = self.length_mistakes()
        if self.data and has_tags(self.data):
            sentences.append(gettext("Use plain text only. Remove tags such as <script>."))
        if self.taken_out:
            sentences.append(
                ngettext(
                    "We removed an invisible character. Check that it still says what you mean, then send it again.",
                    "We removed %(count)s invisible characters. Check that it still says what you "
                    "mean, then send it again.",
                    self.taken_out,
                    count=format(self.taken_out, ","),
                )
            )
        if sentences:
            raise ValidationError(" ".join(sentences))


class LineField(PlainTextField):
    """Plain words on one line."""

    def clean(self, typed: str) -> str:
        return " ".join(super().clean(typed).split())


class TickField(TypedField):
    """A box to check; its value is what it sends, None when it is not checked."""

    def read(self, text: str) -> str:
        return text


def _as_typed(value: Any) -> str:
    """A stored value as the form sends it: True as "yes", 4.0 as "4", a time as 17:30, a sum as 250 or 250.50."""
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return f"{value:.0f}" if value == value.to_integral_value() else f"{value:.2f}"
    return str(value)
