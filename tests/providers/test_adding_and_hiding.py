"""Staff add a provider whom no file has, hide one, and let an imported value stand again where they corrected it."""

import pytest
from flask import Flask

from directory.audit.queries import latest_events
from directory.credentials.exclusions.models import ListedExclusion
from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.providers.actions import (
    DoubtfulFieldsError,
    correct_fields,
    correct_provider,
    hide_provider,
    show_provider_again,
    undo_correction,
)
from directory.providers.adding import add_provider
from directory.providers.corrections import CorrectionError
from directory.providers.models import Provider, StaffCorrection
from directory.search.query import SearchQuery
from directory.search.service import search
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import transaction
from tests import factories
from tests.search.test_service import TORRANCE

ANA = "command:ana"
NPI = "1003000126"
NAMES = {"first_name": "ADA", "last_name": "EXAMPLE", "credential_text": "M.D."}
ADDRESS = {"line_1": "3445 MAIN ST", "city": "TORRANCE", "state": "ca", "postal_code": "90503", "phone": "3105550100"}


def added(**changes: str) -> Provider:
    names = NAMES | {name: text for name, text in changes.items() if name in NAMES}
    address = ADDRESS | {name: text for name, text in changes.items() if name in ADDRESS}
    with transaction():
        return add_provider(ANA, changes.get("npi", NPI), names, [factories.NEUROLOGY], address)


@pytest.mark.postgresql
def test_a_provider_whom_staff_added_is_found_at_once(app: Flask) -> None:
    provider = added()
    assert (provider.name, provider.source_key) == ("Ada Example, MD", "staff")
    place = provider.locations[0]
    assert (place.line_1, place.city, place.phone) == ("3445 Main St", "Torrance", "(310) 555-0100")
    assert (place.precision, place.located_by) == ("zip", "gazetteer")
    assert [result.npi for result in search(SearchQuery(TORRANCE)).results] == [NPI]
    (event,) = latest_events(subject=f"provider:{NPI}")
    assert (event.act, event.actor) == ("add_provider", ANA)


def test_an_excluded_one_whom_staff_added_is_barred_at_once(sqlite_app: Flask) -> None:
    factories.known_source("leie")
    db.session.add(
        ListedExclusion(
            key="k", npi=NPI, name_key="EXAMPLE", excluded_on=factories.DAY, source_key="leie", as_of=factories.DAY
        )
    )
    db.session.commit()
    added()
    assert db.session.get_one(QualificationScore, NPI).barred_for


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"npi": "1003000127"}, "npi", "wrong check digit"),
        ({"npi": "9000000017"}, "npi", "does not start with 1 or 2"),
        ({"last_name": ""}, "last_name", "cannot be empty"),
        ({"postal_code": "90"}, "postal_code", "is not a ZIP code"),
        ({"postal_code": "10001"}, "postal_code", "is in New York"),
        ({"phone": "call us"}, "phone", "is not a phone number"),
    ],
)
def test_what_cannot_be_is_said_by_its_field(sqlite_app: Flask, changes: dict[str, str], field: str, why: str) -> None:
    with pytest.raises(ValidationFailedError) as refused:
        added(**changes)
    assert why in refused.value.faults[field]
    assert db.session.get(Provider, changes.get("npi", NPI)) is None


@pytest.mark.postgresql
def test_a_hidden_provider_comes_back(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    with transaction():
        hide_provider(ANA, provider.npi, "asked us to")
    assert not search(SearchQuery(TORRANCE)).results
    with pytest.raises(InvalidTransitionError, match="hidden already"), transaction():
        hide_provider(ANA, provider.npi, "again")
    with transaction():
        show_provider_again(ANA, provider.npi, "came back")
    assert len(search(SearchQuery(TORRANCE)).results) == 1
    with pytest.raises(InvalidTransitionError, match="shown already"), transaction():
        show_provider_again(ANA, provider.npi)
    assert [event.act for event in latest_events(subject=f"provider:{provider.npi}")] == [
        "show_provider_again",
        "hide_provider",
    ]


@pytest.mark.postgresql
def test_an_undone_correction_leaves_the_imported_value(app: Flask) -> None:
    provider = factories.provider(last_name="Exmaple", name="Ada Exmaple, MD")
    correct_provider(ANA, provider.npi, "last_name", "Example", "misspelled")
    correct_provider(ANA, provider.npi, "last_name", "Samples", "married")
    db.session.commit()
    (correction,) = provider.corrections
    assert correction.imported_value == "Exmaple"
    undo_correction(ANA, provider.npi, correction.id)
    db.session.commit()
    assert (provider.last_name, provider.name) == ("Exmaple", "Ada Exmaple, MD")
    assert provider.corrections == []
    with pytest.raises(CorrectionError, match="undone already"):
        undo_correction(ANA, provider.npi, correction.id)


def test_an_undone_correction_leaves_the_others(sqlite_app: Flask) -> None:
    provider = factories.provider()
    correct_provider(ANA, provider.npi, "first_name", "Bea", "her name")
    correct_provider(ANA, provider.npi, "last_name", "Other", "her name")
    db.session.commit()
    undo_correction(ANA, provider.npi, provider.corrections[0].id)
    assert provider.name == "Ada Other, MD"


@pytest.mark.postgresql
def test_a_corrected_address_moves_the_point_and_back(app: Flask) -> None:
    provider = factories.provider()
    place = provider.locations[0]
    place.precision = "zip"
    db.session.commit()
    correct_fields(ANA, provider.npi, {"city": "Los Angeles", "postal_code": "90012"}, "moved", place.address_key, ())
    assert (round(place.latitude or 0, 1), place.precision, place.located_by) == (34.1, "zip", "staff")
    db.session.commit()
    for correction in list(provider.corrections):
        undo_correction(ANA, provider.npi, correction.id)
        db.session.commit()
    assert (place.city, place.postal_code, round(place.latitude or 0, 1)) == ("Torrance", "90503", 33.8)


def test_an_undone_point_goes_back_as_a_whole(sqlite_app: Flask) -> None:
    provider = factories.provider()
    place = provider.locations[0]
    for field, text in (("latitude", "33.84"), ("longitude", "-118.35")):
        correct_provider(ANA, provider.npi, field, text, "measured")
    db.session.commit()
    undo_correction(ANA, provider.npi, provider.corrections[0].id)
    assert provider.corrections == []
    assert (place.precision, place.located_by) == ("zip", "gazetteer")


def test_fields_that_fit_together_are_taken_together_and_odd_ones_once_confirmed(sqlite_app: Flask) -> None:
    provider = factories.provider()
    key = provider.locations[0].address_key
    db.session.commit()
    values = {"city": "Torrence", "phone": "(310) 555-0199"}
    with pytest.raises(DoubtfulFieldsError) as doubt, transaction():
        correct_fields(ANA, provider.npi, values, "typo", key, ())
    assert list(doubt.value.faults) == ["city"]
    assert db.session.query(StaffCorrection).count() == 0
    with pytest.raises(ValidationFailedError) as faulty, transaction():
        correct_fields(ANA, provider.npi, {"phone": "1", "state": "Calif"}, "typo", key, ())
    assert set(faulty.value.faults) == {"phone", "state"}
    with transaction():
        correct_fields(ANA, provider.npi, values, "typo", key, {"city"})
    assert db.session.query(StaffCorrection).count() == 2
