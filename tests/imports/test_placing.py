"""An import of NPPES ends with its addresses on their streets; a point never stays for another address."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from directory.extensions import db
from directory.places.place import AddressLine
from directory.places.streets import finding
from directory.places.streets.making import look_into, make_index
from directory.providers import placing
from directory.providers.actions import correct_provider
from directory.providers.models import PracticeLocation, UnplacedAddress
from directory.web.transaction import transaction
from tests.imports.importer import Importer
from tests.imports.published import person, providers_csv, real_npi
from tests.places.streets.tiger import AddressRange, write_addrfeat

MAIN = [(-118.3400, 33.8400), (-118.3300, 33.8400)]
OAK = [(-118.3400, 33.8500), (-118.3300, 33.8500)]


@pytest.fixture
def nppes(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """Imports NPPES where Main St and Oak Ave are known."""
    rows = [
        AddressRange(name, line, ("1", "99"), ("2", "98"), "90503", "90503", tlid=number)
        for number, (name, line) in enumerate([("Main St", MAIN), ("Oak Ave", OAK)], 1)
    ]
    target = tmp_path / "streets.sqlite3"
    make_index([look_into(write_addrfeat(tmp_path, rows))], target)
    monkeypatch.setattr(finding, "_file", target)
    return Importer(app, tmp_path, "nppes", providers_csv, "npidata_pfile.csv")


def place() -> PracticeLocation:
    """The one practice location that is here."""
    return db.session.query(PracticeLocation).one()


@pytest.mark.postgresql
def test_each_address_stands_at_its_street_when_the_import_ends(nppes: Importer) -> None:
    said = nppes(person(line_1="50 MAIN ST STE 200"))
    assert said["placed"] == 1
    assert (place().precision, place().located_by) == ("address", "streets")
    assert place().latitude == pytest.approx(33.84, abs=0.0005)
    before = place().latitude, place().longitude
    again = nppes(person(line_1="50 MAIN ST STE 200"))
    assert (again["unchanged"], again["placed"]) == (1, 0)
    assert (place().latitude, place().longitude) == before


def test_an_address_that_changes_in_a_later_file_is_placed_anew(nppes: Importer) -> None:
    nppes(person(line_1="50 MAIN ST"))
    nppes(person(line_1="50 OAK AVE"))
    assert (place().line_1, place().precision) == ("50 Oak Ave", "address")
    assert place().latitude == pytest.approx(33.85, abs=0.0005)
    nppes(person(line_1="9 NOWHERE RD"))
    assert (place().precision, place().located_by) == ("zip", "gazetteer")
    assert place().latitude != pytest.approx(33.85, abs=0.0005)
    assert db.session.query(UnplacedAddress).one().reason == "no street"


def test_what_staff_corrected_stays(nppes: Importer) -> None:
    nppes(person(line_1="9 NOWHERE RD"))
    with transaction():
        correct_provider("command:ana", real_npi(1), "line_1", "50 Main St", "called")
    assert (place().precision, place().located_by) == ("address", "staff")
    nppes(person(line_1="9 NOWHERE RD", phone="3105550177"))
    assert (place().line_1, place().precision, place().phone) == ("50 Main St", "address", "(310) 555-0177")


def test_an_import_whose_addresses_cannot_be_placed_is_done_and_says_how_to_try_again(
    nppes: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(line: AddressLine) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(placing, "look_up", refuse)
    said = nppes(person())
    assert (said["added"], said["placed"]) == (1, 0)
