"""A state board's file of licenses, read by its layout. Kept are those that providers of this directory claim."""

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import (
    UnreadRow,
    apply_license_records,
    number_key,
    report_unread,
    report_vanished,
)
from directory.credentials.models import Credential, LicenseRecord
from directory.extensions import db
from directory.imports.licenses.layout import LicenseLayout, folded, layout_of_board
from directory.imports.merge import StoredRow, merge, refuse_shrunk, stored_rows, write
from directory.imports.reading.fields import Fields, RowRejectedError, Values, check_lengths, drop_too_long
from directory.imports.reading.files import UTF8_BOM, ImportFileError, PublishedFile, UnusableFileError, refuse_utf16
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
DECIDING = ("active", "revoked", "expires_on", "public_actions", "name")
"""In what two rows about one license contradict each other; addresses may be several."""
Key = tuple[str, str]
"""`number_key` of a license and its type: what one state's boards have once."""


def import_licenses(paths: Sequence[str], layout: LicenseLayout, *, accept_shrunk: bool = False) -> list[FileRun]:
    """Import the parts of the board's list, which together are the whole of it.

    Raises `ImportFileError`, and then nothing was changed but that the source is known, and that verifiers have a task
    about each license that is held and whose row could not be used.
    """
    with transaction():
        _know_source(layout)
        newest = newest_day(layout.source_key)
        wanted = _wanted_numbers(layout.state)
    unread: dict[str, UnreadRow] = {}
    try:
        with import_run(layout.source_key, paths) as files, StagedRows() as staged:
            for file in files:
                with file.open("", ENDINGS, columns=layout.columns.values()) as published:
                    if newest and published.as_of < newest:
                        days = f"{published.as_of.isoformat()}, and one of {newest.isoformat()}"
                        raise ImportFileError(f"{file.name} is of {days} was read already.")
                    _stage(published, layout, wanted, file, staged, unread)
            _apply(layout, files, staged, unread, wanted, accept_shrunk=accept_shrunk)
    except UnusableFileError:
        with transaction():
            report_unread(layout.state, unread, layout.source_name)
        raise
    return files


def _stage(
    published: PublishedFile,
    layout: LicenseLayout,
    wanted: set[str],
    file: FileRun,
    staged: StagedRows,
    unread: dict[str, UnreadRow],
) -> None:
    """Stage the wanted licenses by number and type. `unread` gets, by `number_key`, wanted rows that are rejected."""
    scan = CsvScan(
        published
        if layout.encoding.startswith("utf-8")
        else replace(published, stream=_AsUtf8(published, layout.encoding)),
        tuple(layout.columns.values()),
        "a file of this layout",
        optional=tuple(layout.agency),
        csv_format={
            "delimiter": layout.delimiter,
            "quoting": csv.QUOTE_MINIMAL if layout.has_quotes else csv.QUOTE_NONE,
        },
    )
    named = [column for column in layout.agency if column in scan.position]
    agencies: dict[bool, dict[str, str]] = {}  # by whether it is this board: what the last row says

    def is_ours(fields: Fields) -> bool:
        agency = {column: fields[column] for column in named}
        agencies[layout.is_of_board(agency)] = agency
        return layout.is_of_board(agency)

    def parse_row(fields: Fields) -> tuple[Values, list[str]] | None:
        values, number = _values_of(fields, layout)
        if not is_ours(fields) or number_key(number) not in wanted:
            return None
        return record_values(values, number, layout, published.as_of)

    def reject(line: int, fields: Fields, reason: str) -> None:
        values, number = _values_of(fields, layout)
        if (key := number_key(number)) in wanted and is_ours(fields):
            unread[key] = UnreadRow(_name(values), reason)
            file.handled += 1
        file.reject(line, "", reason)

    for line, found in scan.parsed_rows(parse_row, reject):
        if found is None:
            file.counts.skipped += 1
            continue
        record, unknown = found
        for reason in unknown:
            file.leave_unknown(line, "", reason)
        staged.add(StagedRow(record["number_key"], file.run_id, record["license_type"], line, record))
    file.note_read(scan)
    if False in agencies and True not in agencies:
        raise _of_another_board(file.name, layout, agencies[False])


def _values_of(fields: Fields, layout: LicenseLayout) -> tuple[Values, str]:
    """A row by our names, and its number with the letters that the type stands for."""
    values = {ours: fields[theirs] for ours, theirs in layout.columns.items()}
    prefix = layout.prefixes.get(values.get("type", "").casefold(), "")
    return values, _with_prefix(values["number"], prefix)


def _of_another_board(name: str, layout: LicenseLayout, agency: Mapping[str, str]) -> UnusableFileError:
    fitting = layout_of_board(agency)
    advice = f"take --layout {fitting}" if fitting else "give it a layout of its own"
    said = ", ".join(filter(None, agency.values()))
    return UnusableFileError(f"{name} is the list of {said}, not of {layout.board}: {advice}. Nothing was changed.")


class _AsUtf8:
    """The bytes of a file of another encoding, as UTF-8 and without a byte order mark."""

    def __init__(self, published: PublishedFile, encoding: str) -> None:
        self._published = published
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._start = published.read(len(UTF8_BOM)).removeprefix(UTF8_BOM)
        if not encoding.startswith("utf-16"):
            refuse_utf16(published.label, self._start)
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


def record_values(values: Values, number: str, layout: LicenseLayout, as_of: date) -> tuple[Values, list[str]]:
    """One row as `LicenseRecord` has it, and which of its values are left unknown and why; `values` by our names.

    Raises `RowRejectedError` when it cannot be told whose license it is, or whether it holds.
    """
    status = folded(values["status"])
    if status not in layout.active | layout.inactive | layout.revoked:
        raise RowRejectedError(f"the status {values['status'][:40]!r} is in none of the layout's lists")
    is_active = status in layout.active
    name = _name(values)
    if not name:
        raise RowRejectedError("the license has no name")
    unknown: list[str] = []
    try:
        expires_on = layout.day(values.get("expires", ""))
    except ValueError as error:
        if is_active:
            raise RowRejectedError(f"the day of expiry {error}") from error
        expires_on = None
        unknown.append(f"the day of expiry {error}")
    try:
        issued_on = layout.day(values.get("issued", ""))
    except ValueError as error:
        issued_on = None
        unknown.append(f"the day of issue {error}")
    if issued_on and (issued_on > as_of or (expires_on and expires_on <= issued_on)):
        issued_on = None
        unknown.append("the day of issue is not before the day of expiry, or not before that of the file")
    record = {
        "state": layout.state,
        "number": number,
        "number_key": number_key(number),
        "license_type": values.get("type", ""),
        "board": layout.board,
        "board_status": values["status"],
        "active": is_active,
        "revoked": status in layout.revoked,
        "issued_on": issued_on,
        "expires_on": expires_on,
        "name": name,
        "city": values.get("city") or None,
        "county": values.get("county") or None,
        "public_actions": values.get("public_actions") or None,
        "as_of": as_of,
    }
    unknown += drop_too_long(LicenseRecord, record, ("city", "county"))
    check_lengths(LicenseRecord, record)
    return record, unknown


def _name(values: Values) -> str:
    """ "de la Cruz, Ana Q", or a business's name; empty when the row has none."""
    last, first, middle = (values.get(name, "") for name in ("last", "first", "middle"))
    if last and first:
        given = " ".join(filter(None, (person_name(first), person_name(middle) if middle else "")))
        return f"{person_name(last, family=True)}, {given}"
    business = last or values.get("business")
    return organization_name(values.get("business") or last) if business else ""


def _with_prefix(number: str, prefix: str) -> str:
    return f"{prefix} {number}" if prefix and number.isdigit() else number


def _apply(
    layout: LicenseLayout,
    files: Sequence[FileRun],
    staged: StagedRows,
    unread: dict[str, UnreadRow],
    wanted: set[str],
    *,
    accept_shrunk: bool,
) -> None:
    last: dict[Key, StagedRow] = {}
    for batch in staged.batches("licenses"):
        for number, rows in batch.items():
            of_number = last_of_each(rows, files, "", "the same license")
            last |= {(number, license_type): row for license_type, row in of_number.items()}
            for row in rows:
                if any(row.values[name] != of_number[row.key].values[name] for name in DECIDING):
                    unread[number] = UnreadRow(row.values["name"], "two rows say different things of it")
    listed = {key: row.values for key, row in last.items()}
    held = stored_rows(LicenseRecord, LicenseRecord.state == layout.state)
    stored: dict[Key, StoredRow] = {(row["number_key"], row["license_type"]): row for row in held}
    ours = {key: row for key, row in stored.items() if row["source_key"] == layout.source_key}
    names = ", ".join(file.name for file in files)
    if ours and not (listed or unread):
        raise UnusableFileError(
            f"{names} has none of the {len(ours):,} licenses that are known from this board. Is it another board's?"
        )
    if not accept_shrunk:
        known = [key for key in ours if key[0] in wanted]
        lost = [key for key in known if key not in listed and key[0] not in unread]
        refuse_shrunk(names, "licenses", len(lost), len(known))
    merged = merge(
        stored,
        listed,
        layout.source_key,
        removable=lambda row: row["number_key"] not in unread,
        left_alone=("as_of",),
    )
    for key, outcome in merged.outcomes.items():
        next(file for file in files if file.run_id == last[key].file).counts.add(outcome)
    written = {id(row) for row, _ in merged.updates}
    merged.updates += [  # that a newer file says the same is what verifies a license again
        (row, {"as_of": listed[key]["as_of"]})
        for key, row in ours.items()
        if key in listed and id(row) not in written and row["as_of"] != listed[key]["as_of"]
    ]
    write(LicenseRecord, merged)
    apply_license_records(None, today_in_california())
    gone = {row["number_key"] for row in merged.deletes} - {number for number, _ in listed}
    report_vanished(layout.state, gone, layout.source_name)
    report_unread(layout.state, unread, layout.source_name)


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
