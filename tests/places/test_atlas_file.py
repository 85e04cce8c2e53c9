"""The stored atlas is the atlas that was made, and nothing depends on it."""

import subprocess
import sys
from pathlib import Path

import pytest

from directory.config import ROOT
from directory.places.atlas_file import read_stored, store

MADE_ANEW = """
from pathlib import Path
from directory.places import atlas as module
from directory.places.atlas_file import read_stored, store

made = module._read()
store(module._as_texts(made), Path({folder!r}))
assert module._from_texts(*read_stored(Path({folder!r}))) == made, "what is stored does not come back the same"
assert module.atlas() == made, "the atlas in use is not the one that would be made"
"""


@pytest.mark.exhaustive
def test_the_stored_atlas_is_the_one_that_would_be_made(tmp_path: Path) -> None:
    """In a process of its own, since the package that the atlas is made from takes 100 MB."""
    script = MADE_ANEW.format(folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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
