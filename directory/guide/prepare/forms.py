"""The questions before a consultation. None has to be answered."""

import re
from datetime import date
from typing import Any

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
)
from directory.guide.prepare.sheet import Answers, Since
from directory.web.fields import AnswerField, AnswersField, PlainTextField, TypedField
from directory.web.forms import SentForm
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import Words

YEAR = re.compile(r"(?P<year>[0-9]{4})")
MONTH_AND_YEAR = re.compile(r"(?P<month>[0-9]{1,2}) ?[/.-] ?(?P<year>[0-9]{4})")
YEAR_AND_MONTH = re.compile(r"(?P<year>[0-9]{4}) ?[/.-] ?(?P<month>[0-9]{1,2})")


class OwnWordsField(PlainTextField):
    """The person's own words, for their own eyes: tags may stand in them, and invisible characters go unmentioned."""

    def __init__(self, label: Words, **options: Any) -> None:
        super().__init__(label, MAX_WORDS_LENGTH, **options)

    def pre_validate(self, form: Form) -> None:
        if mistakes := self.length_mistakes():
            raise ValidationError(*mistakes)


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
                    "Type a year from %(first)s to %(last)s. The month can’t be in the future.",
                    first=first,
                    last=last,
                )
            )


FROM_LIST = _l("Choose one of the answers, or leave it blank.")
FROM_BOXES = _l("Choose only from the list.")


class PrepareForm(SentForm):
    red_flags = AnswersField(_l("Do you have one of these right now?"), RED_FLAGS, FROM_BOXES)
    neck = AnswersField(_l("What happens to your neck?"), NECK, FROM_BOXES)
    neck_words = OwnWordsField(_l("In your own words"))
    since = SinceField(_l("Since when?"))
    tried = AnswersField(_l("What have you tried?"), TRIED, FROM_BOXES)
    tried_words = OwnWordsField(_l("What helped, and what did not?"))
    blood_thinner = AnswerField(SAFETY["blood_thinner"].asked, YES_NO, FROM_LIST)
    antibiotic = AnswerField(SAFETY["antibiotic"].asked, YES_NO, FROM_LIST)
    throat = AnswerField(SAFETY["throat"].asked, YES_NO, FROM_LIST)
    nerve_muscle = AnswerField(SAFETY["nerve_muscle"].asked, YES_NO, FROM_LIST)
    pregnancy = AnswerField(SAFETY["pregnancy"].asked, YES_NO, FROM_LIST)
    reaction = AnswerField(SAFETY["reaction"].asked, YES_NO, FROM_LIST)
    medicines = OwnWordsField(_l("All medicines that you take"))
    earlier = AnswerField(_l("Have you had these injections before?"), YES_NO, FROM_LIST)
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
        given = {name: value for name, value in self.data.items() if value and name != "csrf_token"}
        safety = {name: given.pop(name) for name in SAFETY if name in given}
        return Answers(safety=safety, **given)

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
