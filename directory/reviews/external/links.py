"""Links to reviews at their sources."""

from urllib.parse import urlsplit

MAX_LINK_LENGTH = 500


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
