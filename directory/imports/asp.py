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
from directory.imports.merge import merge_stored
from directory.imports.reading.encodings import UTF8_BOM, WINDOWS_BYTES, cr_line_ends, refuse_utf16
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, where_columns_are
from directory.imports.reading.files import ImportFileError, PublishedFile, UnusableFileError, WorkbookError, folded
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.staging import ParsedRow, StagedRow, StagedRows, last_of_each, stage_rows
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


def import_asp(path: str, quarter: str | None) -> ImportedLimits:
    """Import the file. Raises `ImportFileError`, and then nothing was changed.

    `quarter` is as people type it (2026Q2); None to take it from the file's name or its first lines.
    """
    unread: set[str] = set()
    with import_run(SOURCE, [path]) as (file,), StagedRows() as staged:
        try:
            start = _stage(file, quarter, staged, unread)
        except WorkbookError as error:
            raise _workbook(file.name) from error
        found = staged.groups()
        if not found and not unread:
            raise UnusableFileError(
                f"{file.name} has none of the codes {', '.join(sorted(CODES))}. Nothing was changed."
            )
        for batch in list(staged.batches("codes")) or [{}]:
            _write(batch, start, file, unread)
    return ImportedLimits(file, quarter_name(start), sorted(CODES - found - unread))


def _stage(file: FileRun, quarter: str | None, staged: StagedRows, unread: set[str]) -> date:
    """Returns the first day of the quarter; `unread` gets the codes of rows that cannot be used."""
    today = today_in_california()
    with file.open(PAYMENT_LIMITS.prefix, columns=PAYMENT_LIMITS.columns) as published:
        title, table = read_table(published)
        start = quarter_of(published.label, title, quarter, today)
        file.as_of = min(start, today)

        def reject(line: int, fields: Fields, reason: str) -> None:
            code = fields[CODE].upper()
            if code in CODES:
                unread.add(code)
            file.reject(line, "", f"{code[:20]}: {reason}" if code else reason)

        stage_rows(CsvScan(table, PAYMENT_LIMITS), file, staged, _parse_row, reject)
    return start


def _parse_row(fields: Fields) -> ParsedRow | None:
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
    values = {"hcpcs_code": code, "dosage_units": int(found[1]), "limit_usd": round(usd, DECIMALS)}
    return ParsedRow(code, "", values)


def _write(batch: dict[str, list[StagedRow]], start: date, file: FileRun, unread: set[str]) -> None:
    """Write what changed. What a corrected file of the quarter no longer has goes."""
    last = {code: last_of_each(rows, [file], "", code)[""].values for code, rows in batch.items()}
    merged = merge_stored(
        PaymentLimit,
        [PaymentLimit.quarter_starts_on == start],
        ["hcpcs_code"],
        {code: {**values, "quarter_starts_on": start, "as_of": file.as_of} for code, values in last.items()},
        SOURCE,
        removable=lambda row: row["hcpcs_code"] not in unread,
    )
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
