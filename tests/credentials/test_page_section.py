"""The qualifications part of a provider's page: every line, what is verified and what is only claimed."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.actions import second_check
from directory.credentials.checks import Method
from directory.credentials.kinds import CredentialKind
from directory.credentials.models import CredentialStatus
from directory.credentials.rubric import RUBRIC
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.filters import day
from tests import factories
from tests.credentials.acting import SECOND, TODAY, brought_to, found


def page_of(app: Flask, npi: str) -> str:
    db.session.commit()
    client: FlaskClient = app.test_client()
    answer = client.get(f"/providers/{npi}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_every_line_of_the_rubric_is_shown_with_its_points(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi)
    text = page_of(sqlite_app, npi)
    assert all(line.label in text for line in RUBRIC)
    assert "20.0 of 20" in text
    assert "0.0 of 25" in text
    assert "30.0 of 100 points" in text


def test_a_claim_says_that_it_is_not_verified(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi, number="A-1").status = CredentialStatus.CLAIMED
    assert "(claimed, not verified)" in page_of(sqlite_app, npi)


def test_a_license_that_lapsed_since_the_last_scoring_is_shown_as_such(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi).expires_on = date(2020, 1, 31)
    text = page_of(sqlite_app, npi)
    assert "Not ranked: California license expired on January 31, 2020." in text
    assert "(expired)" in text


def test_a_barred_provider_says_so_once_at_the_head_of_its_page(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.exclusion(npi)
    text = page_of(sqlite_app, npi)
    head, body = text.split("</header>")[1:3]
    assert "Not ranked: excluded by the OIG since January 1, 2025." in head
    assert "Not ranked" not in body


def test_an_exclusion_is_shown_with_its_source_even_when_lifted(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.exclusion(npi, reinstated_on=date(2025, 6, 1))
    text = page_of(sqlite_app, npi)
    assert "on January 1, 2025 (type 1128a1), reinstated on June 1, 2025." in text
    assert "Not ranked" not in text


def test_nothing_known_is_said_plainly(sqlite_app: Flask) -> None:
    text = page_of(sqlite_app, factories.provider().npi)
    assert "0.0 of 100 points" in text
    assert "No credentials listed." in text


def test_a_waiver_is_shown_with_what_it_does_not_do(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.exclusion(npi, waived_in="NV")
    text = page_of(sqlite_app, npi)
    assert "The OIG has waived the exclusion in NV: the provider can be paid there." in text
    assert "A waiver doesn’t end the exclusion" in text
    assert "Not ranked: excluded by the OIG" in text


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ({"source_key": "leie"}, "Found by the NPI."),
        (
            {"source_key": "leie", "confirmed_by": "account:3, account:5"},
            "Found by name, and confirmed by two verifiers.",
        ),
    ],
)
def test_an_exclusion_says_how_it_was_matched_and_names_no_verifier(
    sqlite_app: Flask, values: dict[str, str], how: str
) -> None:
    npi = factories.provider().npi
    known_source("leie")
    factories.exclusion(npi, **values)
    text = page_of(sqlite_app, npi)
    assert how in text
    assert "account:3" not in text


@pytest.mark.parametrize("kind", CredentialKind)
def test_a_number_that_others_could_misuse_is_not_shown(sqlite_app: Flask, kind: CredentialKind) -> None:
    credential = factories.license(factories.provider().npi, number="ZZ-4711")
    credential.kind = kind
    is_private = kind in {CredentialKind.DEA_REGISTRATION, CredentialKind.MALPRACTICE_POLICY}
    assert ("ZZ-4711" in page_of(sqlite_app, credential.npi)) == (not is_private)


def test_a_check_is_shown_with_its_source_method_and_day_and_nothing_else(sqlite_app: Flask) -> None:
    credential = brought_to("in_review")
    checked_on = TODAY - timedelta(days=3)
    found(credential, method=Method.PHONE, contact="Ms Doe of the board", note="Spelled Smyth.", checked_on=checked_on)
    text = page_of(sqlite_app, credential.npi)
    assert f"Checked {day(checked_on)} (phone): Medical Board of California, license search" in text
    assert "Ms Doe" not in text
    assert "Spelled Smyth" not in text
    assert "account:" not in text


def test_nothing_is_shown_of_an_outcome_that_waits_for_a_second_verifier(sqlite_app: Flask) -> None:
    credential = brought_to("in_review")
    verification = found(credential, "revoked")
    text = page_of(sqlite_app, credential.npi)
    assert "(being verified)" in text
    assert "Checked" not in text
    assert "revoked" not in text
    assert "The board lists none" not in text
    second_check(SECOND, verification, agrees=True)
    text = page_of(sqlite_app, credential.npi)
    assert "Not ranked: California license revoked." in text
    assert "The board lists none" not in text
