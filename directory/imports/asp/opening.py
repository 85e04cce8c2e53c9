"""CMS's file as it is published: a zip with workbooks and CSVs, notes above the columns, often in Windows' encoding."""

import csv
import re
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath

from directory.imports.reading.files import ImportFileError, PublishedFile

CODE, DOSAGE, LIMIT = "HCPCS Code", "HCPCS Code Dosage", "Payment Limit"
MAX_BYTES = 20_000_000  # a hundred times what a quarter takes
_PREFIX = "asp pricing"
_WANTED = re.compile(r"asp pricing|payment limit")
_OTHERS = re.compile(r"not payable|crosswalk|\bnoc\b")
_WORKBOOKS = (".xlsx", ".xls", ".xlsm")
_INSIDE_WORKBOOK = "[Content_Types].xml"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class LimitsTable:
    """`title` are the lines above the columns. `file` begins with the columns and has blank lines in their place, so
    that each row stands in the line in which it was published.
    """

    title: list[str]
    file: PublishedFile


def member_prefix(path: str) -> str:
    """How the name of the wanted CSV begins, if `path` is a zip.

    Raises `ImportFileError` for workbooks without a CSV.
    """
    if not zipfile.is_zipfile(path):
        return _PREFIX
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return _PREFIX  # opening it will say what is wrong
    tables = [PurePosixPath(name).name.lower() for name in names if name.lower().endswith(".csv")]
    if not tables and any(name == _INSIDE_WORKBOOK or name.lower().endswith(_WORKBOOKS) for name in names):
        raise _workbook(PurePosixPath(path).name)
    wanted = [name for name in tables if _WANTED.search(name) and not _OTHERS.search(name)]
    return wanted[0] if len(wanted) == 1 else _PREFIX


def read_table(published: PublishedFile) -> LimitsTable:
    """The file without its notes, as UTF-8. Raises `ImportFileError` when it is not CMS's file of payment limits."""
    raw = published.read(MAX_BYTES + 1)
    if raw.startswith(_OLD_WORKBOOK):
        raise _workbook(published.label)
    if len(raw) > MAX_BYTES:
        raise ImportFileError(
            f"{published.label} is too large to be CMS's file of payment limits. Nothing was changed."
        )
    lines = _text(raw, published.label).split("\n")
    place = next((place for place, line in enumerate(lines) if _is_header(line)), None)
    if place is None:
        raise ImportFileError(
            f"{published.label} is not CMS's file of payment limits: no line has the columns “{CODE}” and “{LIMIT}”. "
            "Nothing was changed."
        )
    table = "\n".join([lines[place], *[""] * place, *lines[place + 1 :]]).encode()
    return LimitsTable(lines[:place], replace(published, size=len(table), stream=BytesIO(table)))


def _text(raw: bytes, label: str) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFileError(f"{label} is neither UTF-8 nor in Windows' encoding: download it again. Nothing was changed.")


def _is_header(line: str) -> bool:
    cells = [" ".join(cell.split()).casefold() for cell in next(csv.reader([line.rstrip("\r")]), [])]
    return CODE.casefold() in cells and LIMIT.casefold() in cells


def _workbook(label: str) -> ImportFileError:
    return ImportFileError(
        f"{label} has the payment limits as an Excel workbook alone, which is not read here: use the CSV that CMS "
        "publishes beside it (“section 508 version”), or save the workbook as CSV. Nothing was changed."
    )
