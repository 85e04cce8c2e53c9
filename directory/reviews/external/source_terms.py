"""Sources of reviews from elsewhere, and how much of these may be kept and shown. The caller opens the transaction."""

import re
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select

from directory.audit.log import record
from directory.extensions import db
from directory.providers.sources import KNOWN_SOURCES, Source, SourceKind
from directory.reviews.models import DoubtfulMatch, Review, SourceAverage, SourceTerms
from directory.web.plain_text import without_invisible

TEXTS_AT_ONCE = 1_000
MAX_KEY_LENGTH = 40
MAX_LINK_LENGTH = 500
ELLIPSIS = "…"
ELSEWHERE = frozenset({SourceKind.PLATFORM, SourceKind.DEMONSTRATION})


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


class SourceError(Exception):
    """A name or link that a source of reviews cannot have. The message is a sentence."""


def review_source(name: str, url: str | None = None) -> Source:
    """The source of reviews of that name or key, added as a platform when it is new; `url` becomes its link.

    Raises `SourceError`.
    """
    source = known_review_source(name)
    if url is not None and (wrong := why_no_link(url)):
        raise SourceError(f"The link of the source {wrong}.")
    if source is None:
        source = Source(key=source_key(name), name=without_invisible(name), kind=SourceKind.PLATFORM)
        db.session.add(source)
    source.url = url or source.url
    db.session.flush()
    return source


def known_review_source(name: str) -> Source | None:
    """The source of reviews of that name or key, if it is stored. Raises `SourceError`."""
    key = source_key(name)
    source = db.session.get(Source, key)
    if key in KNOWN_SOURCES or (source is not None and source.kind not in ELSEWHERE):
        raise SourceError(
            f"“{name}” is not a source of reviews from elsewhere: reviews of this site are only written here. "
            "Give the name of the site that they come from."
        )
    return source


def source_key(name: str) -> str:
    """The key of the source called `name`: "Care Voice" -> "care_voice". Raises `SourceError`."""
    key = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
    if not key:
        raise SourceError(f"The name of the source, “{name[:40]}”, has no letters a to z and no digits: give another.")
    if len(key) > MAX_KEY_LENGTH:
        raise SourceError(f"The name of the source is longer than {MAX_KEY_LENGTH} characters: give a shorter one.")
    return key


def terms_of(source: Source) -> Terms:
    """What the source allows. The invented texts of the demonstration are ours, and shown unless terms were set."""
    row = db.session.get(SourceTerms, source.key)
    if row is None:
        return Terms(show_text=source.kind == SourceKind.DEMONSTRATION)
    return Terms(row.show_text, row.max_characters, row.link_required)


def change_terms(source: Source, terms: Terms, actor: str) -> int:
    """Set the terms and cut what is stored down to them; returns how many texts were cut or removed."""
    before = terms_of(source)
    if before == terms and db.session.get(SourceTerms, source.key) is not None:
        return 0
    db.session.merge(SourceTerms(source_key=source.key, **asdict(terms)))
    cut = _cut_texts(source, terms)
    after = {**asdict(terms), "texts_cut": cut}
    record(actor, "change_terms", f"source:{source.key}", before=asdict(before), after=after)
    return cut


def _cut_texts(source: Source, terms: Terms) -> int:
    cut = 0
    last = 0
    while batch := list(
        db.session.scalars(
            select(Review)
            .where(Review.source_key == source.key, Review.text.is_not(None), Review.id > last)
            .order_by(Review.id)
            .limit(TEXTS_AT_ONCE)
        )
    ):
        for review in batch:
            kept = kept_text(review.text, terms, has_link=bool(review.url or source.url))
            if kept != review.text:
                review.text = kept
                cut += 1
        last = batch[-1].id
        db.session.flush()
        for review in batch:
            db.session.expunge(review)
    for waiting in db.session.scalars(select(DoubtfulMatch).where(DoubtfulMatch.source_key == source.key)):
        text = waiting.content.get("text")
        kept = kept_text(text, terms, has_link=bool(waiting.content.get("url") or source.url))
        if kept != text:
            waiting.content = {**waiting.content, "text": kept}
            cut += 1
    db.session.flush()
    return cut


def sources_with_counts() -> list[tuple[Source, int, int]]:
    """The sources that reviews from elsewhere come from, by name, each with its numbers of reviews and averages."""
    sources = db.session.scalars(
        select(Source).where(Source.kind.in_(ELSEWHERE), Source.key.not_in(KNOWN_SOURCES)).order_by(Source.name)
    )
    reviews, averages = (
        dict(db.session.execute(select(table.source_key, func.count()).group_by(table.source_key)).all())
        for table in (Review, SourceAverage)
    )
    return [(each, reviews.get(each.key, 0), averages.get(each.key, 0)) for each in sources]


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
