"""A day is read as browsers send it and as people type it, words stand on one line; what is wrong is said, and kept."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.web.fields import DayField, LineField
from directory.web.forms import mistakes_of


class DayForm(Form):  # type: ignore[misc]  # WTForms has no types
    day = DayField("Day")


@pytest.mark.parametrize("typed", ["2026-01-31", "1/31/2026", "01/31/2026", " 2026-01-31 "])
def test_a_day_is_read_in_both_ways_of_writing(typed: str) -> None:
    form = DayForm(MultiDict({"day": typed}))
    assert form.validate()
    assert form.day.data == date(2026, 1, 31)


@pytest.mark.parametrize("typed", ["31/1/2026", "2026-02-30", "soon", "0026-01-31", "1/31/26"])
def test_what_is_no_day_is_said_and_kept(typed: str) -> None:
    form = DayForm(MultiDict({"day": typed}))
    assert not form.validate()
    assert form.day.errors == [DayField.sentence]
    assert form.day.shown == typed


def test_a_stored_day_is_shown_as_browsers_want_it() -> None:
    form = DayForm()
    form.day.data = date(2026, 1, 31)
    assert form.day.shown == "2026-01-31"


class Named(Form):  # type: ignore[misc]  # WTForms has no types
    name = LineField("Name", 10, sentence="Type a name.", required=True)


@pytest.mark.parametrize(
    ("typed", "kept", "sentences"),
    [
        (" Ada\r\n  Lovelace ", "Ada Lovelace", ["That is 2 characters too many: shorten it to 10."]),
        ("Ada\n\u200bL.", "Ada L.", ["We took out an invisible character. See that it still says what you mean, "]),
        ("Ada\tL.", "Ada L.", []),
        (" \n ", None, ["Type a name."]),
    ],
)
def test_words_are_kept_on_one_line(typed: str, kept: str | None, sentences: list[str]) -> None:
    form = Named(MultiDict({"name": typed}))
    form.validate()
    assert form.name.data == kept
    found = mistakes_of(form)
    assert [name for name, _ in found] == ["name"] * len(sentences)
    assert all(sentence.startswith(start) for (_, sentence), start in zip(found, sentences, strict=True))
