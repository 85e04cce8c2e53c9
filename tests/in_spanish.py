"""What a reader of a page sees or hears, and what of it is English."""

import re
from functools import cache
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from directory.web.languages import SPANISH, TRANSLATIONS

HEARD = {"aria-label", "title", "alt", "placeholder", "content"}  # and the sentences that scripts take from data-...
VOID = {"meta", "link", "input", "br", "img", "hr"}
COMMON = r"\b(?:the|of|and|is|are|with|from|for|not|was|were|have|you|your|that|this|which|it|its|stars|reviews?)\b"
ADDRESS = re.compile(r"\S+(?:://|@)\S+")
TAG = re.compile(r"<[^>]*>")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


class _Reader(HTMLParser):
    """Gathers the texts of a page that are not marked as English, and are not scripts or styles."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        skipped = self._is_skipped() or values.get("lang") == "en" or tag in {"script", "style"}
        if not skipped:
            self.texts += [
                value
                for name, value in values.items()
                if (name in HEARD and values.get("name") not in {"viewport", "color-scheme", "htmx-config"})
                or (name.startswith("data-") and " " in value)
            ]
        if tag not in VOID:
            self._open.append((tag, skipped))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_skipped():
            self.texts.append(" ".join(data.split()))

    def _is_skipped(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def texts_of(page: str) -> list[str]:
    reader = _Reader()
    reader.feed(page)
    return reader.texts


def visible(page: str) -> str:
    """All of that as one line."""
    return " ".join(texts_of(page))


def english_in(page: str) -> list[str]:
    """Each text with common words of English, and each English message, outside of what is marked as English."""
    texts = texts_of(page)
    found = [text for text in texts if re.search(COMMON, ADDRESS.sub("", text), re.IGNORECASE)]
    whole = " ".join(texts)
    return found + [pattern.pattern for pattern in _messages() if pattern.search(whole)]


@cache
def _messages() -> tuple[re.Pattern[str], ...]:
    """The English messages of two or more words that have another form in Spanish."""
    patterns = []
    for path in (TRANSLATIONS / SPANISH.code).glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale=SPANISH.code):
                pairs = [(message.id, message.string)]
                if isinstance(message.id, tuple):
                    pairs = list(zip(message.id, message.string, strict=True))
                patterns += [
                    _pattern(english) for english, spanish in pairs if english != spanish and _words(english) > 1
                ]
    return tuple(patterns)


def _words(message: str) -> int:
    return len(re.findall(r"[^\W\d]{2,}", PLACEHOLDER.sub(" ", TAG.sub(" ", message))))


def _pattern(message: str) -> re.Pattern[str]:
    plain = " ".join(TAG.sub(" ", message).replace("%%", "%").split())
    return re.compile(r"\b" + ".{1,200}?".join(re.escape(part) for part in PLACEHOLDER.split(plain)).lstrip())
