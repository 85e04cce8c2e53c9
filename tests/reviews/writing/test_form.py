"""Every mistake in the form gets its sentence, and nothing typed is lost."""

import html
import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from directory.extensions import db
from directory.reviews.models import Review
from directory.web.days import today_in_california
from tests import factories
from tests.reviews.writing.sending import ADDRESS, TEXT, app_with_tokens, only_review, send, value_of, words

SECRET_DETAIL = "Call me at 310-555-0199. It went well."


@pytest.fixture
def npi(sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(sqlite_app.config, "REVIEW_PROOFS_DIR", str(tmp_path / "proofs"))
    npi = factories.provider().npi
    db.session.commit()
    return npi


@pytest.fixture
def client(sqlite_app: Flask) -> FlaskClient:
    return sqlite_app.test_client()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "teal").save(out, "PNG")
    return out.getvalue()


def month(months_from_now: int) -> str:
    today = today_in_california()
    months = 12 * today.year + today.month - 1 + months_from_now
    return f"{months // 12}-{months % 12 + 1:02}"


def number_of_reviews() -> int:
    return db.session.scalar(select(func.count()).select_from(Review)) or 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("rating", None, "Choose a rating from 1 to 5 stars."),
        ("rating", "0", "Choose a rating from 1 to 5 stars."),
        ("rating", "6", "Choose a rating from 1 to 5 stars."),
        ("rating", "five", "Choose a rating from 1 to 5 stars."),
        ("rating", "4.5", "Choose a rating from 1 to 5 stars."),
        ("written_as", None, "Say whose visit it was: your own, or someone else’s."),
        ("written_as", "x", "Say whose visit it was: your own, or someone else’s."),
        ("would_return", None, "Choose yes or no."),
        ("would_return", "perhaps", "Choose yes or no."),
        ("visited_on", None, "Choose the month of your visit."),
        ("visited_on", "May", "Choose the month of your visit."),
        ("visited_on", "2026-13", "Choose the month of your visit."),
        ("visited_on", "٢٠٢٦-٠", "Choose the month of your visit."),
        ("visited_on", month(1), "That month is in the future."),
        ("visited_on", month(-61), "We take reviews of visits in the last 5 years"),
        ("onset_days", "-1", "Type a whole number of days from 0 to 90, or leave it blank."),
        ("onset_days", "91", "Type a whole number of days from 0 to 90, or leave it blank."),
        ("onset_days", "a week", "Type a whole number of days from 0 to 90, or leave it blank."),
        ("onset_days", "1e1", "Type a whole number of days from 0 to 90, or leave it blank."),
        ("onset_days", "9" * 400, "Type a whole number of days from 0 to 90, or leave it blank."),
        ("weeks_lasted", "61", "Type a whole number of weeks from 0 to 60, or leave it blank."),
        ("pain", "11", "Choose a number from 0 to 10, or leave it blank."),
        ("relief", "total", "Choose one of the answers, or leave it blank."),
        ("wait", "x", "Choose one of the answers, or leave it blank."),
        ("explained", "6", "Choose a number from 1 to 5, or leave it blank."),
        ("guidance", "x", "Choose one of the answers, or leave it blank."),
        ("paid", "x", "Choose one of the answers, or leave it blank."),
        ("side_effects", ["none", "headache"], "You checked “none” and also “headache”. Uncheck one of them."),
        ("side_effects", ["fever"], "Choose only from the list."),
        ("text", "x" * 50_000, "That is 45,000 characters too long: shorten it to 5,000."),
        ("text", "x" * 5_001, "That is 1 character too long: shorten it to 5,000."),
        ("text", "<script>alert(1)</script>", "Use plain text only. Remove tags such as <script>."),
        ("text", "good\u202edab\u202c", "We removed 2 invisible characters."),
        ("text", "good\x00", "We removed an invisible character."),
        ("author", "x" * 61, "That is 1 character too long: shorten it to 60."),
        ("author", "J\u200bo", "We removed an invisible character."),
        ("author", "jo@example.org", "Everyone can read this name. Leave out email addresses, phone numbers and links"),
        ("author", "Jo 310 555 0100", "Everyone can read this name."),
        ("email", None, "Type your email address, such as name@example.org."),
        ("email", "jo", "That doesn’t look like an email address."),
        ("email", "jo@example", "That doesn’t look like an email address."),
        ("email", "jo@example.org, al@example.org", "That doesn’t look like an email address."),
        ("email", "x" * 300 + "@example.org", "That doesn’t look like an email address."),
        ("tie", None, "Say whether you have a connection to this provider."),
        ("tie", "x", "Say whether you have a connection to this provider."),
        ("own_experience", None, "Check the box to confirm that this is your own experience."),
    ],
)
def test_a_mistake_gets_its_sentence_and_the_rest_stays(
    client: FlaskClient, npi: str, field: str, typed: object, sentence: str
) -> None:
    answer = send(client, npi, **{"author": "Jo W.", "weeks_lasted": "12", field: typed})
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert f'<a href="#{field}">' in answer.text, "the head of the page leads to the field"
    assert f'id="{field}"' in answer.text
    assert number_of_reviews() == 0
    if field != "text":
        assert TEXT in words(answer)
    if field != "author":
        assert 'value="Jo W."' in answer.text
    if field != "email":
        assert f'value="{ADDRESS}"' in answer.text
    if field != "weeks_lasted":
        assert 'value="12"' in answer.text


@pytest.mark.parametrize("typed", ["jo@gmail.con", "jo@gmial.com", "jo@googlemail.con"])
def test_a_mistyped_mail_domain_is_asked_about_once(client: FlaskClient, npi: str, typed: str) -> None:
    asked = send(client, npi, email=typed)
    assert asked.status_code == 400
    assert "Did you mean g" in words(asked)
    assert f'value="{typed}"' in asked.text
    assert send(client, npi, email=[typed, typed]).status_code == 303, "unchanged, it is accepted"
    assert only_review().submission.email == typed


def test_one_click_takes_the_suggested_address(client: FlaskClient, npi: str) -> None:
    asked = send(client, npi, email="jo@hotmial.com")
    button = re.search(r'<button type="submit" class="secondary outline" name="email" value="([^"]*)">', asked.text)
    assert button
    assert send(client, npi, email=["jo@hotmial.com", "jo@hotmial.com", button[1]]).status_code == 303
    assert only_review().submission.email == "jo@hotmail.com"


@pytest.mark.parametrize("field", ["text", "author"])
@pytest.mark.parametrize("typed", ["\u3164", "\u2800\u2800", "\u202e", "\U000e0041", "\ufe0f", "\u200b\n\u2060"])
def test_invisible_characters_are_no_text_and_no_name(client: FlaskClient, npi: str, field: str, typed: str) -> None:
    pointed_out = send(client, npi, **{field: typed})
    assert pointed_out.status_code == 400
    assert "We removed" in words(pointed_out)
    assert typed not in pointed_out.text


def test_of_blank_lines_in_a_row_one_is_kept(client: FlaskClient, npi: str) -> None:
    assert send(client, npi, text="It went well.\r\n\r\n\r\n \r\nThey took their time.").status_code == 303
    assert only_review().text == "It went well.\n\nThey took their time."


def test_the_form_says_how_many_answers_are_required_marks_the_others_and_chooses_none(
    client: FlaskClient, npi: str
) -> None:
    page = client.get(f"/providers/{npi}/reviews/new")
    assert "7 answers are required; the others are marked “optional”." in words(page)
    for question in (
        "Days until the first relief",
        "Side effects",
        "Wait for an appointment",
        "Your review",
        "Name to show",
    ):
        assert f"{question} (optional)" in words(page)
    for question in ("How many stars?", "Month of your visit", "Your email address"):
        assert f"{question} (optional)" not in words(page)
    assert " checked" not in page.text
    chosen = re.findall(r'<option value="([^"]*)" selected', page.text)
    assert set(chosen) == {""}


def test_everything_missing_is_said_at_once(client: FlaskClient, npi: str) -> None:
    answer = client.post(f"/providers/{npi}/reviews/new")
    for field in ("written_as", "rating", "would_return", "visited_on", "email", "tie", "own_experience"):
        assert f'<a href="#{field}">' in answer.text


@pytest.mark.parametrize("months", [0, -60])
def test_the_first_and_the_last_month_offered_are_taken(client: FlaskClient, npi: str, months: int) -> None:
    assert send(client, npi, visited_on=month(months)).status_code == 303


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5_000, "👍" * 5_000, 'I <3 it & "more"', "هذا رأيي", "می‌خواهم"])
def test_what_keeps_the_rules_is_taken_as_it_is(client: FlaskClient, npi: str, text: str) -> None:
    assert send(client, npi, text=text).status_code == 303
    assert (only_review().text or "") == text.strip()


def test_a_text_is_composed_and_its_lines_end_alike(client: FlaskClient, npi: str) -> None:
    send(client, npi, text="cafe\u0301\r\nagain", author=" Jo\n W. ")
    assert (only_review().text, only_review().author) == ("café\nagain", "Jo W.")


def test_a_cleaned_text_is_shown_and_can_be_sent(client: FlaskClient, npi: str) -> None:
    answer = send(client, npi, text="good\u202e day")
    shown = html.unescape(answer.text.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]).strip()
    assert shown == "good day"
    assert send(client, npi, text=shown).status_code == 303


def test_markup_is_shown_as_text(client: FlaskClient, npi: str) -> None:
    answer = send(client, npi, text="</textarea><script>alert(1)</script>", author='"><b>', email='"><i>')
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text
    assert "<i>" not in answer.text


def test_personal_details_are_pointed_out_once(client: FlaskClient, npi: str) -> None:
    answer = send(client, npi, text=SECRET_DETAIL)
    assert answer.status_code == 400
    assert "Remove the phone number “310-555-0199”" in words(answer)
    assert number_of_reviews() == 0
    looked_at = value_of(answer, "looked_at")
    changed = send(client, npi, text=SECRET_DETAIL + " Or 310-555-0188.", looked_at=looked_at)
    assert "“310-555-0188”" in words(changed), "the box is for that text alone"
    assert send(client, npi, text=SECRET_DETAIL, looked_at="yes").status_code == 400
    assert send(client, npi, text=SECRET_DETAIL, looked_at=looked_at).status_code == 303


@pytest.mark.parametrize("token", [None, "", "x", "IjEi.Zx.expired"])
def test_a_missing_or_expired_token_loses_nothing(
    sqlite_app: Flask, npi: str, token: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app_with_tokens(sqlite_app, monkeypatch)
    answer = send(client, npi, csrf_token=token)
    assert answer.status_code == 400
    assert "What you typed is still here: send it again." in words(answer)
    assert TEXT in words(answer)
    fresh = value_of(answer, "csrf_token")
    assert send(client, npi, csrf_token=fresh).status_code == 303


def test_too_many_forms_from_one_network_lose_nothing(
    sqlite_app: Flask, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "SUBMISSION_LIMIT", "2 per hour")
    client = sqlite_app.test_client()
    answers = [send(client, npi, form_key=str(number), email=f"w{number}@example.org") for number in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert "send it again later" in words(answers[-1])
    assert TEXT in words(answers[-1])


def test_a_proof_is_kept_privately_with_its_review(client: FlaskClient, npi: str, tmp_path: Path) -> None:
    assert send(client, npi, proof=(io.BytesIO(picture()), "my bill.png")).status_code == 303
    submission = only_review().submission
    assert submission
    assert [path.name for path in (tmp_path / "proofs").iterdir()] == [submission.proof_file]
    assert "bill" not in str(submission.proof_file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "The file is not a PDF, PNG or JPEG."),
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\nbroken", "The picture is damaged."),
        (b"%PDF-" + b"x" * (5 * 1024 * 1024), "The file is larger than 5 MB."),
    ],
)
def test_a_refused_file_gets_its_sentence(client: FlaskClient, npi: str, content: bytes, sentence: str) -> None:
    answer = send(client, npi, proof=(io.BytesIO(content), "bill.pdf"))
    assert answer.status_code == 400
    assert sentence in words(answer)
    assert TEXT in words(answer)


def test_more_than_the_request_may_hold_is_refused(client: FlaskClient, npi: str) -> None:
    assert send(client, npi, proof=(io.BytesIO(b"x" * (7 * 1024 * 1024)), "bill.pdf")).status_code == 413


def test_an_accepted_proof_survives_a_mistake_elsewhere(client: FlaskClient, npi: str, tmp_path: Path) -> None:
    answer = send(client, npi, rating="6", proof=(io.BytesIO(picture()), "bill.png"))
    assert "We already have your file." in words(answer)
    ticket = value_of(answer, "proof_ticket")
    send(client, npi, proof_ticket=ticket)
    submission = only_review().submission
    assert submission
    assert submission.proof_file == next((tmp_path / "proofs").iterdir()).name


def test_a_kept_proof_can_be_left_out(client: FlaskClient, npi: str) -> None:
    ticket = value_of(send(client, npi, rating="6", proof=(io.BytesIO(picture()), "bill.png")), "proof_ticket")
    send(client, npi, proof_ticket=ticket, without_proof="yes")
    submission = only_review().submission
    assert submission
    assert submission.proof_file is None


def test_a_ticket_of_another_form_or_a_made_up_one_brings_no_file(client: FlaskClient, npi: str) -> None:
    ticket = value_of(send(client, npi, rating="6", proof=(io.BytesIO(picture()), "bill.png")), "proof_ticket")
    for form_key, given in (("b" * 32, ticket), ("a" * 32, ticket[:-1]), ("a" * 32, "../../etc/passwd")):
        answer = send(client, npi, form_key=form_key, proof_ticket=given)
        assert answer.status_code == 400
        assert "Choose it again, or leave it out." in words(answer)


def test_a_form_key_is_made_up_where_there_is_none(client: FlaskClient, npi: str) -> None:
    assert len(value_of(client.get(f"/providers/{npi}/reviews/new"), "form_key")) >= 32
    for address in ("one@example.org", "two@example.org"):
        assert send(client, npi, form_key=None, email=address).status_code == 303
    assert number_of_reviews() == 2


def test_the_form_asks_for_no_default_tie_and_names_who_sees_the_proof(client: FlaskClient, npi: str) -> None:
    page = client.get(f"/providers/{npi}/reviews/new")
    assert " checked" not in page.text
    assert "Only our moderators see the file, and it is deleted as soon as" in words(page)
