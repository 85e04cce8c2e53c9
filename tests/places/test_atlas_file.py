"""The stored atlas is the atlas that was made, and nothing depends on it."""

from pathlib import Path

import pytest

from directory.places import atlas as atlas_module
from directory.places.atlas import Atlas, atlas
from directory.places.atlas_file import read_stored, store


@pytest.fixture(scope="module")
def made() -> Atlas:
    return atlas_module._read()


def test_what_is_stored_comes_back_the_same(made: Atlas, tmp_path: Path) -> None:
    store(atlas_module._as_texts(made), tmp_path)
    assert atlas_module._from_texts(*read_stored(tmp_path)) == made


def test_the_atlas_in_use_is_the_one_that_would_be_made(made: Atlas) -> None:
    assert atlas() == made


def test_older_files_go(tmp_path: Path) -> None:
    (tmp_path / "atlas-0123456789abcdef.json").write_text("[]")
    store([1], tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert read_stored(tmp_path) == [1]


@pytest.mark.parametrize("text", ["", '[["90503", "Torr', "\xff\xfe"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    store([1], tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_text(text, encoding="latin-1")
    assert read_stored(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store([1], tmp_path / "file")
    assert read_stored(tmp_path / "file") is None
