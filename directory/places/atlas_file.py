"""The atlas kept in a file below `instance/`, so that only the first process has to make it from `zipcodes`.

The name of the file holds a digest of what the atlas is made from, so a file of other code or another release of the
package is never read. It is a convenience: where it cannot be read or written, the atlas is made anew.
"""

import contextlib
import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from directory.config import ROOT
from directory.places.whole_files import made_beside

FOLDER = ROOT / "instance"
TOWNS = Path(__file__).with_name("towns.tsv")
_MADE_BY = ("atlas.py", "atlas_making.py", "names.py", "around_home.py", "atlas_file.py", TOWNS.name)


def read_stored(folder: Path = FOLDER) -> Any:
    """What `store` was given; None when there is no whole file of this code."""
    with contextlib.suppress(OSError, ValueError):
        return json.loads(_path(folder).read_text(encoding="utf-8"))
    return None


def store(plain: Any, folder: Path = FOLDER) -> None:
    """Keep lists, texts and numbers for the next process, in place of older files."""
    path = _path(folder)
    with contextlib.suppress(OSError):
        with made_beside(path) as beside, beside.open("w", encoding="utf-8") as file:
            json.dump(plain, file, separators=(",", ":"))
        for older in folder.glob("atlas-*.json"):
            if older != path:
                older.unlink(missing_ok=True)


def _path(folder: Path) -> Path:
    digest = hashlib.sha256(version("zipcodes").encode())
    for name in _MADE_BY:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return folder / f"atlas-{digest.hexdigest()[:16]}.json"
