"""The JSON-LD in a saved web page: its blocks of `<script type="application/ld+json">`."""

import json
from html.parser import HTMLParser
from typing import Any

from directory.imports.reading.files import ImportFileError


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().casefold()
        if tag == "script" and kind == "application/ld+json":
            self.is_open = True
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.blocks[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.is_open = False


def json_ld_of_page(page: str, label: str) -> list[tuple[int, Any, str | None]]:
    """Each block's number and what it holds, or what is wrong with it.

    Raises `ImportFileError` for a page without such blocks, and for one that ends within a block.
    """
    reader = _Blocks()
    reader.feed(page)
    reader.close()
    if reader.is_open:
        raise ImportFileError(
            f"{label} is cut short: it ends within a block of JSON-LD. Save it again. Nothing was changed."
        )
    if not reader.blocks:
        raise ImportFileError(
            f"{label} is a web page without reviews for programs (schema.org JSON-LD), so there is nothing to read. "
            "Nothing was changed."
        )
    return [(number, *_read(block)) for number, block in enumerate(reader.blocks, start=1)]


def _read(block: str) -> tuple[Any, str | None]:
    try:
        return json.loads(block, strict=False), None  # pages hold line breaks within texts
    except (ValueError, RecursionError):
        return None, "is not valid JSON"
