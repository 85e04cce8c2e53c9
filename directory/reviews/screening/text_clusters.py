"""Texts that are the same or nearly so share a cluster. The caller opens the transaction."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from directory.extensions import db
from directory.ratings.near_duplicates import band_keys, is_long_enough, letters, nearly_same, root
from directory.reviews.models import Review, TextFingerprint
from directory.web.chunks import chunks

AT_ONCE = 5_000  # values that one statement names
ENOUGH_BANDS = 3
"""Texts that share so many of their bands are nearly the same, even where only a part of one may be kept."""

_reviews: Any = Review.__table__  # past the objects' version: moderators see no change in what they judge
_fingerprints: Any = TextFingerprint.__table__


def assign_clusters(reviews: Sequence[Review], texts: Sequence[str | None] | None = None) -> None:
    """Set the text cluster of each of `reviews`, flushed before, by comparing it with all texts here.

    `texts` are their whole texts, where their sources' terms let only a part of them be kept. A cluster is named by
    the id of its first review; a text that stands alone has none.
    """
    reduced = {
        review.id: letters(text or "")
        for review, text in zip(reviews, texts or [review.text for review in reviews], strict=True)
    }
    long_enough = [id_ for id_, text in reduced.items() if is_long_enough(text)]
    keys = band_keys([reduced[id_] for id_ in long_enough]).tolist() if long_enough else []
    _keep_fingerprints(list(reduced), dict(zip(long_enough, keys, strict=True)))
    table = _fingerprints.c
    found = select(table.key, func.min(table.review_id)).group_by(table.key)
    firsts = dict(_rows(found, table.key, {key for of_text in keys for key in of_text}))  # reviews by their keys
    shared = {
        (id_, other): bands
        for id_, of_text in zip(long_enough, keys, strict=True)
        for other, bands in Counter(firsts[key] for key in of_text).items()
        if other != id_
    }
    unread = {other for (_, other), bands in shared.items() if bands < ENOUGH_BANDS} - reduced.keys()
    texts_kept = _rows(select(_reviews.c.id, _reviews.c.text), _reviews.c.id, unread)
    reduced |= {id_: letters(text or "") for id_, text in texts_kept}
    clusters = _joined(
        [
            (one, other)
            for (one, other), bands in shared.items()
            if bands >= ENOUGH_BANDS or nearly_same(reduced[one], reduced[other])
        ]
    )
    before = {review.id: review.text_cluster for review in reviews}
    _write({id_: clusters.get(id_) for id_ in before.keys() | clusters.keys()}, before)
    for review in reviews:
        set_committed_value(review, "text_cluster", clusters.get(review.id))


def _keep_fingerprints(ids: Sequence[int], keys: dict[int, list[int]]) -> None:
    for chunk in chunks(ids, AT_ONCE):
        db.session.execute(delete(_fingerprints).where(_fingerprints.c.review_id.in_(chunk)))
    rows = [
        {"review_id": id_, "band": band, "key": key}
        for id_, of_text in keys.items()
        for band, key in enumerate(of_text)
    ]
    if rows:
        db.session.execute(insert(_fingerprints), rows)


def _joined(links: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The cluster of each review that is linked, and of all that were in a cluster with one before."""
    stored = select(_reviews.c.id, _reviews.c.text_cluster)
    linked = _rows(stored, _reviews.c.id, {id_ for link in links for id_ in link})
    clusters = {id_: id_ if cluster is None else cluster for id_, cluster in linked}
    parents = {cluster: cluster for cluster in clusters.values()}
    for one, other in links:
        here, there = root(parents, clusters[one]), root(parents, clusters[other])
        parents[max(here, there)] = min(here, there)
    merged = {cluster for cluster in parents if root(parents, cluster) != cluster}
    clusters.update(_rows(stored, _reviews.c.text_cluster, merged))
    return {id_: root(parents, cluster) for id_, cluster in clusters.items()}


def _rows(statement: Select[Any], column: ColumnElement[int], values: Collection[int]) -> Iterator[Any]:
    """The rows of `statement` whose `column` has one of `values`."""
    for chunk in chunks(sorted(values), AT_ONCE):
        yield from db.session.execute(statement.where(column.in_(chunk)))


def _write(clusters: dict[int, int | None], before: dict[int, int | None]) -> None:
    changed = [
        {"review": id_, "cluster": cluster} for id_, cluster in clusters.items() if before.get(id_, -1) != cluster
    ]
    if changed:
        statement = update(_reviews).where(_reviews.c.id == bindparam("review"))
        db.session.execute(statement.values(text_cluster=bindparam("cluster")), changed)
