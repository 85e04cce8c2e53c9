"""The form asks, refuses nothing but what it cannot read, says so beside the field, and keeps what was typed."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.extensions import db
from directory.guide.prepare.forms import PrepareForm
from directory.guide.prepare.questions import MAX_WORDS_LENGTH, RED_FLAGS, SAFETY
from directory.web.days import today_in_california
from scripts.reading_grade import MAX_GRADE, grade, running_text
from tests import factories
from tests.guide.reading import Page

PATH = "/guide/prepare"
ANSWERS = {
    "neck": ["turns", "pain"],
    "neck_words": "It pulls when I drive.",
    "since": "3/2021",
    "tried": "rest",
    "blood_thinner": "yes",
    "pregnancy": "no",
    "product": "botox",
    "helped": "faded",
    "own_questions": "May I swim?",
}


@pytest.fixture
def visitor(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def post(client: FlaskClient, path: str = PATH, **fields: Any) -> Any:
    return client.post(path, data={key.removesuffix("_"): value for key, value in fields.items()})


@pytest.mark.parametrize("kind", ["page", "text"])
def test_who_comes_from_a_provider_gets_a_sheet_for_that_visit(visitor: FlaskClient, kind: str) -> None:
    npi = factories.provider(name="Zoë O'Neil, MD").npi
    db.session.commit()
    form = visitor.get(PATH, query_string={"npi": npi}).text
    assert f'<input type="hidden" name="npi" value="{npi}">' in form
    assert f'href="/providers/{npi}"' in form
    assert "Zoë O" in post(visitor, npi=npi, as_=kind).text
    for other in ("", "9999999999", "x", "' OR 1"):
        assert visitor.get(PATH, query_string={"npi": other}).status_code == 200
        assert "Zoë" not in post(visitor, npi=other, as_=kind).text


def summary_of(answer: Any) -> str:
    return Page(answer.text).at("error-summary").text


def test_nothing_is_required_and_an_empty_form_gives_a_sheet_to_fill(visitor: FlaskClient) -> None:
    form = Page(visitor.get(PATH).text)
    assert not [tag for tag in form.tags if "required" in tag.attributes]
    answer = post(visitor)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert len(page.of_class("blank")) >= 6
    assert "I take a blood thinner." in page.at("sheet").text
    assert not page.of_class("urgent")


def test_the_sheet_holds_every_answer(visitor: FlaskClient) -> None:
    sheet = Page(post(visitor, **ANSWERS).text).at("sheet").text
    for words in (
        "My head turns to one side",
        "“It pulls when I drive.”",
        "March 2021",
        "Rest, heat or ice",
        "I take a blood thinner.",
        "I am not pregnant and not breastfeeding.",
        "Botox (onabotulinumtoxinA)",
        "It helped at first, then less",
        "“May I swim?”",
    ):
        assert words in sheet


def test_the_plain_text_says_the_same_as_the_page(visitor: FlaskClient) -> None:
    answer = post(visitor, **ANSWERS, as_="text")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=consultation.txt"
    lines = [line.strip() for line in answer.text.splitlines()]
    to_tick = [
        tag.text
        for tag in Page(post(visitor, **ANSWERS).text).named("li")
        if tag.text.endswith("?") and "." not in tag.text
    ]
    assert len(to_tick) > 5
    assert [words for words in to_tick if f"[ ] {words}" not in lines] == []
    assert "“It pulls when I drive.”" in lines
    assert "I take a blood thinner." in answer.text
    assert "Source: General knowledge" not in answer.text, "what is not confirmed says so"
    assert "Source, not yet confirmed: General knowledge." in answer.text


@pytest.mark.parametrize("as_", ["page", "text", "form"])
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_urgent_advice_stands_first(visitor: FlaskClient, flag: str, as_: str) -> None:
    answer = post(visitor, red_flags=flag, neck="pain", as_=as_)
    text = answer.text if as_ == "text" else Page(answer.text).at("content").text
    place = text.upper().index("DO NOT WAIT FOR THE CONSULTATION")
    rest = {"page": "My page for the consultation", "text": "MY PAGE FOR", "form": "Answer what you like"}[as_]
    assert place < text.index(rest)
    assert any(help in text[place : place + 400] for help in ("911", "emergency room"))


def test_urgent_advice_stands_before_the_mistakes(visitor: FlaskClient) -> None:
    answer = post(visitor, red_flags="fever", since="soon")
    assert answer.status_code == 400
    assert answer.text.index("Do not wait for the consultation") < answer.text.index('id="error-summary"')


def test_without_red_flags_the_form_still_says_what_to_do_about_them(visitor: FlaskClient) -> None:
    assert "do not wait and do not fill in this form" in visitor.get(PATH).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1900", "Type a year from"),
        ("3000", "Type a year from"),
        ("1/3000", "Type a year from"),
        ("13/2021", "Type the month as a number from 1 to 12"),
        ("0/2021", "Type the month as a number from 1 to 12"),
        ("since the crash", "Type the year, such as 2021"),
        ("21", "Type the year, such as 2021"),
        ("20211", "Type the year, such as 2021"),
        ("-2021", "Type the year, such as 2021"),
        ("٢٠٢١", "Type the year, such as 2021"),
        ("<b>2021</b>", "Type the year, such as 2021"),
    ],
)
def test_a_beginning_that_cannot_be_is_said_and_kept(visitor: FlaskClient, typed: str, sentence: str) -> None:
    answer = post(visitor, since=typed, neck_words="Kept words")
    page = Page(answer.text)
    assert answer.status_code == 400
    assert sentence in page.at("since-error").text
    assert sentence in summary_of(answer)
    assert page.at("since").attributes["value"] == typed
    assert "Kept words" in page.at("neck_words").text


@pytest.mark.parametrize("typed", ["2021", "3/2021", "03/2021", "2021-03", "3-2021", " 2021 "])
def test_a_beginning_is_read_as_people_write_it(visitor: FlaskClient, typed: str) -> None:
    assert "2021" in Page(post(visitor, since=typed).text).at("sheet").text


def test_a_month_that_is_still_to_come_is_refused(visitor: FlaskClient) -> None:
    today = today_in_california()
    assert post(visitor, since=f"{today.month}/{today.year}").status_code == 200
    if today.month < 12:
        assert post(visitor, since=f"{today.month + 1}/{today.year}").status_code == 400
    assert post(visitor, since=str(today.year + 1)).status_code == 400


@pytest.mark.parametrize("name", ["neck_words", "tried_words", "medicines", "earlier_words", "own_questions"])
def test_a_text_that_is_too_long_is_said_and_kept_whole(visitor: FlaskClient, name: str) -> None:
    typed = "a" * 10_000
    answer = post(visitor, **{name: typed})
    page = Page(answer.text)
    assert answer.status_code == 400
    assert f"That is {10_000 - MAX_WORDS_LENGTH:,} characters too long" in page.at(f"{name}-error").text
    assert page.at(name).text == typed
    assert post(visitor, **{name: "a" * MAX_WORDS_LENGTH}).status_code == 200


def test_one_character_too_many_is_one(visitor: FlaskClient) -> None:
    assert "That is 1 character too long" in post(visitor, medicines="a" * (MAX_WORDS_LENGTH + 1)).text


@pytest.mark.parametrize("name", ["red_flags", "neck", "tried", *SAFETY, "earlier", "product", "helped"])
def test_a_choice_that_is_not_offered_is_refused(visitor: FlaskClient, name: str) -> None:
    answer = post(visitor, **{name: "teleport"})
    assert answer.status_code == 400
    assert Page(answer.text).at(f"{name}-error").text
    assert f'href="#{name}"' in answer.text


def test_an_unknown_field_and_an_unknown_button_change_nothing(visitor: FlaskClient) -> None:
    assert "sheet" in post(visitor, nonsense="1", as_="spreadsheet").text


def test_controls_are_taken_out_and_html_stays_what_was_typed(visitor: FlaskClient) -> None:
    typed = "a\x00b\x07c\u202ed <script>alert(1)</script> & <3"
    page = post(visitor, neck_words=typed).text
    assert "<script>alert" not in page
    assert "abcd &lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;3" in page
    text = post(visitor, neck_words=typed, as_="text")
    assert "“abcd <script>alert(1)</script> & <3”" in text.text
    assert text.headers["X-Content-Type-Options"] == "nosniff"


def test_line_ends_do_not_lengthen_the_sheet(visitor: FlaskClient) -> None:
    assert "“one two”" in post(visitor, neck_words="one\r\n\r\n\r\ntwo").text


def test_answers_can_be_changed_from_the_sheet(visitor: FlaskClient) -> None:
    """All are in the sheet's form as hidden fields, since they are kept nowhere else."""
    sheet = Page(post(visitor, **ANSWERS).text)
    hidden = [tag.attributes for tag in sheet.named("input") if tag.attributes.get("type") == "hidden"]
    sent: dict[str, list[str]] = {}
    for field in hidden:
        sent.setdefault(field["name"], []).append(field["value"])
    answer = visitor.post(PATH, data={**sent, "as": "form"})
    form = Page(answer.text)
    assert answer.status_code == 200
    assert "It pulls when I drive." in form.at("neck_words").text
    assert form.at("since").attributes["value"] == "3/2021"
    checked = {tag.attributes["value"] for tag in form.named("input") if "checked" in tag.attributes}
    assert checked == {"turns", "pain", "rest", "yes", "no"}
    assert visitor.post(PATH, data={**sent, "as": "text"}).text == post(visitor, **ANSWERS, as_="text").text


def test_the_form_comes_back_filled_when_its_token_is_missing(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "WTF_CSRF_ENABLED", True)
    client = sqlite_app.test_client()
    answer = post(client, neck_words="Kept words")
    page = Page(answer.text)
    assert answer.status_code == 400
    assert "Kept words" in page.at("neck_words").text
    token = next(tag.attributes["value"] for tag in page.named("input") if tag.attributes["name"] == "csrf_token")
    assert post(client, neck_words="Kept words", csrf_token=token).status_code == 200


@pytest.mark.exhaustive
def test_the_sheet_is_as_easy_to_read_as_the_form(visitor: FlaskClient) -> None:
    everything = dict.fromkeys(SAFETY, "yes") | {"red_flags": list(RED_FLAGS), "helped": "not", "medicines": "none"}
    assert grade(running_text(post(visitor, **everything).text)) <= MAX_GRADE


def test_what_the_form_sends_on_is_what_it_was_sent(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(PATH, method="POST", data=ANSWERS):
        form = PrepareForm(today_in_california())
        assert form.validate()
        pairs = form.sent
    expected = [
        (key, each) for key, value in ANSWERS.items() for each in ([value] if isinstance(value, str) else value)
    ]
    assert sorted(pairs) == sorted(expected)
