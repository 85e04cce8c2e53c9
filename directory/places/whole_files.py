"""Files that are made anew while others read the old ones."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PART = ".part"


@contextmanager
def made_beside(target: Path) -> Iterator[Path]:
    """A new file, which takes the place of `target` once the body has made it; when that fails, the old one stays.

    What a process left that was killed goes with the next. Raises `OSError` where it cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for broken_off in target.parent.glob(f"{target.name}-*{_PART}"):
        broken_off.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f"{target.name}-", suffix=_PART, dir=target.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.chmod(0o644)  # public facts, for the web server's user as well
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
