"""The questions before a consultation. None has to be answered."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import ValidationError

from directory.guide.prepare.questions import (
    EARLIER_PRODUCTS,
    HELPED,
    MAX_AGE_YEARS_BACK,
    MAX_WORDS_LENGTH,
    NECK,
    RED_FLAGS,
    SAFETY,
    TRIED,
    YES_NO,
    SafetyQuestion,
)
from directory.guide.prepare.sheet import Answers, Since
from directory.web.forms import AnswerField, AnswersField, SentForm, TypedField
from directory.web.plain_text import plain_text

YEAR = re.compile(r"(?P<year>[0-9]{4})")
MONTH_AND_YEAR = re.compile(r"(?P<month>[0-9]{1,2}) ?[/.-] ?(?P<year>[0-9]{4})")
YEAR_AND_MONTH = re.compile(r"(?P<year>[0-9]{4}) ?[/.-] ?(?P<month>[0-9]{1,2})")


class OwnWordsField(TypedField):
    """The person's own words, for their own eyes, up to a length; invisible characters are taken out."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, **options)

    @property
    def shown(self) -> str:
        return self.data or ""

    def read(self, text: str) -> str | None:
        return plain_text(text).text or None

    def pre_validate(self, form: Form) -> None:
        more = len(self.data or "") - MAX_WORDS_LENGTH
        if more > 0:
            raise ValidationError(
                ngettext(
                    "That is %(num)s character too many: shorten it to %(longest)s.",
                    "That is %(num)s characters too many: shorten it to %(longest)s.",
                    more,
                    longest=MAX_WORDS_LENGTH,
                )
            )


class SinceField(TypedField):
    """A year, or a month and a year, not after today and not longer ago than a person lives."""

    sentence = _l("Type the year, such as 2021, or the month and the year, such as 3/2021.")
    today: date

    def read(self, text: str) -> Since:
        found = YEAR.fullmatch(text) or MONTH_AND_YEAR.fullmatch(text) or YEAR_AND_MONTH.fullmatch(text)
        if not found:
            raise ValueError(self.sentence)
        year, month = int(found["year"]), found.groupdict().get("month")
        if month is not None and not 1 <= int(month) <= 12:
            raise ValueError(gettext("Type the month as a number from 1 to 12, such as 3/2021."))
        return Since(year, int(month) if month else None)

    def pre_validate(self, form: Form) -> None:
        if not self.data:
            return
        first, last = self.today.year - MAX_AGE_YEARS_BACK, self.today.year
        is_ahead = self.data.year == last and (self.data.month or 0) > self.today.month
        if is_ahead or not first <= self.data.year <= last:
            raise ValidationError(
                gettext(
                    "Type a year from %(first)s to %(last)s, and no month that is still to come.",
                    first=first,
                    last=last,
                )
            )


FROM_LIST = _l("Choose one of the answers offered, or leave it open.")
FROM_BOXES = _l("Choose only what is offered.")


def _safety(question: SafetyQuestion) -> AnswerField:
    return AnswerField(question.asked, YES_NO, FROM_LIST)


class PrepareForm(SentForm):
    red_flags = AnswersField(_l("Do you have one of these right now?"), RED_FLAGS, FROM_BOXES)
    neck = AnswersField(_l("What happens to your neck?"), NECK, FROM_BOXES)
    neck_words = OwnWordsField(_l("In your own words"))
    since = SinceField(_l("Since when?"))
    tried = AnswersField(_l("What have you tried?"), TRIED, FROM_BOXES)
    tried_words = OwnWordsField(_l("What helped, and what did not?"))
    blood_thinner = _safety(SAFETY["blood_thinner"])
    antibiotic = _safety(SAFETY["antibiotic"])
    throat = _safety(SAFETY["throat"])
    nerve_muscle = _safety(SAFETY["nerve_muscle"])
    pregnancy = _safety(SAFETY["pregnancy"])
    reaction = _safety(SAFETY["reaction"])
    medicines = OwnWordsField(_l("All medicines that you take"))
    earlier = AnswerField(_l("Have you had such injections before?"), YES_NO, FROM_LIST)
    product = AnswerField(_l("Which medicine was it last time?"), EARLIER_PRODUCTS, FROM_LIST)
    helped = AnswerField(_l("How did it go?"), HELPED, FROM_LIST)
    earlier_words = OwnWordsField(_l("When was it, how much was it, and were there side effects?"))
    own_questions = OwnWordsField(_l("What do you want to ask?"))

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.since.today = today

    @property
    def answers(self) -> Answers:
        """Once valid."""
        return Answers(
            red_flags=self._in_order("red_flags"),
            neck=self._in_order("neck"),
            neck_words=self.neck_words.shown,
            since=self.since.data,
            tried=self._in_order("tried"),
            tried_words=self.tried_words.shown,
            safety={name: self[name].data for name in SAFETY if self[name].data},
            medicines=self.medicines.shown,
            earlier=self.earlier.data,
            product=self.product.data,
            helped=self.helped.data,
            earlier_words=self.earlier_words.shown,
            own_questions=self.own_questions.shown,
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was answered, to be sent along once more: pairs of a field's name and a value."""
        pairs = []
        for field in self:
            if isinstance(field, AnswersField):
                pairs += [(field.name, key) for key in field.data]
            elif field.name != "csrf_token" and field.shown:
                pairs.append((field.name, field.shown))
        return pairs

    def _in_order(self, name: str) -> tuple[str, ...]:
        field = self[name]
        return tuple(key for key in field.answers if key in field.data)
