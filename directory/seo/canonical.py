"""The one address of a page, whatever parameters it was asked for with, and its addresses in the other languages."""

from flask import current_app

from directory.web.languages import ENGLISH, LANGUAGES, current_language, is_translated, path_in


def canonical_url(code: str | None = None) -> str:
    """The address of this page in a language, by default the one that it is shown in, without parameters."""
    path = path_in(code or current_language().code).partition("?")[0]
    return absolute_url(path if path != "/" else "")


def absolute_url(path: str) -> str:
    """The address that the world knows a path of this site by."""
    return f"{current_app.config['SITE_URL']}{path or '/'}"


def alternates() -> list[tuple[str, str]]:
    """For `hreflang`: each language of this page and the address in it; none when there is English alone.

    `x-default` is the bare path, which answers in the language that the browser asks for.
    """
    if not is_translated():
        return []
    return [(code, canonical_url(code)) for code in LANGUAGES] + [("x-default", canonical_url(ENGLISH.code))]
