"""Estimates in the database come from published reviews alone and tell the search what they moved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.extensions import db
from directory.providers.revision import changed_since, current_revision
from directory.providers.sources import Source, SourceKind
from directory.ratings.model import Parameters
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Review, SourceAverage
from tests import factories
from tests.ratings.plain_ratings import PlainReview, plain_estimate


def stored(npi: str) -> RatingEstimate | None:
    return db.session.get(RatingEstimate, npi, populate_existing=True)


def rated(*stars: float) -> str:
    npi = factories.provider().npi
    for rating in stars:
        factories.review(npi, rating)
    return npi


def expected(*reviews: PlainReview) -> float:
    """The plain version's rating, with the parameters in the database."""
    parameters = Parameters.from_json(db.session.scalars(select(RatingParameters.model)).one())
    return plain_estimate(reviews, [], parameters)[0]


def test_estimates_are_those_of_the_model(app: Flask) -> None:
    good, poor = rated(5, 5, 4.5), rated(1, 2)
    estimate_ratings()
    mean = db.session.scalars(select(RatingParameters.mean)).one()
    assert stored(good).estimate > mean > stored(poor).estimate
    assert stored(good).reviews_counted == 3
    age = (datetime.now(UTC).date() - factories.DAY).days // 183
    said = [PlainReview("demo", stars, age, trust) for stars, trust in trusts(poor)]
    assert stored(poor).estimate == pytest.approx(expected(*said))


def trusts(npi: str) -> list[tuple[float, float]]:
    return [tuple(row) for row in db.session.execute(select(Review.rating, Review.weight).where(Review.npi == npi))]


def test_the_age_of_a_review_is_that_of_the_visit(app: Flask) -> None:
    npi, other = factories.provider().npi, factories.provider().npi
    now = datetime.now(UTC)
    for whose, visited in ((npi, date(2017, 1, 1)), (other, None)):
        factories.review(whose, 1, visited_on=visited, created_at=now)
    estimate_ratings()
    assert stored(npi).estimate > stored(other).estimate


def test_reviews_written_here_are_the_scale_in_demonstrations_too(app: Flask) -> None:
    db.session.add_all(
        Source(key=key, name=key, kind=SourceKind.DEMONSTRATION) for key in ("demo_site", "demo_carevoice")
    )
    db.session.flush()
    npi = factories.provider().npi
    factories.review(npi, 4, source_key="demo_site")
    factories.review(npi, 5, source_key="demo_carevoice")
    estimate_ratings()
    parameters = Parameters.from_json(db.session.scalars(select(RatingParameters.model)).one())
    assert parameters.sources.keys() == {"site", "demo_carevoice"}


def test_a_burst_is_counted_less_and_says_why(app: Flask) -> None:
    npi = factories.provider().npi
    start = datetime(2026, 1, 1, tzinfo=UTC)
    reviews = [factories.review(npi, 5, created_at=start + timedelta(hours=index)) for index in range(12)]
    verified = factories.review(npi, 5, created_at=start, verified=True)
    estimate_ratings()
    db.session.expire_all()
    assert all(review.weight < 0.1 and review.discounts == ["burst"] for review in reviews)
    assert (verified.weight, verified.discounts) == (1.0, [])
    assert (stored(npi).reviews_counted, stored(npi).reviews_discounted) == (13, 12)


def test_a_review_that_stands_elsewhere_too_is_not_counted(app: Flask) -> None:
    npi = factories.provider().npi
    first = factories.review(npi, 5)
    second = factories.review(npi, 5, duplicate_of=first.id)
    estimate_ratings()
    db.session.expire_all()
    assert (second.weight, second.discounts) == (0.0, ["duplicate"])
    assert (stored(npi).reviews_counted, stored(npi).reviews_discounted) == (1, 1)


def test_trust_does_not_look_like_an_edit_to_a_moderator(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, 5) for _ in range(5)]
    estimate_ratings()
    db.session.expire_all()
    assert {review.version for review in reviews} == {1}
    assert {tuple(review.discounts) for review in reviews} == {("burst",)}


@pytest.mark.postgresql
def test_a_source_that_gives_only_an_average_takes_part(app: Flask) -> None:
    high, low, none = (factories.provider().npi for _ in range(3))
    for npi, average in ((high, 4.9), (low, 2.0)):
        db.session.add(SourceAverage(npi=npi, source_key="demo", average=average, reviews=40, as_of=factories.DAY))
    estimate_ratings()
    assert stored(high).estimate > stored(low).estimate
    assert stored(high).reviews_counted == 0
    assert stored(none) is None


def test_an_average_speaks_for_those_reviews_alone_that_are_not_here(app: Flask) -> None:
    alone, both = factories.provider().npi, factories.provider().npi
    for npi in (alone, both):
        factories.review(npi, 5)
    db.session.add(SourceAverage(npi=both, source_key="demo", average=5.0, reviews=1, as_of=factories.DAY))
    estimate_ratings()
    assert stored(both).estimate == pytest.approx(stored(alone).estimate)


def test_one_provider_alone_is_estimated_as_among_all(app: Flask) -> None:
    npis = [rated(5, 4, 1, 5, 5), rated(2), rated(3.5, 5)]
    estimate_ratings()
    db.session.commit()
    assert estimate_ratings(npis) == 0


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
    assert parameters.mean == pytest.approx(Parameters.from_json(parameters.model).mean)
    assert stored(npi).estimate > stored(other).estimate


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
    assert cli.invoke(args=["ratings", "refresh"]).output == "Estimated the ratings again; 1 changed.\n"
    assert cli.invoke(args=["ratings", "refresh"]).output == "Estimated the ratings again; 0 changed.\n"
