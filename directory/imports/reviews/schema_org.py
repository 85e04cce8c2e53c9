"""schema.org: the `Review` and `AggregateRating` elements of a document of JSON-LD, wherever they stand in it.

An element is about its `itemReviewed`, or else about the object that holds it. A rating on another scale becomes stars
by 1 + 4 * (value - worst) / (best - worst); without `bestRating` and `worstRating` the scale is 1 to 5, as
schema.org says. Character references and tags in texts are decoded once.
"""

import hashlib
import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from directory.imports.reading.fields import RowRejectedError
from directory.imports.reviews.review_values import MAX_ID_LENGTH, whole_characters
from directory.ratings.review_days import us_day

_REVIEWS = frozenset({"Review", "UserReview"})
_AVERAGES = frozenset({"AggregateRating"})
_HOLDING = frozenset({"review", "reviews", "aggregateRating"})
_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode")
_WHO = ("provider_name", "provider_address", "provider_phone")
_AMERICAN = "en-us"
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


@dataclass(slots=True)
class ReviewElement:
    """One review or average, with the names of the CSV's columns; or what is `wrong` with it."""

    is_average: bool
    fields: dict[str, str] = field(default_factory=dict)
    wrong: str = ""


def elements(document: Any, language: str = "") -> Iterator[ReviewElement]:
    """The elements of a parsed document, in their order. `language` is that of its page."""
    nodes = list(_nodes(document))
    by_id = {node["@id"]: node for node, _ in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    holders: dict[int, Node] = {}
    for node, holder in nodes:
        whole = _whole(node, by_id)
        if holder is not None:
            holders.setdefault(id(whole), holder)
    is_american = any(map(_is_american, (language, *(_text(node.get("inLanguage")) for node, _ in nodes))))
    for node, _ in nodes:
        types = _types(node)
        is_average = bool(types & _AVERAGES)
        if (is_average or types & _REVIEWS) and node is _whole(node, by_id):
            element = ReviewElement(is_average)
            try:
                whole = _with_whole_parts(node, by_id)
                provider = _reviewed(whole, by_id) or _with_whole_parts(holders.get(id(node)), by_id)
                element.fields = _average(whole, provider) if is_average else _review(whole, provider, is_american)
            except RowRejectedError as error:
                element.wrong = str(error)
            yield element


def _nodes(document: Any) -> Iterator[tuple[Node, Node | None]]:
    """Every object of the document in its order, with the one that holds it as its review or average."""
    stack: list[tuple[Any, Node | None]] = [(document, None)]
    while stack:
        value, holder = stack.pop()
        if isinstance(value, list):
            stack += [(each, holder) for each in reversed(value)]
        elif isinstance(value, dict):
            yield value, holder
            stack += [(each, value if name in _HOLDING else None) for name, each in reversed(value.items())]


def _whole(node: Any, by_id: dict[str, Node]) -> Any:
    """The object that a bare reference such as {"@id": "#clinic"} stands for; other objects themselves."""
    if isinstance(node, dict) and isinstance(node.get("@id"), str) and node.keys() <= {"@id", "@type"}:
        return by_id.get(node["@id"], node)
    return node


def _with_whole_parts(node: Any, by_id: dict[str, Node]) -> Any:
    """The object with whole ones in place of references to its author, rating, address and the like."""
    if not isinstance(node, dict):
        return node
    return {
        name: [_whole(each, by_id) for each in value] if isinstance(value, list) else _whole(value, by_id)
        for name, value in node.items()
    }


def _reviewed(node: Node, by_id: dict[str, Node]) -> Any:
    """Whom the element names as reviewed: an object, its @id, or a name alone."""
    given = node.get("itemReviewed")
    text = "" if _first_node(given) else _text(given)
    named = by_id.get(text) or ({"name": text} if text and not _link(text) else None)
    return _with_whole_parts(_first_node(given) or named, by_id)


def _types(node: Node) -> set[str]:
    given = node.get("@type")
    return {
        each.rpartition("/")[2].rpartition(":")[2]
        for each in (given if isinstance(given, list) else [given])
        if isinstance(each, str)
    }


def _review(node: Node, provider: Any, is_american: bool) -> dict[str, str]:
    """The review's fields. `is_american`: how a day such as 3/4/2025 is meant, unless the review gives its language."""
    given = node.get("reviewRating")
    rating = _first_node(given)
    if rating is None or "@value" in rating:
        rating = {"ratingValue": given} if _text(given) else None
    if rating is None:
        raise RowRejectedError("the review has no rating")
    fields = {
        **_provider(provider),
        "rating": _scaled(rating),
        "author": _name(node.get("author")),
        "created_at": _text(node.get("datePublished")) or _text(node.get("dateCreated")),
        "text": _text(node.get("reviewBody")) or _text(node.get("text")) or _text(node.get("description")),
        "url": _link(node.get("url")) or _link(node.get("@id")),
    }
    review_id = _id(node, provider, fields)  # by the texts as they stand, so that a review is known again
    if not review_id and not fields["created_at"]:
        needed = "a date" if fields["author"] else "a date and an author"
        raise RowRejectedError(f"the review has neither an id nor a date (datePublished): {needed} would do")
    language = _text(node.get("inLanguage"))
    if _is_american(language) if language else is_american:
        fields["created_at"] = us_day(fields["created_at"])
    decoded = {name: _decoded(fields[name]) for name in (*_WHO, "author", "text")}
    return {**fields, **decoded, "source_review_id": review_id}


def _average(node: Node, provider: Any) -> dict[str, str]:
    who = _provider(provider)
    counts = [_count(_text(node.get(name))) for name in ("reviewCount", "ratingCount")]
    return {
        **who,
        **{name: _decoded(who[name]) for name in _WHO},
        "average": _scaled(node),
        "reviews": next((count for count in counts if count not in {"", "0"}), counts[0]),
        "url": _link(node.get("url")) or (_link(provider.get("url")) if isinstance(provider, dict) else ""),
    }


def _is_american(language: str) -> bool:
    return language.replace("_", "-").casefold() == _AMERICAN


def _decoded(text: str) -> str:
    """`text` without markup: tags are line breaks or nothing, and a character reference is its character."""
    plain = _INLINE_TAGS.sub("", _BLOCK_TAGS.sub("\n", text))
    return _LINE_BREAK.sub("\n", _REFERENCE.sub(lambda found: html.unescape(found[0]), plain)).strip()


def _scaled(rating: Node) -> str:
    """The stars on our scale."""
    text = _text(rating.get("ratingValue"))
    said = _STARS.fullmatch(text)  # 4.5, or 9 out of 10
    value = _number(said["value"] if said else text, "rating")
    worst = _number(_text(rating.get("worstRating")) or "1", "worstRating")
    best = _number(_text(rating.get("bestRating")) or (said and said["best"]) or "5", "bestRating")
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


def _count(text: str) -> str:
    """1,247 and 37.0 as digits. Other texts stay, as does 1.000, which may mean one."""
    found = _COUNT.fullmatch(text)
    if not found or (found["mark"] == "." and found["whole"].endswith(".000")):
        return text
    return re.sub(r"\D", "", found["whole"])


def _provider(provider: Any) -> dict[str, str]:
    if not isinstance(provider, dict):
        raise RowRejectedError("it does not say who is reviewed: there is no itemReviewed, and nothing holds it")
    address = provider.get("address")
    found = _first_node(address)
    return {
        "provider_npi": _npi(provider.get("npi"), is_npi=True) or _npi(provider.get("identifier")),
        "provider_name": _text(provider.get("name")),
        "provider_address": ", ".join(filter(None, (_text(found.get(part)) for part in _ADDRESS)))
        if found
        else _text(address),
        "provider_phone": _text(provider.get("telephone")),
    }


def _npi(identifier: Any, *, is_npi: bool = False) -> str:
    """The NPI among identifiers: a PropertyValue that is named so, or ten digits that start as an NPI does."""
    if isinstance(identifier, list):
        return next(filter(None, (_npi(each, is_npi=is_npi) for each in identifier)), "")
    if isinstance(identifier, dict):
        named = f"{_text(identifier.get('propertyID'))} {_text(identifier.get('name'))}".casefold()
        return _npi(identifier.get("value"), is_npi=True) if "npi" in named or "national provider" in named else ""
    text = _text(identifier)
    if text.casefold().startswith("npi"):
        text, is_npi = text[3:].strip(" :-#"), True
    if is_npi:
        return text
    return text if len(text) == 10 and text.isascii() and text.isdigit() and text[0] in "129" else ""


def _id(node: Node, provider: Any, fields: dict[str, str]) -> str:
    """The review's identifier, `@id` or address; made from provider, author and day for a review without any."""
    page = provider.get("url") if isinstance(provider, dict) else None
    for value in (node.get("identifier"), node.get("@id"), node.get("url")):
        named = _first_node(value)
        given = _text(named.get("value")) if named else _text(value)
        if given and given != page:
            return given if len(given) <= MAX_ID_LENGTH else _digest(given)
    if not fields["author"] or not fields["created_at"]:
        return ""
    told = (fields[name] for name in ("provider_npi", "provider_name", "provider_address", "author", "created_at"))
    return _digest("\n".join(told))


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _name(value: Any) -> str:
    """A name as text, or that of a Person or Organization, or those of several."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value)))
    if isinstance(value, dict):
        parts = (_text(value.get(part)) for part in ("givenName", "familyName"))
        return _text(value.get("name")) or " ".join(filter(None, parts))
    return _text(value)


def _link(value: Any) -> str:
    text = _text(value).replace("&amp;", "&")
    return text if text.startswith(("https://", "http://")) else ""


def _first_node(value: Any) -> Node | None:
    if isinstance(value, list):
        return next((each for each in value if isinstance(each, dict)), None)
    return value if isinstance(value, dict) else None


def _text(value: Any) -> str:
    """Text, a number as text, or the first of several; empty for anything else. JSON-LD may wrap it as {"@value"}."""
    if isinstance(value, list):
        return next(filter(None, map(_text, value)), "")
    if isinstance(value, dict):
        return _text(value.get("@value"))
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, str):
        return whole_characters(value).strip()
    return str(value) if isinstance(value, int | float) else ""
