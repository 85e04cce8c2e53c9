"""schema.org: the `Review` and `AggregateRating` elements of a document of JSON-LD, wherever they stand in it.

An element is about its `itemReviewed`, or else about the object that holds it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from directory.imports.reading.fields import RowRejectedError
from directory.imports.reviews.review_values import MAX_ID_LENGTH
from directory.imports.reviews.schema_org_values import (
    Node,
    count_in_digits,
    first_node,
    link_of,
    name_of,
    scaled_rating,
    text_of,
    without_markup,
)
from directory.ratings.review_days import us_day

_REVIEWS = frozenset({"Review", "UserReview"})
_AVERAGES = frozenset({"AggregateRating"})
_HOLDING = frozenset({"review", "reviews", "aggregateRating"})
_ADDRESS = ("streetAddress", "addressLocality", "addressRegion", "postalCode")
_WHO = ("provider_name", "provider_address", "provider_phone")
_AMERICAN = "en-us"


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
    is_american = any(map(_is_american, (language, *(text_of(node.get("inLanguage")) for node, _ in nodes))))
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
    text = "" if first_node(given) else text_of(given)
    named = by_id.get(text) or ({"name": text} if text and not link_of(text) else None)
    return _with_whole_parts(first_node(given) or named, by_id)


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
    rating = first_node(given)
    if rating is None or "@value" in rating:
        rating = {"ratingValue": given} if text_of(given) else None
    if rating is None:
        raise RowRejectedError("the review has no rating")
    fields = {
        **_provider(provider),
        "rating": scaled_rating(rating),
        "author": name_of(node.get("author")),
        "created_at": text_of(node.get("datePublished")) or text_of(node.get("dateCreated")),
        "text": text_of(node.get("reviewBody")) or text_of(node.get("text")) or text_of(node.get("description")),
        "url": link_of(node.get("url")) or link_of(node.get("@id")),
    }
    review_id = _id(node, provider, fields)  # by the texts as they stand, so that a review is known again
    if not review_id and not fields["created_at"]:
        needed = "a date" if fields["author"] else "a date and an author"
        raise RowRejectedError(f"the review has neither an id nor a date (datePublished): {needed} would do")
    language = text_of(node.get("inLanguage"))
    if _is_american(language) if language else is_american:
        fields["created_at"] = us_day(fields["created_at"])
    decoded = {name: without_markup(fields[name]) for name in (*_WHO, "author", "text")}
    return {**fields, **decoded, "source_review_id": review_id}


def _average(node: Node, provider: Any) -> dict[str, str]:
    who = _provider(provider)
    counts = [count_in_digits(text_of(node.get(name))) for name in ("reviewCount", "ratingCount")]
    return {
        **who,
        **{name: without_markup(who[name]) for name in _WHO},
        "average": scaled_rating(node),
        "reviews": next((count for count in counts if count not in {"", "0"}), counts[0]),
        "url": link_of(node.get("url")) or (link_of(provider.get("url")) if isinstance(provider, dict) else ""),
    }


def _is_american(language: str) -> bool:
    return language.replace("_", "-").casefold() == _AMERICAN


def _provider(provider: Any) -> dict[str, str]:
    if not isinstance(provider, dict):
        raise RowRejectedError("it does not say who is reviewed: there is no itemReviewed, and nothing holds it")
    address = provider.get("address")
    found = first_node(address)
    return {
        "provider_npi": _npi(provider.get("npi"), is_npi=True) or _npi(provider.get("identifier")),
        "provider_name": text_of(provider.get("name")),
        "provider_address": ", ".join(filter(None, (text_of(found.get(part)) for part in _ADDRESS)))
        if found
        else text_of(address),
        "provider_phone": text_of(provider.get("telephone")),
    }


def _npi(identifier: Any, *, is_npi: bool = False) -> str:
    """The NPI among identifiers: a PropertyValue that is named so, or ten digits that start as an NPI does."""
    if isinstance(identifier, list):
        return next(filter(None, (_npi(each, is_npi=is_npi) for each in identifier)), "")
    if isinstance(identifier, dict):
        named = f"{text_of(identifier.get('propertyID'))} {text_of(identifier.get('name'))}".casefold()
        return _npi(identifier.get("value"), is_npi=True) if "npi" in named or "national provider" in named else ""
    text = text_of(identifier)
    if text.casefold().startswith("npi"):
        text, is_npi = text[3:].strip(" :-#"), True
    if is_npi:
        return text
    return text if len(text) == 10 and text.isascii() and text.isdigit() and text[0] in "129" else ""


def _id(node: Node, provider: Any, fields: dict[str, str]) -> str:
    """The review's identifier, `@id` or address; made from provider, author and day for a review without any."""
    page = provider.get("url") if isinstance(provider, dict) else None
    for value in (node.get("identifier"), node.get("@id"), node.get("url")):
        named = first_node(value)
        given = text_of(named.get("value")) if named else text_of(value)
        if given and given != page:
            return given if len(given) <= MAX_ID_LENGTH else _digest(given)
    if not fields["author"] or not fields["created_at"]:
        return ""
    told = (fields[name] for name in ("provider_npi", "provider_name", "provider_address", "author", "created_at"))
    return _digest("\n".join(told))


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
