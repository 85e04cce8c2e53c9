"""A correction holds at once, is recorded with its reason, and moves the search."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from directory.extensions import db
from directory.providers.actions import correct_provider
from directory.providers.corrections import CorrectionError, DoubtfulCorrectionError
from directory.providers.models import ORGANIZATION, Provider
from directory.providers.revision import changed_since, current_revision
from directory.web.days import today_in_california
from directory.web.transaction import transaction
from tests import factories


@pytest.mark.postgresql
def test_a_corrected_part_changes_the_name_that_is_shown(app: Flask) -> None:
    npi = factories.provider(last_name="Exmaple").npi
    db.session.commit()
    before = current_revision()
    with transaction():
        correct_provider("command:ana", npi, "last_name", "Example", "misspelled")
    provider = db.session.get(Provider, npi)
    assert provider is not None
    assert provider.name == "Ada Example, MD"
    assert changed_since(before) == {npi}
    (correction,) = provider.corrections
    assert (correction.field, correction.value, correction.reason) == ("last_name", "Example", "misspelled")


def test_a_corrected_middle_name_is_shown(sqlite_app: Flask) -> None:
    provider = factories.provider(last_name="Example", name="Ada Example, MD")
    correct_provider("command:ana", provider.npi, "middle_name", "Q", "two of one name")
    assert provider.name == "Ada Q. Example, MD"


def test_a_second_correction_replaces_the_first(app: Flask) -> None:
    provider = factories.provider()
    correct_provider("command:ana", provider.npi, "credential_text", "DO", "first thought")
    correct_provider("command:ana", provider.npi, "credential_text", "", "she has none")
    assert (provider.credential_text, provider.name.count(",")) == (None, 0)
    assert len(provider.corrections) == 1


def test_a_corrected_point_counts_as_exact(app: Flask) -> None:
    provider = factories.provider()
    provider.locations[0].precision = "zip"
    correct_provider("command:ana", provider.npi, "latitude", "33.5", "measured")
    place = provider.locations[0]
    assert (place.latitude, place.precision, place.located_by) == (33.5, "point", "staff")


@pytest.mark.parametrize(
    ("field", "value", "reason", "address", "why"),
    [
        ("npi", "1", "why not", "", "no field npi"),
        ("name", " ", "gone", "", "cannot be empty"),
        ("latitude", "91", "typo", "", "no latitude"),
        ("latitude", "nan", "typo", "", "no latitude"),
        ("longitude", "west", "typo", "", "no longitude"),
        ("name", "X" * 301, "long", "", "at most 300"),
        ("name", "Ada", "  ", "", "Give the reason"),
        ("name", "Ada", "\u3164\u2800", "", "Give the reason"),
        ("phone", "1", "new", "elsewhere", "Say which practice location"),
        ("phone", "call us", "new", "", "“call us” is not a phone number. Type all its digits"),
        ("phone", "310-555-010", "new", "", "is not a phone number"),
        ("postal_code", "torrance", "new", "", "“torrance” is not a ZIP code. Type its five digits, such as 90503"),
        ("postal_code", "9050", "new", "", "is not a ZIP code"),
        ("state", "Calif", "new", "", "Type its two letters: CA."),
        ("state", "Kalifornia", "new", "", "We couldn’t find the state “Kalifornia”. Type two letters"),
        ("longitude", "118.34", "new", "", "Longitude 118.34 is in Asia. Here it begins with a minus sign: -118.34."),
        ("latitude", "-33.8", "new", "", "Latitude -33.8 is south of the equator. Here it has no minus: 33.8."),
        ("latitude", "33,83", "new", "", "is no latitude. Type degrees with decimals"),
        ("city", "90503", "new", "", "“90503” has no letter: type the city in words."),
        ("line_1", "--", "new", "", "is not a line of an address"),
        ("last_name", "12", "new", "", "has no letter"),
        ("last_name", "<b>Example</b>", "new", "", "take the tags out"),
        ("name", "Ada", "new", "elsewhere", "no field name"),
        ("last_name", "", "new", "", "cannot be empty"),
        ("last_name", "Example, MD", "new", "", "titles such as MD are credential_text"),
        ("first_name", "Ada3", "new", "", "is no first_name"),
        ("middle_name", "NMN", "new", "", "To clear it, give an empty value"),
        ("credential_text", "none", "new", "", "To clear it, give an empty value"),
        ("name_suffix", "MD", "new", "", "Type Jr., Sr., II or III"),
        ("organization_name", "Example Clinic", "new", "", "is a person, who has no organization_name"),
        ("gender", "woman", "new", "", "“woman” is not a gender. Type F, M or X"),
        ("city", "Torrance, CA", "new", "", "is more than a city"),
        ("city", "Torrance 90503", "new", "", "is more than a city"),
        ("phone", "310-555-0101/0102", "new", "", "is not a phone number"),
        ("phone", "(999) 999-9999", "new", "", "is not a phone number"),
        ("longitude", "33.8358", "new", "", "Longitude 33.8358 is in Europe or Africa"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    sqlite_app: Flask, field: str, value: str, reason: str, address: str, why: str
) -> None:
    provider = factories.provider()
    with pytest.raises(CorrectionError, match=why):
        correct_provider("command:ana", provider.npi, field, value, reason, address)
    assert provider.corrections == []


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("phone", "3105550101x22", "(310) 555-0101 ext. 22"),
        ("phone", "+52 664 634 1234", "+52 664 634 1234"),
        ("phone", "", None),
        ("postal_code", "90503 1234", "90503-1234"),
        ("state", "ca", "CA"),
        ("longitude", "-118.35", -118.35),
        ("city", "REDONDO BEACH", "Redondo Beach"),
        ("line_2", "STE 5B", "Ste 5B"),
        ("longitude", "−118.35°", -118.35),
        ("postal_code", "90503‑1234", "90503-1234"),
    ],
)
def test_a_correction_is_kept_as_imports_write_it(
    sqlite_app: Flask, field: str, value: str, kept: str | float | None
) -> None:
    provider = factories.provider()
    correct_provider("command:ana", provider.npi, field, value, "new")
    assert getattr(provider.locations[0], field) == kept


@pytest.mark.parametrize(
    ("field", "value", "doubt"),
    [
        ("longitude", "-118.94", "would lie 3. miles from ZIP 90503 of the address"),
        ("latitude", "40.7", "miles from ZIP 90503"),
        ("postal_code", "10001", "ZIP 10001 is in New York, NY, and the practice location would be in CA."),
        ("postal_code", "92101", "miles from ZIP 92101"),
        ("postal_code", "99999", "We couldn’t find ZIP code 99999 on our map."),
        ("state", "NV", "ZIP 90503 is in Torrance, CA, and the practice location would be in NV."),
        ("city", "Torrence", "We couldn’t find Torrence in CA."),
        ("city", "San Francisco", "San Francisco, CA is 3.. miles from ZIP 90503."),
        ("line_2", "None", "“None” would be shown as the line_2."),
    ],
)
def test_what_looks_odd_is_taken_when_a_person_confirms_it(
    sqlite_app: Flask, field: str, value: str, doubt: str
) -> None:
    provider = factories.provider()
    before = getattr(provider.locations[0], field)
    with pytest.raises(DoubtfulCorrectionError, match=doubt):
        correct_provider("command:ana", provider.npi, field, value, "moved")
    assert (getattr(provider.locations[0], field), provider.corrections) == (before, [])
    correct_provider("command:ana", provider.npi, field, value, "moved", confirmed=True)
    assert str(getattr(provider.locations[0], field)) == value


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("first_name", "JOHN", "John Example, MD"),
        ("last_name", "O BRIEN", "Ada O'Brien, MD"),
        ("middle_name", "q", "Ada Q. Example, MD"),
        ("name_suffix", "jr", "Ada Example Jr., MD"),
        ("credential_text", "M.D.PH.D", "Ada Example, MD, PhD"),
        ("credential_text", "MD, MS-HPEd", "Ada Example, MD, MS-HPEd"),
        ("last_name", "deMarco", "Ada deMarco, MD"),
    ],
)
def test_a_corrected_name_is_shown_in_proper_case(sqlite_app: Flask, field: str, value: str, shown: str) -> None:
    provider = factories.provider(last_name="Example", name="Ada Example, MD")
    correct_provider("command:ana", provider.npi, field, value, "new")
    assert provider.name == shown


def test_an_organization_has_no_first_name_to_correct(sqlite_app: Flask) -> None:
    clinic = factories.provider(entity_type=ORGANIZATION, organization_name="Mdvip", name="Mdvip")
    with pytest.raises(CorrectionError, match="is an organization, which has no first_name"):
        correct_provider("command:ana", clinic.npi, "first_name", "Ada", "new")
    correct_provider("command:ana", clinic.npi, "organization_name", "MDVIP", "its own spelling")
    assert clinic.name == "MDVIP"


def test_a_corrected_gender_leaves_the_name_as_it_is(sqlite_app: Flask) -> None:
    provider = factories.provider(name="Ada Example-Once, MD")
    correct_provider("command:ana", provider.npi, "gender", "f", "her own page")
    assert (provider.gender, provider.name) == ("F", "Ada Example-Once, MD")
    correct_provider("command:ana", provider.npi, "gender", "", "if not listed")
    assert provider.gender is None
    clinic = factories.provider(entity_type=ORGANIZATION, organization_name="Mdvip", name="Mdvip")
    with pytest.raises(CorrectionError, match="is an organization, which has no gender"):
        correct_provider("command:ana", clinic.npi, "gender", "F", "new")


def test_a_state_abroad_is_any_word(sqlite_app: Flask) -> None:
    provider = factories.provider(at=None)
    place = factories.location(provider.npi, (32.5, -117.0), country="MX", state="SONORA", postal_code="22010")
    db.session.expire_all()
    correct_provider("command:ana", provider.npi, "state", "Baja California", "moved")
    correct_provider("command:ana", provider.npi, "phone", "664 634 1234", "new")
    assert (place.state, place.phone) == ("Baja California", "+52 664 634 1234")


def test_of_several_locations_one_must_be_named(sqlite_app: Flask) -> None:
    provider = factories.provider()
    second = factories.location(provider.npi, factories.TORRANCE)
    db.session.expire_all()
    with pytest.raises(CorrectionError, match="Say which practice location"):
        correct_provider("command:ana", provider.npi, "phone", "(310) 555-0177", "new")
    correct_provider("command:ana", provider.npi, "phone", "(310) 555-0177", "new", second.address_key)
    assert second.as_of == today_in_california()  # staff know it to be right since today
    assert second.phone == "(310) 555-0177"


@pytest.mark.postgresql
def test_staff_correct_by_command(cli: FlaskCliRunner) -> None:
    npi = factories.provider().npi
    db.session.commit()
    done = cli.invoke(args=["providers", "correct", npi, "first_name", "Eda", "--reason", "misheard"])
    assert done.exit_code == 0
    assert "first_name is now “Eda”" in done.output
    refused = cli.invoke(args=["providers", "correct", "1", "first_name", "Eda", "--reason", "x"])
    assert refused.exit_code == 1
    assert "There is no provider with NPI 1." in refused.stderr


def test_the_command_asks_again_about_a_point_far_from_its_zip(cli: FlaskCliRunner) -> None:
    provider = factories.provider()
    npi = provider.npi
    db.session.commit()
    far = ["providers", "correct", npi, "longitude", "-117.34", "--reason", "measured"]
    asked = cli.invoke(args=far, input="n\n")
    assert asked.exit_code == 1
    assert "miles from ZIP 90503 of the address. Is that right? (--yes takes it unasked) [y/N]" in asked.output
    db.session.expire_all()
    assert provider.locations[0].longitude == factories.TORRANCE[1]
    assert cli.invoke(args=far, input="y\n").exit_code == 0
    assert cli.invoke(args=[*far[:4], "-116.34", *far[5:], "--yes"]).exit_code == 0
    db.session.expire_all()
    assert provider.locations[0].longitude == -116.34
    wrong = cli.invoke(args=[*far[:4], "118.34", *far[5:], "--yes"])
    assert (wrong.exit_code, wrong.stderr) == (
        1,
        "Error: Longitude 118.34 is in Asia. Here it begins with a minus sign: -118.34.\n",
    )
