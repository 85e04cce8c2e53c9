"""Each rank is explained in words that follow from the facts."""

from dataclasses import replace

import pytest

from directory.credentials.injections import Injections
from directory.credentials.rubric import BOARD, FELLOWSHIP, GUIDANCE, LICENSE, RUBRIC, VOLUME, YEARS
from directory.search.explain import HELD_BACK, LIFTED, UNVERIFIED, explain
from directory.search.query import Parts, Result
from directory.web.phrases import Phrase

BEST = Result(
    rank=1,
    npi="9000000001",
    name="Ana de la Cruz, MD",
    location_id=1,
    address="1 Example Way, Torrance, CA 90503",
    city="Torrance",
    country="US",
    phone=None,
    latitude=33.84,
    longitude=-118.34,
    precision="point",
    distance_miles=4.24,
    score=0.9,
    parts=Parts(0.7, 1.0, 0.9),
    profession="Neurologist",
    is_organization=False,
    injections=Injections((), are_confirmed=False),
    accepting=None,
    license_verified=True,
    awards=[
        (LICENSE.key, 20, Phrase("active, no public discipline")),
        (BOARD.key, 20, Phrase("neurology")),
        (FELLOWSHIP.key, 15, Phrase("movement disorders")),
        (VOLUME.key, 22.4, Phrase("62 neck treatments billed to Medicare in 2023")),
        (GUIDANCE.key, 10, Phrase("EMG guidance (CPT 95874) billed to Medicare in 2023")),
        (YEARS.key, 10, Phrase("licensed since January 2, 2010")),
    ],
    rating=4.61,
    rating_low=4.2,
    rating_high=4.79,
    reviews_counted=31,
    is_demonstration=True,
)


def reasons(result: Result) -> tuple[str, ...]:
    return explain(result).in_order()


def test_what_lifted_a_result_is_said_in_order() -> None:
    assert reasons(BEST) == (
        "4.2 miles away",
        "board-certified in neurology",
        "fellowship or subspecialty in movement disorders",
        "62 neck treatments billed to Medicare in 2023",
        "EMG guidance (CPT 95874) billed to Medicare in 2023",
        "licensed since January 2, 2010",
        "license verified",
        "rated 4.6 of 5 (likely between 4.2 and 4.8) from 31 reviews",
    )


def test_what_held_a_result_back_is_said_too() -> None:
    awards = [
        (VOLUME.key, 3.0, Phrase("1 neck treatment billed to Medicare in 2023")),
        (LICENSE.key, 0, Phrase("none on record")),
    ]
    said = reasons(replace(BEST, license_verified=False, awards=awards))
    assert said[1] == "1 neck treatment billed to Medicare in 2023"
    assert said[-2:] == (HELD_BACK[LICENSE.key], HELD_BACK[BOARD.key])


def test_a_provider_of_whom_nothing_is_verified_is_told_so_once() -> None:
    none = [(line.key, 0, Phrase("none on record")) for line in RUBRIC]
    for awards in (none, []):
        said = reasons(replace(BEST, license_verified=False, awards=awards))
        assert said[-1] == UNVERIFIED
        assert not set(said) & set(HELD_BACK.values())


def test_a_verified_license_under_discipline_is_not_called_unverified() -> None:
    awards = [*BEST.awards[1:], (LICENSE.key, 0, Phrase("the state board has published discipline"))]
    said = reasons(replace(BEST, awards=awards))
    assert said[-1] == "the state board has published discipline, so its license earns no points"


@pytest.mark.parametrize(
    ("miles", "words"),
    [
        (0.0, "less than 0.1 mile away"),
        (0.0999, "less than 0.1 mile away"),
        (0.1, "0.1 miles away"),
        (0.96, "1.0 mile away"),
        (1.06, "1.1 miles away"),
        (123.456, "123.5 miles away"),
    ],
)
def test_distances_are_said_as_people_say_them(miles: float, words: str) -> None:
    assert reasons(replace(BEST, distance_miles=miles))[0] == words


@pytest.mark.parametrize("precision", ["street", "zip", "city"])
def test_an_approximate_place_says_so(precision: str) -> None:
    assert "so the distance is approximate" in reasons(replace(BEST, precision=precision))[1]


@pytest.mark.parametrize(("count", "ending"), [(1, "from 1 review"), (4, "from 4 reviews")])
def test_few_reviews_are_called_few(count: int, ending: str) -> None:
    *_, rated, few = reasons(replace(BEST, reviews_counted=count))
    assert rated.endswith(ending)
    assert few == "few reviews so far"


def test_what_lifted_and_what_held_back_are_told_apart() -> None:
    said = explain(replace(BEST, awards=BEST.awards[2:], license_verified=False, reviews_counted=2))
    assert said.lifted == reasons(BEST)[2:6]
    assert said.held_back == ("few reviews so far", HELD_BACK[LICENSE.key], HELD_BACK[BOARD.key])
    assert explain(BEST).held_back == ()


def test_no_review_takes_the_average_and_says_so() -> None:
    unrated = replace(BEST, rating=None, rating_low=None, rating_high=None, reviews_counted=0)
    assert reasons(unrated)[-1] == "no reviews yet, so we use the average of all providers"


def test_every_line_of_the_rubric_has_words() -> None:
    assert LIFTED.keys() == {line.key for line in RUBRIC}
