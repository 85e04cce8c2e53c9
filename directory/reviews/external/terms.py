"""What a source allows to be kept and shown of its reviews."""

from dataclasses import dataclass
from urllib.parse import urlsplit

ELLIPSIS = "…"
MAX_LINK_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """Without `show_text` nothing of a text is kept. `max_characters` counts the ellipsis; None is the whole text.

    With `link_required` a review needs a link to its source.
    """

    show_text: bool = False
    max_characters: int | None = None
    link_required: bool = False

    def __str__(self) -> str:
        shown = "the whole text" if self.show_text else "no text"
        if self.show_text and self.max_characters:
            shown = f"at most {self.max_characters:,} characters of a text"
        return f"shows {shown}, {'each review needs a link' if self.link_required else 'no link needed'}"


def kept_text(text: str | None, terms: Terms, *, has_link: bool) -> str | None:
    """As much of `text` as `terms` allow: cut after a whole word, with an ellipsis. None for nothing."""
    if not text or not terms.show_text or (terms.link_required and not has_link):
        return None
    most = terms.max_characters
    if most is None or len(text) <= most:
        return text
    start = text[: most - len(ELLIPSIS)]
    if not text[len(start)].isspace() and any(character.isspace() for character in start):
        start = start.rsplit(None, 1)[0] if not start[-1].isspace() else start
    return start.rstrip() + ELLIPSIS


def why_no_link(text: str) -> str | None:
    """What keeps `text` from being a link that a page may show, in words that follow its name; None when nothing."""
    if len(text) > MAX_LINK_LENGTH:
        return f"is longer than {MAX_LINK_LENGTH} characters"
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname and text.isprintable() and " " not in text:
            return None
    except ValueError:
        pass
    return "does not start with https:// or http:// and a host"
