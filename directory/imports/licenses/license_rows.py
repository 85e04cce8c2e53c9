"""The rows of a state board's file of licenses, by its layout; kept are those of wanted numbers."""

import codecs
import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from directory.credentials.licenses.records import UnreadRow, number_key
from directory.credentials.models import LicenseRecord
from directory.imports.licenses.layout import LicenseLayout, layout_of_board, words_key
from directory.imports.reading.encodings import UTF8_BOM, refuse_utf16
from directory.imports.reading.fields import Fields, FileKind, RowRejectedError, Values, check_lengths, drop_too_long
from directory.imports.reading.files import ImportFileError, PublishedFile, UnusableFileError
from directory.imports.reading.scan import CsvScan
from directory.imports.runs import FileRun
from directory.imports.staging import ParsedRow, StagedRows, stage_rows
from directory.providers.names import organization_name, person_name


def stage_licenses(
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
        if layout.encoding in {"utf-8", "utf-8-sig", "cp1252"}  # `CsvScan` reads either, row by row
        else replace(published, stream=_AsUtf8(published, layout.encoding)),
        FileKind("", "a file of this layout", tuple(layout.columns.values())),
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

    def parse_row(fields: Fields) -> ParsedRow | None:
        values, number = _values_of(fields, layout)
        if not is_ours(fields) or number_key(number) not in wanted:
            return None
        record, unknown = _record_values(values, number, layout, published.as_of)
        return ParsedRow(record["number_key"], record["license_type"], record, unknown)

    def reject(line: int, fields: Fields, reason: str) -> None:
        values, number = _values_of(fields, layout)
        if (key := number_key(number)) in wanted and is_ours(fields):
            unread[key] = UnreadRow(_name(values), reason)
            file.handled += 1
        file.reject(line, "", reason)

    stage_rows(scan, file, staged, parse_row, reject)
    if False in agencies and True not in agencies:
        raise _of_another_board(file.name, layout, agencies[False])


def _values_of(fields: Fields, layout: LicenseLayout) -> tuple[Values, str]:
    """A row by our names, and its number with the letters that the type stands for."""
    values = {ours: fields[theirs] for ours, theirs in layout.columns.items()}
    number, prefix = values["number"], layout.prefixes.get(words_key(values.get("type", "")))
    return values, f"{prefix} {number}" if prefix and number.isdigit() else number


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


def _record_values(values: Values, number: str, layout: LicenseLayout, as_of: date) -> tuple[Values, list[str]]:
    """One row as `LicenseRecord` has it, and which of its values are left unknown and why; `values` by our names.

    Raises `RowRejectedError` when it cannot be told whose license it is, or whether it holds.
    """
    status = words_key(values["status"])
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
        "profession": layout.professions.get(words_key(values.get("type", ""))),
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
