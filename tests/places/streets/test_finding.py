"""Street addresses are placed by the index of streets: on the right side of the right street, or not at all."""

import pytest

from directory.places.streets.finding import locate_street
from directory.places.streets.geometry import miles_apart
from tests.places.streets.invented_county import InventedCounty

pytestmark = pytest.mark.usefixtures("streets")


def test_a_house_is_put_where_it_stands(county: InventedCounty) -> None:
    for house in county.houses[:: len(county.houses) // 40]:
        place = locate_street(f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}")
        assert place is not None
        assert (place.precision, place.located_by, place.note) == ("address", "streets", None)
        assert place.label == f"{house.number} {house.street}, {house.city}, {house.state} {house.zip}"
        assert miles_apart(place.point, house.point) < 0.05
