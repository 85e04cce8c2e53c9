"""A reader reports wrong information: it waits for staff, once, and nothing of it is shown."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.audit.models import AuditEvent
from directory.clinics.models import InformationReport
from directory.clinics.reported.actions import MAX_WAITING_OF_A_NETWORK, tidy_information_reports
from directory.clinics.reported.kinds import ABOUT
from directory.clinics.reported.queries import reports_to_check
from directory.extensions import db
from directory.web.transaction import transaction
from tests import factories
from tests.in_spanish import english_in

FORM = {"about": "phone", "right_value": "(310) 555-0177", "known_from": "called"}


@pytest.fixture
def npi(app: Flask) -> str:
    npi = factories.provider().npi
    db.session.commit()
    return npi


def send(client: FlaskClient, npi: str, network: str = "192.0.2.7", language: str = "", **typed: str) -> TestResponse:
    origin = {"REMOTE_ADDR": network}
    return client.post(f"{language}/providers/{npi}/report", data=FORM | typed, environ_overrides=origin, buffered=True)


def reports() -> list[InformationReport]:
    db.session.expire_all()
    return list(db.session.scalars(select(InformationReport).order_by(InformationReport.id)))


@pytest.mark.postgresql
def test_a_report_waits_for_staff_and_the_reader_is_told_what_happens(client: FlaskClient, npi: str) -> None:
    answer = send(client, npi, email="Pat@Example.org")
    assert answer.status_code == 303, answer.text
    assert "We got your report" in client.get(answer.location).text
    (report,) = reports()
    assert (report.about, report.right_value, report.known_from, report.status) == (
        "phone",
        "(310) 555-0177",
        "called",
        "waiting",
    )
    assert (report.email, report.form_language, report.version) == ("Pat@example.org", "en", 1)
    assert report.address_key
    assert reports_to_check(Account()).count == 1
    (event,) = db.session.scalars(select(AuditEvent))
    assert (event.actor, event.act, event.after) == ("reader", "report_information", {"npi": npi, "about": "phone"})


def test_nothing_of_it_is_shown_in_public_and_no_network_is_kept(client: FlaskClient, npi: str) -> None:
    send(client, npi, right_value="My cousin says 555-0199", email="pat@example.org")
    page = client.get(f"/providers/{npi}").text
    assert "555-0199" not in page
    assert "/report" in page
    (report,) = reports()
    assert "192.0.2" not in repr(vars(report))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"about": ""}, "about", "Choose what is wrong."),
        ({"about": "invented"}, "about", "Choose what is wrong."),
        ({"right_value": " "}, "right_value", "Type what is right"),
        ({"right_value": "<b>555</b>"}, "right_value", "Use plain text only"),
        ({"right_value": "x" * 501}, "right_value", "shorten it to 500"),
        ({"known_from": ""}, "known_from", "Choose how you know."),
        ({"email": "pat"}, "email", "That doesn’t look like an email address."),
        ({"email": "pat@gmial.com"}, "email", "Did you mean gmail.com?"),
    ],
)
def test_mistakes_come_back_with_what_was_typed(
    client: FlaskClient, npi: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = send(client, npi, **typed)
    page = html.unescape(answer.text)
    assert answer.status_code == 400
    assert sentence in page
    assert f'href="#{field}"' in page
    assert typed.get("right_value", FORM["right_value"]).strip() in page
    assert reports() == []


def test_nothing_is_preselected(client: FlaskClient, npi: str) -> None:
    page = client.get(f"/providers/{npi}/report").text
    assert " checked" not in page
    assert all(str(words) in html.unescape(page) for words in ABOUT.values())


def test_of_several_locations_the_right_one_is_asked_for(client: FlaskClient, npi: str) -> None:
    second = factories.location(npi, factories.TORRANCE, phone="(310) 555-0111", address_key="another street")
    db.session.commit()
    assert "Which location?" in client.get(f"/providers/{npi}/report").text
    answer = send(client, npi)
    assert answer.status_code == 400
    assert "Choose the location where it is wrong." in answer.text
    assert send(client, npi, location=str(second.id)).status_code == 303
    assert send(client, npi, about="insurance", right_value="They take Aetna.").status_code == 303
    assert [report.address_key for report in reports()] == ["another street", ""]


def test_who_no_longer_practices_here_needs_no_other_value(client: FlaskClient, npi: str) -> None:
    assert send(client, npi, about="gone", right_value="").status_code == 303
    assert reports()[0].right_value is None


def test_the_same_report_again_changes_nothing(client: FlaskClient, npi: str) -> None:
    send(client, npi, form_key="one")
    send(client, npi, "198.51.100.9", form_key="one")  # the same form
    send(client, npi, "192.0.2.8", form_key="two", right_value="(310)  555-0177")  # the same words and network
    assert len(reports()) == 1
    send(client, npi, "198.51.100.9", form_key="three")
    assert len(reports()) == 2


def test_one_network_has_few_reports_waiting_of_one_provider(client: FlaskClient, npi: str) -> None:
    for number in range(MAX_WAITING_OF_A_NETWORK):
        assert send(client, npi, right_value=f"555-01{number:02d}").status_code == 303
    answer = send(client, npi, right_value="555-0199")
    assert answer.status_code == 400
    assert "we can’t take more right now" in answer.text
    assert "555-0199" in answer.text
    assert send(client, factories.provider().npi).status_code == 303


def test_too_many_forms_from_one_network_are_held_back_and_keep_what_was_typed(
    app: Flask, client: FlaskClient, npi: str
) -> None:
    app.config["SUBMISSION_LIMIT"] = "1 per hour"
    assert send(client, npi).status_code == 303
    answer = send(client, npi, right_value="555-0142")
    assert answer.status_code == 429
    assert "555-0142" in answer.text


def test_a_page_that_was_open_for_too_long_keeps_what_was_typed(app: Flask, client: FlaskClient, npi: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = send(client, npi)
    assert answer.status_code == 400
    assert "The page was open for too long" in answer.text
    assert "555-0177" in answer.text


@pytest.mark.parametrize("npi", ["1234567893", "x"])
def test_of_an_unknown_provider_there_is_no_form(client: FlaskClient, npi: str) -> None:
    assert client.get(f"/providers/{npi}/report").status_code == 404
    assert client.get(f"/providers/{npi}/report/received").status_code == 404


def test_a_deactivated_provider_can_be_reported_too(client: FlaskClient) -> None:
    npi = factories.provider(deactivated_on=factories.DAY, at=None).npi
    db.session.commit()
    assert f"/providers/{npi}/report" in client.get(f"/providers/{npi}").text
    assert send(client, npi, right_value="They are at the clinic next door.").status_code == 303


def test_the_pages_are_in_spanish_and_so_is_the_report(client: FlaskClient, npi: str) -> None:
    for path in ("report", "report/received"):
        assert english_in(client.get(f"/es/providers/{npi}/{path}").text) == []
    assert english_in(send(client, npi, language="/es", about="", right_value="").text) == []
    send(client, npi, language="/es")
    assert reports()[0].form_language == "es"


@pytest.mark.postgresql
def test_reports_and_addresses_are_deleted_in_time(app: Flask, client: FlaskClient, npi: str) -> None:
    now = datetime.now(UTC)
    ages = [
        ("waiting", None, 360),
        ("waiting", None, 366),
        ("asked", 29, 40),
        ("asked", 31, 40),
        ("corrected", 89, 100),
        ("refused", 91, 100),
    ]
    for number, (status, decided, reported) in enumerate(ages):
        db.session.add(
            InformationReport(
                npi=npi,
                about="other",
                known_from="other",
                email="pat@example.org",
                network_hash="x",
                form_key=str(number),
                reported_at=now - timedelta(days=reported),
                status=status,
                decided_at=now - timedelta(days=decided) if decided else None,
            )
        )
    db.session.commit()
    with transaction():
        assert tidy_information_reports() == 2
    assert [(report.form_key, report.email is None) for report in reports()] == [
        ("0", False),
        ("2", False),
        ("3", True),
        ("4", False),
    ]
