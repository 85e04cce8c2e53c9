"""What is no file that can be read gets one sentence from every import, and changes nothing."""

import codecs
import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.extensions import db
from directory.imports.cli import imports_cli
from directory.imports.models import ImportRun
from directory.providers.models import Provider, Specialty
from tests.imports.asp_files import asp_csv, five
from tests.imports.cms_files import billed, clinician, clinicians_csv, licensee, licensees, services_csv
from tests.imports.importer import run_import
from tests.imports.leie_files import entry, leie_csv
from tests.imports.published import nucc_csv, person, providers_csv, specialty, written
from tests.imports.reviews_elsewhere import as_csv, row

OPTIONS = {
    "licenses": ("--layout", "california"),
    "reviews": ("--source", "CareVoice"),
    "cms-services": ("--year", "2023"),
    "asp": ("--quarter", "2026Q2"),
}
COMMANDS = [name for name in imports_cli.commands if name != "runs"]
WHOLE_FILES: dict[str, str | bytes] = {
    "nucc": nucc_csv(specialty()),
    "nppes": providers_csv(person()),
    "reviews": as_csv(row()),
    "leie": leie_csv(entry()),
    "cms-services": services_csv(billed()),
    "cms-clinicians": clinicians_csv(clinician()),
    "asp": asp_csv(*five()),
    "licenses": licensees(licensee()),
}


def workbook(*members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for member in members:
            archive.writestr(member, "<?xml?>")
    return content.getvalue()


def pipe(folder: Path) -> str:
    os.mkfifo(folder / "pipe.csv")
    return str(folder / "pipe.csv")


CONTENTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda whole: b"", "is empty"),
    "CR line ends": (lambda whole: whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r"), "ends its lines with CR only"),
    "a long first line": (lambda whole: b"x" * 131_073 + b"\n1,2,3\n", ""),
    "a long first line alone": (lambda whole: b"x" * 131_073, ""),
    "UTF-16": (lambda whole: whole.decode("cp1252").encode("utf-16"), "is not UTF-8 (line 1, byte 1"),
    "UTF-16 without a mark": (lambda whole: whole.decode("cp1252").encode("utf-16-le"), "but UTF-16: save it as UTF-8"),
    "UTF-16 of old Macs": (
        lambda whole: codecs.BOM_UTF16_BE + whole.decode("cp1252").encode("utf-16-be"),
        "but UTF-16: save it as UTF-8",
    ),
    "gzip": (gzip.compress, "is compressed (gzip): unpack it"),
    "7-Zip": (lambda whole: b"7z\xbc\xaf\x27\x1c" + whole, "is compressed (7-Zip): unpack it"),
    "a PDF": (lambda whole: b"%PDF-1.7\n" + whole, "is a PDF"),
    "a workbook": (
        lambda whole: workbook("[Content_Types].xml", "xl/workbook.xml"),
        "only as an Excel workbook",
    ),
    "a workbook of Numbers": (lambda whole: workbook("Index/Document.iwa", "preview.jpg"), "save the workbook as CSV"),
    "a workbook of LibreOffice": (lambda whole: workbook("mimetype", "content.xml"), "save the workbook as CSV"),
    "a workbook of old": (lambda whole: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "only as an Excel workbook"),
    "half a zip": (lambda whole: b"PK\x03\x04" + whole, "damaged or cut short"),
    "zero bytes": (lambda whole: bytes(2_000), ""),
}
PATHS: dict[str, tuple[Callable[[Path], str], str]] = {
    "no file": (lambda folder: str(folder / "none.csv"), "There is no file"),
    "a folder": (str, "it is a folder. Name the file in it."),
    "a pipe": (pipe, "it is a pipe or a device"),
    "a device": (lambda folder: os.devnull, "it is a pipe or a device"),
    "a name that is too long": (lambda folder: str(folder / ("x" * 300)), "cannot be read: File name too long"),
    "a name that is no text": (lambda folder: os.fsdecode(bytes(folder) + b"/caf\xe9.csv"), "caf\ufffd.csv"),
}


def refused(app: Flask, command: str, path: str) -> str:
    """The sentence with which the import is refused."""
    result = run_import(app, command, path, *OPTIONS.get(command, ()))
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Error: ")
    assert sentence.endswith(".")
    for model in (Provider, Specialty):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert set(db.session.scalars(select(ImportRun.status))) == {"failed"}
    return sentence


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    sqlite_app: Flask, tmp_path: Path, command: str, subtests: pytest.Subtests
) -> None:
    whole = WHOLE_FILES.get(command, "First Name,Last Name\nAna,Cruz\n")
    content = whole if isinstance(whole, bytes) else whole.encode("cp1252")
    for kind, (spoil, sentence) in CONTENTS.items():
        with subtests.test(kind=kind):
            said = refused(sqlite_app, command, written(tmp_path, "file.csv", spoil(content)))
            assert ("zip" if command == "streets" else sentence) in said
    for kind, (path_in, sentence) in PATHS.items():
        with subtests.test(kind=kind):
            assert sentence in refused(sqlite_app, command, path_in(tmp_path))
