"""A state board's file of licenses, read by its layout. Kept are those that providers of this directory claim."""

import codecs
import csv
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import apply_license_records, number_key, report_vanished
from directory.credentials.models import Credential, LicenseRecord
from directory.extensions import db
from directory.imports.licenses.layout import LicenseLayout
from directory.imports.merge import StoredRow, merge, stored_rows, write
from directory.imports.reading.fields import Fields, RowRejectedError, Values, check_lengths
from directory.imports.reading.files import UTF8_BOM, ImportFileError, PublishedFile
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun, import_run
from directory.imports.source_age import newest_day
from directory.imports.staging import StagedRow, StagedRows, last_of_each
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
    with import_run(layout.source_key, [path]) as (file,), StagedRows() as staged:
        with file.open("", ENDINGS) as published:
            if newest and published.as_of < newest:
                days = f"{published.as_of.isoformat()}, and one of {newest.isoformat()}"
                raise ImportFileError(f"{file.name} is of {days} was read already.")
            unread = _stage(published, layout, wanted, file, staged)
        _apply(layout, file, staged, unread)
    return file


def _stage(
    published: PublishedFile, layout: LicenseLayout, wanted: set[str], file: FileRun, staged: StagedRows
) -> set[str]:
    """Stage the wanted licenses by number and type.

    Returns `number_key` of wanted rows that are rejected: their records stay as they are.
    """
    unread: set[str] = set()
    scan = CsvScan(
        replace(published, stream=_AsUtf8(published, layout.encoding)),
        tuple(layout.columns.values()),
        "a file of this layout",
        csv_format={
            "delimiter": layout.delimiter,
            "quoting": csv.QUOTE_MINIMAL if layout.has_quotes else csv.QUOTE_NONE,
        },
    )

    def parse_row(fields: Fields) -> Values | None:
        values = {ours: fields[theirs] for ours, theirs in layout.columns.items()}
        number = _with_prefix(values["number"], layout.prefixes.get(values.get("type", "").casefold(), ""))
        if number_key(number) not in wanted:
            return None
        try:
            return record_values(values, number, layout, published.as_of)
        except RowRejectedError:
            unread.add(number_key(number))
            raise

    def reject(line: int, _fields: Fields, reason: str) -> None:
        file.reject(line, "", reason)

    for line, record in scan.parsed_rows(parse_row, reject):
        if record is None:
            file.counts.skipped += 1
        else:
            staged.add(StagedRow(record["number_key"], file.run_id, record["license_type"], line, record))
    file.counts.read = scan.read
    return unread


class _AsUtf8:
    """The bytes of a file of another encoding, as UTF-8 and without a byte order mark."""

    def __init__(self, published: PublishedFile, encoding: str) -> None:
        self._published = published
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._start = published.read(len(UTF8_BOM)).removeprefix(UTF8_BOM)
        self._lines = 0

    def read(self, size: int = -1, /) -> bytes:
        """About `size` bytes; none at the end. Raises `ImportFileError` for what is not text in that encoding."""
        fresh, self._start = self._start + self._published.read(size), b""
        try:
            text = self._decoder.decode(fresh, final=not fresh)
        except UnicodeDecodeError as error:
            line = self._lines + error.object.count(b"\n", 0, error.start)
            raise ImportFileError(
                f"{self._published.label} is not in {self._encoding} (after line {line}): set [file] encoding in the "
                "layout."
            ) from error
        self._lines += text.count("\n")
        return text.encode()


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


def _apply(layout: LicenseLayout, file: FileRun, staged: StagedRows, unread: set[str]) -> None:
    wanted: dict[Key, Values] = {
        (number, license_type): row.values
        for batch in staged.batches("licenses")
        for number, rows in batch.items()
        for license_type, row in last_of_each(rows, file, "", "the same license").items()
    }
    rows = stored_rows(LicenseRecord, LicenseRecord.state == layout.state)
    stored: dict[Key, StoredRow] = {(row["number_key"], row["license_type"]): row for row in rows}
    ours = {key: row for key, row in stored.items() if row["source_key"] == layout.source_key}
    if ours and not (wanted or unread):
        raise ImportFileError(
            f"{file.name} has none of the {len(ours):,} licenses that are known from this board. Is it another board's?"
        )
    merged = merge(
        stored,
        wanted,
        layout.source_key,
        removable=lambda row: row["number_key"] not in unread,
        left_alone=("as_of",),
    )
    for outcome in merged.outcomes.values():
        file.counts.add(outcome)
    written = {id(row) for row, _ in merged.updates}
    merged.updates += [  # that a newer file says the same is what verifies a license again
        (row, {"as_of": file.as_of})
        for key, row in ours.items()
        if key in wanted and id(row) not in written and row["as_of"] != file.as_of
    ]
    write(LicenseRecord, merged)
    apply_license_records(None, today_in_california())
    gone = {row["number_key"] for row in merged.deletes} - {number for number, _ in wanted}
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
