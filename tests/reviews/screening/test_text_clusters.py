"""Texts that are nearly the same find each other, whenever and from wherever they come."""

import pytest
from flask import Flask

from directory.extensions import db
from directory.reviews.models import Review
from directory.reviews.screening.text_clusters import assign_clusters
from tests import factories

TEXT = "The injections helped within ten days and the office explained every step of the treatment to me."
NEAR = "The injections helped within nine days and the office explained every step of the treatment to us."
OTHER = "Parking was hard to find, and I waited an hour, but in the end my neck was calmer for three months."


def _clusters(*reviews: Review) -> list[int | None]:
    db.session.expire_all()
    return [review.text_cluster for review in reviews]


@pytest.mark.postgresql
def test_near_texts_share_the_cluster_of_the_first_one_whoever_they_are_about(app: Flask) -> None:
    first = factories.review(factories.provider().npi, text=TEXT)
    second = factories.review(factories.provider().npi, text=NEAR)
    third = factories.review(factories.provider().npi, text=OTHER)
    assign_clusters([first])
    assert _clusters(first) == [None]
    assign_clusters([second, third])
    assert _clusters(first, second, third) == [first.id, first.id, None]


def test_texts_that_come_together_find_each_other_too(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, text=text) for text in (OTHER, TEXT, NEAR, TEXT)]
    assign_clusters(reviews)
    assert _clusters(*reviews) == [None, reviews[1].id, reviews[1].id, reviews[1].id]


def test_a_changed_text_leaves_its_cluster(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, text=TEXT) for _ in range(2)]
    assign_clusters(reviews)
    reviews[1].text = OTHER
    db.session.flush()
    assign_clusters([reviews[1]])
    assert _clusters(reviews[1]) == [None]


def test_whole_texts_are_compared_where_only_a_part_may_be_kept(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, text=None), factories.review(npi, text="The injections …")]
    assign_clusters(reviews, [TEXT, TEXT])
    assert _clusters(*reviews) == [reviews[0].id, reviews[0].id]


def test_short_texts_say_nothing(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, text="Very helpful.") for _ in range(3)]
    assign_clusters(reviews)
    assert _clusters(*reviews) == [None, None, None]


def test_comparing_does_not_look_like_an_edit_to_a_moderator(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, text=TEXT) for _ in range(2)]
    versions = [review.version for review in reviews]
    assign_clusters(reviews)
    db.session.flush()
    db.session.expire_all()
    assert [review.version for review in reviews] == versions
