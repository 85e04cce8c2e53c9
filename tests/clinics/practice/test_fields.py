"""Times of day and sums of money as people type them."""

from datetime import time
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.clinics.practice.forms import DOLLARS, MAX_USD
from directory.web.amounts import DollarsField
from directory.web.fields import ClockField


class Typed(Form):  # type: ignore[misc]  # WTForms has no types
    at = ClockField("At")
    usd = DollarsField("For", DOLLARS, MAX_USD)


def typed(**values: str) -> Typed:
    form = Typed(MultiDict(values))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("08:30", time(8, 30)),
        ("17:00:00", time(17)),
        ("5 pm", time(17)),
        ("5:15PM", time(17, 15)),
        ("12 am", time(0)),
        ("12:30 p.m.", time(12, 30)),
        ("0:00", time(0)),
    ],
)
def test_times(text: str, at: time) -> None:
    assert (typed(at=text).at.data, typed(at=text).errors) == (at, {})


def test_what_is_no_time(subtests: pytest.Subtests) -> None:
    for text in ["24:00", "8", "13 pm", "0 am", "8:60", "noon", "8.30", "-1:00", "٨:٣٠"]:
        with subtests.test(text=text):
            form = typed(at=text)
            assert form.errors == {"at": [ClockField.sentence]}
            assert form.at.shown == text


@pytest.mark.parametrize(
    ("text", "usd"),
    [("250", "250"), ("$1,250.50", "1250.50"), (" 0 ", "0"), ("12.5", "12.5"), ("99999", "99999")],
)
def test_sums(text: str, usd: str) -> None:
    assert (typed(usd=text).usd.data, typed(usd=text).errors) == (Decimal(usd), {})


def test_what_is_no_sum(subtests: pytest.Subtests) -> None:
    for text in ["-5", "1000000000", "100000", "99999.01", "ten", "1e5", "NaN", "12.5051", "+5", "5 €", "٥"]:
        with subtests.test(text=text):
            form = typed(usd=text)
            assert form.errors == {"usd": [DOLLARS]}
            assert form.usd.shown == text


def test_stored_values_are_shown_as_they_would_be_typed() -> None:
    form = Typed(at=time(8, 5), usd=Decimal("250.00"))
    assert (form.at.shown, form.usd.shown) == ("08:05", "250")
    assert Typed(usd=Decimal("12.50")).usd.shown == "12.50"
