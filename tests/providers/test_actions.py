"""A correction holds at once, is recorded with its reason, and moves the search."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from directory.extensions import db
from directory.providers.actions import CorrectionError, correct_provider
from directory.providers.models import Provider
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
        ("phone", "1", "new", "elsewhere", "Say which practice location"),
        ("name", "Ada", "new", "elsewhere", "no field name"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    sqlite_app: Flask, field: str, value: str, reason: str, address: str, why: str
) -> None:
    provider = factories.provider()
    with pytest.raises(CorrectionError, match=why):
        correct_provider("command:ana", provider.npi, field, value, reason, address)
    assert provider.corrections == []


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
