"""Fields of the form that no other form has."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from wtforms import Form
from wtforms.validators import ValidationError

from directory.guide.prepare.answers import Since
from directory.guide.prepare.questions import MAX_AGE_YEARS_BACK, MAX_WORDS_LENGTH
from directory.web.plain_text import plain_text
from directory.web.typed_fields import TypedField

YEAR = re.compile(r"(?P<year>[0-9]{4})")
MONTH_AND_YEAR = re.compile(r"(?P<month>[0-9]{1,2}) ?[/.-] ?(?P<year>[0-9]{4})")
YEAR_AND_MONTH = re.compile(r"(?P<year>[0-9]{4}) ?[/.-] ?(?P<month>[0-9]{1,2})")


class WordsField(TypedField):
    """The person's own words, for their own eyes: any characters but those that nobody sees, up to a length."""

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
    """A year, or a month and a year, not after today and not longer ago than somebody lives."""

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
