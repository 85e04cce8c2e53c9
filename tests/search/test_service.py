"""The search answers exactly what scoring every provider one by one would answer."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from geopy.distance import great_circle

from directory.extensions import db
from directory.places.place import Place
from directory.providers.models import ORGANIZATION, AcceptingNewPatients
from directory.reviews.estimating import estimate_ratings
from directory.search.facets import WIDER_MILES
from directory.search.filters import BY_PARAMETER, VALUES, ChosenFilters, ValuesFilter
from directory.search.query import SearchQuery, SearchResults, Weights
from directory.search.service import search
from directory.web.days import today_in_california
from tests import factories
from tests.search.plain import SWITCHES, PlainDirectory, random_directory, random_query
from tests.search.plain import VALUES as PLAIN_VALUES

TORRANCE = Place("Torrance, CA", *factories.TORRANCE, "city")


def without(filters: ChosenFilters, parameter: str) -> ChosenFilters:
    """`filters` but for the one of that URL parameter."""
    return {name: values for name, values in filters.items() if name != parameter}


def assert_as_plain(directory: PlainDirectory, query: SearchQuery) -> SearchResults:
    """The page holds the same providers, at the same locations, in the same order, with the same numbers."""
    found, everyone = search(query), directory.search(query)
    assert found.total == len(everyone)
    first = found.query.offset
    assert first == query.offset or (first % query.limit == 0 and first < max(found.total, 1) <= first + query.limit)
    page = everyone[first : first + query.limit]
    assert [(result.npi, result.location_id) for result in found.results] == [(p.npi, p.location_id) for p in page]
    assert [result.rank for result in found.results] == list(range(first + 1, first + 1 + len(page)))
    weights = query.weights
    for result, plain in zip(found.results, page, strict=True):
        assert result.distance_miles == pytest.approx(plain.distance_miles, abs=1e-9)
        parts = result.parts
        assert (parts.proximity, parts.qualification, parts.rating) == pytest.approx(plain.parts, abs=1e-12)
        assert result.score == (
            weights.proximity * parts.proximity
            + weights.qualification * parts.qualification
            + weights.rating * parts.rating
        )
    return found


def test_the_plain_search_has_every_filter() -> None:
    assert {*PLAIN_VALUES, *SWITCHES} == BY_PARAMETER.keys()


@pytest.fixture
def chance() -> random.Random:
    """Other directories and queries in each order of the tests; pytest-randomly prints the seed."""
    return random.Random(random.getrandbits(32))


@pytest.mark.parametrize("queries", [50, pytest.param(1_000, marks=pytest.mark.exhaustive)])
def test_random_queries_answer_as_the_plain_search(sqlite_app: Flask, chance: random.Random, queries: int) -> None:
    random_directory(chance, 200)
    directory = PlainDirectory()
    for _ in range(queries):
        assert_as_plain(directory, random_query(chance, directory))


def test_counts_beside_choices_are_what_choosing_them_would_bring(app: Flask, chance: random.Random) -> None:
    random_directory(chance, 80)
    directory = PlainDirectory()
    for _ in range(25):
        query = random_query(chance, directory)
        found = assert_as_plain(directory, query)
        for parameter, choices in found.facets.items():
            each, asked = BY_PARAMETER[parameter], query.filters.get(parameter, frozenset())
            groups = each.groups if isinstance(each, ValuesFilter) else {}
            single = [choice for choice in choices if choice.value not in groups]
            assert single == sorted(single, key=lambda choice: (-choice.count, choice.label))
            for choice in single:
                alone = {**query.filters, parameter: frozenset({choice.value})}
                assert choice.count == len(directory.search(query, alone))
            for choice in choices[len(single) :]:
                of_group = groups[choice.value].values
                alone = without(query.filters, parameter) | ({parameter: of_group} if of_group else {})
                assert choice.count == len(directory.search(query, alone))
            if isinstance(each, ValuesFilter):
                others = directory.search(query, without(query.filters, parameter))
                brought = {value for result in others for value in result.provider.values[parameter]} | asked - {""}
                known = brought if each.names is None else brought & each.names.keys()
                assert {choice.value for choice in choices} == known | (groups.keys() - {each.default})


def test_those_left_out_by_default_are_counted_and_come_when_asked_for(app: Flask) -> None:
    today = today_in_california()
    said = {"yes": (True, 1), "no": (False, 90), "no, long ago": (False, 91), "unknown": None}
    npis = {}
    for name, accepting in said.items():
        npis[name] = factories.provider().npi
        if accepting:
            confirmed = {"source_key": "demo", "as_of": today - timedelta(days=accepting[1])}
            db.session.add(AcceptingNewPatients(npi=npis[name], accepting=accepting[0], **confirmed))
    db.session.commit()

    def found(*chosen: str) -> tuple[set[str], int]:
        asked = VALUES["accepting"].asked(frozenset(chosen))
        results = search(SearchQuery(TORRANCE, filters={"accepting": asked} if asked else {}))
        names = {npi: name for name, npi in npis.items()}
        return {names[result.npi] for result in results.results}, results.not_accepting

    assert found() == ({"yes", "no, long ago", "unknown"}, 1)
    assert found("1") == ({"yes"}, 0)
    assert found("any") == (said.keys(), 0)


@pytest.mark.postgresql
def test_who_may_inject_is_of_a_treating_specialty_or_billed_neck_injections(app: Flask) -> None:
    neurologist = factories.provider().npi
    clinic = factories.provider(entity_type=ORGANIZATION, specialties=("261QP3300X",)).npi
    therapist, other, nurse = (
        factories.provider(specialties=(code,)).npi for code in ("225100000X", "207RC0000X", "363L00000X")
    )
    both = factories.provider(specialties=("225100000X", factories.NEUROLOGY)).npi
    factories.volume(nurse, year=2019, services=12)
    factories.volume(other, hcpcs_code="95874", services=50)
    db.session.commit()

    def found(*chosen: str) -> set[str]:
        asked = VALUES["specialty"].asked(frozenset(chosen))
        results = search(SearchQuery(TORRANCE, filters={"specialty": asked} if asked else {}))
        return {result.npi for result in results.results}

    assert found() == found("treating") == {neurologist, clinic, nurse, both}
    assert found("alongside") == {therapist, both}
    assert found("treating", "alongside") == {neurologist, clinic, nurse, both, therapist}
    assert found("injects") == {nurse}
    assert found("any") == found("any", "treating") == {neurologist, clinic, nurse, both, therapist, other}


@pytest.mark.postgresql
def test_a_wait_is_one_that_half_of_at_least_five_patients_had_at_most(app: Flask) -> None:
    waits = {"quick": ["week"] * 5, "soon": ["week", "week", "month", "month", "longer"], "late": ["longer"] * 6}
    npis = {}
    for name, answers in {**waits, "few": ["week"] * 4, "nobody": []}.items():
        npis[name] = factories.provider().npi
        for answer in answers:
            factories.review(npis[name], wait=answer)
    estimate_ratings()
    db.session.commit()

    def found(*asked: str) -> set[str]:
        filters = {"wait": VALUES["wait"].asked(frozenset(asked)) or frozenset()}
        results = search(SearchQuery(TORRANCE, filters=filters)).results
        return {name for name, npi in npis.items() if npi in {result.npi for result in results}}

    assert found("week") == {"quick"}
    assert found("month") == found("week", "month") == found("three_months") == {"quick", "soon"}
    counts = search(SearchQuery(TORRANCE)).facets["wait"]
    assert {choice.value: choice.count for choice in counts} == {"week": 1, "month": 2, "three_months": 2}


def test_empty_results_say_what_each_way_out_would_bring(app: Flask, chance: random.Random) -> None:
    random_directory(chance, 40)
    directory = PlainDirectory()
    empty = 0
    while empty < 20:
        query = replace(random_query(chance, directory), radius_miles=chance.choice((0.2, 2.0, 12.0, 60.0)))
        found = assert_as_plain(directory, query)
        if found.total:
            assert found.loosenings == ()
            continue
        empty += 1
        expected: dict[tuple[tuple[str, str], ...], int] = {}
        for parameter, asked in query.filters.items():
            each = BY_PARAMETER[parameter]
            by_default = each.asked(frozenset()) if isinstance(each, ValuesFilter) else None
            total = len(directory.search(query, without(query.filters, parameter)))
            if by_default and asked != by_default:
                of_default = len(directory.search(query, {**query.filters, parameter: by_default}))
                expected[((parameter, ""),)] = of_default
                if total == of_default:
                    continue
            expected[((parameter, "any" if by_default else ""),)] = total
        for radius in WIDER_MILES:
            if radius > query.radius_miles and (total := len(directory.search(replace(query, radius_miles=radius)))):
                expected[(("radius", str(radius)),)] = total
                break
        expected = {way: total for way, total in expected.items() if total}
        if expected:
            assert {tuple(way.changes.items()): way.total for way in found.loosenings} == expected
            assert [way.total for way in found.loosenings] == sorted(expected.values(), reverse=True)
        else:
            unfiltered = replace(query, filters={})
            for way in found.loosenings:
                assert {name for name, value in way.changes.items() if value in {"", "any"}} == BY_PARAMETER.keys()
                radius = float(way.changes.get("radius", query.radius_miles))
                assert way.total == len(directory.search(replace(unfiltered, radius_miles=radius))) > 0


@pytest.mark.parametrize("point", [(33.8359, -118.3406), (33.9, -118.3), (37.8, -122.4)])
def test_the_radius_is_kept_to_a_hair(app: Flask, point: tuple[float, float]) -> None:
    factories.provider(at=point)
    db.session.commit()
    miles = great_circle(factories.TORRANCE, point).miles
    assert search(SearchQuery(TORRANCE, radius_miles=miles + 1e-8)).total == 1
    assert search(SearchQuery(TORRANCE, radius_miles=miles - 1e-8)).total == 0


def test_pages_put_together_are_the_whole_order(sqlite_app: Flask, chance: random.Random) -> None:
    random_directory(chance, 150)
    query = SearchQuery(TORRANCE, radius_miles=100, weights=Weights(0, 1, 0), limit=7)
    total = search(query).total
    pages = [result.npi for offset in range(0, total, 7) for result in search(replace(query, offset=offset)).results]
    assert pages == [result.npi for result in search(replace(query, limit=1000)).results]
    assert len(set(pages)) == total > 50


def test_an_offset_beyond_the_last_result_is_that_of_the_last_page(app: Flask) -> None:
    for _ in range(5):
        factories.provider()
    db.session.commit()
    found = search(SearchQuery(TORRANCE, offset=10**13, limit=2))
    assert found.query.offset == 4
    assert [result.rank for result in found.results] == [5]


def test_nobody_is_found_in_an_empty_directory(app: Flask) -> None:
    found = search(SearchQuery(TORRANCE, offset=40))
    assert (found.total, found.results, found.query.offset) == (0, (), 0)
    assert found.loosenings == ()


def test_a_deactivated_provider_is_never_ranked(app: Flask) -> None:
    kept = factories.provider()
    factories.provider(deactivated_on=factories.DAY)
    db.session.commit()
    assert [result.npi for result in search(SearchQuery(TORRANCE)).results] == [kept.npi]


def test_a_result_shows_who_and_where(app: Flask) -> None:
    provider = factories.provider(at=None, specialties=("2081P2900X", "2084N0400X"))
    place = factories.location(provider.npi, factories.TORRANCE, line_1="1 Example Way", line_2="Suite 2", phone=None)
    db.session.commit()
    (result,) = search(SearchQuery(TORRANCE)).results
    assert result.address == "1 Example Way, Suite 2, Torrance, CA 90503"
    assert result.profession == "Pain physician"
    assert result.injections.sentences == ("Injections not confirmed: ask",)
    assert (result.location_id, result.phone, result.precision) == (place.id, None, "point")
    assert result.accepting is None
    assert result.is_demonstration
    assert (result.distance_miles, result.parts.proximity) == (0.0, 1.0)
