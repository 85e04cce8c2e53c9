"""What is read of the compared: in their order, with the numbers of their own pages, in few statements."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.credentials.queries import qualifications
from directory.extensions import db
from directory.places.place import Place
from directory.reviews.display.outcomes import outcome_summary
from directory.reviews.display.published import review_summary
from directory.search.compare.queries import read_providers
from directory.search.compare.standing_rows import practice_of
from directory.search.query import SearchQuery
from directory.search.service import search
from tests import factories
from tests.search.compare.rows import compare, counted_statements, full, offering, rated

NEAR = Place("Gardena, CA", 33.8883, -118.3090, "city")


def test_they_come_in_the_order_asked_for_without_those_that_are_unknown(app: Flask) -> None:
    first, second = factories.provider(), factories.provider()
    assert [each.npi for each in read_providers([second.npi, "9999999999", first.npi])] == [second.npi, first.npi]
    assert read_providers([]) == []


@pytest.mark.postgresql
def test_the_numbers_are_those_of_the_providers_own_pages(app: Flask) -> None:
    provider = full()
    bare = rated(factories.provider(), 3.2, 2.1, 4.0)
    excluded = full()
    factories.exclusion(excluded.npi)
    db.session.commit()
    for column in read_providers([provider.npi, bare.npi, excluded.npi]):
        own = qualifications(column.npi)
        assert column.qualification == own.qualification
        shown = [(each.title, each.standing, each.counts) for each in own.credentials]
        assert [(each.title, each.standing, each.counts) for each in column.credentials] == shown
        assert column.rating == review_summary(column.npi).estimate
        assert column.outcomes == outcome_summary(column.npi)


def test_distances_and_points_are_those_that_the_search_shows(app: Flask) -> None:
    providers = [full(at=(33.8 + tenth / 10, -118.3)) for tenth in range(3)]
    factories.location(providers[2].npi, (33.89, -118.31))
    db.session.commit()
    found = {result.npi: result for result in search(SearchQuery(NEAR, radius_miles=100)).results}
    for column in read_providers([provider.npi for provider in providers]):
        practice = practice_of(column, NEAR)
        assert practice is not None
        result = found[column.npi]
        assert practice.distance_miles == pytest.approx(result.distance_miles, abs=1e-9)
        assert practice.location.id == result.location_id
        assert column.qualification.points / 100 == pytest.approx(result.parts.qualification)
        assert column.rating is not None
        assert column.rating.estimate == result.rating


def test_a_location_without_a_point_is_not_the_nearest(app: Flask) -> None:
    provider = factories.provider(at=None)
    nowhere = factories.location(provider.npi, (0.0, 0.0), latitude=None, longitude=None, precision="none")
    (column,) = read_providers([provider.npi])
    practice = practice_of(column, NEAR)
    assert practice is not None
    assert (practice.location, practice.distance_miles) == (nowhere, None)


def test_without_a_place_the_main_location_is_shown(app: Flask) -> None:
    provider = factories.provider()
    main = factories.location(provider.npi, (33.9, -118.2), is_primary=True)
    (column,) = read_providers([provider.npi])
    practice = practice_of(column, None)
    assert practice is not None
    assert (practice.location.id, practice.distance_miles, practice.others) == (main.id, None, 1)


def _statements(client: FlaskClient, npis: list[str]) -> int:
    """How many statements the page takes, in a session that holds nothing yet, as that of every request."""
    db.session.commit()
    db.session.expunge_all()
    with counted_statements() as statements:
        compare(client, *npis, near="90503")
    return len(statements)


def test_each_provider_more_costs_one_statement_for_its_outcomes(app: Flask, client: FlaskClient) -> None:
    providers = [full() for _ in range(4)]
    offering(providers[3], products=["dysport"])
    factories.location(providers[3].npi, factories.TORRANCE)
    npis = [provider.npi for provider in providers]
    assert _statements(client, npis) - _statements(client, npis[:1]) == 3


def test_four_hundred_numbers_cost_as_much_as_four(app: Flask, client: FlaskClient) -> None:
    npis = [full().npi for _ in range(4)]
    others = [f"1{number:09d}" for number in range(400)]
    assert _statements(client, npis + others) == _statements(client, npis)
    assert "400 more were left out" in compare(client, *npis, *others).text
