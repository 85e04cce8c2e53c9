"""The Census Bureau's geocoder: one address, or up to 10,000 in one call whose answers come in any order."""

import json
import logging

import pytest
from geopy.exc import GeocoderParseError, GeocoderTimedOut, GeocoderUnavailable
from werkzeug import Response

from directory import create_app
from directory.config import ConfigError
from directory.places import geocoders
from directory.places.actions import locate_text
from directory.places.census import Census
from directory.places.geocoders import UnansweredError, configured
from directory.places.place import AddressLine, Answer
from directory.places.resolve import resolve
from tests.places.census_server import census_serving

SEPULVEDA = (33.8237, -118.3493)


@pytest.fixture
def census():
    with census_serving() as server:
        server.known = {
            "3445 Sepulveda Blvd": [SEPULVEDA],
            "1 Elm St": [(33.9, -118.3)],
            "2 Oak Ave": [(33.7, -118.2), (33.8, -118.3)],
        }
        yield server


@pytest.fixture
def geocoder(census):
    return Census(url=census.url, user_agent="directory-tests", proxies={}, timeout=20)


def use(app, census, **options):
    """Let the app ask `census`, over a real socket."""
    app.config.update(
        PLACE_GEOCODER="census",
        PLACE_CENSUS_URL=census.url,
        PLACE_GEOCODER_OPTIONS=json.dumps({"proxies": {}, **options}),
        PLACE_GEOCODER_PER_SECOND=1e6,
        PLACE_GEOCODER_TIMEOUT_SECONDS=20.0,
    )
    geocoders.set_up(app)


def lines(*streets):
    return [AddressLine(street, "Torrance", "CA", "90503") for street in streets]


def outcomes(answers):
    return [
        answer and (answer.place.precision if answer.place else "tie" if answer.is_tie else "none")
        for answer in answers
    ]


class TestOneAddress:
    def test_it_gives_the_point_and_the_address_as_the_census_writes_it(self, geocoder):
        found = geocoder.geocode("3445 Sepulveda Blvd, Torrance, CA 90503")
        assert (found.latitude, found.longitude) == SEPULVEDA
        assert found.address == "3445 SEPULVEDA BLVD, TORRANCE, CA, 90503"

    def test_an_unknown_one_and_one_that_could_be_several_are_none(self, geocoder):
        assert geocoder.geocode("9 Nowhere Rd, Torrance, CA") is None
        assert geocoder.geocode("2 Oak Ave, Torrance, CA") is None
        assert len(geocoder.geocode("2 Oak Ave, Torrance, CA", exactly_one=False)) == 2

    def test_a_page_of_the_site_types_its_way_to_the_street(self, sqlite_app, census):
        use(sqlite_app, census)
        place = resolve("3445 Sepulveda Blvd, Torrance, CA 90503").place
        assert (place.point, place.precision, place.located_by) == (SEPULVEDA, "address", "census")
        assert locate_text("3445 Sepulveda Blvd, Torrance, CA 90503").precision == "address"

    @pytest.mark.parametrize(
        "failure", [Response("{}"), Response("<html>"), Response("[]"), Response(status=500), Response(status=429)]
    )
    def test_when_it_is_of_no_use_the_gazetteer_answers(self, sqlite_app, census, failure):
        use(sqlite_app, census)
        census.failures = [failure]
        place = resolve("3445 Sepulveda Blvd, Torrance, CA 90503").place
        assert place.precision == "zip"
        assert place.note.startswith("Street address lookup is not available right now.")

    def test_what_a_person_typed_is_not_logged(self, sqlite_app, census, caplog):
        use(sqlite_app, census)
        with caplog.at_level(logging.DEBUG):
            resolve("3445 Sepulveda Blvd, Torrance, CA 90503")
            census.failures = [Response("3445 Sepulveda", status=500)]
            resolve("1 Elm St, Torrance, CA 90503")
        assert census.one_by_one[1] == "1 Elm St, Torrance, CA 90503"
        assert "Sepulveda" not in caplog.text
        assert "Elm" not in caplog.text


class TestManyAddresses:
    def test_answers_come_in_the_order_of_the_addresses_whatever_the_order_of_the_service(self, geocoder, census):
        census.inexact = {"1 Elm St"}
        answers = geocoder.geocode_batch(lines("1 Elm St", "9 Nowhere Rd", "2 Oak Ave", "3445 Sepulveda Blvd"))
        assert outcomes(answers) == ["street", "none", "tie", "address"]
        assert answers[3].place.point == SEPULVEDA
        assert census.calls[0][1] == ["1", "9 Nowhere Rd", "Torrance", "CA", "90503"]

    def test_commas_quotes_lines_and_accents_of_an_address_stay_in_their_column(self, geocoder, census):
        geocoder.geocode_batch([AddressLine('1 Elm St, "B"\nSte 5', "La Cañada", "CA", "91011")])
        assert census.calls == [[["0", "1 Elm St, B Ste 5", "La Canada", "CA", "91011"]]]

    def test_no_more_than_a_call_takes(self, geocoder):
        with pytest.raises(ValueError, match="At most 10000"):
            geocoder.geocode_batch(lines(*["1 Elm St"] * 10_001))

    def test_an_address_that_the_service_leaves_out_has_no_answer(self, geocoder, census):
        census.left_out = {"1 Elm St"}
        assert outcomes(geocoder.geocode_batch(lines("1 Elm St", "2 Oak Ave"))) == [None, "tie"]

    @pytest.mark.parametrize(
        ("text", "answers"),
        [
            ('"0","a","Match"\n"1","b","No_Match"\n', [None, Answer(None)]),
            ('"0"\n\n"1","b","Tie","","","","",""\n', [None, Answer(None, is_tie=True)]),
            ('0,a,Match,Exact,"A, B",north\n\ufeff"1","b","No_Match"\n', [None, None]),
            ('\ufeff0,a,Match,Exact,"A, B","nan,nan",1,L\r\n1,b,No_Match\r\n', [None, Answer(None)]),
            ('0,a,Perhaps,Exact,A,"-118.3,33.8",1,L\n1,b,No_Match,', [None, Answer(None)]),
        ],
    )
    def test_a_short_or_odd_line_is_no_answer_and_spoils_no_other(self, geocoder, census, text, answers):
        if answers == [None, None]:
            text += "7,c,No_Match\n"
        census.failures = [Response(text)]
        assert geocoder.geocode_batch(lines("1 Elm St", "2 Oak Ave")) == answers

    @pytest.mark.parametrize("body", ["<!DOCTYPE html><p>Busy</p>", "\n <html>", "", "Error", "0,a,b\0", "\0"])
    def test_a_page_or_nothing_in_place_of_csv_is_a_failure(self, geocoder, census, body):
        census.failures = [Response(body)]
        with pytest.raises(GeocoderParseError):
            geocoder.geocode_batch(lines("1 Elm St"))

    def test_nothing_asks_nothing_wrong(self, geocoder):
        assert geocoder.geocode_batch([]) == []

    def test_a_service_that_is_slow_or_gone_is_a_failure(self, census):
        with census_serving() as gone:
            pass
        with pytest.raises(GeocoderUnavailable):
            Census(url=gone.url, proxies={}).geocode_batch(lines("1 Elm St"))
        census.hangs = True
        with pytest.raises(GeocoderTimedOut):
            Census(url=census.url, proxies={}, batch_timeout=0.1).geocode_batch(lines("1 Elm St"))


def test_an_inexact_match_is_near_its_street_and_one_abroad_is_none(sqlite_app, census):
    use(sqlite_app, census)
    census.inexact = {"1 Elm St"}
    census.known["1 Rue X"] = [(48.85, 2.35)]
    near, tie, abroad, unknown = configured().ask_batch(lines("1 Elm St", "2 Oak Ave", "1 Rue X", "9 Nowhere Rd"))
    assert near.place.precision == "street"
    assert tie == Answer(None, is_tie=True)
    assert abroad == unknown == Answer(None)


class TestTryingAgain:
    @pytest.fixture
    def pauses(self, monkeypatch):
        pauses = []
        monkeypatch.setattr(geocoders, "sleep", pauses.append)
        return pauses

    def test_a_call_that_fails_is_made_again_after_growing_pauses(self, sqlite_app, census, pauses):
        use(sqlite_app, census)
        census.failures = [
            Response(status=502),
            Response("<html>"),
            Response(status=429, headers={"Retry-After": "30"}),
        ]
        (answer,) = configured().ask_batch(lines("1 Elm St"))
        assert (answer.place.point, answer.place.precision, answer.place.located_by) == (
            (33.9, -118.3),
            "address",
            "census",
        )
        assert pauses == [2, 4, 30]

    def test_after_four_tries_it_is_given_up(self, sqlite_app, census, pauses, caplog):
        use(sqlite_app, census)
        census.failures = [Response("1 Elm St", status=503)] * 5
        with pytest.raises(UnansweredError):
            configured().ask_batch(lines("1 Elm St"))
        assert len(census.failures) == 1
        assert "census failed on 1 addresses" in caplog.text
        assert "Elm" not in caplog.text

    def test_after_one_that_took_minutes_none_is_made(self, sqlite_app, census, pauses, monkeypatch):
        monkeypatch.setattr(geocoders, "BATCH_SECONDS", 0.05)
        use(sqlite_app, census, batch_timeout=0.1)
        census.hangs = True
        with pytest.raises(UnansweredError, match="did not answer in time"):
            configured().ask_batch(lines("1 Elm St"))
        assert pauses == []

    def test_what_the_service_refuses_is_not_asked_again(self, sqlite_app, census, pauses):
        use(sqlite_app, census)
        census.failures = [Response(status=400)]
        with pytest.raises(UnansweredError):
            configured().ask_batch(lines("1 Elm St"))
        assert pauses == []


def test_options_that_cannot_work_stop_the_app():
    for options in ('{"lines_a_call": 20000}', '{"color": "red"}'):
        with pytest.raises(ConfigError, match="PLACE_GEOCODER_OPTIONS do not suit census"):
            create_app(
                {
                    "SQLALCHEMY_DATABASE_URI": "sqlite://",
                    "PLACE_GEOCODER": "census",
                    "PLACE_GEOCODER_OPTIONS": options,
                }
            )
