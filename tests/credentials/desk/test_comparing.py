"""Two names are one person's only when first and last name are; values are compared in words."""

from datetime import date

import pytest

from directory.credentials.desk.item import Verdict, compare
from directory.credentials.name_keys import names_agree

ADA = "Ada", "O'Neil-Cruz"


@pytest.mark.parametrize(
    "found",
    ["O'NEIL-CRUZ, ADA", "ONEIL CRUZ, ADA MARIA", "Oneil-Cruz, Ada M., MD", "Ada Oneil Cruz", "ADA M. O'NEIL-CRUZ, MD"],
)
def test_a_name_agrees_however_a_board_writes_it(found: str) -> None:
    assert names_agree(*ADA, found)


@pytest.mark.parametrize(
    "found",
    ["", "MD", "CRUZ, ADA", "ADA, O'NEIL-CRUZ", "O'Neil-Cruz, Adam", "O'Neil-Cruz, Maria Ada", "Ada", ","],
)
def test_another_name_does_not_agree(found: str) -> None:
    assert not names_agree(*ADA, found)


@pytest.mark.parametrize("names", [("", "Cruz"), ("Ada", ""), ("", ""), (None, None)])
def test_half_a_name_agrees_with_nothing(names: tuple[str | None, str | None]) -> None:
    assert not names_agree(*names, "Cruz, Ada")
    assert not names_agree(*names, ", ")


@pytest.mark.parametrize(
    ("claimed", "found", "verdict"),
    [
        ("A 1234", "a1234", Verdict.AGREES),
        ("A 1234", "A 1235", Verdict.DIFFERS),
        (None, "A 1", Verdict.NOT_CLAIMED),
        ("A 1", None, Verdict.NOT_AT_SOURCE),
        (None, "", Verdict.NEITHER),
    ],
)
def test_each_way_in_which_two_values_stand_has_words(claimed: str | None, found: str | None, verdict: Verdict) -> None:
    assert compare("Number", claimed, found).verdict == verdict


def test_days_are_compared_and_written_out() -> None:
    line = compare("Last day", date(2026, 1, 2), date(2027, 1, 2))
    assert (line.found, line.verdict) == ("January 2, 2027", Verdict.DIFFERS)
    assert compare("Last day", date(2026, 1, 2), date(2026, 1, 2)).verdict == Verdict.AGREES
