"""A day is read as browsers send it and as people type it; anything else is asked for again, and kept."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.web.typed_fields import DayField


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
