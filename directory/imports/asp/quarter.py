"""Which quarter a file of payment limits is of: as its name, its first lines or the person who reads it say."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from directory.imports.reading.files import ImportFileError

FIRST_YEAR = 2005  # CMS's first such file
OUT_BEFORE = timedelta(days=100)  # CMS publishes a quarter some weeks before it begins
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = r"(jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?)"
_IN_NAME = re.compile(rf"(?<![a-z]){_MONTH}[\s_-]+(20\d\d)(?!\d)", re.IGNORECASE)
_IN_TITLE = re.compile(rf"\beffective\s+{_MONTH}\s+1,?\s+(20\d\d)\s*(?:through|thru|to|-|–)", re.IGNORECASE)
_ASKED = re.compile(r"(20\d\d)q([1-4])", re.IGNORECASE)


def quarter_of(name: str, title: Iterable[str], asked: str | None, today: date) -> date:
    """The first day of the quarter of the file of that name whose lines above the columns are `title`.

    `asked` is as a person types it, 2026Q2. Raises `ImportFileError` when it is not to be told, or cannot be.
    """
    told = {start for line in title for start in _quarters(_IN_TITLE, line)} | set(_quarters(_IN_NAME, name))
    wanted = _read(asked) if asked is not None else None
    if wanted and told and wanted not in told:
        raise ImportFileError(
            f"{name} is of {_listed(told)} by its name or its first lines, not of {quarter_name(wanted)}."
        )
    if wanted is None and len(told) != 1:
        tells = f"speaks of {_listed(told)}" if told else "does not tell its quarter"
        raise ImportFileError(f"{name} {tells}: add --quarter, such as --quarter {quarter_name(today)}.")
    start = wanted or told.pop()
    if start.year < FIRST_YEAR or start > today + OUT_BEFORE:
        raise ImportFileError(f"There is no such file of {quarter_name(start)} yet, or there never was one.")
    return start


def quarter_name(day: date) -> str:
    """The quarter of a day as people type it: 2026Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _quarters(pattern: re.Pattern[str], text: str) -> list[date]:
    return [date(int(year), _MONTHS[month[:3].lower()], 1) for month, year in pattern.findall(text)]


def _read(asked: str) -> date:
    found = _ASKED.fullmatch(asked.strip())
    if not found:
        raise ImportFileError(f"“{asked[:20]}” is no quarter: write year and quarter, such as 2026Q2.")
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def _listed(quarters: Iterable[date]) -> str:
    return " and ".join(map(quarter_name, sorted(quarters)))
