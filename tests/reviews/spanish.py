"""What a reader of a Spanish page sees, and what of it was left in English."""

import re
from functools import cache
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from directory.web.languages import TRANSLATIONS

READ_ALOUD = {"aria-label", "alt", "placeholder", "title"}
WITHOUT_END = {"br", "img", "input", "link", "meta", "hr", "rect", "circle", "path", "line"}
NEVER_SEEN = {"script", "style"}
ENGLISH_WORDS = frozenset(
    {"the", "and", "of", "with", "your", "which", "was", "were", "this", "that", "from", "for", "review", "reviews"}
    | {"you", "it", "is", "are", "not", "have", "stars"}
)
PLACEHOLDER = re.compile(r"%\(\w+\)s|<[^>]+>|\{\w+\}|%%")


def visible(html: str) -> str:
    """The words of a page, in attributes too, outside of elements that say that they are in English."""
    reader = _Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.found).split())


def left_in_english(html: str) -> list[str]:
    """Messages of the reviews of two words or more that stand in a page as they are written in the code."""
    text = visible(html)
    return [message for message in _messages() if re.search(rf"(?<!\w){re.escape(message)}(?!\w)", text)]


def english_words(html: str) -> list[str]:
    """The words of a page that only English has."""
    text = re.sub(r"\S+(://|@)\S+", "", visible(html))  # addresses are no words
    return [word for word in re.findall(r"[a-záéíóúñü’]+", text.lower()) if word in ENGLISH_WORDS]


@cache
def _messages() -> list[str]:
    """The pieces of the messages between what is filled in."""
    with (TRANSLATIONS / "es" / "reviews.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    texts = [text for each in catalogue for text in (each.id if isinstance(each.id, tuple) else [each.id])]
    pieces = {" ".join(piece.split()).strip(".,:;? ") for text in texts for piece in PLACEHOLDER.split(text)}
    return sorted(piece for piece in pieces if len(piece.split()) > 1)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # tags, and whether what is in them is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        is_english = values.get("lang") == "en" and tag != "html"
        skipped = bool(self.open and self.open[-1][1]) or tag in NEVER_SEEN or is_english
        if not skipped:
            self.found += [
                value or "" for name, value in attrs if name in READ_ALOUD or re.fullmatch(r"data-.*words", name)
            ]
        if tag not in WITHOUT_END:
            self.open.append((tag, skipped))

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag not in WITHOUT_END and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(data)
