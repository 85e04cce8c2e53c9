"""Values of schema.org's objects: texts, links, names, ratings and counts, as pages write them."""

import html
import math
import re
from typing import Any

from directory.imports.reading.fields import RowRejectedError
from directory.imports.reviews.review_values import whole_characters

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_LINE_BREAK = re.compile(r"[ \t]*</?br(?:[\s/][^<>]*)?>[ \t]*(?:\r?\n)?", re.IGNORECASE)
_BLOCK_TAGS = re.compile(
    r"(?:\s*</?(?:p|div|ul|ol|li|blockquote|center|h[1-6]|hr|pre|section)(?:[\s/][^<>]*)?>)+\s*", re.IGNORECASE
)
_INLINE_TAGS = re.compile(
    r"</?(?:a|b|cite|code|del|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE
)
_STARS = re.compile(
    r"(?P<value>\d+(?:[.,]\d+)?)(?: ?(?:/|out of|of|de) ?(?P<best>\d+(?:[.,]\d+)?))?(?: (?:stars?|estrellas?))?",
    re.IGNORECASE | re.ASCII,
)
_COUNT = re.compile(
    r"\(?(?P<whole>\d{1,3}(?:(?P<mark>[,.'’ \u00a0\u202f])\d{3})(?:(?P=mark)\d{3})*|\d+)(?:[.,]0{1,2})?\)?"
    r"(?: (?:(?:google|patient|verified|total) )?(?:reviews?|ratings?|votes?|opinions|reseñas|opiniones))?",
    re.IGNORECASE,
)

Node = dict[str, Any]


def name_of(value: Any) -> str:
    """A name as text, or that of a Person or Organization, or those of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(name_of, value)))
    if isinstance(value, dict):
        parts = (text_of(value.get(part)) for part in ("givenName", "familyName"))
        return text_of(value.get("name")) or " ".join(filter(None, parts))
    return text_of(value)


def link_of(value: Any) -> str:
    text = text_of(value).replace("&amp;", "&")
    return text if text.startswith(("https://", "http://")) else ""


def first_node(value: Any) -> Node | None:
    if isinstance(value, list):
        return next((each for each in value if isinstance(each, dict)), None)
    return value if isinstance(value, dict) else None


def text_of(value: Any) -> str:
    """Text, a number as text, or the first of several; empty for anything else. JSON-LD may wrap it as {"@value"}."""
    if isinstance(value, list):
        return next(filter(None, map(text_of, value)), "")
    if isinstance(value, dict):
        return text_of(value.get("@value"))
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return whole_characters(value).strip()
    return str(value) if isinstance(value, int | float) else ""


def without_markup(text: str) -> str:
    """`text` without markup: tags are line breaks or nothing, and a character reference is its character."""
    plain = _INLINE_TAGS.sub("", _BLOCK_TAGS.sub("\n", text))
    return _LINE_BREAK.sub("\n", _REFERENCE.sub(lambda found: html.unescape(found[0]), plain)).strip()


def scaled_rating(rating: Node) -> str:
    """The stars of a rating: 1 + 4 * (value - worst) / (best - worst).

    Without `bestRating` and `worstRating` its scale is 1 to 5, as schema.org says. Raises `RowRejectedError`.
    """
    text = text_of(rating.get("ratingValue"))
    said = _STARS.fullmatch(text)  # 4.5, or 9 out of 10
    value = _number(said["value"] if said else text, "rating")
    worst = _number(text_of(rating.get("worstRating")) or "1", "worstRating")
    best = _number(text_of(rating.get("bestRating")) or (said and said["best"]) or "5", "bestRating")
    if not worst < best:
        raise RowRejectedError(f"the scale of the rating is not one: worst {worst:g}, best {best:g}")
    if not worst <= value <= best:
        raise RowRejectedError(f"the rating {value:g} is not on its scale from {worst:g} to {best:g}")
    return f"{1 + 4 * (value - worst) / (best - worst):.4f}"


def _number(text: str, what: str) -> float:
    try:
        number = float(re.sub(r"^(-?\d+),(\d+)$", r"\1.\2", text))
    except ValueError:
        number = math.nan
    if not text.isascii() or not math.isfinite(number):
        raise RowRejectedError(f"the {what} {text[:20]!r} is not a number" if text else f"the {what} is empty")
    return number


def count_in_digits(text: str) -> str:
    """1,247 and 37.0 as digits. Other texts stay, as does 1.000, which may mean one."""
    found = _COUNT.fullmatch(text)
    if not found or (found["mark"] == "." and found["whole"].endswith(".000")):
        return text
    return re.sub(r"\D", "", found["whole"])
