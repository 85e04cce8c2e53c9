"""Messages that are put into words later: when a page shows them, in its language.

Tables of words hold them in English and mark them with `N_`; pages write them with the filter `translated`. What has
values in it is a `Phrase`, which can be stored. gettext looks the words up where a page is made, and outside of a
request leaves them in English.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Union

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from flask_babel.speaklater import LazyString

from directory.web.languages import ENGLISH, current_locale
from directory.web.messages import gettext, ngettext

Words = LazyString | str  # a text, or one that is looked up each time it is shown
Message = str | tuple[str, str]  # of one and of many, where a count decides
Value = Union[str, int, float, date, "Phrase"]  # a day is written out, a phrase is put into words itself
COUNT = "count"  # the value that chooses between one and many


def N_(message: str) -> str:  # noqa: N802 (as gettext's tools know it)
    """`message` itself, marked so that it is translated."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 (gettext's way to name it)
    """Both forms of a message with a count, marked so that they are translated."""
    return one, many


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message of the catalogs, or a text that has no translation, with the values that stand in it.

    Whole numbers are written with commas between thousands, so a year is given as text.
    """

    message: Message
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """In the language of the page."""
        if not self.message:
            return ""
        shown = {name: _shown(value, current_locale(), str) for name, value in self.values.items()}
        if isinstance(self.message, tuple):
            count: Any = self.values[COUNT]
            return ngettext(*self.message, count, **shown)
        return gettext(self.message, **shown)

    @property
    def english(self) -> str:
        """In English, whatever the page is in: for what is stored, logged or mailed."""
        shown = {name: _shown(value, Locale.parse(ENGLISH.locale), english) for name, value in self.values.items()}
        message = self.message
        if isinstance(message, tuple):
            message = message[0] if self.values[COUNT] == 1 else message[1]
        return message % shown if shown else message

    def stored(self) -> dict[str, Any]:
        """As JSON holds it; `read_phrase` reads it again."""
        message = list(self.message) if isinstance(self.message, tuple) else self.message
        values = {name: _stored(value) for name, value in self.values.items()}
        return {"message": message, "values": values}


def english(phrase: Phrase) -> str:
    return phrase.english


def read_phrase(stored: Mapping[str, Any]) -> Phrase:
    """The phrase that `Phrase.stored` gave. Raises `KeyError` or `ValueError` for what is none."""
    message = stored["message"]
    values = {name: _read(value) for name, value in stored["values"].items()}
    return Phrase(tuple(message) if isinstance(message, list) else message, values)


def listed(names: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """ "a and b", "a, b, and c", or "a or b", in the language of the page."""
    return str(format_list(names, style, current_locale()))


def _shown(value: Value, locale: Locale, words: Callable[[Phrase], str]) -> str:
    if isinstance(value, Phrase):
        return words(value)
    if isinstance(value, date):
        return str(format_date(value, "long", locale))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _stored(value: Value) -> Any:
    if isinstance(value, Phrase):
        return value.stored()
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Value:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else read_phrase(value)
    return value  # type: ignore[no-any-return]  # JSON's values have no types
