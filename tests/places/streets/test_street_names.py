"""All the ways of writing a street's name are one name, and different streets are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places.streets.street_names import StreetName, read_name

SAME = [
    (
        "W 190th St",
        "West 190th Street",
        "W. 190 St",
        "West One Hundred Ninetieth St",
        "w one hundred and ninetieth str",
    ),
    ("1st St", "First Street", "1 ST"),
    ("E 23rd St", "East Twenty-Third St.", "E TWENTY THIRD ST"),
    ("N Vermont Ave", "North Vermont Avenue", "N. Vermont Av", "No. Vermont Ave"),
    ("Avenida de la Playa", "Ave de la Playa", "Av. De La Playa", "AVDA DE LA PLAYA"),
    ("Camino Real", "Cam Real", "CMNO REAL"),
    ("Paseo del Mar", "Pso Del Mar", "paseo del mar"),
    ("Calle Mayor", "Cll Mayor"),
    ("La Cañada Blvd", "La Canada Boulevard", "LA CANADA BL"),
    ("Pacific Coast Hwy", "PCH", "Pacific Coast Highway", "Pacific Coast Hiway"),
    ("State Hwy 1", "Hwy 1", "CA-1", "CA 1", "State Route 1", "SR-1", "Highway 1", "State Rte 1"),
    ("I- 405", "I-405", "Interstate 405"),
    ("US Hwy 101", "U.S. 101", "US-101"),
    ("Avenue 26", "Ave 26", "Av 26"),
    ("W Avenue K 8", "West Ave K-8", "W AVE K8"),
    ("10th St W", "Tenth Street West"),
    ("Saint James Pl", "St James Place", "ST. JAMES PL"),
    ("Martin Luther King Jr Blvd", "MLK Blvd", "M.L. King Blvd", "Dr. Martin Luther King Jr. Boulevard"),
    ("O'Farrell St", "O’Farrell St", "OFARRELL ST"),
    ("Avenue of the Stars", "Ave of the Stars"),
    ("Mount Vernon Ave", "Mt Vernon Ave"),
    ("Del Amo Blvd", "Delamo Blvd"),
]
DIFFERENT = [
    ("190th St", "190th Pl"),
    ("190th St", "191st St"),
    ("26th Ave", "Avenue 26"),
    ("E St", "East Way"),
    ("N Main St", "S Main St"),
    ("Avenue S", "Avenue T"),
    ("North St", "N Main St"),
    ("El Camino Real", "Camino Real"),
    ("I- 1", "County Rd 1"),
    ("Five Points Rd", "5th Rd"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_one_street_has_one_name(spellings: tuple[str, ...]) -> None:
    assert {_parts(text) for text in spellings} == {_parts(spellings[0])}


def _parts(text: str) -> tuple[str, str, frozenset[str]]:
    name = read_name(text)
    return name.base, name.kind, name.directions


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_streets_have_different_names(one: str, other: str) -> None:
    assert _parts(one) != _parts(other)


@pytest.mark.parametrize(
    ("text", "base", "kind", "directions"),
    [
        ("North St", "north", "street", ""),
        ("North St W", "north", "street", "w"),
        ("W E St", "e", "street", "w"),
        ("Court St", "court", "street", ""),
        ("S Court St", "court", "street", "s"),
        ("W Avenue S", "avenues", "", "w"),
        ("Avenue K W", "avenuek", "", "w"),
        ("Broadway", "broadway", "", ""),
        ("Broadway N", "broadway", "", "n"),
        ("St", "st", "", ""),
        ("Eagle Ridge", "eagle", "ridge", ""),
        ("", "", "", ""),
        ("…", "", "", ""),
    ],
)
def test_what_is_the_name_and_what_is_not(text: str, base: str, kind: str, directions: str) -> None:
    assert _parts(text) == (base, kind, frozenset(directions))


def test_a_name_is_known_without_its_articles_and_with_its_kind() -> None:
    assert read_name("Avenida de la Playa").without_articles == read_name("Avenida Playa").without_articles
    assert read_name("The").without_articles == "the"
    assert read_name("Eagle Rdg").with_kind == "eagleridge"


@given(st.text(max_size=60) | st.text("neswNESW 0123456789stavebl.#-'", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    name = read_name(text)
    assert isinstance(name, StreetName)
    assert name.base == "".join(name.words)
