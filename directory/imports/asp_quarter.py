"""The quarter of a file of payment limits, by its name and the lines above its columns."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from directory.imports.reading.files import ImportFileError

FIRST_YEAR = 2005  # CMS's first such file
OUT_BEFORE = timedelta(days=100)  # CMS publishes a quarter some weeks before it begins
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = r"jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?"
_MONTH_AND_YEAR = re.compile(
    rf"(?<![a-z])(?:(?P<month>{_MONTH})[\s_,-]*(?P<year>20\d\d)(?!\d)"
    rf"|(?<!\d)(?P<earlier_year>20\d\d)[\s_-]*(?P<later_month>{_MONTH})(?![a-z]))",
    re.IGNORECASE,
)
_WORDS = ("first", "second", "third", "fourth")
_QUARTER_OF_YEAR = (
    rf"(?:q(?:uarter)?[\s_-]*[1-4]|[1-4](?:st|nd|rd|th)?[\s_-]*q(?:uarter)?|(?:{'|'.join(_WORDS)})[\s_-]*quarter)"
)
_QUARTER = re.compile(
    rf"(?<![a-z\d])(?:(?:cy)?(?P<year>20\d\d[\s_-]*|\d\d)(?P<quarter>{_QUARTER_OF_YEAR})"
    rf"|(?P<earlier_quarter>{_QUARTER_OF_YEAR})(?P<later_year>[\s_-]*(?:of|cy)?[\s_-]*20\d\d|\d\d))(?![a-z\d])",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(
    rf"\beffective(?:\s+(?:dates?|for|from|as\s+of|on|beginning))*[\s:]+(?:(?P<month>{_MONTH})\.?\s+1(?:st)?,?\s+(?P<year>20\d\d)"
    r"|(?P<number>\d{1,2})[/.-]0?1[/.-](?P<short_year>20\d\d|\d\d)|(?P<iso_year>20\d\d)-(?P<iso>\d\d)-01)(?!\d)"
    r"(?P<until>\s*(?:through|thru|to|-|–))?",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\W*note\b", re.IGNORECASE)
_STARTS_SO = re.compile(r"\W*effective\b", re.IGNORECASE)
_OF_PRICES = re.compile(r"payment|pricing|prices|\basp\b", re.IGNORECASE)
_ASP_DATA = re.compile(r"\bASP data\b", re.IGNORECASE)
"""Prices are made of those of half a year before, which the notes name."""


def quarter_of(name: str, title: Iterable[str], asked: str | None, today: date) -> date:
    """The first day of the quarter of the file of that name whose lines above the columns are `title`.

    `asked` is as a person types it, 2026Q2. Raises `ImportFileError` when it is not to be told, or cannot be.
    """
    lines = [line for line in title if not _NOTE.match(line)]
    told = {start for line in lines for start in _effective(line)} | set(quarters_of_name(name))
    told = told or {start for line in lines if not _ASP_DATA.search(line) for start in quarters_of_name(line)}
    wanted = _parse_quarter(asked) if asked is not None else None
    if wanted and told and wanted not in told:
        raise ImportFileError(
            f"{name} is of {_listed(told)} by its name or its first lines, not of {quarter_name(wanted)}."
        )
    if wanted is None and len(told) != 1:
        tells = f"speaks of {_listed(told)}" if told else "doesn’t say its quarter"
        raise ImportFileError(
            f"{name} {tells}: add --quarter with the year and the quarter that its prices are for (YYYYQ1 to YYYYQ4)."
        )
    start = wanted or told.pop()
    if start.year < FIRST_YEAR or start > today + OUT_BEFORE:
        raise ImportFileError(f"There is no file for {quarter_name(start)}, or not yet.")
    return start


def quarter_name(day: date) -> str:
    """The quarter of a day as people type it: 2026Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _effective(line: str) -> Iterator[date]:
    """The quarters from which on prices are in force; other things are “effective” from a day too."""
    for found in _EFFECTIVE.finditer(line):
        month = _MONTHS.get((found["month"] or "")[:3].casefold()) or int(found["number"] or found["iso"] or 0)
        year = found["year"] or found["short_year"] or found["iso_year"]
        is_of_prices = found["until"] or _STARTS_SO.match(line) or _OF_PRICES.search(line)
        if is_of_prices and month in _MONTHS.values():
            yield date(int(f"20{year[-2:]}"), month, 1)


def _months(text: str) -> Iterator[date]:
    for found in _MONTH_AND_YEAR.finditer(text):
        month = found["month"] or found["later_month"]
        yield date(int(found["year"] or found["earlier_year"]), _MONTHS[month[:3].casefold()], 1)


def quarters_of_name(name: str) -> Iterator[date]:
    yield from _months(name)
    for found in _QUARTER.finditer(name):
        quarter = (found["quarter"] or found["earlier_quarter"]).casefold()
        number = next((n for n, word in enumerate(_WORDS, 1) if word in quarter), 0) or int(re.sub(r"\D", "", quarter))
        year = (found["year"] or found["later_year"]).strip(" _-")
        yield date(int(f"20{year[-2:]}"), 3 * number - 2, 1)


def _parse_quarter(asked: str) -> date:
    quarters = set(quarters_of_name(asked))
    if len(quarters) != 1:
        raise ImportFileError(f"“{asked[:20]}” is not a quarter: write year and quarter, such as 2026Q2.")
    return quarters.pop()


def _listed(quarters: Iterable[date]) -> str:
    return " and ".join(map(quarter_name, sorted(quarters)))
