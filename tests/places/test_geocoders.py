"""A configured geocoder places streets; when it fails, the gazetteer answers and says so."""

import json
import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from directory import create_app
from directory.config import ConfigError
from directory.extensions import db
from directory.places import geocoders
from directory.places.actions import locate_text
from directory.places.geocoders import configured
from directory.places.models import GeocodedAddress
from directory.places.resolve import resolve
from tests.places.nominatim import STREET, serving

ADDRESS = "3330 Lomita Blvd, Torrance, CA 90505"


@pytest.fixture
def nominatim():
    with serving() as server:
        yield server


def use(app, nominatim, **settings):
    """Let the app ask `nominatim`, through geopy's own Nominatim over a real socket."""
    options = {"domain": nominatim.domain, "scheme": "http", "user_agent": "directory-tests", "proxies": {}}
    app.config.update(
        PLACE_GEOCODER="nominatim",
        PLACE_GEOCODER_OPTIONS=json.dumps(options),
        PLACE_GEOCODER_PER_SECOND=1e6,
        PLACE_GEOCODER_TIMEOUT_SECONDS=20.0,
        **{f"PLACE_{name.upper()}": value for name, value in settings.items()},
    )
    geocoders.set_up(app)


def kept():
    return db.session.scalar(select(func.count()).select_from(GeocodedAddress))


@pytest.mark.postgresql
def test_it_places_the_street_that_a_person_typed(app, nominatim):
    use(app, nominatim)
    place = resolve(ADDRESS).place
    assert (place.latitude, place.longitude, place.precision) == (33.8115, -118.3437, "address")
    assert place.label == STREET["display_name"]
    assert place.note is None
    assert nominatim.asked == [ADDRESS]
    assert nominatim.user_agents == ["directory-tests"]


@pytest.mark.parametrize(
    "text",
    [
        "90503",
        "Torrance, CA",
        "Torrance",
        "33.83, -118.34",
        "91, -118.34",
        "Torrence",
        "1 Rue X, Paris, France",
        "1 A St, Springfield",
    ],
)
def test_it_is_not_asked_for_what_is_no_street(app, nominatim, text):
    use(app, nominatim)
    assert resolve(text)
    assert locate_text(text) is None or locate_text(text).precision not in {"address", "street"}
    assert nominatim.asked == []


def test_it_places_a_street_whose_city_the_gazetteer_does_not_know(app, nominatim):
    use(app, nominatim)
    assert resolve("3330 Lomita Blvd").place.precision == "address"


def test_what_a_person_typed_is_asked_once_and_never_stored_or_logged(app, nominatim, caplog):
    use(app, nominatim)
    with caplog.at_level(logging.DEBUG):
        assert resolve(ADDRESS) == resolve(ADDRESS)
        nominatim.status = 500
        assert resolve("9 Other St, Torrance, CA 90505").place
    assert nominatim.asked == [ADDRESS, "9 Other St, Torrance, CA 90505"]
    assert kept() == 0
    assert caplog.records
    assert "Lomita" not in caplog.text
    assert "Other" not in caplog.text


def fails(nominatim, how):
    for name, value in how.items():
        setattr(nominatim, name, value)


FAILURES = {
    "down": {"status": 500},
    "refusing": {"status": 403},
    "asking for less": {"status": 429},
    "not speaking JSON": {"body": b"<html>sorry</html>"},
    "not speaking UTF-8": {"body": b'"\xff\xfe"'},
    "answering something else": {"answer": 42},
    "answering a list of nonsense": {"answer": ["x"]},
    "answering words for numbers": {"answer": [{**STREET, "lat": "north"}]},
    "answering no point": {"answer": [{"display_name": "?"}]},
    "answering not a number": {"answer": [{**STREET, "lat": "nan"}]},
    "answering a latitude that is none": {"answer": [{**STREET, "lat": "91"}]},
    "naming an error": {"answer": {"error": "out of order"}},
    "knowing nothing": {"answer": []},
    "answering the middle of the ZIP": {"answer": [{**STREET, "addresstype": "postcode"}]},
    "answering abroad": {"answer": [{**STREET, "lat": "48.85", "lon": "2.35"}]},
    "answering another city": {"answer": [{**STREET, "lat": "40.71", "lon": "-74.0"}]},
}


@pytest.mark.filterwarnings("ignore:Latitude normalization")
@pytest.mark.parametrize("how", FAILURES.values(), ids=FAILURES)
def test_when_it_is_of_no_use_the_gazetteer_answers_and_says_so(app, nominatim, how):
    use(app, nominatim)
    fails(nominatim, how)
    for place in (resolve(ADDRESS).place, locate_text(ADDRESS)):
        assert (place.label, place.precision) == ("Torrance, CA 90505", "zip")
        assert place.note.startswith("Street address lookup ")
        assert place.note.endswith("so distances start from the middle of ZIP 90505.")
    assert len(nominatim.asked) == 2


def test_when_it_is_slow_the_gazetteer_answers_in_time(app, nominatim, monkeypatch):
    use(app, nominatim)
    monkeypatch.setitem(app.config, "PLACE_GEOCODER_TIMEOUT_SECONDS", 0.2)
    geocoders.set_up(app)
    nominatim.hangs = True
    place = resolve(ADDRESS).place
    assert place.label == "Torrance, CA 90505"
    assert place.note.startswith("Street address lookup took too long to answer.")


def test_when_nobody_listens_the_gazetteer_answers(app):
    with serving() as gone:
        pass
    use(app, gone)
    assert resolve(ADDRESS).place.note.startswith("Street address lookup is not available right now.")


def test_after_a_failure_pages_leave_it_in_peace_for_a_while(app, nominatim, monkeypatch):
    use(app, nominatim)
    nominatim.status = 500
    resolve(ADDRESS)
    nominatim.status = 200
    assert resolve(ADDRESS).place.precision == "zip"
    assert len(nominatim.asked) == 1
    later = geocoders.monotonic() + geocoders.REST_SECONDS + 1
    monkeypatch.setattr(geocoders, "monotonic", lambda: later)
    assert resolve(ADDRESS).place.precision == "address"


def test_pages_do_not_wait_for_a_turn_longer_than_for_an_answer(app, nominatim, monkeypatch):
    use(app, nominatim)
    monkeypatch.setitem(app.config, "PLACE_GEOCODER_PER_SECOND", 0.001)
    geocoders.set_up(app)
    assert resolve(ADDRESS).place.precision == "address"
    assert resolve("9 Other St, Torrance, CA 90505").place.note.startswith("Street address lookup is busy.")
    assert nominatim.asked == [ADDRESS]


def test_threads_share_one_pace(app, nominatim, monkeypatch):
    use(app, nominatim)
    monkeypatch.setitem(app.config, "PLACE_GEOCODER_PER_SECOND", 0.01)
    geocoders.set_up(app)
    outside, waits = configured(), []
    monkeypatch.setattr(geocoders, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(geocoders, "sleep", waits.append)
    threads = [threading.Thread(target=outside.ask_patiently, args=(f"{n} A St",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(nominatim.asked) == 5
    assert sorted(waits) == [0, 100, 200, 300, 400]


class TestAddressesOfPractices:
    """`locate_text`: what is asked for practices is kept."""

    @pytest.mark.postgresql
    def test_an_answer_is_kept_and_not_asked_again(self, app, nominatim):
        use(app, nominatim)
        first = locate_text(ADDRESS)
        assert first.precision == "address"
        assert locate_text("3330  LOMITA BLVD, Torrance, ca 90505") == first
        assert len(nominatim.asked) == 1
        assert kept() == 1

    def test_that_it_knows_no_such_address_is_kept_too(self, app, nominatim):
        use(app, nominatim)
        nominatim.answer = []
        assert locate_text(ADDRESS).precision == "zip"
        assert locate_text(ADDRESS).precision == "zip"
        assert len(nominatim.asked) == 1

    def test_a_failure_is_not_kept(self, app, nominatim):
        use(app, nominatim)
        nominatim.status = 500
        assert locate_text(ADDRESS).precision == "zip"
        assert kept() == 0
        nominatim.status = 200
        assert locate_text(ADDRESS).precision == "address"

    def test_an_old_answer_is_asked_again_and_replaced(self, app, nominatim):
        use(app, nominatim)
        locate_text(ADDRESS)
        row = db.session.scalars(select(GeocodedAddress)).one()
        row.answered_at = datetime.now(UTC) - timedelta(days=app.config["PLACE_CACHE_DAYS"] + 1)
        db.session.commit()
        nominatim.answer = [{**STREET, "lat": "33.8116"}]
        assert locate_text(ADDRESS).latitude == 33.8116
        assert kept() == 1

    def test_without_tables_the_command_says_how_to_make_them(self, tmp_path, nominatim):
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'empty.sqlite3'}"})
        use(app, nominatim)
        result = app.test_cli_runner().invoke(args=["locate"], input=f'address\n"{ADDRESS}"\n')
        assert result.exit_code == 1
        assert "flask db upgrade" in result.stderr

    def test_the_command_writes_the_street(self, app, nominatim):
        use(app, nominatim)
        result = app.test_cli_runner().invoke(args=["locate"], input=f'address\n"{ADDRESS}"\n')
        assert f'33.8115,-118.3437,address,"{STREET["display_name"]}"' in result.stdout


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PLACE_GEOCODER": "nonsuch"}, "name of a geopy geocoder"),
        ({"PLACE_GEOCODER": "nominatim"}, "user_agent"),
        ({"PLACE_GEOCODER": "nominatim", "PLACE_GEOCODER_OPTIONS": "{"}, "PLACE_GEOCODER_OPTIONS"),
        ({"PLACE_GEOCODER": "nominatim", "PLACE_GEOCODER_OPTIONS": "[]"}, "JSON object"),
        ({"PLACE_GEOCODER": "nominatim", "PLACE_GEOCODER_OPTIONS": '{"color": "red"}'}, "color"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_app_and_says_what_to_set(settings, says):
    with pytest.raises(ConfigError, match=says):
        create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", **settings})


def test_outside_an_app_there_is_only_the_gazetteer():
    assert resolve(ADDRESS).place.precision == "zip"
