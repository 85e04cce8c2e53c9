"""Practice locations get the point of their address: from the streets, then from the Census in few calls."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.extensions import db
from directory.places import geocoders
from directory.places.models import GeocodedAddress
from directory.places.place import Place, WhyUnplaced
from directory.providers import placing
from directory.providers.actions import correct_fields, correct_provider, undo_correction
from directory.providers.models import PracticeLocation, StaffCorrection, UnplacedAddress
from directory.providers.placing import place_locations
from directory.providers.revision import changed_since, current_revision
from directory.web.transaction import transaction
from tests import factories
from tests.places.census_server import census_serving

ELM = (33.8301, -118.3402)


@pytest.fixture
def streets(app, monkeypatch):
    """An index of streets: what it knows by the line that is asked, and what it was asked."""
    known = {
        "1 Elm St": Place("1 Elm St, Torrance, CA 90503", *ELM, "address", located_by="streets"),
        "3 Elm St": Place("Elm St, Torrance, CA 90503", *ELM, "street", located_by="streets"),
    }
    asked = []

    def locate_street(address):
        asked.append(address)
        return known.get(address.partition(",")[0])

    edition = ["2025"]
    monkeypatch.setattr(placing, "locate_street", locate_street)
    monkeypatch.setattr(placing, "why_unplaced", why_unplaced)
    monkeypatch.setattr(placing, "streets_edition", lambda: edition[0])
    return known, asked, edition


def why_unplaced(address):
    if address.startswith("PO Box"):
        return WhyUnplaced.PO_BOX
    return WhyUnplaced.NO_STREET if address[0].isdigit() else WhyUnplaced.NO_NUMBER


@pytest.fixture
def census(app):
    with census_serving() as server:
        app.config.update(
            PLACE_GEOCODER="census",
            PLACE_CENSUS_URL=server.url,
            PLACE_GEOCODER_OPTIONS=json.dumps({"proxies": {}, "lines_a_call": 2}),
        )
        geocoders.set_up(app)
        yield server


def located(line_1, **values):
    """A practice location at the middle of its ZIP, of a provider of its own."""
    row = factories.location(
        factories.provider(at=None).npi,
        factories.TORRANCE,
        **{"line_1": line_1, "precision": "zip", "located_by": "gazetteer", **values},
    )
    db.session.commit()
    return row


def reason(row):
    unplaced = db.session.get(UnplacedAddress, row.id, populate_existing=True)
    return unplaced and unplaced.reason


@pytest.mark.postgresql
def test_each_gets_the_point_of_its_address_and_the_search_moves_once(app, streets):
    rows = [located("1 Elm St"), located("1 Elm St", line_2="Ste 5"), located("3 Elm St"), located("9 Nowhere Rd")]
    before = current_revision()
    done = place_locations()
    assert [(row.latitude, row.longitude, row.precision, row.located_by) for row in rows] == [
        (*ELM, "address", "streets"),
        (*ELM, "address", "streets"),
        (*ELM, "street", "streets"),
        (*factories.TORRANCE, "zip", "gazetteer"),
    ]
    assert current_revision() == before + 1
    assert changed_since(before) == {row.npi for row in rows[:3]}
    assert (done.placed, done.unplaced) == ({"address": 2, "street": 1}, {"no street": 1})
    assert done.standing == {"address": 2, "street": 1, "zip": 1}
    assert reason(rows[3]) == "no street"


@pytest.mark.postgresql
def test_a_second_run_looks_up_nothing_and_changes_nothing(app, streets):
    located("1 Elm St")
    located("9 Nowhere Rd")
    place_locations()
    _known, asked, edition = streets
    asked.clear()
    before = current_revision()
    again = place_locations()
    assert (asked, again.placed.total(), again.unplaced.total()) == ([], 0, 0)
    assert current_revision() == before
    edition[0] = "2026"
    place_locations()
    assert asked == ["9 Nowhere Rd, Torrance, CA 90503"]


def test_one_address_of_many_practices_is_looked_up_once(app, streets):
    for suite in range(5):
        located("1 Elm St", line_2=f"Ste {suite}")
    place_locations()
    assert streets[1] == ["1 Elm St, Torrance, CA 90503"]


def test_the_line_with_the_house_number_is_the_street(app, streets):
    row = located("Elm Medical Plaza", line_2="1 Elm St")
    odd = located("100 Medical Plaza", line_2="1 Elm St")
    place_locations()
    assert (row.precision, odd.precision) == ("address", "zip")
    assert streets[1] == ["1 Elm St, Torrance, CA 90503", "100 Medical Plaza, Torrance, CA 90503"]


def test_what_is_placed_better_or_lies_abroad_is_left_alone(app, streets):
    for values in (
        {"precision": "point", "located_by": "staff"},
        {"precision": "address", "located_by": "census"},
        {"precision": "street", "located_by": "streets"},
        {"precision": "none", "country": "MX", "latitude": None, "longitude": None},
    ):
        located("1 Elm St", **values)
    place_locations()
    assert streets[1] == []


def test_why_an_address_is_not_placed_is_remembered(app, streets):
    box, none = located("PO Box 12"), located("Elm Medical Plaza", precision="none", latitude=None, longitude=None)
    place_locations()
    assert (reason(box), reason(none)) == ("po box", "no number")


class TestCorrections:
    def test_a_point_that_staff_set_stays(self, app, streets):
        row = located("1 Elm St")
        correct_provider("command:ana", row.npi, "latitude", "33.9", "measured")
        db.session.commit()
        place_locations()
        assert (row.latitude, row.precision, row.located_by) == (33.9, "point", "staff")

    @pytest.mark.postgresql
    def test_an_address_that_staff_correct_is_looked_up_at_once_and_said_to_be_unplaced_while_it_is(self, app, streets):
        row = located("9 Nowhere Rd")
        place_locations()
        with transaction():
            correct_fields("command:ana", row.npi, {"line_1": "PO Box 5"}, "called", row.address_key, ())
        assert reason(row) == "po box"
        assert row.located_by == "staff"
        place_locations()
        assert (row.precision, reason(row)) == ("zip", "po box")
        with transaction():
            undo_correction("command:ana", row.npi, db.session.scalars(select(StaffCorrection)).one().id)
        assert (row.located_by, reason(row)) == ("gazetteer", "no street")


class TestTheCensus:
    """Where the streets do not know an address, an outside geocoder that takes batches is asked."""

    @pytest.mark.postgresql
    def test_it_is_asked_in_calls_of_so_many_for_what_the_streets_do_not_know(self, app, streets, census):
        census.known = {"4 Oak Ave": [(33.84, -118.33)], "5 Oak Ave": [(33.84, -118.33), (33.8, -118.3)]}
        census.inexact = {"4 Oak Ave"}
        rows = [located(line) for line in ("1 Elm St", "4 Oak Ave", "5 Oak Ave", "9 Nowhere Rd", "PO Box 12")]
        said = []
        done = place_locations(say=said.append)
        assert [len(call) for call in census.calls] == [2, 1]
        assert census.asked == ["4 Oak Ave", "5 Oak Ave", "9 Nowhere Rd"]
        assert [row.located_by for row in rows] == ["streets", "census", "gazetteer", "gazetteer", "gazetteer"]
        assert (rows[1].latitude, rows[1].precision) == (33.84, "street")
        assert [reason(row) for row in rows[2:]] == ["tie", "no street", "po box"]
        assert done.failure is None
        assert said[0] == "Asking census for 2 addresses, which may take minutes ..."
        census.calls.clear()
        assert place_locations().placed.total() == 0
        assert census.calls == []

    def test_what_it_answered_before_it_failed_counts_and_the_rest_is_asked_by_the_next_run(
        self, app, streets, census, monkeypatch
    ):
        monkeypatch.setattr(geocoders, "sleep", lambda seconds: None)
        census.known = {f"{number} Oak Ave": [(33.84, -118.33)] for number in range(3)}
        rows = [located(f"{number} Oak Ave") for number in range(4)]
        census.calls_answered = 1
        done = place_locations()
        assert [row.precision for row in rows] == ["address", "address", "zip", "zip"]
        assert done.failure
        assert "The next run asks it again." in " ".join(done.sentences())
        census.calls_answered = None
        census.calls.clear()
        assert place_locations().placed == {"address": 1}
        assert census.asked == ["2 Oak Ave", "3 Oak Ave"]

    def test_an_answer_far_from_the_zip_is_to_another_address(self, app, streets, census):
        census.known = {"4 Oak Ave": [(40.7, -74.0)]}
        row = located("4 Oak Ave")
        place_locations()
        assert (row.precision, reason(row)) == ("zip", "no street")

    def test_what_it_did_not_know_is_asked_again_when_its_answer_is_old(self, app, streets, census):
        located("9 Nowhere Rd")
        place_locations()
        old = timedelta(days=app.config["PLACE_CACHE_DAYS"] + 1)
        db.session.scalars(select(UnplacedAddress)).one().looked_up_at -= old
        db.session.scalars(select(GeocodedAddress)).one().answered_at -= old
        db.session.commit()
        census.known = {"9 Nowhere Rd": [(33.84, -118.33)]}
        assert place_locations().placed == {"address": 1}
        assert db.session.scalars(select(UnplacedAddress)).all() == []

    def test_a_geocoder_that_takes_one_address_at_a_time_is_not_asked(self, app, streets, monkeypatch):
        app.config.update(PLACE_GEOCODER="nominatim", PLACE_GEOCODER_OPTIONS='{"user_agent": "tests"}')
        geocoders.set_up(app)
        located("9 Nowhere Rd")
        assert place_locations().failure is None


def test_the_command_says_how_many_stand_where(app, cli, streets):
    located("1 Elm St")
    located("9 Nowhere Rd")
    located("PO Box 12")
    said = cli.invoke(args=["providers", "locate"]).stdout
    assert said == (
        "1 of 3 practice locations placed at their street. The others: no such street 1, post-office box 1.\n"
        "Practice locations by precision: address 1, zip 2.\n"
    )
    assert cli.invoke(args=["providers", "locate"]).stdout == "Practice locations by precision: address 1, zip 2.\n"
    assert db.session.scalar(select(PracticeLocation.located_by).where(PracticeLocation.precision == "address"))
