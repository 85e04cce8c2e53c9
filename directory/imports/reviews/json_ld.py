"""JSON-LD as saved pages have it: the blocks of a page, and JSON with what programs and people leave around it."""

import json
import re
from html.parser import HTMLParser
from typing import Any, NamedTuple

from directory.imports.reading.files import ImportFileError

_JSON_STARTS = re.compile(r"(?<!CDATA)[{\[](?!CDATA\[)")
_BETWEEN = re.compile(r"(?:[\s;,\ufeff]|//|/\*|\*/|\]\](?:>|&gt;)|--(?:>|&gt;))*")
"""What pages leave after their JSON: semicolons, commas, and the ends of comments and CDATA."""
_COMMENT_OR_LAST_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|<!--.*?-->|,(?=\s*[}\]])', re.DOTALL)
_MICRODATA = re.compile(
    r"(?:itemtype|typeof)\s*=\s*[\"']?(?:https?://(?:www\.)?schema\.org/)?(?:Review|AggregateRating)\b", re.IGNORECASE
)
_ESCAPED_QUOTE = re.compile("&(?:quot|#34|#x22);", re.IGNORECASE)
_ESCAPED_APOSTROPHE = re.compile(r"(\\\\)|\\'")


class Document(NamedTuple):
    """One block of JSON-LD, or what is `wrong` with it. `language` is that of its page."""

    number: int
    content: Any
    wrong: str | None = None
    language: str = ""


class _JsonLdBlocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.is_open = False
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""
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


def json_ld_of_page(page: str, label: str) -> list[Document]:
    """The blocks of a page.

    Raises `ImportFileError` for a page without such blocks, and for one that ends within a block.
    """
    reader = _JsonLdBlocks()
    reader.feed(page)
    reader.close()
    if reader.is_open:
        raise ImportFileError(
            f"{label} is cut short: it ends within a block of JSON-LD. Save it again. Nothing was changed."
        )
    if not reader.blocks and not has_microdata(page):
        raise ImportFileError(
            f"{label} is a web page without reviews for programs (schema.org JSON-LD), so there is nothing to read. "
            "Nothing was changed."
        )
    return [_read_block(number, block, reader.language) for number, block in enumerate(reader.blocks, start=1)]


def has_microdata(page: str) -> bool:
    """Whether reviews stand in the page's own elements, which are not read."""
    return _MICRODATA.search(page) is not None


def _read_block(number: int, block: str, language: str) -> Document:
    try:
        return Document(number, read_json(block), language=language)
    except (ValueError, RecursionError):
        return Document(number, None, "is not valid JSON", language)


def read_json(text: str) -> Any:
    """What `text` holds as JSON, the way that pages have it: in a comment or CDATA, with a semicolon or a comma behind
    it, with line breaks within texts, with `&quot;` for quotes, with a backslash before an apostrophe.

    Of several values in a row, a list. Raises the `ValueError` of plain JSON when it is none of these.
    """
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        unescaped = _ESCAPED_APOSTROPHE.sub(lambda found: found[1] or "'", _ESCAPED_QUOTE.sub('"', text))
        for readable in (text, unescaped, _without_comments(unescaped)):
            values = _values(readable)
            if values:
                return values[0] if len(values) == 1 else values
        raise error


def _without_comments(text: str) -> str:
    start = _JSON_STARTS.search(text)
    return _COMMENT_OR_LAST_COMMA.sub(lambda found: found[1] or "", text[start.start() :]) if start else ""


def _values(text: str) -> list[Any]:
    """The objects and lists of `text` one after the other; none when there is anything else after the first."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    start = _JSON_STARTS.search(text)
    place = start.start() if start else len(text)
    while place < len(text):
        if text[place] not in "{[":
            return []
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError:
            return []
        values.append(value)
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
    return values
