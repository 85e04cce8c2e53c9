"""Where ZIPs and cities lie, without asking anybody."""

import threading

import pytest

from directory.places import atlas as atlas_module
from directory.places.atlas import atlas
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


def test_the_label_of_every_city_of_the_post_office_leads_back_to_it():
    for cities in atlas().cities.values():
        for city in cities:
            if city.standing == atlas_module.PRIMARY and city.state == "CA":
                place = resolve(city.label).place
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
