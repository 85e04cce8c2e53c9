"""CMS's quarterly file of payment limits (average sales price + 6 %): what Medicare allows for the five products.

The file is a zip with workbooks and CSVs, notes above the columns, often in Windows' encoding. Other quarters stay
beside the one that is read; pages show the newest that has begun (`newest_payment_limits`).
"""

import csv
import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO

from directory.imports.asp_quarter import quarter_name, quarter_of
from directory.imports.merge import merge, stored_rows, write
from directory.imports.reading.encodings import UTF8_BOM, WINDOWS_BYTES, cr_line_ends, refuse_utf16
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, where_columns_are
from directory.imports.reading.files import ImportFileError, PublishedFile, UnusableFileError, WorkbookError, folded
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
_LIMIT = re.compile(r"\$? ?(?:\d{1,9}(?:\.\d{1,10})?|\d{1,3}(?:,\d{3})+\.\d{1,10})")
"""6,512 without decimals may be 6.512 in another country's way."""


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
                file.reject(lines[code], "", f"{code}: the code is repeated in line {line}, which was taken")
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
        raise RowRejectedError(f"the {DOSAGE} {dosage[:20]!r} is not a number of units, such as 5 UNITS")
    usd = Decimal(limit[0].strip("$ ").replace(",", "")) if limit else Decimal(0)
    if not usd:
        raise RowRejectedError(f"the {LIMIT} {fields[LIMIT][:20]!r} is not a price above 0")
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
        f"{label} has the payment limits only as an Excel workbook, which is not read here: use the CSV that "
        "CMS publishes with it (“section 508 version”), or save the workbook as CSV. Nothing was changed."
    )
