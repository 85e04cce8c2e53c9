"""An area as public sources are asked about it: its ZIPs, states and counties."""

import pytest

from directory.places.areas import codes_around
from directory.places.resolve import place_named


@pytest.mark.parametrize(
    ("place", "miles", "states", "counties"),
    [
        ("Torrance, CA", 40, ("CA",), ("06037", "06059", "06065", "06071", "06111")),
        ("Torrance, CA", 10, ("CA",), ("06037",)),
        ("Las Cruces, NM", 5, ("NM",), ("35013",)),  # Doña Ana, however it is spelled
        ("Saint Louis, MO", 1, ("MO",), ("29189", "29510")),  # the county and the city of that name
        ("New Orleans, LA", 3, ("LA",), ("22051", "22071", "22087")),
        (
            "Washington, DC",
            3,
            ("DC", "MD", "VA"),
            ("11001", "24031", "24033", "51013", "51059", "51510", "51600", "51610"),
        ),
    ],
)
def test_states_and_counties_around_a_place(
    place: str, miles: float, states: tuple[str, ...], counties: tuple[str, ...]
) -> None:
    around = codes_around(place_named(place), miles)
    assert (around.states, around.counties) == (states, counties)


def test_zips_are_those_whose_middle_lies_within_the_radius() -> None:
    around = codes_around(place_named("90503"), 2)
    assert "90503" in around.zips
    assert "90731" not in around.zips
    assert str(around) == "Torrance, CA 90503, 2 miles"
