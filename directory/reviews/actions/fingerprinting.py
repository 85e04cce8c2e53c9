"""Texts that are the same or nearly so share a cluster. The caller commits."""

from collections.abc import Sequence

from directory.reviews.models import Review


def assign_clusters(reviews: Sequence[Review]) -> None:
    """Set the text cluster of each of `reviews`, flushed before, by comparing it with all texts here."""
