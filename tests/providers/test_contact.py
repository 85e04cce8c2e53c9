"""Addresses, ZIPs and phones read as people write them."""

import pytest

from directory.providers.contact import address_key, address_line, phone, postal_code
from directory.providers.npi import check_digit, why_not_an_npi


def test_address_lines(subtests: pytest.Subtests) -> None:
    for given, shown in [
        ("3433 NW 56TH ST STE C-40", "3433 NW 56th St Ste C-40"),
        ("111 E 2ND ST, STE 5B", "111 E 2nd St, Ste 5B"),
        ("P.O. BOX 12", "PO Box 12"),
        ("Po Box 12", "PO Box 12"),
        ("1400 N US HWY 441", "1400 N US Hwy 441"),
        ("AVENUE OF THE AMERICAS", "Avenue of the Americas"),
        ("38 THE VILLAGE OVERLOOK", "38 The Village Overlook"),
        ("CAMINO DE LA REINA", "Camino de la Reina"),
        ("LA CROSSE", "La Crosse"),
        ("WINSTON-SALEM", "Winston-Salem"),
        ("12720 MCMANUS BLVD", "12720 McManus Blvd"),
        ("3RD FL PAVILION II", "3rd Fl Pavilion II"),
        ("12720 McManus Blvd Ste 305", "12720 McManus Blvd Ste 305"),
        ("APO", "APO"),
        ("  ", None),
    ]:
        with subtests.test(given=given):
            assert address_line(given) == shown


def test_zips(subtests: pytest.Subtests) -> None:
    for given, state, shown in [
        ("90503", "CA", "90503"),
        ("905031234", "CA", "90503-1234"),
        ("90503-1234", "CA", "90503-1234"),
        ("2115", "MA", "02115"),
        ("21151234", "MA", "02115-1234"),
        ("603", "PR", "00603"),
        ("905030000", "CA", "90503"),
        ("9050", "CA", None),
        ("ABCDE", "CA", None),
        ("00000", "CA", None),
        ("", "CA", None),
    ]:
        with subtests.test(given=given):
            assert postal_code(given, state) == shown


def test_codes_of_other_countries_stay() -> None:
    assert postal_code("sw1a 1aa", "LONDON", "GB") == "SW1A 1AA"
    assert phone("+44 20 7946 0000", country="GB") == "+44 20 7946 0000"


@pytest.mark.parametrize(
    ("given", "extension", "shown"),
    [
        ("3105550100", "", "(310) 555-0100"),
        ("1-310-555-0100", "", "(310) 555-0100"),
        ("(310) 555.0100", "12", "(310) 555-0100 ext. 12"),
        ("0000000000", "", None),
        ("1105550100", "", None),
        ("5550100", "", None),
        ("3105550101x22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 x 22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 ext. 22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 EXTENSION 22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 #22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101,22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101;ext=22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 (22)", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 ext # 22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 opt. 2", "", "(310) 555-0101 ext. 2"),
        ("3105550101x9", "22", "(310) 555-0101 ext. 22"),
        ("+52 664 634 1234", "", "+52 664 634 1234"),
        ("011 52 664 634 1234 x5", "", "+52 664 634 1234 ext. 5"),
        ("526646341234", "", "+52 664 634 1234"),
        ("310-555-0101/ext. 22", "", "(310) 555-0101 ext. 22"),
        ("310-555-0101 or 310-555-0102", "", None),
        ("310-555-0101 / 0102", "", None),
        ("9999999999", "", None),
        ("2222222222", "", None),
        ("call us", "", None),
        ("", "", None),
    ],
)
def test_phones(given: str, extension: str, shown: str | None) -> None:
    assert phone(given, extension) == shown


@pytest.mark.parametrize(
    ("given", "country", "shown"),
    [
        ("6646341234", "MX", "+52 664 634 1234"),
        ("(664) 634-1234 ext 12", "MX", "+52 664 634 1234 ext. 12"),
        ("+52 1 664 634 1234", "MX", "+52 664 634 1234"),
        ("01 664 634 1234", "MX", "+52 664 634 1234"),
        ("+1 310 555 0100", "MX", "+1 310-555-0100"),
        ("6045550100", "CA", "+1 604-555-0100"),
        ("020 7946 0000", "GB", "+44 20 7946 0000"),
        ("7875550100", "PR", "(787) 555-0100"),
        ("3105550100", "XX", "+1 310-555-0100"),
        ("12345", "MX", "12345"),
        ("ask", "MX", None),
    ],
)
def test_a_number_abroad_has_its_code(given: str, country: str, shown: str | None) -> None:
    assert phone(given, country=country) == shown


def test_one_address_has_one_key_however_it_is_spelled() -> None:
    assert address_key("1 MAIN  ST", "", "TORRANCE") == address_key("1 Main St", " ", "Torrance")


@pytest.mark.parametrize(
    ("npi", "wrong"),
    [
        ("1750386801", None),
        ("1750386802", "check digit"),
        ("9000000001", "start with 1 or 2"),
        ("175038680", "10 digits"),
        ("１７５０３８６８０１", "10 digits"),
        ("", "empty"),
    ],
)
def test_npis(npi: str, wrong: str | None) -> None:
    reason = why_not_an_npi(npi)
    assert reason is None if wrong is None else wrong in (reason or "")
    assert check_digit("175038680") == "1"
