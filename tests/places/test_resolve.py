"""What people type where the page asks where they are."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.places import choice
from directory.places.atlas import atlas
from directory.places.distance import miles_between
from directory.places.gazetteer import zip_point
from directory.places.resolve import resolve

HOME = (33.8358, -118.3406)


def place(text):
    found = resolve(text).place
    assert found, resolve(text)
    return found


def test_a_zip_is_its_middle(subtests: pytest.Subtests) -> None:
    for text in [
        "90503",
        " 90503 ",
        "90503-1234",
        "905031234",
        "90503 1234",
        "９０５０３",
        "ZIP 90503",
        "near 90503",
        "CA 90503",
        "90503, CA",
        "90503 Torrance",
        "90503, Torrance, CA",
        "Torrance, CA 90503",
        "torrance ca 90503-1234",
        "Torrance CA90503",
        "Torrance, CA, 90503, USA",
        "Torrance, California 90503",
    ]:
        with subtests.test(text=text):
            found = place(text)
            assert (found.label, found.precision, found.note) == ("Torrance, CA 90503", "zip", None)
            assert (found.latitude, found.longitude) == zip_point("90503")


def test_torrance_is_torrance_in_california(subtests: pytest.Subtests) -> None:
    for text in [
        "Torrance",
        "torrance",
        "TORRANCE",
        "torrance ca",
        "Torrance, CA",
        "Torrance,ca.",
        "Torrance Calif.",
        "Torrance, California",
        "Torrance, CA, USA",
        "near Torrance",
        "City of Torrance",
        "Torrance C.A.",
        "Torrance; CA",
        "Torrance - CA",
        "Torrance\t\n CA",
        "Torrance, Los Angeles County, CA",
        "Torrance, Los Angeles",
        "Downtown Torrance",
    ]:
        with subtests.test(text=text):
            found = place(text)
            assert (found.label, found.precision, found.note) == ("Torrance, CA", "city", None)
            assert (found.latitude, found.longitude) == atlas().city("Torrance", "CA").point


def test_a_street_address_is_the_middle_of_its_zip_and_says_so(subtests: pytest.Subtests) -> None:
    for text, label in [
        ("3440 Lomita Blvd., Suite 331, Torrance, CA 90505-5018", "Torrance, CA 90505"),
        ("23456 Hawthorne Blvd #200 Torrance CA 90505", "Torrance, CA 90505"),
        ("90210 Main St, Torrance, CA 90503", "Torrance, CA 90503"),
        ("Apt 4, 1200 N Vermont Ave, LA 90029", "Los Angeles, CA 90029"),
        ("20911 Earl St 480 Torrance 90503", "Torrance, CA 90503"),
        ("350 Fifth Avenue New York New York 10118", "New York, NY 10118"),
        ("3330 Lomita Blvd, Torrance, CA 90505, Suite 5", "Torrance, CA 90505"),
        ("3330 Lomita Blvd Torrance 90505 CA", "Torrance, CA 90505"),
        ("3330 LOMITA BLVD, TORRANCE, CA. 90505.", "Torrance, CA 90505"),
    ]:
        with subtests.test(text=text):
            found = place(text)
            assert (found.label, found.precision) == (label, "zip")
            assert found.note.startswith("We couldn’t find that street address")
            assert label[-5:] in found.note


def test_an_address_without_a_zip_is_the_middle_of_its_city_and_says_so(subtests: pytest.Subtests) -> None:
    for text, label in [
        ("12345 Main St, Torrance, CA", "Torrance, CA"),
        ("12345 Main St Torrance", "Torrance, CA"),
        ("3445 pch torrance", "Torrance, CA"),
        ("Memorial Hospital Torrance CA", "Torrance, CA"),
        ("PCH & Hawthorne Blvd, Torrance", "Torrance, CA"),
        ("PO Box 90210, Torrance, CA", "Torrance, CA"),
        ("1 Main St, Suite 90210, Torrance CA", "Torrance, CA"),
        ("1200 N Vermont Ave, LA", "Los Angeles, CA"),
        ("350 Fifth Ave, NY", "New York, NY"),
        ("1200 N Vermont Ave Los Angeles CA", "Los Angeles, CA"),
        ("100 California St, SF", "San Francisco, CA"),
        ("100 Los Angeles St, Los Angeles", "Los Angeles, CA"),
        ("77 Massachusetts Ave Cambridge Massachusetts", "Cambridge, MA"),
        ("1 Virginia Ave, Indiana, PA", "Indiana, PA"),
    ]:
        with subtests.test(text=text):
            found = place(text)
            assert (found.label, found.precision) == (label, "city")
            assert found.note == f"We couldn’t find that street address, so distances start from the middle of {label}."


def test_common_ways_of_naming_a_city(subtests: pytest.Subtests) -> None:
    for text, label in [
        ("LA", "Los Angeles, CA"),
        ("L.A.", "Los Angeles, CA"),
        ("NYC", "New York, NY"),
        ("SF", "San Francisco, CA"),
        ("New York", "New York, NY"),
        ("Washington, D.C.", "Washington, DC"),
        ("New Orleans, LA", "New Orleans, LA"),
        ("N Hollywood", "North Hollywood, CA"),
        ("Rancho PV", "Rancho Palos Verdes, CA"),
        ("Mt. View, CA", "Mountain View, CA"),
        ("St. Louis MO", "Saint Louis, MO"),
        ("Saint Louis", "Saint Louis, MO"),
        ("Ft Worth, TX", "Fort Worth, TX"),
        ("San Pedro, Los Angeles", "San Pedro, CA"),
        ("Downtown LA", "Los Angeles, CA"),
        ("East LA", "East Los Angeles, CA"),
        ("Redondo", "Redondo Beach, CA"),
        ("Silver Lake, LA", "Silver Lake, CA"),
        ("Hollywood, LA", "Hollywood, CA"),
        ("South Central LA", "South Central, CA"),
        ("Memorial Hospital New Orleans LA", "New Orleans, LA"),
        ("K-town", "Koreatown, CA"),
        ("Koreatown", "Koreatown, CA"),
        ("San José", "San Jose, CA"),
        ("Charleston West Virginia", "Charleston, WV"),
        ("Kansas City", "Kansas City, MO"),
        ("San Juan PR", "San Juan, PR"),
        ("Manhattan Bch", "Manhattan Beach, CA"),
        ("29 Palms", "29 Palms, CA"),
        ("O'Fallon, MO", "O Fallon, MO"),
        ("botox doctors near Torrance", "Torrance, CA"),
        ("neurologist in Torrance", "Torrance, CA"),
        ("Lake in the Hills, IL", "Lake In The Hills, IL"),
        ("South Torrance", "Torrance, CA"),
        ("Greater Los Angeles Area", "Los Angeles, CA"),
        ("Lake Arrowhead", "Lake Arrowhead, CA"),
        ("TORRANCE, CA.", "Torrance, CA"),
    ]:
        with subtests.test(text=text):
            assert place(text).label == label


def test_a_town_or_neighborhood_around_home_is_known_though_no_post_office_is_named_for_it(
    subtests: pytest.Subtests,
) -> None:
    for name in [
        *[
            "Lennox",
            "Westmont",
            "Willowbrook",
            "Del Aire",
            "Ladera Heights",
            "West Carson",
            "Alondra Park",
            "Walnut Park",
        ],
        *["West Athens", "View Park", "Windsor Hills", "Florence-Firestone", "Rancho Dominguez", "East Compton"],
        *["East Rancho Dominguez", "Hacienda Heights", "South Whittier", "Rowland Heights", "Rossmoor", "Wiseburn"],
        *[
            "El Camino Village",
            "Bell",
            "El Sereno",
            "San Pedro",
            "Playa Del Rey",
            "Koreatown",
            "Harbor City",
            "Watts",
            "Venice",
        ],
        *["Echo Park", "Highland Park", "Eagle Rock", "Mar Vista", "Leimert Park", "Boyle Heights", "Walteria"],
        *[
            "Old Torrance",
            "North Torrance",
            "Bixby Knolls",
            "Belmont Shore",
            "Point Fermin",
            "North Redondo",
            "El Porto",
        ],
    ]:
        for text in (name, f"{name}, CA", f"{name} California"):
            with subtests.test(text=text):
                found = place(text)
                assert found.label == f"{name}, CA"
                assert miles_between(HOME, found.point) < 35


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Southgate", "South Gate, CA"),
        ("S. Gate", "South Gate, CA"),
        ("Longbeach", "Long Beach, CA"),
        ("Redondobeach", "Redondo Beach, CA"),
        ("Culvercity, CA", "Culver City, CA"),
        ("Elsegundo", "El Segundo, CA"),
        ("Torrance City", "Torrance, CA"),
        ("Lake Wood", "Lakewood, CA"),
        ("Mount Baldy", "Mt Baldy, CA"),
        ("Mt. Washington", "Mount Washington, CA"),
        ("N. Torrance", "North Torrance, CA"),
        ("Saint Louis", "Saint Louis, MO"),
        ("Santa Mónica", "Santa Monica, CA"),
        ("La Cañada", "La Canada Flintridge, CA"),
    ],
)
def test_joined_split_and_shortened_words_are_the_same_name(text: str, label: str) -> None:
    assert place(text).label == label


def test_a_country_and_words_around_the_place_may_be_spanish(subtests: pytest.Subtests) -> None:
    for text, label in [
        ("Torrance, CA, EE. UU.", "Torrance, CA"),
        ("Torrance, CA, EE.UU.", "Torrance, CA"),
        ("Torrance CA EEUU", "Torrance, CA"),
        ("Torrance, California, Estados Unidos", "Torrance, CA"),
        ("Torrance, California, Estados Unidos de América", "Torrance, CA"),
        ("cerca de Torrance", "Torrance, CA"),
        ("cerca del 90503", "Torrance, CA 90503"),
        ("en Los Ángeles", "Los Angeles, CA"),
        ("en LA", "Los Angeles, CA"),
        ("doctores en Torrance", "Torrance, CA"),
        ("médicos cerca de Torrance, CA", "Torrance, CA"),
        ("neurólogos en Long Beach", "Long Beach, CA"),
        ("bótox para el cuello en Torrance", "Torrance, CA"),
        ("alrededor de Torrance", "Torrance, CA"),
        ("a 10 millas de Torrance", "Torrance, CA"),
        ("código postal 90503", "Torrance, CA 90503"),
        ("mi código postal es 90503", "Torrance, CA 90503"),
        ("Torrance, CA (EE. UU.)", "Torrance, CA"),
        ("cerca Torrance", "Torrance, CA"),
        ("soy de Torrance", "Torrance, CA"),
        ("doctores Torrance", "Torrance, CA"),
        ("C.P. 90503", "Torrance, CA 90503"),
        ("la ciudad de Torrance", "Torrance, CA"),
        ("centro de Los Ángeles", "Los Angeles, CA"),
        ("este de Los Ángeles", "East Los Angeles, CA"),
        ("Torrance, condado de Los Ángeles, CA", "Torrance, CA"),
        ("Albuquerque, Nuevo México", "Albuquerque, NM"),
        ("Charlotte, Carolina del Norte", "Charlotte, NC"),
        ("Filadelfia, Pensilvania", "Philadelphia, PA"),
        ("Nueva Orleans, Luisiana", "New Orleans, LA"),
        ("Nueva York", "New York, NY"),
        ("Ciudad de Nueva York", "New York, NY"),
        ("por Torrance", "Torrance, CA"),
        ("Torrance y alrededores", "Torrance, CA"),
        ("Cd. de Los Ángeles", "Los Angeles, CA"),
        ("valle de San Fernando", "San Fernando Valley, CA"),
        ("Sta. Mónica", "Santa Monica, CA"),
        ("90503 a 10 millas", "Torrance, CA 90503"),
    ]:
        with subtests.test(text=text):
            assert place(text).label == label


def test_words_around_the_place_are_left_out(subtests: pytest.Subtests) -> None:
    for text in [
        *["near Torrance", "nearby Torrance", "close to Torrance", "around Torrance", "doctors in Torrance"],
        *[
            "doctors near Torrance, CA",
            "botox clinics around Torrance",
            "torrance neurologist",
            "neck pain doctor torrance",
            "doctor in Torrance for neck pain",
            "Torrance please",
            "neurologists close to Torrance",
            "neurologist Torrance CA",
            "I'm in Torrance, CA",
            "City of Torrance, CA",
            "Torrance near LA",
            "Torrance in Los Angeles",
            '"Torrance, CA"',
        ],
        *["Torrance, CA, United States of America", "Torrance CA U.S."],
    ]:
        with subtests.test(text=text):
            found = place(text)
            assert (found.label, found.note) == ("Torrance, CA", None)


@pytest.mark.parametrize(
    ("text", "zip_code"),
    [
        ("90505-12", "90505"),
        ("90505-", "90505"),
        ("90504–", "90504"),
        ("90505 -1234", "90505"),
        ("90505- 1234", "90505"),
        ("90505 - 1234", "90505"),
        ("90505-1234-", "90505"),
        ("90505 12", "90505"),
        ("90505-12345", "90505"),
        ("90505.1234", "90505"),
        ("(90503)", "90503"),
        ('"90503"', "90503"),
        ("90503'", "90503"),
        ("#90503", "90503"),
        ("90503: Torrance", "90503"),
        ("Torrance-90503", "90503"),
        ("90S03", "90503"),
        ("9050B", "90508"),
        ("90503,10", "90503"),
        ("90503 zip code", "90503"),
        ("my ZIP is 90503", "90503"),
        ("Torrance, CA 90505-12", "90505"),
        ("Torrance CA 90504-", "90504"),
        ("9O503", "90503"),
        ("9o5o3", "90503"),
        ("9050l", "90501"),
        ("9050I-1234", "90501"),
        ("Torrance, CA 9O503", "90503"),
        ("near 9O503", "90503"),
    ],
)
def test_a_zip_that_is_cut_off_spaced_or_typed_with_letters_is_read(text: str, zip_code: str) -> None:
    assert place(text).label == f"Torrance, CA {zip_code}"


@pytest.mark.parametrize(
    ("text", "label", "distance"),
    [
        ("90503 10 miles", "Torrance, CA 90503", "10 miles"),
        ("90503, 10mi", "Torrance, CA 90503", "10mi"),
        ("90503 (within 25 miles)", "Torrance, CA 90503", "within 25 miles"),
        ("Torrance 10 mile radius", "Torrance, CA", "10 mile radius"),
        ("within 5 miles of Torrance, CA", "Torrance, CA", "within 5 miles of"),
        ("90503 10 millas", "Torrance, CA 90503", "10 millas"),
        ("90503 radius 10 miles", "Torrance, CA 90503", "radius 10 miles"),
        ("5mi 90503", "Torrance, CA 90503", "5mi"),
        ("33.83, -118.34 10 km", "33.83, -118.34 (near Torrance, CA)", "10 km"),
    ],
)
def test_a_distance_beside_the_place_is_left_out_and_the_note_says_so(text: str, label: str, distance: str) -> None:
    found = place(text)
    assert found.label == label
    assert f"We left out “{distance}”" in found.note


def test_a_place_named_for_miles_is_no_distance():
    assert place("Six Mile, SC").label == "Six Mile, SC"
    assert place("Miles City, MT").label == "Miles City, MT"


def test_coordinates_are_themselves_and_are_named_after_the_nearest_city():
    found = place("33.83, -118.34")
    assert (found.latitude, found.longitude, found.precision) == (33.83, -118.34, "point")
    assert found.label == "33.83, -118.34 (near Torrance, CA)"
    assert place(found.label) == found


class TestSeveralPlacesOfOneName:
    def test_without_a_likely_one_the_person_chooses(self):
        found = resolve("Springfield")
        assert found.place is None
        assert {"Springfield, MA", "Springfield, IL", "Springfield, MO"} <= set(found.choices[:4])
        assert all(place(choice) for choice in found.choices)

    def test_a_street_is_kept_in_the_choices(self):
        assert "1 A St, Springfield, IL" in resolve("1 A St, Springfield").choices

    def test_the_one_around_home_is_meant_and_a_large_one_elsewhere_is_named(self):
        assert place("Torrance").note is None  # the other is a village in Pennsylvania
        found = place("Hollywood")
        assert found.label == "Hollywood, CA"
        assert found.note.startswith("We searched near Hollywood, CA. There is also Hollywood, FL")

    def test_one_that_is_far_larger_than_all_others_is_meant(self):
        assert place("Portland").label == "Portland, OR"
        assert place("Houston").label == "Houston, TX"

    def test_the_nearest_to_home_is_meant_and_the_others_are_offered(self):
        found = resolve("Lennox")
        assert found.place.label == "Lennox, CA"
        assert "There is also Lennox, SD" in found.place.note
        assert found.suggestions == ("Lennox, SD",)
        assert place("Lennox, SD").note is None

    def test_one_around_home_comes_first_in_the_choice_where_another_is_far_larger(self):
        assert resolve("Naples").choices[:2] == ("Naples, CA", "Naples, FL")

    @pytest.mark.parametrize("text", ["Winnemucca", "Sturgis, USA", "123 Main St, Winnemucca"])
    def test_one_far_away_is_offered_and_not_taken(self, text):
        found = resolve(text)
        assert found.place is None
        offered = found.choices or found.suggestions
        assert all(place(other) for other in offered)

    def test_one_far_away_alone_says_so(self):
        found = resolve("Winnemucca")
        assert found.message == "We couldn’t find “Winnemucca” around Torrance, CA, only farther away."
        assert found.suggestions == ("Winnemucca, NV",)
        assert place("Winnemucca, NV").note is None

    @pytest.mark.parametrize("text", ["Chicago", "Las Vegas", "San Diego", "Sacramento"])
    def test_a_large_city_far_away_is_taken(self, text):
        assert place(text).label.startswith(text)

    def test_towns_of_one_name_in_one_state_are_told_apart_by_county(self):
        found = resolve("El Nido")
        assert found.place.label == "El Nido, CA"
        assert found.suggestions == ("El Nido, Merced County, CA",)
        assert miles_between(HOME, found.place.point) < 5
        assert miles_between(HOME, place("El Nido, Merced County, CA").point) > 200
        assert miles_between(HOME, place("El Nido, condado de Merced, CA").point) > 200
        assert place("Brentwood, CA").label == "Brentwood, CA"
        assert resolve("Brentwood, CA").suggestions == ("Brentwood, Contra Costa County, CA",)

    def test_another_home_has_other_places_first(self, monkeypatch):
        monkeypatch.setattr(choice, "home", (43.55, -96.73))  # Sioux Falls, South Dakota
        found = resolve("Lennox")
        assert found.place.label == "Lennox, SD"
        assert found.suggestions == ("Lennox, CA",)

    def test_with_its_state_it_is_no_question(self):
        assert place("Springfield, Illinois").label == "Springfield, IL"
        assert place("Pasadena, TX").label == "Pasadena, TX"


class TestMisspelled:
    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("Torrence", "Torrance, CA"),
            ("Torance", "Torrance, CA"),
            ("Torrance CQ", "Torrance, CA"),
            ("Torrance, NV", "Torrance, CA"),
            ("Los Angelos", "Los Angeles, CA"),
            ("Redando Beach", "Redondo Beach, CA"),
            ("Hawthorn CA", "Hawthorne, CA"),
            ("Hawthorn", "Hawthorne, CA"),
            ("St Monica", "Santa Monica, CA"),
            ("Marina del Ray", "Marina Del Rey, CA"),
            ("Gardenia", "Gardena, CA"),
            ("Rancho Palos", "Rancho Palos Verdes, CA"),
            ("123 Main St, Torrence, CA", "Torrance, CA"),
            ("Springfeild, IL", "Springfield, IL"),
            ("New Orlens, LA", "New Orleans, LA"),
            ("1 Main St, New Orlens, LA", "New Orleans, LA"),
            ("123 Main St, Bufalo, NY", "Buffalo, NY"),
            ("123 Main St, Rapd City, SD", "Rapid City, SD"),
        ],
    )
    def test_the_nearest_name_comes_first(self, text, first):
        found = resolve(text)
        assert found.place is None
        assert found.suggestions[0] == first
        assert found.message
        assert all(place(suggestion) for suggestion in found.suggestions)

    def test_one_around_home_comes_before_those_far_away_of_exactly_that_name(self):
        assert resolve("Hawthorn").suggestions[:2] == ("Hawthorne, CA", "Hawthorn, PA")
        assert resolve("Lynnwood").suggestions[:2] == ("Lynwood, CA", "Lynnwood, WA")
        assert resolve("Lenox").choices[0] == "Lennox, CA"
        assert resolve("Linwood").choices[0] == "Lynwood, CA"

    def test_among_equally_near_names_those_around_home_come_first(self):
        assert resolve("Pasedena").suggestions[0] == "Pasadena, CA"
        assert resolve("Carsom").suggestions[0] == "Carson, CA"


class TestZipsThatDoNotFit:
    def test_a_zip_that_does_not_exist_offers_those_beside_it(self):
        found = resolve("90599")
        assert "We couldn’t find ZIP code 90599" in found.message
        assert found.suggestions
        assert all(suggestion[-5:].startswith("905") and place(suggestion) for suggestion in found.suggestions)

    def test_in_a_region_without_zips_it_says_what_to_try(self):
        assert "We couldn’t find ZIP code 00000" in resolve("00000").message

    @pytest.mark.parametrize("written", ["90599", "905"])
    def test_with_a_city_the_city_counts(self, written):
        found = place(f"Torrance, CA {written}")
        assert (found.label, found.precision) == ("Torrance, CA", "city")
        assert f"We couldn’t find ZIP code {written}" in found.note

    def test_the_zip_counts_before_a_state_that_does_not_have_the_city(self):
        found = place("Torrance, NY 90503")
        assert found.label == "Torrance, CA 90503"
        assert "not in New York" in found.note

    def test_city_and_state_that_agree_count_before_a_zip_far_away(self):
        found = place("New York, NY 90503")
        assert found.label == "New York, NY"
        assert "ZIP 90503 is in Torrance, CA" in found.note

    def test_the_zip_counts_before_a_city_far_away_in_its_own_state(self):
        found = place("Torrance, CA 94103")
        assert found.label == "San Francisco, CA 94103"
        assert "far from Torrance, CA" in found.note

    def test_an_address_of_the_armed_forces_says_so(self):
        assert "military address" in resolve("APO AE 09012").message


def test_what_is_no_place_gets_a_sentence_that_says_what_to_do(subtests: pytest.Subtests) -> None:
    for text, says in [
        ("", "Type where you are"),
        ("   ", "Type where you are"),
        (",;-", "Type where you are"),
        ("😀", "Type where you are"),
        ("\x00\x01\x1b", "Type where you are"),
        ("x" * 10_000, "too long"),
        ("near me", "Type a place"),
        ("botox near me", "Type a place"),
        ("doctors close to me", "Type a place"),
        ("in my area", "Type a place"),
        ("nearby", "Type a place"),
        ("cerca de mí", "Type a place"),
        ("doctores cerca de mi", "Type a place"),
        ("cerca de mi casa", "Type a place"),
        ("mi ubicación", "Type a place"),
        ("Estados Unidos", "name a city"),
        ("EE. UU.", "name a city"),
        ("Nuevo México", "New Mexico is large"),
        ("Carolina del Norte", "North Carolina is large"),
        ("condado de Orange", "name a city"),
        ("Ciudad de México", "is outside the United States"),
        ("Toronto, Canadá", "is outside the United States"),
        ("México", "is outside the United States"),
        ("Baja California", "is outside the United States"),
        ("So Cal", "is large"),
        ("sur de California", "is large"),
        ("County of Los Angeles", "name a city"),
        ("condado de Los Ángeles, California", "name a city"),
        ("10 miles", "no city or ZIP"),
        ("New York State", "name a city"),
        ("Mexico City", "covers the United States"),
        ("' OR 1=1 --", "no city or ZIP"),
        ("<script>alert(1)</script>", "no city or ZIP"),
        ("123 Main St", "no city or ZIP"),
        ("P.O. Box 90503", "no city or ZIP"),
        ("nan, nan", "Try a ZIP"),
        ("91, -118", "Latitude"),
        ("33, 181", "Longitude"),
        ("0,0", "outside the United States"),
        ("Paris, France", "is outside the United States"),
        ("Toronto, Ontario", "is outside the United States"),
        ("London UK", "is outside the United States"),
        ("Tijuana", "covers the United States"),
        ("California", "name a city"),
        ("Orange County", "name a city"),
        ("USA", "name a city"),
    ]:
        with subtests.test(text=text):
            found = resolve(text)
            assert found.place is None
            assert not found.choices
            assert says in found.message
            assert len(found.message) < 300


def test_a_state_alone_offers_its_largest_cities():
    assert resolve("California").suggestions[0] == "Los Angeles, CA"
    assert resolve("Washington").suggestions[:2] == ("Washington, DC", "Seattle, WA")


COMMON = [
    "Torrance",
    "CA",
    "Springfield",
    "LA",
    "N",
    "St",
    "Ave",
    "California,",
    "New",
    "York",
    "county",
    "near",
    "US",
    "é",
]
words = st.sampled_from(
    [*COMMON, *",.-#&°'\"−\x00\u202e", "４", "90503", "90599", "00000", "12345-6789", "33.83", "-118.34"]
)


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=450), st.lists(words, max_size=12).map(" ".join), st.lists(words, max_size=12).map("".join)
    )
)
@example("N:ANTY")
def test_any_text_gets_exactly_one_kind_of_answer(text):
    found = resolve(text)
    assert [found.place is not None, len(found.choices) > 1, found.message is not None].count(True) == 1
    assert all(resolve(other).place for other in (*found.choices[:3], *found.suggestions[:3]))
    if found.place:
        assert -90 <= found.place.latitude <= 90
        assert -180 <= found.place.longitude <= 180


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_broken_unicode_is_only_another_unknown_place(text):
    assert resolve(text)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("90503 or 90505", ("Torrance, CA 90503", "Torrance, CA 90505")),
        ("90503/90717", ("Torrance, CA 90503", "Lomita, CA 90717")),
        ("Torrance/Redondo Beach", ("Torrance, CA", "Redondo Beach, CA")),
        ("Torrance y Carson", ("Torrance, CA", "Carson, CA")),
        ("Hollywood Los Angeles", ("Hollywood, CA", "Los Angeles, CA")),
    ],
)
def test_of_two_places_one_is_chosen(text: str, choices: tuple[str, ...]) -> None:
    assert resolve(text).choices == choices


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("90 503", "Torrance, CA 90503"),
        ("90,503", "Torrance, CA 90503"),
        ("Torrance, Californa", "Torrance, CA"),
        ("Santa Fe New Mexco", "Santa Fe, NM"),
        ("Torrance Memorial", "Torrance, CA"),
        ("Torrance Blvd", "Torrance, CA"),
        ("Torrance 905", "Torrance, CA"),
        ("3330 Lomita Blvd", "Lomita, CA"),
    ],
)
def test_what_is_probably_meant_is_offered(text: str, offered: str) -> None:
    found = resolve(text)
    assert (found.place, found.suggestions) == (None, (offered,))


@pytest.mark.parametrize("text", ["Torrance, CQ", "Torrance CQ", "Torrence, CX"])
def test_a_misspelled_state_still_offers_the_city(text: str) -> None:
    assert resolve(text).suggestions[0] == "Torrance, CA"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Nowhereville, ZZ", "Nowhereville, ZZ"),
        ("Nowhereville ZZ", "Nowhereville ZZ"),
    ],
)
def test_an_unknown_town_is_named_with_the_state_as_typed(text: str, named: str) -> None:
    assert str(resolve(text).message).startswith(f"We couldn’t find “{named}”.")
