"""CMS's quarterly file of payment limits (average sales price + 6 %): what Medicare allows for the five products.

The file is a zip with workbooks and CSVs, notes above the columns, often in Windows' encoding. Other quarters stay
beside the one that is read; pages show the newest that has begun (`newest_payment_limits`).
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from directory.imports.merge import merge, stored_rows, write
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, where_columns_are
from directory.imports.reading.files import (
    UTF8_BOM,
    WINDOWS_BYTES,
    ImportFileError,
    PublishedFile,
    UnusableFileError,
    WorkbookError,
    cr_line_ends,
    folded,
    refuse_utf16,
)
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.providers.models import PaymentLimit
from directory.providers.offerings import HCPCS_OF_PRODUCT
from directory.web.days import today_in_california

SOURCE = "cms_asp"
CODE, DOSAGE, LIMIT = "HCPCS Code", "HCPCS Code Dosage", "Payment Limit"
MAX_BYTES = 20_000_000  # a hundred times what a quarter takes
PAYMENT_LIMITS = FileKind("asp pricing", "CMS's file of payment limits", (CODE, DOSAGE, LIMIT))
CODES = frozenset(HCPCS_OF_PRODUCT.values())
DECIMALS = 3  # that CMS gives, and the table keeps
_DOSAGE = re.compile(r"(\d{1,6}) UNITS?")
_LIMIT = re.compile(r"\$? ?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,10})?")
FIRST_YEAR = 2005  # CMS's first such file
OUT_BEFORE = timedelta(days=100)  # CMS publishes a quarter some weeks before it begins
_MONTHS = {"jan": 1, "apr": 4, "jul": 7, "oct": 10}
_MONTH = r"jan(?:uary)?|apr(?:il)?|july?|oct(?:ober)?"
_MONTH_AND_YEAR = re.compile(
    rf"(?<![a-z])(?:(?P<month>{_MONTH})[\s_,-]*(?P<year>20\d\d)(?!\d)"
    rf"|(?<!\d)(?P<earlier_year>20\d\d)[\s_-]*(?P<later_month>{_MONTH})(?![a-z]))",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"(?<![a-z\d])(?:(?P<year>20\d\d)[\s_-]*q(?P<quarter>[1-4])"
    r"|(?:q(?=\d)|(?=\dq))(?P<earlier_quarter>[1-4])q?[\s_-]*(?P<later_year>20\d\d))(?![a-z\d])",
    re.IGNORECASE,
)
_EFFECTIVE = re.compile(
    rf"\beffective(?:\s+date)?[\s:]+(?:(?P<month>{_MONTH})\.?\s+1,?\s+(?P<year>20\d\d)"
    r"|(?P<number>\d{1,2})/0?1/(?P<short_year>20\d\d|\d\d)|(?P<iso_year>20\d\d)-(?P<iso>\d\d)-01)(?!\d)"
    r"(?P<until>\s*(?:through|thru|to|-|–))?",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\W*note\b", re.IGNORECASE)
_STARTS_SO = re.compile(r"\W*effective\b", re.IGNORECASE)
_OF_PRICES = re.compile(r"payment|pricing|prices|\basp\b", re.IGNORECASE)
_ASKED = re.compile(r"(20\d\d)[ -]?q([1-4])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImportedLimits:
    file: FileRun
    quarter: str  # as people type it: 2026Q2
    missing: list[str]  # codes of which the file has no row


@dataclass(slots=True)
class _Read:
    """What the file says by code, and the codes of rows that could not be used."""

    quarter_starts_on: date
    wanted: dict[str, Values]
    unread: set[str]


def import_asp(path: str, quarter: str | None) -> ImportedLimits:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    `quarter` is as people type it (2026Q2); None to take it from the file's name or its first lines.
    """
    with import_run(SOURCE, [path]) as (file,):
        try:
            read = _read(file, quarter)
        except WorkbookError as error:
            raise _workbook(file.name) from error
        _apply(read, file)
    missing = sorted(CODES - read.wanted.keys() - read.unread)
    return ImportedLimits(file, quarter_name(read.quarter_starts_on), missing)


def _read(file: FileRun, quarter: str | None) -> _Read:
    """Of a code that stands twice the last row is taken."""
    today = today_in_california()
    lines: dict[str, int] = {}
    with file.open(PAYMENT_LIMITS.prefix, columns=PAYMENT_LIMITS.columns) as published:
        title, table = read_table(published)
        start = quarter_of(published.label, title, quarter, today)
        file.as_of = min(start, today)
        read = _Read(start, {}, set())
        scan = CsvScan(table, PAYMENT_LIMITS)

        def reject(line: int, fields: Fields, reason: str) -> None:
            code = fields[CODE].upper()
            if code in CODES:
                read.unread.add(code)
            file.reject(line, "", f"{code[:20]}: {reason}" if code else reason)

        for line, values in scan.parsed_rows(_values, reject):
            if values is None:
                continue
            code = values["hcpcs_code"]
            if code in read.wanted:
                file.reject(lines[code], "", f"{code}: the code stands again in line {line}, which was taken")
            read.wanted[code] = {**values, "quarter_starts_on": start, "as_of": file.as_of}
            lines[code] = line
        file.note_read(scan)
    if not read.wanted and not read.unread:
        raise UnusableFileError(f"{file.name} has none of the codes {', '.join(sorted(CODES))}. Nothing was changed.")
    file.counts.skipped = scan.read - file.counts.rejected - len(read.wanted)
    return read


def _values(fields: Fields) -> Values | None:
    """None for the row of another medicine. Raises `RowRejectedError`."""
    code = fields[CODE].upper()
    if code not in CODES:
        return None
    dosage = " ".join(fields[DOSAGE].split()).upper()
    found, limit = _DOSAGE.fullmatch(dosage), _LIMIT.fullmatch(fields[LIMIT])
    if not found or not int(found[1]):
        raise RowRejectedError(f"the {DOSAGE} {dosage[:20]!r} is no number of units, such as 5 UNITS")
    usd = Decimal(limit[0].strip("$ ").replace(",", "")) if limit else Decimal(0)
    if not usd:
        raise RowRejectedError(f"the {LIMIT} {fields[LIMIT][:20]!r} is no price above 0")
    if usd != round(usd, DECIMALS):
        raise RowRejectedError(f"the {LIMIT} {fields[LIMIT][:20]!r} has more than {DECIMALS} decimals")
    return {"hcpcs_code": code, "dosage_units": int(found[1]), "limit_usd": round(usd, DECIMALS)}


def _apply(read: _Read, file: FileRun) -> None:
    """Write what changed. What a corrected file of the quarter no longer has goes."""
    rows = stored_rows(PaymentLimit, PaymentLimit.quarter_starts_on == read.quarter_starts_on)
    stored = {row["hcpcs_code"]: row for row in rows}
    merged = merge(
        stored,
        read.wanted,
        SOURCE,
        removable=lambda row: row["hcpcs_code"] not in read.unread,
        left_alone=("as_of",),
    )
    write(PaymentLimit, merged)
    for outcome in merged.outcomes.values():
        file.counts.add(outcome)


def quarter_of(name: str, title: Iterable[str], asked: str | None, today: date) -> date:
    """The first day of the quarter of the file of that name whose lines above the columns are `title`.

    `asked` is as a person types it, 2026Q2. Raises `ImportFileError` when it is not to be told, or cannot be.
    """
    lines = [line for line in title if not _NOTE.match(line)]
    told = {start for line in lines for start in _effective(line)} | set(_quarters_of_name(name))
    told = told or {start for line in lines for start in _months(line)}
    wanted = _parse_quarter(asked) if asked is not None else None
    if wanted and told and wanted not in told:
        raise ImportFileError(
            f"{name} is of {_listed(told)} by its name or its first lines, not of {quarter_name(wanted)}."
        )
    if wanted is None and len(told) != 1:
        tells = f"speaks of {_listed(told)}" if told else "does not tell its quarter"
        raise ImportFileError(
            f"{name} {tells}: add --quarter with the year and the quarter that its prices are for (YYYYQ1 to YYYYQ4)."
        )
    start = wanted or told.pop()
    if start.year < FIRST_YEAR or start > today + OUT_BEFORE:
        raise ImportFileError(f"There is no such file of {quarter_name(start)} yet, or there never was one.")
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


def _quarters_of_name(name: str) -> Iterator[date]:
    yield from _months(name)
    for found in _QUARTER.finditer(name):
        quarter = found["quarter"] or found["earlier_quarter"]
        yield date(int(found["year"] or found["later_year"]), 3 * int(quarter) - 2, 1)


def _parse_quarter(asked: str) -> date:
    found = _ASKED.fullmatch(asked.strip())
    if not found:
        raise ImportFileError(f"“{asked[:20]}” is no quarter: write year and quarter, such as 2026Q2.")
    return date(int(found[1]), 3 * int(found[2]) - 2, 1)


def _listed(quarters: Iterable[date]) -> str:
    return " and ".join(map(quarter_name, sorted(quarters)))


def read_table(published: PublishedFile) -> tuple[list[str], PublishedFile]:
    """The lines above the columns, and the file from the columns on.

    It has blank lines in place of the others, so that each row stands in the line in which it was published. Raises
    `ImportFileError` when it is not CMS's file of payment limits.
    """
    raw = published.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ImportFileError(
            f"{published.label} is too large to be CMS's file of payment limits. Nothing was changed."
        )
    refuse_utf16(published.label, raw)
    lines = raw.removeprefix(UTF8_BOM).split(b"\n")
    texts = [line.decode(errors=WINDOWS_BYTES) for line in lines]
    place = next((place for place, line in enumerate(texts) if _is_header(line)), None)
    if place is None:
        raise _why_no_header(published.label, texts)
    table = b"\n".join([lines[place], *[b""] * place, *lines[place + 1 :]])
    return texts[:place], replace(published, size=len(table), stream=BytesIO(table))


def _why_no_header(label: str, lines: list[str]) -> ImportFileError:
    if any("\ufffd" in line for line in lines):
        return ImportFileError(
            f"{label} is neither UTF-8 nor in Windows' encoding: download it again. Nothing was changed."
        )
    if "\r" in lines[0].rstrip("\r"):
        return cr_line_ends(label)
    return ImportFileError(
        where_columns_are(lines, PAYMENT_LIMITS, ",", label)
        or f"{label} is not {PAYMENT_LIMITS.title}: no line has the columns “{CODE}” and “{LIMIT}”. Take the one whose "
        "name has “ASP Pricing File”. Nothing was changed."
    )


def _is_header(line: str) -> bool:
    try:
        cells = list(map(folded, next(csv.reader([line.rstrip("\r")]), [])))
    except csv.Error:
        return False
    return folded(CODE) in cells and folded(LIMIT) in cells


def _workbook(label: str) -> ImportFileError:
    return ImportFileError(
        f"{label} has the payment limits as an Excel workbook alone, which is not read here: use the CSV that CMS "
        "publishes beside it (“section 508 version”), or save the workbook as CSV. Nothing was changed."
    )
