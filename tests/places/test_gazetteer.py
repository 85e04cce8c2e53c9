"""Where ZIPs and cities lie, without asking anybody."""

import threading

import pytest

from directory.places import atlas as atlas_module
from directory.places.atlas import atlas
from directory.places.choice import label_of
from directory.places.cities import INFORMAL
from directory.places.distance import miles_between
from directory.places.gazetteer import zip_point
from directory.places.resolve import resolve

CITY_HALL = (33.8386, -118.3406)  # Torrance


def test_a_zip_lies_where_the_post_office_delivers():
    assert zip_point("90503") == (33.8397, -118.3542)


@pytest.mark.parametrize("code", ["00000", "99999", "9050", "905033", "", "abcde", "９０５０３"])
def test_what_is_no_zip_lies_nowhere(code):
    assert zip_point(code) is None


def test_every_civilian_zip_of_the_states_but_a_few_has_a_point_and_none_lies_at_zero_zero():
    unplaced = [z.code for z in atlas().zips.values() if z.point is None and z.state not in {"AA", "AE", "AP"}]
    assert len(atlas().zips) > 42_000
    assert len(unplaced) < 30
    assert not [z for z in atlas().zips.values() if z.point and abs(z.point[0]) < 1 and abs(z.point[1]) < 1]


@pytest.mark.parametrize("code", ["96960", "96910", "96940", "96950"])
def test_islands_beyond_the_date_line_lie_east_of_greenwich(code):
    assert 130 < zip_point(code)[1] < 180


def test_every_zip_lies_in_its_state():
    """By the outermost points of each, in degrees, a quarter of a degree wider."""
    outside = [
        known.label
        for known in atlas().zips.values()
        if known.point and not all(low - 0.25 <= x <= high + 0.25 for x, low, high in _sides(known))
    ]
    assert outside == []


def _sides(known):
    south, north, west, east = EXTENT[known.state]
    return (known.point[0], south, north), (known.point[1], west, east)


EXTENT = {
    "AL": (30.1, 35.0, -88.5, -84.9), "AK": (51.2, 71.4, -179.9, -129.9), "AZ": (31.3, 37.0, -114.8, -109.0),
    "AR": (33.0, 36.5, -94.6, -89.6), "CA": (32.5, 42.0, -124.5, -114.1), "CO": (37.0, 41.0, -109.1, -102.0),
    "CT": (41.0, 42.1, -73.7, -71.8), "DE": (38.4, 39.8, -75.8, -75.0), "DC": (38.8, 39.0, -77.1, -76.9),
    "FL": (24.5, 31.0, -87.6, -80.0), "GA": (30.4, 35.0, -85.6, -80.8), "HI": (18.9, 22.3, -160.3, -154.8),
    "ID": (42.0, 49.0, -117.2, -111.0), "IL": (37.0, 42.5, -91.5, -87.0), "IN": (37.8, 41.8, -88.1, -84.8),
    "IA": (40.4, 43.5, -96.6, -90.1), "KS": (37.0, 40.0, -102.1, -94.6), "KY": (36.5, 39.1, -89.6, -82.0),
    "LA": (28.9, 33.0, -94.0, -88.8), "ME": (43.0, 47.5, -71.1, -66.9), "MD": (37.9, 39.7, -79.5, -75.0),
    "MA": (41.2, 42.9, -73.5, -69.9), "MI": (41.7, 48.3, -90.4, -82.1), "MN": (43.5, 49.4, -97.2, -89.5),
    "MS": (30.1, 35.0, -91.7, -88.1), "MO": (36.0, 40.6, -95.8, -89.1), "MT": (44.4, 49.0, -116.0, -104.0),
    "NE": (40.0, 43.0, -104.1, -95.3), "NV": (35.0, 42.0, -120.0, -114.0), "NH": (42.7, 45.3, -72.6, -70.6),
    "NJ": (38.9, 41.4, -75.6, -73.9), "NM": (31.3, 37.0, -109.1, -103.0), "NY": (40.5, 45.0, -79.8, -71.8),
    "NC": (33.8, 36.6, -84.3, -75.4), "ND": (45.9, 49.0, -104.1, -96.5), "OH": (38.4, 42.0, -84.8, -80.5),
    "OK": (33.6, 37.0, -103.0, -94.4), "OR": (41.9, 46.3, -124.6, -116.4), "PA": (39.7, 42.3, -80.5, -74.7),
    "RI": (41.1, 42.0, -71.9, -71.1), "SC": (32.0, 35.2, -83.4, -78.5), "SD": (42.5, 45.9, -104.1, -96.4),
    "TN": (35.0, 36.7, -90.3, -81.6), "TX": (25.8, 36.5, -106.7, -93.5), "UT": (37.0, 42.0, -114.1, -109.0),
    "VT": (42.7, 45.0, -73.4, -71.5), "VA": (36.5, 39.5, -83.7, -75.2), "WA": (45.5, 49.0, -124.8, -116.9),
    "WV": (37.2, 40.6, -82.6, -77.7), "WI": (42.5, 47.1, -92.9, -86.2), "WY": (41.0, 45.0, -111.1, -104.1),
    "PR": (17.9, 18.5, -67.9, -65.2), "VI": (17.7, 18.4, -65.1, -64.6), "GU": (13.2, 13.7, 144.6, 145.0),
    "AS": (-14.6, -11.0, -171.1, -168.1), "MP": (14.1, 20.6, 144.9, 146.1), "FM": (1.0, 10.1, 137.4, 163.1),
    "MH": (4.5, 14.7, 160.8, 172.2), "PW": (2.9, 8.2, 131.1, 134.8),
}  # fmt: skip


def test_the_armed_forces_overseas_are_on_no_map():
    assert zip_point("09012") is None


@pytest.mark.parametrize("code", ["90506", "90507", "90510"])
def test_boxes_and_the_college_of_torrance_lie_in_torrance_and_not_where_their_county_s_stand_in_does(code):
    assert zip_point(code) == atlas().city("Torrance", "CA").point


def test_torrance_lies_in_the_middle_of_torrance():
    assert miles_between(CITY_HALL, atlas().city("Torrance", "CA").point) < 1


@pytest.mark.parametrize(
    ("name", "state", "middle", "within_miles"),
    [
        ("Los Angeles", "CA", (34.0522, -118.2437), 5),
        ("San Francisco", "CA", (37.7749, -122.4194), 2),
        ("New York", "NY", (40.7484, -73.9857), 2),
        ("Hollywood", "CA", (34.1016, -118.3267), 1),
        ("San Pedro", "CA", (33.7361, -118.2922), 1),
        ("Sacramento", "CA", (38.5816, -121.4944), 5),
    ],
)
def test_cities_and_parts_of_town_lie_where_people_look_for_them(name, state, middle, within_miles):
    assert miles_between(middle, atlas().city(name, state).point) < within_miles


def test_a_city_has_one_name_however_it_is_written(subtests: pytest.Subtests) -> None:
    for written, state, shown in [
        ("TORRANCE", "CA", "Torrance"),
        ("St. Louis", "MO", "Saint Louis"),
        ("saint louis", "MO", "Saint Louis"),
        ("Ft Worth", "TX", "Fort Worth"),
        ("N. Hollywood", "CA", "North Hollywood"),
        ("Mt View", "CA", "Mountain View"),
        ("La Cañada Flintridge", "CA", "La Canada Flintridge"),
        ("Coeur d’Alene", "ID", "Coeur D Alene"),
        ("Phila", "PA", "Philadelphia"),
        ("Rch Palos Vrd", "CA", "Rancho Palos Verdes"),
        ("winston-salem", "NC", "Winston-Salem"),
        ("Mckinney", "TX", "McKinney"),
        ("Koreatown", "CA", "Koreatown"),
    ]:
        with subtests.test(written=written):
            assert atlas().city(written, state).name.replace("-", " ") == shown.replace("-", " ")


def test_a_city_is_not_found_in_another_state():
    assert atlas().city("Torrance", "NV") is None


def test_the_label_of_every_city_of_california_leads_back_to_it():
    for cities in atlas().cities.values():
        for city in cities:
            if city.standing != INFORMAL and city.state == "CA":
                place = resolve(label_of(city)).place
                assert place, city
                assert miles_between(city.point, (place.latitude, place.longitude)) < 1, city


def test_threads_that_ask_at_once_get_one_atlas(monkeypatch):
    monkeypatch.setattr(atlas_module, "_atlas", None)
    start, found = threading.Barrier(4), []

    def ask():
        start.wait()
        found.append(atlas())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({id(one) for one in found}) == 1
