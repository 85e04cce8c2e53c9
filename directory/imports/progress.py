"""Progress bars on stderr, with rate and time left; silent when nobody watches."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tqdm import tqdm

from directory.imports.reading.files import PublishedFile


class Progress:
    """Bars for one import."""

    @contextmanager
    def reading(self, file: PublishedFile) -> Iterator[PublishedFile]:
        """`file`, with a bar that counts its bytes as they are read."""
        what = f"Reading {file.label[:40]}"
        with tqdm.wrapattr(file.stream, "read", total=file.size, desc=what, disable=None) as stream:
            yield replace(file, stream=stream)

    def of_providers(self, total: int) -> "tqdm[Any]":
        return tqdm(total=total, unit="providers", unit_scale=True, desc="Writing", disable=None)

    def of_rows(self, total: int) -> "tqdm[Any]":
        return tqdm(total=total, unit="rows", unit_scale=True, desc="Writing", disable=None)
