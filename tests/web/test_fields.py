"""Days and sums are read as people type them, words stand on one line; what is wrong or doubtful is said, and kept."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.web.amounts import DollarsField
from directory.web.email_field import AddressField
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
        (" Ada\r\n  Lovelace ", "Ada Lovelace", ["That is 2 characters too long: shorten it to 10."]),
        ("Ada\n\u200bL.", "Ada L.", ["We removed an invisible character. Check that it still says what you mean, "]),
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


class Priced(Form):  # type: ignore[misc]  # WTForms has no types
    fee = DollarsField("Fee", "Type dollars.", 99_999)
    unit = DollarsField("Price of a unit", "Type dollars.", 99_999, 6)


@pytest.mark.parametrize(
    ("typed", "fee"),
    [
        ("1,500", "1500"),
        ("$1,500.00", "1500"),
        ("1500.5", "1500.50"),
        ("1,500.50", "1500.50"),
        ("1500 dollars", "1500"),
        ("US$ 1500", "1500"),
        (".50", "0.50"),
        ("0.500", "0.50"),
        ("0", "0"),
    ],
)
def test_a_sum_means_what_it_says(sqlite_app: Flask, typed: str, fee: str) -> None:
    form = Priced(MultiDict({"fee": typed, "unit": typed.replace(",", "")}))
    assert form.validate()
    assert form.fee.data == form.unit.data == Decimal(fee)


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("1.500", "1.50 or 1500"),
        ("$1.500", "1.50 or 1500"),
        ("10.000", "10 or 10000"),
        ("1,50", "1.50 or 150"),
        ("12,5", "12.50 or 125"),
        ("0,15", "0.15"),
        ("0,500", "0.50"),
        ("1500,50", "1500.50"),
        ("1.500,00", "1500"),
        ("1,5000", "1.50 or 15000"),
    ],
)
def test_a_sum_that_may_mean_two_things_is_asked_for_again(sqlite_app: Flask, typed: str, readings: str) -> None:
    form = Priced(MultiDict({"fee": typed, "unit": typed}))
    assert not form.validate()
    sentence = f"We are not sure what “{typed}” means. Type {readings}."
    assert form.errors == {"fee": [sentence], "unit": [sentence]}
    assert form.fee.shown == typed
    for reading in readings.split(" or "):
        assert Priced(MultiDict({"fee": reading, "unit": reading})).validate()


@pytest.mark.parametrize(
    "typed", ["-5", "15$00", "1 500", "free", "1e3", "100000", "1.500.000", "1,,500", ",", "9,999" * 999]
)
def test_what_is_no_sum_is_said(sqlite_app: Flask, typed: str) -> None:
    form = Priced(MultiDict({"fee": typed}))
    assert not form.validate()
    assert form.fee.errors == ["Type dollars."]


def test_a_price_of_a_unit_may_have_three_decimals(sqlite_app: Flask) -> None:
    form = Priced(MultiDict({"fee": "6.512", "unit": "6.512"}))
    assert not form.validate()
    assert form.unit.data == Decimal("6.512")
    assert form.errors == {"fee": ["We are not sure what “6.512” means. Type 6.51 or 6512."]}


def test_a_comma_in_the_price_of_a_unit_may_begin_its_decimals(sqlite_app: Flask) -> None:
    form = Priced(MultiDict({"fee": "6,512", "unit": "6,512"}))
    assert not form.validate()
    assert form.fee.data == 6512
    assert form.errors == {"unit": ["We are not sure what “6,512” means. Type 6.512 or 6512."]}


class Addressed(Form):  # type: ignore[misc]  # WTForms has no types
    email = AddressField("Email", required=True)


def sent(*values: str) -> Addressed:
    form = Addressed(MultiDict([("email", value) for value in values]))
    form.validate()
    return form


def test_a_mistyped_domain_is_asked_about_once_and_what_was_typed_stays() -> None:
    asked = sent("Pat@gmail.con")
    assert asked.email.errors == ["Did you mean gmail.com? If it is correct, send it again."]
    assert (asked.email.shown, asked.email.suggestion) == ("Pat@gmail.con", "Pat@gmail.com")
    unchanged = sent("Pat@gmail.con", "Pat@gmail.con")
    assert (unchanged.email.errors, unchanged.email.data) == ([], "Pat@gmail.con")


def test_a_suggestion_is_taken_by_its_button() -> None:
    chosen = sent("pat@gmail.con", "pat@gmail.con", "pat@gmail.com")
    assert (chosen.email.errors, chosen.email.data, chosen.email.shown) == ([], "pat@gmail.com", "pat@gmail.com")


def test_a_text_of_any_length_is_read_at_once() -> None:
    form = sent("pat@" + "gmail" * 300_000 + ".con")
    assert form.email.errors == [
        "That doesn’t look like an email address. Type your email address, such as name@example.org."
    ]


def test_another_mistyped_domain_is_asked_about_anew() -> None:
    assert sent("pat@yaho.com", "pat@gmail.con").email.errors[0].startswith("Did you mean yahoo.com?")


@pytest.mark.parametrize(
    "typed", ["mailto:pat@example.org", "<pat@example.org>", "Pat J. <pat@example.org>", "“pat@example.org”"]
)
def test_an_address_is_read_as_it_was_copied(typed: str) -> None:
    assert sent(typed).email.data == "pat@example.org"


@pytest.mark.parametrize("typed", ["pat@gmail", "pat@gmail,com", "pat@gmail..com", "pat@gmailcom"])
def test_what_cannot_be_an_address_is_not_accepted_and_has_a_suggestion(typed: str) -> None:
    for form in (sent(typed), sent(typed, typed)):
        assert form.email.errors == ["That doesn’t look like an email address. Did you mean gmail.com?"]
        assert (form.email.data, form.email.suggestion) == (None, "pat@gmail.com")


@pytest.mark.parametrize(
    "typed", ["ｐａｔ＠ｇｍａｉｌ．ｃｏｍ", "\u202apat@gmail.com\u202c", "pat@gmail。com", " pat@GMAIL.com "]
)
def test_full_width_and_invisible_characters_do_not_change_an_address(typed: str) -> None:
    assert (sent(typed).email.errors, sent(typed).email.data) == ([], "pat@gmail.com")


@pytest.mark.parametrize("typed", ["\u202a1/31/2026\u202c", "1/31/2026\u200b", "\u00a01/31/2026\u3164"])
def test_invisible_characters_around_a_pasted_value_do_not_change_it(typed: str) -> None:
    form = DayForm(MultiDict({"day": typed}))
    assert form.validate()
    assert form.day.data == date(2026, 1, 31)


@pytest.mark.parametrize(
    "typed", ["\u3164", "\u2800", "\u200b\u2060", "\u202e", "\ufe0f", "\U000e0041", "\u115f \u1160"]
)
def test_invisible_characters_are_no_name(typed: str) -> None:
    form = Named(MultiDict({"name": typed}))
    assert not form.validate()
    assert (form.name.data, form.name.errors) == (None, ["Type a name."])
