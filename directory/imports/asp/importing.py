"""CMS's file of one quarter into the directory: the payment limits of the five products.

Other quarters stay beside it; what the pages show is the newest that has begun (`providers/payment_limits.py`).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from sqlalchemy import select

from directory.extensions import db
from directory.imports.asp.opening import CODE, DOSAGE, LIMIT, member_prefix, read_table
from directory.imports.asp.quarter import quarter_name, quarter_of
from directory.imports.merge import Stored, merge
from directory.imports.progress import Progress
from directory.imports.reading.fields import Fields
from directory.imports.reading.files import ImportFileError, open_published
from directory.imports.reading.quick_reading import EveryRow
from directory.imports.reading.scan import CsvScan
from directory.imports.rows import RowRejectedError, Values, check_lengths
from directory.imports.runs import FileRun, Workplace, import_run, timed
from directory.imports.stored import write
from directory.providers.payment_limits import HCPCS_OF_PRODUCT, PaymentLimit
from directory.web.days import today_in_california

SOURCE = "cms_asp"
CODES = frozenset(HCPCS_OF_PRODUCT.values())
DECIMALS = 3  # that CMS gives, and the table keeps
_DOSAGE = re.compile(r"(\d{1,6}) UNITS?")
_LIMIT = re.compile(r"\$? ?(\d{1,3}(?:,\d{3})+|\d{1,9})(\.\d{1,10})?")


@dataclass(frozen=True, slots=True)
class ImportedLimits:
    files: list[FileRun]
    quarter_starts_on: date
    missing: list[str]  # codes of which the file has no row

    @property
    def quarter(self) -> str:
        return quarter_name(self.quarter_starts_on)


@dataclass(slots=True)
class _Read:
    """What the file says by code, and the codes of rows that could not be used."""

    quarter_starts_on: date
    wanted: dict[str, Values]
    unread: set[str]


def import_asp(path: str, quarter: str | None, progress: Progress) -> ImportedLimits:
    """Import the file and commit. Raises `ImportFileError`, and then nothing was changed.

    `quarter` is as people type it (2026Q2); None to take it from the file's name or its first lines.
    """
    options = {"quarter": quarter} if quarter else {}
    with import_run(SOURCE, [path], options) as work:
        file = work.files[0]
        with timed(file):
            read = _read(file, quarter, work, progress)
            _apply(read, file)
    missing = sorted(CODES - read.wanted.keys() - read.unread)
    return ImportedLimits(work.files, read.quarter_starts_on, missing)


def _read(file: FileRun, quarter: str | None, work: Workplace, progress: Progress) -> _Read:
    """Of a code that stands twice the last row is taken."""
    today = today_in_california()
    lines: dict[str, int] = {}
    with open_published(file.path, member_prefix(file.path)) as opened, progress.reading(opened) as published:
        file.name = published.label
        table = read_table(published)
        start = quarter_of(published.label, table.title, quarter, today)
        file.as_of = min(start, today)
        read = _Read(start, {}, set())
        scan = CsvScan(table.file, (CODE, DOSAGE, LIMIT), "CMS's file of payment limits")

        def reject(line: int, texts: list[str], reason: str) -> None:
            place = scan.position[CODE]
            code = texts[place].strip().upper() if len(texts) > place else ""
            if code in CODES:
                read.unread.add(code)
            work.reject(file, line, "", f"{code[:20]}: {reason}" if code else reason)

        for line, texts in scan.rows(EveryRow(CODE), reject):
            fields = Fields(scan.position, texts)
            code = fields[CODE].upper()
            if code not in CODES:
                continue
            try:
                values = _values(fields)
            except RowRejectedError as error:
                reject(line, texts, str(error))
                continue
            if code in read.wanted:
                reject(lines[code], texts, f"the code stands again in line {line}, which was taken")
            read.wanted[code] = {"hcpcs_code": code, "quarter_starts_on": start, **values, "as_of": file.as_of}
            lines[code] = line
        file.counts.read = scan.read
    if not read.wanted and not read.unread:
        raise ImportFileError(f"{file.name} has none of the codes {', '.join(sorted(CODES))}. Nothing was changed.")
    file.counts.skipped = scan.read - file.counts.rejected - len(read.wanted)
    return read


def _values(fields: Fields) -> Values:
    dosage = " ".join(fields[DOSAGE].split()).upper()
    found, limit = _DOSAGE.fullmatch(dosage), _LIMIT.fullmatch(fields[LIMIT])
    if not found or not int(found[1]):
        raise RowRejectedError(f"the {DOSAGE} {dosage[:20]!r} is no number of units, such as 5 UNITS")
    usd = Decimal(limit[0].strip("$ ").replace(",", "")) if limit else Decimal(0)
    if not usd:
        raise RowRejectedError(f"the {LIMIT} {fields[LIMIT][:20]!r} is no price above 0")
    if usd != round(usd, DECIMALS):
        raise RowRejectedError(f"the {LIMIT} {fields[LIMIT][:20]!r} has more than {DECIMALS} decimals")
    values = {"dosage": dosage, "dosage_units": int(found[1]), "limit_usd": round(usd, DECIMALS)}
    check_lengths(PaymentLimit, values)
    return values


def _apply(read: _Read, file: FileRun) -> None:
    """Write what changed. What a corrected file of the quarter no longer has goes; the caller commits."""
    table = PaymentLimit.__table__
    rows = db.session.execute(select(table).where(table.c.quarter_starts_on == read.quarter_starts_on))
    stored = {row.hcpcs_code: cast(Stored, row._mapping) for row in rows}
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
