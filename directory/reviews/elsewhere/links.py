"""Links to reviews at their sources."""

from urllib.parse import urlsplit

LONGEST_LINK = 500


def why_no_link(text: str) -> str | None:
    """What keeps `text` from being a link that a page may show, in words that follow its name; None when nothing."""
    if len(text) > LONGEST_LINK:
        return f"is longer than {LONGEST_LINK} characters"
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname and text.isprintable() and " " not in text:
            return None
    except ValueError:
        pass
    return "does not start with https:// or http:// and a host"
