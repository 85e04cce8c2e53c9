"""Street addresses are placed by the index of streets: on the right side of the right street, or not at all."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.places.place import WhyUnplaced
from directory.places.reading import read_address, tidy
from directory.places.streets import finding
from directory.places.streets.finding import ASIDE_METERS, locate_street, why_unplaced
from directory.places.streets.geometry import METERS_A_MILE, miles_apart
from directory.places.streets.making import look_into, make_index
from tests.places.streets.invented_county import InventedCounty
from tests.places.streets.plain import plain_points
from tests.places.streets.tiger import AddressRange, write_addrfeat
from tests.places.streets.typed import ways_to_write

NEAR_ENOUGH_MILES, SHARE = 0.05, 0.95
STEP = 0.001  # degrees


def block(
    name: str,
    left: tuple[str, str] = ("", ""),
    right: tuple[str, str] = ("", ""),
    zip_code: str = "90503",
    *,
    east: float = 0,
    north: float = 0,
) -> AddressRange:
    """One straight block from west to east, so many steps from the corner of Torrance."""
    start = (-118.36 + east * STEP, 33.84 + north * STEP)
    return AddressRange(name, [start, (start[0] + STEP, start[1])], left, right, zip_code, zip_code)


ROWS = [
    block("Elm St", ("100", "198"), ("101", "199")),
    block("Elm St", ("300", "398"), ("301", "399"), east=2),
    block("Backward Ave", ("198", "100"), ("199", "101"), north=1),
    block("One Side Ct", ("2", "20"), north=2),
    block("N Main St", ("100", "198"), ("101", "199"), north=3),
    block("S Main St", ("100", "198"), ("101", "199"), north=4),
    block("Oak Ave", ("100", "198"), ("101", "199"), "90505", north=-10),
    block("Oak Ave", ("100", "198"), ("101", "199"), "90717", north=-30),
    block("Date Pl", ("500", "598"), ("501", "599"), "90717", north=-31),
    block("Hawthorne Blvd", ("21200", "21298"), ("21201", "21299"), north=5),
    block("Hawthorne Blvd", ("21300", "21398"), ("21301", "21399"), north=5, east=1),
    block("Avenida de la Playa", ("100", "198"), ("101", "199"), north=6),
    block("Country Club Dr", ("72-700", "72-798"), ("72-701", "72-799"), north=7),
    block("Plain Dr", ("72700", "72798"), ("72701", "72799"), north=8),
    block("Grove Rd", ("N100", "N198"), ("N101", "N199"), north=9),
    block("Pacific Coast Hwy", ("2400", "2498"), ("2401", "2499"), "90505", north=-11),
    block("State Hwy 1", ("2400", "2498"), ("2401", "2499"), "90505", north=-11),
    block("Maple Ave", ("100", "198"), ("101", "199"), "", north=11),
    block("Far Away St", ("100", "198"), ("101", "199"), "92805", east=440),
    *(block("Long Way", ("100", "198"), ("101", "199"), north=13, east=east) for east in (0, 20)),
    AddressRange("All Ln", [(-118.36, 33.85), (-118.36, 33.85)], ("1", "99"), ("1", "99"), "90503", "90503", "B", "B"),
]


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blocks")
    target = folder / "streets.sqlite3"
    make_index([look_into(write_addrfeat(folder, ROWS))], target)
    return target


@pytest.fixture
def located(blocks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses are placed by `ROWS`."""
    monkeypatch.setattr(finding, "_file", blocks)


def at(address: str, row: AddressRange, share: float, side: str) -> None:
    """Hold that the address is put at the share of the row's block, on its left or right."""
    place = locate_street(address)
    assert place is not None
    (x1, y1), (x2, _) = row.line
    aside = ASIDE_METERS / METERS_A_MILE / 69.09 * {"L": 1, "R": -1, "": 0}[side]
    assert miles_apart(place.point, (y1 + aside, x1 + (x2 - x1) * share)) < 0.001, place


@pytest.mark.usefixtures("located")
class TestPlaces:
    def test_each_number_has_its_share_of_its_side(self) -> None:
        at("100 Elm St, Torrance, CA 90503", ROWS[0], 0.01, "L")
        at("150 Elm St, Torrance, CA 90503", ROWS[0], 0.51, "L")
        at("199 Elm St, Torrance, CA 90503", ROWS[0], 0.99, "R")

    def test_numbers_that_fall_along_the_line(self) -> None:
        at("198 Backward Ave, Torrance, CA 90503", ROWS[2], 0.01, "L")
        at("101 Backward Ave, Torrance, CA 90503", ROWS[2], 0.99, "R")

    def test_a_number_between_blocks_is_put_at_the_nearest_and_says_so(self) -> None:
        at("210 Elm St, Torrance, CA 90503", ROWS[0], 0.99, "")
        at("290 Elm St, Torrance, CA 90503", ROWS[1], 0.01, "")
        place = locate_street("210 Elm St, Torrance, CA 90503")
        assert place is not None
        assert (place.precision, place.label) == ("street", "Elm St, Torrance, CA 90503")
        assert place.note == "We couldn’t find number 210, so distances start from the nearest one."

    def test_a_number_of_the_side_that_has_none_is_put_on_the_street(self) -> None:
        place = locate_street("11 One Side Ct, Torrance, CA 90503")
        assert place is not None
        assert place.precision == "street"
        at("11 One Side Ct, Torrance, CA 90503", ROWS[3], 0.5, "")

    def test_a_number_far_from_all_is_not_placed(self) -> None:
        assert locate_street("9000 Elm St, Torrance, CA 90503") is None

    def test_both_parities_on_one_side(self) -> None:
        place = locate_street("50 All Ln, Torrance, CA 90503")
        assert place is not None
        assert (place.point, place.precision) == ((33.85, -118.36), "address")

    def test_a_street_without_a_number_is_placed_in_its_middle_when_it_is_short(self) -> None:
        place = locate_street(read_address("Avenida de la Playa, Torrance, CA 90503"))
        assert place is not None
        assert (place.precision, place.note) == ("street", "Distances start from the middle of the street.")
        at("Avenida de la Playa, Torrance, CA 90503", ROWS[11], 0.5, "")

    @pytest.mark.parametrize("number", ["72-751", "72751", "72-751A", "72-751 1/2", "72 - 751", "72751-72755"])
    @pytest.mark.parametrize("street", ["Country Club Dr", "Plain Dr"])
    def test_dashed_numbers_and_long_ones_are_the_same(self, number: str, street: str) -> None:
        place = locate_street(f"{number} {street}, Torrance, CA 90503")
        assert place is not None
        assert place.precision == "address"

    def test_a_number_with_a_letter_before_it(self) -> None:
        for text, precision in (("N123 Grove Rd", "address"), ("N 123 Grove Rd", "address"), ("N123 Elm St", "street")):
            place = locate_street(f"{text}, Torrance, CA 90503")
            assert place is not None, text
            assert place.precision == precision

    @pytest.mark.parametrize(
        "street", ["PCH", "Pacific Coast Hwy", "State Hwy 1", "CA-1", "Highway 1", "W Pacific Coast Highway"]
    )
    def test_one_road_has_many_names(self, street: str) -> None:
        at(f"2450 {street}, Torrance, CA 90505", ROWS[15], 0.51, "L")

    @pytest.mark.parametrize("text", ["PO Box 123", "P.O. Box 150 Elm St", "Box 12", "Apartado 5", "P O Box 100"])
    def test_a_box_is_no_place(self, text: str) -> None:
        assert locate_street(f"{text}, Torrance, CA 90503") is None

    def test_a_box_beside_a_street_is_left_out(self) -> None:
        at("PO Box 12, 150 Elm St, Torrance, CA 90503", ROWS[0], 0.51, "L")

    def test_a_range_without_a_zip_is_taken_when_it_is_near(self) -> None:
        at("150 Maple Ave, Torrance, CA 90503", ROWS[17], 0.51, "L")
        assert locate_street("150 Maple Ave, Anaheim, CA 92805") is None


@pytest.mark.usefixtures("located")
class TestWhichIsMeant:
    @pytest.mark.parametrize(
        ("address", "note"),
        [
            ("150 Oak Ave, Torrance, CA 90505", None),
            ("150 Oak Ave, Torrance, CA", None),
            ("150 Oak Ave, CA 90505", None),
            ("150 Oak Ave, Lomita, CA 90505", None),
            ("150 Oak Ave, Torrance, CA 90503", "We found the street in ZIP 90505, not 90503."),
        ],
    )
    def test_zip_and_city_say_which(self, address: str, note: str | None) -> None:
        place = locate_street(address)
        assert place is not None
        assert (place.label, place.precision, place.note) == ("150 Oak Ave, Torrance, CA 90505", "address", note)

    def test_a_neighboring_city_is_taken_when_no_other_may_be_meant(self) -> None:
        place = locate_street("550 Date Pl, Torrance, CA 90505")
        assert place is not None
        assert (place.label, place.precision) == ("Date Pl, Lomita, CA 90717", "street")
        assert place.note == "We found the street in ZIP 90717, not 90505."

    def test_a_street_of_that_name_far_from_what_was_written_is_not_taken(self) -> None:
        assert locate_street("150 Oak Ave, Torrance, CA 90504") is None
        assert locate_street("550 Date Pl, Harbor City, CA") is None
        assert why_unplaced("550 Date Pl, Harbor City, CA") == WhyUnplaced.NO_STREET

    @pytest.mark.parametrize(
        "address",
        [
            "150 Oak Ave, Harbor City, CA 90710",  # two neighbors have one
            "150 Far Away St, Torrance, CA 90503",
            "150 Elm St",
            "150 Elm St, CA",
            "150 Elm St, Toronto, Canada",
            "150 Nonesuch St, Torrance, CA 90503",
        ],
    )
    def test_what_may_be_several_or_none_is_not_placed(self, address: str) -> None:
        assert locate_street(address) is None

    def test_directions_tell_streets_apart(self) -> None:
        at("150 N Main St, Torrance, CA 90503", ROWS[4], 0.51, "L")
        at("150 South Main Street, Torrance, CA 90503", ROWS[5], 0.51, "L")
        assert locate_street("150 E Main St, Torrance, CA 90503") is None

    def test_without_the_direction_it_is_between_the_two(self) -> None:
        place = locate_street("150 Main St, Torrance, CA 90503")
        assert place is not None
        assert (place.precision, place.note) == (
            "street",
            "There are several such addresses. Distances start from between them.",
        )
        assert ROWS[4].line[0][1] < place.latitude < ROWS[5].line[0][1]

    @pytest.mark.parametrize("text", ["Hawthorn Blvd", "Hawthrone Blvd", "HAWTHORN BOULEVRD", "Hathorne Bl"])
    def test_a_misspelled_name_is_found_in_its_zip_and_says_so(self, text: str) -> None:
        place = locate_street(f"21250 {text}, Torrance, CA 90503")
        assert place is not None
        assert (place.label, place.precision) == ("21250 Hawthorne Blvd, Torrance, CA 90503", "address")
        assert place.note == f"We couldn’t find “{text}” there. We took Hawthorne Blvd."
        assert locate_street(f"21250 {text}, Torrance, CA") is None
        assert locate_street(f"21250 {text}, Torrance, CA 90505") is None

    def test_articles_may_be_left_out_in_its_zip(self) -> None:
        for street in ("Avenida Playa", "Avenida de Playa", "Av La Playa"):
            at(f"150 {street}, Torrance, CA 90503", ROWS[11], 0.51, "L")

    def test_what_differs_in_name_and_in_place_is_near_at_best(self) -> None:
        for address in ("150 Oak Blvd, Torrance, CA 90503", "150 W Oak Ave, Torrance, CA 90503"):
            place = locate_street(address)
            assert place is not None
            assert (place.precision, place.label) == ("street", "Oak Ave, Torrance, CA 90505")

    def test_a_street_that_is_long_has_no_middle(self) -> None:
        assert locate_street(read_address("Long Way, Torrance, CA 90503")) is None
        assert locate_street(read_address("Elm St, Torrance, CA 90503"))

    def test_another_kind_of_street_is_taken_when_there_is_no_such_one(self) -> None:
        at("150 Backward Blvd, Torrance, CA 90503", ROWS[2], 0.49, "L")
        at("150 Backward, Torrance, CA 90503", ROWS[2], 0.49, "L")

    @pytest.mark.parametrize(
        "unit",
        ["Ste 200", "Suite 200", "#4", ", Unit B", "Apt 3", "Fl 2", "2nd Floor", "HDFH", "Bldg 2, Ste 300", "200"],
    )
    def test_units_and_what_else_follows_make_no_difference(self, unit: str) -> None:
        at(f"150 Elm St {unit}, Torrance, CA 90503", ROWS[0], 0.51, "L")

    def test_a_building_before_the_number(self) -> None:
        at("Memorial Medical Plaza 150 Elm St, Torrance, CA 90503", ROWS[0], 0.51, "L")
        at("Memorial Plaza, 150 Elm St, Torrance, CA 90503", ROWS[0], 0.51, "L")


@pytest.mark.usefixtures("streets")
class TestInventedCounty:
    def test_a_house_is_put_where_it_stands(self, county: InventedCounty) -> None:
        for house in county.houses[:: len(county.houses) // 40]:
            place = locate_street(f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}")
            assert place is not None
            assert (place.precision, place.located_by, place.note) == ("address", "streets", None)
            assert place.label == f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}"
            assert miles_apart(place.point, house.point) < NEAR_ENOUGH_MILES

    def test_most_addresses_in_all_spellings_are_near_enough_and_none_is_far_off(self, county: InventedCounty) -> None:
        random = Random(7)
        houses = random.sample(county.houses, 1200)
        placed = [(house, locate_street(ways_to_write(house, random, county))) for house in houses]
        miles = sorted(miles_apart(place.point, house.point) for house, place in placed if place)
        near_enough = sum(far <= NEAR_ENOUGH_MILES for far in miles)
        assert near_enough >= SHARE * len(houses), f"{near_enough} of {len(houses)}"
        assert miles[-1] < 0.25
        counts = Counter(place.precision if place else "none" for _, place in placed)
        assert counts["address"] >= SHARE * len(houses), counts

    def test_a_house_of_a_street_that_the_file_lacks_is_not_put_far_off(
        self, county: InventedCounty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        random = Random(11)
        streets = sorted({(row.name, row.zip_left) for row in county.rows})
        missing = set(random.sample(streets, len(streets) // 4))
        index = tmp_path / "streets.sqlite3"
        make_index(
            [look_into(write_addrfeat(tmp_path, [r for r in county.rows if (r.name, r.zip_left) not in missing]))],
            index,
        )
        monkeypatch.setattr(finding, "_file", index)
        houses = random.sample([house for house in county.houses if (house.street, house.zip) in missing], 400)
        placed = [
            (house, locate_street(f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}"))
            for house in houses
        ]
        far = [
            (house, place)
            for house, place in placed
            if place and place.precision == "address" and miles_apart(place.point, house.point) > 0.25
        ]
        assert len(far) <= 2, far[:5]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
    @given(
        st.text(max_size=80)
        | st.text("0123456789 NSEWst#-,./½'é\\\"%_ñ", max_size=60).map("{}, Torrance, CA 90503".format)
    )
    def test_no_text_is_too_odd(self, text: str) -> None:
        place = locate_street(text)
        assert place is None or place.precision in {"address", "street"}


def test_without_an_index_nothing_is_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (None, tmp_path / "none.sqlite3", Path(__file__)):
        monkeypatch.setattr(finding, "_file", file)
        assert locate_street("150 Elm St, Torrance, CA 90503") is None


def test_an_index_that_was_replaced_is_read_anew(blocks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_file", tmp_path / "streets.sqlite3")
    address = read_address(tidy("150 Elm St, Torrance, CA 90503"))
    assert locate_street(address) is None
    make_index([look_into(write_addrfeat(tmp_path, ROWS[:1]))], tmp_path / "streets.sqlite3")
    assert locate_street(address)
    make_index([look_into(write_addrfeat(tmp_path, ROWS[4:6]))], tmp_path / "streets.sqlite3")
    assert locate_street(address) is None


@pytest.mark.usefixtures("streets")
def test_houses_are_put_where_a_plain_look_at_every_row_puts_them(county: InventedCounty) -> None:
    random = Random(3)
    for house in random.sample(county.houses, 150):
        place = locate_street(f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}")
        plain = plain_points(county.rows, house.number, house.street, house.zip)
        assert place is not None
        assert min(miles_apart(place.point, point) for point in plain) * METERS_A_MILE < 0.1
