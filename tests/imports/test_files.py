"""A file is taken for what it holds, not for how its name ends; and a damaged one is refused in plain words."""

import os
import zipfile
from pathlib import Path

import pytest

from directory.imports.nppes.provider_values import PROVIDERS
from directory.imports.reading.files import ImportFileError, open_published
from directory.web.days import today_in_california
from tests.imports.published import person, providers_csv, written, zipped

CSV = providers_csv(person())
NAME = "npidata_pfile_20251103-20251109"


def read_all(path: str) -> bytes:
    with open_published(path, "npidata_pfile") as file:
        content = b""
        while fresh := file.read(1000):
            content += fresh
        assert len(content) == file.size
        return content


def test_the_csv_is_found_among_what_a_published_zip_holds(tmp_path: Path) -> None:
    members = {"readme.pdf": "%PDF", f"{NAME}_fileheader.csv": "NPI", f"{NAME}.csv": CSV, "pl_pfile_1.csv": "x"}
    assert read_all(zipped(tmp_path, "NPPES.zip", members)) == CSV.encode()


def test_a_zip_may_be_called_csv_and_hold_a_csv_of_another_name(tmp_path: Path) -> None:
    assert read_all(zipped(tmp_path, "providers.csv", {"readme.pdf": "%PDF", "data.csv": CSV})) == CSV.encode()


def test_a_csv_may_be_called_zip(tmp_path: Path) -> None:
    assert read_all(written(tmp_path, "providers.zip", CSV)) == CSV.encode()


def test_the_day_of_a_file_is_the_last_in_its_name(tmp_path: Path) -> None:
    with open_published(written(tmp_path, f"{NAME}.csv", CSV), "npidata_pfile") as file:
        assert file.as_of.isoformat() == "2025-11-09"


def test_a_file_without_a_day_in_its_name_is_as_old_as_it_was_written(tmp_path: Path) -> None:
    path = written(tmp_path, "providers.csv", CSV)
    os.utime(path, (1_750_000_000, 1_750_000_000))
    with open_published(path, "npidata_pfile") as file:
        assert file.as_of.isoformat() == "2025-06-15"
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("providers.csv", (2025, 7, 4, 12, 0, 0)), CSV)
        archive.writestr(zipfile.ZipInfo("pl_pfile.csv", (1980, 1, 1, 0, 0, 0)), CSV)
    with open_published(str(tmp_path / "old.zip"), "providers") as file:
        assert file.as_of.isoformat() == "2025-07-04"
    with open_published(str(tmp_path / "old.zip"), "pl_pfile") as file:
        assert file.as_of == today_in_california()


def test_no_file_is_of_a_day_to_come(tmp_path: Path) -> None:
    later = written(tmp_path, "later.csv", CSV)
    os.utime(later, (4_000_000_000, 4_000_000_000))
    for path in (written(tmp_path, "npidata_20991231.csv", CSV), later):
        with open_published(path, "npidata_pfile") as file:
            assert file.as_of == today_in_california()


def test_a_zip_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    whole = Path(zipped(tmp_path, "whole.zip", {f"{NAME}.csv": CSV})).read_bytes()
    with pytest.raises(ImportFileError, match="cut short: download it again"):
        read_all(written(tmp_path, "cut.zip", whole[: len(whole) // 2]))


def test_a_zip_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    whole = bytearray(Path(zipped(tmp_path, "whole.zip", {f"{NAME}.csv": CSV})).read_bytes())
    whole[200] ^= 0xFF
    with pytest.raises(ImportFileError, match="damaged or cut short"):
        read_all(written(tmp_path, "bad.zip", bytes(whole)))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", b"", "is empty"),
        ("page.csv", b"\n<!DOCTYPE html><html><p>404", "is a web page"),
        ("page.zip", b"\xef\xbb\xbf<html>", "is a web page"),
    ],
)
def test_what_is_plainly_something_else_is_refused(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    with pytest.raises(ImportFileError, match=why):
        read_all(written(tmp_path, name, content))


@pytest.mark.parametrize(
    "members",
    [
        {"readme.pdf": "%PDF"},
        {"inner.zip": "PK"},
        {"a.csv": CSV, "b.csv": CSV},
        {f"{NAME}.csv": CSV, "npidata_pfile_2.csv": CSV},
    ],
)
def test_a_zip_must_hold_one_csv_of_the_kind(tmp_path: Path, members: dict[str, str]) -> None:
    with pytest.raises(ImportFileError, match=rf"should hold one CSV .*\(found: {', '.join(members)}\)"):
        read_all(zipped(tmp_path, "many.zip", members))


MAC = {"__MACOSX/._data.csv": "\0\5\26\7", ".DS_Store": "\0\0\0\1Bud1", "folder/": ""}


@pytest.mark.parametrize(
    "members",
    [
        {**MAC, "data.csv": CSV},
        {**MAC, "folder/data.csv": CSV, "folder/._data.csv": "x", "folder/.hidden.csv": "x"},
        {"Data00.csv": CSV, "Data_Counts.csv": "county,count\n"},
        {"README.csv": "read this", "data.csv": CSV},
        {"data.csv": CSV, "DataDictionary.csv": "column,meaning\n"},
        {"data.csv": CSV, "lookup.csv": "code,meaning\n", "states.csv": "CA\n"},
    ],
)
def test_the_data_is_found_beside_what_macs_and_publishers_add(tmp_path: Path, members: dict[str, str]) -> None:
    path = zipped(tmp_path, "list.zip", members)
    with open_published(path, "npidata_pfile", columns=PROVIDERS.columns) as file:
        assert file.read() == CSV.encode()


def test_a_file_that_is_named_for_counts_alone_is_the_data(tmp_path: Path) -> None:
    assert read_all(zipped(tmp_path, "counts.zip", {"counts.csv": CSV, "readme.pdf": "%PDF"})) == CSV.encode()


def test_of_two_files_that_may_be_meant_both_are_named(tmp_path: Path) -> None:
    path = zipped(tmp_path, "two.zip", {**MAC, "a.csv": CSV, "b.csv": CSV, "lookup.csv": "code\n"})
    with (
        pytest.raises(ImportFileError, match=r"\(found: a\.csv, b\.csv\)\. Unpack it and name the file\."),
        open_published(path, "npidata_pfile", columns=PROVIDERS.columns),
    ):
        pass


def test_a_zip_with_an_empty_csv_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="is empty"):
        read_all(zipped(tmp_path, "nothing.zip", {f"{NAME}.csv": ""}))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="There is no file"):
        read_all(str(tmp_path / "none.csv"))
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_all(str(tmp_path))
