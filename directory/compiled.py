"""The compiled library, called through cffi: `scripts/compile.sh` makes it of the C files beside what calls it.

A call lets other threads run meanwhile.
"""

from functools import cache
from pathlib import Path
from typing import Any

from cffi import FFI

LIBRARY = Path(__file__).with_name("libdirectory.so")
ffi = FFI()
"""Knows what modules declare of it with `ffi.cdef`."""


@cache
def library() -> Any:
    """Raises `RuntimeError` where nothing was compiled."""
    try:
        return ffi.dlopen(str(LIBRARY))
    except OSError as error:
        raise RuntimeError(f"The compiled library is missing ({error}). Run `make install`.") from error
