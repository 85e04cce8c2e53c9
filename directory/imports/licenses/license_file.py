"""A state board's file of licenses, read by its layout. Kept are those that providers of this directory claim."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from sqlalchemy import select

from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import apply_license_records, number_key, report_vanished
from directory.credentials.models import Credential, LicenseRecord
from directory.extensions import db
from directory.imports.licenses.layout import LicenseLayout
from directory.imports.merge import StoredRow, merge, stored_rows, write
from directory.imports.reading.fields import Fields, RowRejectedError, Values, check_lengths, column_positions
from directory.imports.reading.files import ImportFileError, PublishedFile
from directory.imports.reading.row_reader import CsvRow
from directory.imports.runs import FileRun, import_run
from directory.imports.source_age import newest_day
from directory.providers.models import ProviderSpecialty
from directory.providers.names import organization_name, person_name
from directory.providers.sources import Source, SourceKind
from directory.web.days import today_in_california
from directory.web.transaction import transaction

ENDINGS = (".csv", ".txt", ".tsv", ".xls")  # the last are text with tabs, despite the name
Key = tuple[str, str]
"""`number_key` of a license and its type: what one state's boards have once."""


def import_licenses(path: str, layout: LicenseLayout) -> FileRun:
    """Import the file.

    Raises `ImportFileError`, and then nothing was changed but that the source is known.
    """
    with transaction():
        _know_source(layout)
        newest = newest_day(layout.source_key)
        wanted = _wanted_numbers(layout.state)
    with import_run(layout.source_key, [path]) as (file,):
        reading = _LicenseReading(layout, file, wanted)
        with file.open("", ENDINGS) as published:
            if newest and published.as_of < newest:
                days = f"{published.as_of.isoformat()}, and one of {newest.isoformat()}"
                raise ImportFileError(f"{file.name} is of {days} was read already.")
            reading.read(published)
        _apply(reading)
    return file


def rows_of(published: PublishedFile, layout: LicenseLayout) -> Iterator[CsvRow]:
    """The header and then each row that is not blank.

    Raises `ImportFileError` for what is not text in that encoding.
    """
    text = io.TextIOWrapper(io.BufferedReader(_Bytes(published)), encoding=layout.encoding, newline="")
    reader = csv.reader(
        text, delimiter=layout.delimiter, quoting=csv.QUOTE_MINIMAL if layout.has_quotes else csv.QUOTE_NONE
    )
    start = 1
    try:
        for fields in reader:
            if any(fields):
                yield CsvRow(start, fields)
            start = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{published.label} is not in {layout.encoding} (after line {start}): set [file] encoding in the layout."
        ) from error
    except csv.Error as error:
        raise ImportFileError(f"{published.label} cannot be read at line {start}: {error}.") from error


@dataclass
class _LicenseReading:
    """The rows of the file that stay, by what they are kept under."""

    layout: LicenseLayout
    file: FileRun
    wanted: set[str]
    kept: dict[Key, Values] = field(default_factory=dict)
    lines: dict[Key, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)  # `number_key` of rejected rows: their records stay as they are

    def read(self, published: PublishedFile) -> None:
        rows = rows_of(published, self.layout)
        header = next(rows, CsvRow(1, [])).fields
        names = [name.removeprefix("\ufeff").removeprefix("ï»¿") for name in header]
        position = column_positions(
            names, tuple(self.layout.columns.values()), (), published.label, "a file of this layout"
        )
        narrow: int | None = None
        for line, texts in rows:
            self.file.counts.read += 1
            narrow = line if len(texts) < len(names) else None
            if len(texts) != len(names):
                self._reject(line, f"the row has {len(texts)} columns instead of {len(names)}")
                continue
            self._take(line, Fields(position, texts))
        if not self.file.counts.read:
            raise ImportFileError(f"{published.label} has a header and no rows. Nothing was changed.")
        if narrow is not None:
            raise ImportFileError(
                f"{published.label} is cut short: its last row, line {narrow}, is not whole. Nothing was changed."
            )

    def _take(self, line: int, fields: Fields) -> None:
        values = {ours: fields[theirs] for ours, theirs in self.layout.columns.items()}
        number = _with_prefix(values["number"], self.layout.prefixes.get(values.get("type", "").casefold(), ""))
        key = number_key(number), values.get("type", "")
        if key[0] not in self.wanted:
            self.file.counts.skipped += 1
            return
        try:
            kept = record_values(values, number, self.layout, cast(date, self.file.as_of))
        except RowRejectedError as reason:
            self.unread.add(key[0])
            self._reject(line, str(reason))
            return
        if key in self.kept and self.kept[key] != kept:
            self._reject(self.lines[key], f"line {line} says something else of the same license, and comes later")
        elif key in self.kept:
            self.file.counts.unchanged += 1
        self.kept[key], self.lines[key] = kept, line

    def _reject(self, line: int, reason: str) -> None:
        self.file.reject(line, "", reason)


def record_values(values: Values, number: str, layout: LicenseLayout, as_of: date) -> Values:
    """One row as `LicenseRecord` has it; `values` by our names. Raises `RowRejectedError`."""
    status = values["status"].casefold()
    if status not in layout.active | layout.inactive | layout.revoked:
        raise RowRejectedError(f"the status {values['status'][:40]!r} is in none of the layout's lists")
    try:
        issued_on, expires_on = (layout.day(values.get(name, "")) for name in ("issued", "expires"))
    except ValueError as error:
        raise RowRejectedError(str(error)) from error
    if issued_on and (issued_on > as_of or (expires_on and expires_on <= issued_on)):
        raise RowRejectedError("the day of issue is not before the day of expiry, or not before that of the file")
    record = {
        "state": layout.state,
        "number": number,
        "number_key": number_key(number),
        "license_type": values.get("type", ""),
        "board": layout.board,
        "board_status": values["status"],
        "active": status in layout.active,
        "revoked": status in layout.revoked,
        "issued_on": issued_on,
        "expires_on": expires_on,
        "name": _name(values),
        "city": values.get("city") or None,
        "county": values.get("county") or None,
        "public_actions": values.get("public_actions") or None,
        "as_of": as_of,
    }
    check_lengths(LicenseRecord, record)
    return record


def _name(values: Values) -> str:
    """ "de la Cruz, Ana Q", or a business's name. Raises `RowRejectedError`."""
    last, first, middle = (values.get(name, "") for name in ("last", "first", "middle"))
    if last and first:
        given = " ".join(filter(None, (person_name(first), person_name(middle) if middle else "")))
        return f"{person_name(last, family=True)}, {given}"
    if not (last or values.get("business")):
        raise RowRejectedError("the license has no name")
    return organization_name(values.get("business") or last)


def _with_prefix(number: str, prefix: str) -> str:
    return f"{prefix} {number}" if prefix and number.isdigit() else number


def _apply(reading: _LicenseReading) -> None:
    layout, file = reading.layout, reading.file
    rows = stored_rows(LicenseRecord, LicenseRecord.state == layout.state)
    stored: dict[Key, StoredRow] = {(row["number_key"], row["license_type"]): row for row in rows}
    ours = {key: row for key, row in stored.items() if row["source_key"] == layout.source_key}
    if ours and not (reading.kept or reading.unread):
        raise ImportFileError(
            f"{file.name} has none of the {len(ours):,} licenses that are known from this board. Is it another board's?"
        )
    merged = merge(
        stored,
        reading.kept,
        layout.source_key,
        removable=lambda row: row["number_key"] not in reading.unread,
        left_alone=("as_of",),
    )
    for outcome in merged.outcomes.values():
        file.counts.add(outcome)
    written = {id(row) for row, _ in merged.updates}
    merged.updates += [  # that a newer file says the same is what verifies a license again
        (row, {"as_of": file.as_of})
        for key, row in ours.items()
        if key in reading.kept and id(row) not in written and row["as_of"] != file.as_of
    ]
    write(LicenseRecord, merged)
    apply_license_records(None, today_in_california())
    numbers = {key[0] for key in reading.kept}
    gone = {row["number_key"] for row in merged.deletes} - numbers
    report_vanished(layout.state, gone, layout.source_name)


def _wanted_numbers(state: str) -> set[str]:
    """`number_key` of all licenses of that state that providers claim or hold."""
    claimed = select(Credential.number).where(Credential.kind == CredentialKind.LICENSE, Credential.state == state)
    declared = select(ProviderSpecialty.license_number).where(ProviderSpecialty.license_state == state)
    numbers = (number for numbers in (claimed, declared) for number in db.session.scalars(numbers))
    return {number_key(number) for number in numbers} - {""}


def _know_source(layout: LicenseLayout) -> None:
    source = db.session.get(Source, layout.source_key)
    if source is None:
        source = Source(key=layout.source_key, kind=SourceKind.PUBLIC_FILE)
        db.session.add(source)
    source.name, source.url = layout.source_name[:200], layout.source_url


class _Bytes(io.RawIOBase):
    """A published file as the standard library reads files."""

    def __init__(self, published: PublishedFile) -> None:
        self._published = published

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        fresh = self._published.read(len(buffer))
        buffer[: len(fresh)] = fresh
        return len(fresh)
