"""An invented test set for matching: providers of one town, and subjects as other sites write them, each with whom it
means. Nobody here exists. The thresholds of `provider_matching.py` were chosen on it; see docs/importing-reviews.md.
"""

from typing import NamedTuple

from directory.reviews.external.provider_matching import Traits, traits_of
from directory.reviews.external.subjects import Subject


class Case(NamedTuple):
    """`means` is the NPI of the provider who is meant, None for somebody who is not here; `kind` says what is odd."""

    kind: str
    subject: Subject
    means: str | None


LANTERN = "1786 Lantern Court, Suite 300, Torrance, CA 90503"
HERON = "3476 Heron Bend, San Pedro, CA 90731"
TIDE = "1832 Tidewater Walk, Torrance, CA 90505"
QUAY = "40 Quay Street, Torrance, CA 90501"

PROVIDERS: dict[str, Traits] = {
    npi: traits_of(names, addresses, phones)
    for npi, names, addresses, phones in (
        ("ana", ["Ana de la Cruz", "Ana Maria de la Cruz"], [LANTERN], ["(310) 555-0100"]),
        ("marisol", ["Marisol Quintero-Hale"], [LANTERN, HERON], ["(310) 555-0100", "(310) 555-0101"]),
        ("daniel", ["Daniel Okonkwo"], [TIDE], ["(310) 555-0102"]),
        ("smith 1", ["John Smith"], [TIDE], ["(310) 555-0102"]),
        ("smith 2", ["John Smith"], [QUAY], ["(310) 555-0103"]),
        ("brook jr", ["Alan Brook Jr."], [QUAY], ["(310) 555-0103"]),
        ("brook sr", ["Alan Brook Sr."], [QUAY], ["(310) 555-0103"]),
        ("maria", ["Maria Lund"], [QUAY], ["(310) 555-0103"]),
        ("linh", ["Linh Do"], [TIDE], ["(310) 555-0102"]),
        ("group", ["Lantern Neurology Associates, Inc."], [LANTERN], ["(310) 555-0100"]),
        ("south", ["South Bay Pain Clinic, LLC", "South Bay Pain & Spine"], [QUAY], ["(310) 555-0104"]),
        ("north", ["North Bay Pain Clinic, LLC"], [HERON], ["(310) 555-0105"]),
    )
}

CASES = (
    Case("as here", Subject("Ana de la Cruz, MD", LANTERN, "(310) 555-0100"), "ana"),
    Case("last name first", Subject("DE LA CRUZ, ANA M., M.D.", "1786 Lantern Ct #300, Torrance 90503"), "ana"),
    Case("no accents, other marks", Subject("Dr. Ána Dela Cruz", LANTERN, "+1 310.555.0100"), "ana"),
    Case("middle name", Subject("Ana Maria de la Cruz", LANTERN), "ana"),
    Case("hyphen left out", Subject("Marisol Quintero Hale MD", HERON, "310-555-0101"), "marisol"),
    Case("typo", Subject("Marisol Quinterro-Hale", LANTERN, "(310) 555-0100"), "marisol"),
    Case("typo", Subject("Daniel Okkonkwo", TIDE, "(310) 555-0102"), "daniel"),
    Case("another ending", Subject("Daniel Okonkwa", TIDE, "(310) 555-0102"), "daniel"),
    Case("typo in the street", Subject("Daniel Okonkwo MD PhD", "1832 Tidewater Wlk, Torrance, CA", ""), "daniel"),
    Case("other phone", Subject("Daniel Okonkwo", TIDE, "(800) 555-0199"), "daniel"),
    Case("phone alone", Subject("Daniel Okonkwo", "", "(310) 555-0102"), "daniel"),
    Case("moved", Subject("Daniel Okonkwo", "9 Elsewhere Road, Gardena, CA 90247", "(310) 555-0102"), "daniel"),
    Case("moved", Subject("Marisol Quintero-Hale", "9 Elsewhere Road, Gardena, CA 90247", "(424) 555-0188"), "marisol"),
    Case("name alone", Subject("Daniel Okonkwo"), "daniel"),
    Case("same name, address tells", Subject("John Smith", QUAY, ""), "smith 2"),
    Case("same name, nothing tells", Subject("John Smith, MD"), "smith 1"),
    Case("father and son", Subject("Alan Brook Jr., MD", QUAY, "(310) 555-0103"), "brook jr"),
    Case("father and son", Subject("Alan Brook", QUAY, "(310) 555-0103"), "brook jr"),
    Case("father and son", Subject("Alan Brook, MD", QUAY), "brook sr"),
    Case("a degree as name", Subject("Linh Do, DO", TIDE, "(310) 555-0102"), "linh"),
    Case("group practice", Subject("Lantern Neurology", LANTERN, "(310) 555-0100"), "group"),
    Case("other name", Subject("South Bay Pain and Spine Center", QUAY, "(310) 555-0104"), "south"),
    Case("legal form", Subject("SOUTH BAY PAIN CLINIC", "40 Quay St., Torrance, California 90501-1111"), "south"),
    Case("initial", Subject("M. Quintero-Hale", HERON, "(310) 555-0101"), "marisol"),
    Case("short form", Subject("Dan Okonkwo", TIDE, "(310) 555-0102"), "daniel"),
    Case("another of the practice", Subject("Ben Ortiz, MD", LANTERN, "(310) 555-0100"), None),
    Case("another of the family", Subject("Luis Okonkwo, MD", TIDE, "(310) 555-0102"), None),
    Case("a name like it", Subject("Daniela Okonkwo", TIDE, "(310) 555-0102"), None),
    Case("a name like it", Subject("B. Quintero-Hale", HERON, "(310) 555-0101"), None),
    Case("a name like it", Subject("Danielle Okonkwo", TIDE, "(310) 555-0102"), None),
    Case("a name like it", Subject("Marie Lund", QUAY, "(310) 555-0103"), None),
    Case("a name like it", Subject("East Bay Pain Clinic", "12 Elsewhere Road, Gardena 90247", "(424) 555-0177"), None),
    Case("same name elsewhere", Subject("Ana Cruz", "5 Far Street, Fresno, CA 93650", "(559) 555-0100"), None),
    Case("somebody else", Subject("Wilhelmina Achterberg", "5 Far Street, Fresno, CA 93650", "(559) 555-0100"), None),
)
