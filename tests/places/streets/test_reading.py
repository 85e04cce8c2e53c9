"""The street of an address taken apart: number, name and what is neither."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.places.streets.reading import read_street


def first(text: str) -> tuple[str, str] | None:
    """The number and the likeliest name by the likeliest reading."""
    read = next(read_street(text), None)
    return (read.number_text, read.names[0]) if read else None


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("1200 N Vermont Ave Ste 200", "1200", "N Vermont Ave"),
        ("3445 Pacific Coast Hwy #250", "3445", "Pacific Coast Hwy"),
        ("21350 Hawthorne Blvd 2nd Floor", "21350", "Hawthorne Blvd"),
        ("123 1/2 W 1st St Unit B", "123", "W 1st St"),
        ("4101 TORRANCE BLVD, 2E HBP", "4101", "TORRANCE BLVD"),
        ("Torrance Memorial, 3330 Lomita Blvd, Ste 1", "3330", "Lomita Blvd"),
        ("8401 Constitution Ave NE # 8403", "8401", "Constitution Ave NE"),
        ("520 N Prospect Ave, Bldg 2, Ste 300", "520", "N Prospect Ave"),
        ("655 W AVENUE Q STE A", "655", "W AVENUE Q"),
        ("4115 S WATER TOWER PL", "4115", "S WATER TOWER PL"),
        ("2604 MEDICAL OFFICE PL", "2604", "MEDICAL OFFICE PL"),
        ("One Medical Center Drive", "One", "Medical Center Drive"),
        ("One Hundred Ninetieth St", "", "One Hundred Ninetieth St"),
        ("190th St", "", "190th St"),
        ("1 1st St", "1", "1st St"),
        ("17W699 Roosevelt Rd", "17W699", "Roosevelt Rd"),
        ("123 N 45th St", "123", "N 45th St"),
        ("12-345 Camino Real", "12-345", "Camino Real"),
        ("P.O. Box 12, 345 Main St", "345", "Main St"),
    ],
)
def test_number_and_name(text: str, number: str, name: str) -> None:
    assert first(text) == (number, name)


@pytest.mark.parametrize("text", ["PO Box 123", "P.O. BOX 9", "Post Office Box 4", "RR 6 Box 10929", "", " , ", "#"])
def test_what_is_no_street(text: str) -> None:
    assert first(text) is None


def test_what_follows_the_kind_of_street_may_be_left_out() -> None:
    read = next(read_street("15 CONSTITUTION DR ELLIOT FAMILY MEDICINE"))
    assert read.names == ("CONSTITUTION DR ELLIOT FAMILY MEDICINE", "CONSTITUTION DR")


def test_a_building_before_the_number_is_read_by_the_model() -> None:
    readings = list(read_street("UCONN MEDICAL GROUP 263 FARMINGTON AVE"))
    assert [(read.number_text, read.names) for read in readings][-1] == ("263", ("FARMINGTON AVE",))


@given(st.text(max_size=120) | st.text("0123456789 NSEWab#-,./½é'POBox", max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for read in read_street(text):
        assert read.names


@pytest.mark.real_data
def test_nearly_all_real_addresses_of_practices_are_read(real_data: Path) -> None:
    counts = Counter[str]()
    for file in real_data.glob("nppes/*pfile*.csv"):
        with file.open(newline="", encoding="utf-8") as rows:
            header, *every = csv.reader(rows)
        lines = [at for at, name in enumerate(header) if name in FIRST_LINES]
        for row in every:
            for at in lines:
                read = next(read_street(row[at]), None) if row[at] else None
                counts["read" if read and read.number else "not"] += bool(row[at])
    assert counts.total() > 12_000
    assert counts["read"] > 0.99 * counts.total()


FIRST_LINES = {
    "Provider First Line Business Practice Location Address",
    "Provider Secondary Practice Location Address- Address Line 1",
}
