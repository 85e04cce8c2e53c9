"""Estimates in the database come from published reviews alone and tell the search what they moved."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.extensions import db
from directory.providers.revision import changed_since, current_revision
from directory.reviews.actions.estimating import estimate_ratings
from directory.reviews.models import RatingEstimate, RatingParameters
from directory.reviews.ratings import Parameters, RatingSums, estimate_rating, learn_parameters
from tests import factories


def stored(npi: str) -> RatingEstimate | None:
    return db.session.get(RatingEstimate, npi, populate_existing=True)


def rated(*stars: float) -> str:
    npi = factories.provider().npi
    for rating in stars:
        factories.review(npi, rating)
    return npi


def test_estimates_are_those_of_the_model(app: Flask) -> None:
    good, poor = rated(5, 5, 4.5), rated(1, 2)
    estimate_ratings()
    sums = {good: RatingSums.of([5, 5, 4.5]), poor: RatingSums.of([1, 2])}
    shared = learn_parameters(sums.values())
    for npi, expected in sums.items():
        assert stored(npi).estimate == pytest.approx(estimate_rating(expected, shared).estimate)
        assert stored(npi).reviews_counted == expected.reviews
    parameters = db.session.scalars(select(RatingParameters)).one()
    assert parameters.mean == pytest.approx(shared.mean)


@pytest.mark.parametrize("status", ["pending", "rejected", "withdrawn"])
def test_only_published_reviews_count(app: Flask, status: str) -> None:
    npi = rated(5, 5)
    factories.review(npi, 1, status=status)
    unpublished = factories.provider().npi
    factories.review(unpublished, 1, status=status)
    estimate_ratings()
    assert stored(npi).reviews_counted == 2
    assert stored(unpublished) is None


def test_an_estimate_goes_with_the_last_published_review(app: Flask) -> None:
    npi = factories.provider().npi
    review = factories.review(npi, 5)
    estimate_ratings()
    assert stored(npi)
    review.status = "rejected"
    estimate_ratings([npi])
    assert stored(npi) is None


def test_one_new_review_moves_one_provider(app: Flask) -> None:
    npi, other = rated(5, 4), rated(3)
    estimate_ratings()
    db.session.commit()
    before, mean = current_revision(), db.session.scalar(select(RatingParameters.mean))
    factories.review(npi, 1)
    assert estimate_ratings([npi]) == 1
    db.session.commit()
    assert changed_since(before) == {npi}
    assert db.session.scalar(select(RatingParameters.mean)) == mean
    assert stored(other).reviews_counted == 1


def test_estimating_some_learns_from_all_when_nothing_was_learned_yet(app: Flask) -> None:
    npi, other = rated(5, 5), rated(1)
    estimate_ratings([npi])
    parameters = db.session.scalars(select(RatingParameters)).one()
    shared = Parameters(parameters.mean, parameters.between_sd, parameters.within_sd)
    assert shared.mean == pytest.approx(learn_parameters([RatingSums.of([5, 5]), RatingSums.of([1])]).mean)
    assert stored(other)


def test_estimating_again_changes_nothing(app: Flask) -> None:
    rated(5, 4.3, 2), rated(3.7)
    estimate_ratings()
    db.session.commit()
    before = current_revision()
    assert estimate_ratings() == 0
    db.session.commit()
    assert current_revision() == before


def test_a_new_mean_moves_the_revision_and_names_those_alone_whose_estimates_moved(app: Flask) -> None:
    factories.provider()
    npi = rated(5)
    db.session.commit()
    before = current_revision()
    estimate_ratings()
    db.session.commit()
    assert changed_since(before) == {npi}


def test_a_new_mean_moves_the_revision_even_when_no_estimate_does(app: Flask) -> None:
    before = current_revision()
    assert estimate_ratings() == 0
    db.session.commit()
    assert current_revision() == before + 1
    assert changed_since(before) == set()


def test_the_command_says_what_it_did(app: Flask, cli: FlaskCliRunner) -> None:
    rated(5)
    db.session.commit()
    assert cli.invoke(args=["ratings", "refresh"]).output == "Estimated the ratings anew; 1 changed.\n"
    assert cli.invoke(args=["ratings", "refresh"]).output == "Estimated the ratings anew; 0 changed.\n"
