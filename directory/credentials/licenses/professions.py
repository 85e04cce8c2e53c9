"""Which kind of license a provider's specialties ask for: a number may be another profession's."""

from collections.abc import Iterable
from enum import StrEnum


class Profession(StrEnum):
    """What the holder of a license is. Layouts of boards' files name these."""

    PHYSICIAN = "physician"  # MD or DO
    PHYSICAL_THERAPIST = "physical_therapist"
    OCCUPATIONAL_THERAPIST = "occupational_therapist"


_CODES = {"20": Profession.PHYSICIAN, "2251": Profession.PHYSICAL_THERAPIST, "225X": Profession.OCCUPATIONAL_THERAPIST}
"""How the NUCC codes of a profession begin: 20 is its group of allopathic and osteopathic physicians."""


def professions_of(specialties: Iterable[str]) -> frozenset[Profession]:
    """The professions that these NUCC codes belong to."""
    return frozenset(
        profession for code in specialties for start, profession in _CODES.items() if code.startswith(start)
    )
