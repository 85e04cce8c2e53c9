"""`flask search` prints what the page shows, in a form that scripts can rely on."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from directory.extensions import db
from directory.places.place import Place, Resolution
from directory.places.resolve import resolve
from directory.providers.models import AcceptingNewPatients
from directory.search.query import SearchQuery
from directory.search.service import search
from directory.web.days import today_in_california
from tests import factories


@pytest.fixture
def npis(app: Flask) -> list[str]:
    """Three providers at one door in Torrance, the first a physical therapist, the second in two places."""
    first = factories.provider(specialties=("225100000X",))
    second, third = factories.provider(), factories.provider()
    factories.location(second.npi, (33.9, -118.3))
    factories.license(third.npi)
    db.session.commit()
    return [first.npi, second.npi, third.npi]


def answer(cli: FlaskCliRunner, *arguments: str) -> dict:
    outcome = cli.invoke(args=["search", *arguments, "--json"])
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)


def test_json_has_the_keys_that_scripts_rely_on(cli: FlaskCliRunner, npis: list[str]) -> None:
    found = answer(cli, "90503")
    assert list(found) == ["place", "total", "results"]
    assert list(found["place"]) == ["label", "latitude", "longitude", "precision"]
    assert (found["total"], found["place"]["precision"]) == (2, "zip")
    keys = ["rank", "npi", "name", "latitude", "longitude", "distance_miles", "score", "parts", "weights", "reasons"]
    for rank, result in enumerate(found["results"], start=1):
        assert list(result) == keys
        assert list(result["parts"]) == list(result["weights"]) == ["proximity", "qualification", "rating"]
        assert result["rank"] == rank
        assert result["score"] == pytest.approx(
            sum(result["weights"][part] * result["parts"][part] for part in result["parts"]), abs=1e-15
        )
        assert result["parts"]["proximity"] == pytest.approx(0.5 ** (result["distance_miles"] / 10), abs=1e-15)
        assert result["reasons"]


def test_it_answers_as_the_service_does(cli: FlaskCliRunner, npis: list[str]) -> None:
    place = resolve("90503").place
    assert place
    expected = search(SearchQuery(place))
    found = answer(cli, "90503", "--taxonomy", "any", "--accepting-any")
    assert [(result["npi"], result["score"]) for result in found["results"]] == [
        (result.npi, result.score) for result in expected.results
    ]


def test_options_are_the_filters_of_the_page(cli: FlaskCliRunner, npis: list[str]) -> None:
    def total(*arguments: str) -> int:
        return int(answer(cli, "90503", *arguments)["total"])

    assert total() == total("--taxonomy", "treating") == 2
    assert total("--taxonomy", "225100000X") == total("--taxonomy", "alongside") == 1
    assert total("--taxonomy", "225100000X", "--taxonomy", "2084N0400X") == total("--taxonomy", "any") == 3
    assert total("--radius", "0.01") == 0
    for option in ("--accepting", "--verified"):
        assert total(option) == 0
    for option in (("--product", "botox"), ("--service", "emg_guidance"), ("--language", "es")):
        assert total(*option) == 0


def test_the_limit_bounds_the_results_and_not_the_total(cli: FlaskCliRunner, npis: list[str]) -> None:
    found = answer(cli, "90503", "--limit", "2")
    assert (found["total"], len(found["results"])) == (2, 2)
    assert len(answer(cli, "90503", "--taxonomy", "any", "--limit", str(10**12))["results"]) == 3


def test_weights_are_shares_of_their_sum(cli: FlaskCliRunner, npis: list[str]) -> None:
    found = answer(cli, "90503", "--weights", "0, 3,1")
    assert found["results"][0]["weights"] == {"proximity": 0.0, "qualification": 0.75, "rating": 0.25}


def test_a_sort_sets_the_weights_and_bears_no_others_beside_it(cli: FlaskCliRunner, npis: list[str]) -> None:
    found = answer(cli, "90503", "--sort", "nearest")
    assert found["results"][0]["weights"] == {"proximity": 1.0, "qualification": 0.0, "rating": 0.0}
    outcome = cli.invoke(args=["search", "90503", "--sort", "nearest", "--weights", "1,0,0"])
    assert outcome.exit_code == 2
    assert "Give --sort or --weights, not both" in outcome.stderr


def test_a_place_may_start_with_a_minus_after_two_dashes(
    cli: FlaskCliRunner, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the gazetteer ends, the text reaches it whole."""
    monkeypatch.setattr(
        "directory.search.cli.resolve", lambda text: Resolution(place=Place(text, -10.5, 20.0, "point"))
    )
    outcome = cli.invoke(args=["search", "--json", "--", "-10.5, 20"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.stdout)["place"]["label"] == "-10.5, 20"


def test_people_get_a_readable_page(cli: FlaskCliRunner, npis: list[str]) -> None:
    outcome = cli.invoke(args=["search", "90503", "--radius", "10"])
    assert outcome.exit_code == 0
    lines = outcome.stdout.splitlines()
    assert lines[0] == "2 providers within 10 miles of Torrance, CA 90503"
    assert "[demonstration data]" in lines[2]
    assert "no reviews yet, so we use the average of all providers" in outcome.stdout
    assert "rating 0.759 × 0.30" in outcome.stdout
    assert "Neurologist · Injections not confirmed: ask" in outcome.stdout


def test_an_empty_result_says_what_to_loosen(cli: FlaskCliRunner, npis: list[str]) -> None:
    outcome = cli.invoke(args=["search", "90503", "--product", "botox"])
    assert outcome.exit_code == 0
    assert "0 providers" in outcome.stdout
    assert "Any product: 2" in outcome.stdout


def test_those_who_accept_no_new_patients_come_only_when_asked_for(cli: FlaskCliRunner, npis: list[str]) -> None:
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    db.session.add(AcceptingNewPatients(npi=npis[1], accepting=False, **confirmed))
    db.session.commit()
    assert answer(cli, "90503")["total"] == 1
    assert answer(cli, "90503", "--accepting-any")["total"] == 2
    assert answer(cli, "90503", "--accepting")["total"] == 0
    assert answer(cli, "90503", "--accepting", "--accepting-any")["total"] == 2
    outcome = cli.invoke(args=["search", "90503"])
    assert "1 who accepts no new patients is left out: see --accepting-any." in outcome.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Nowhereville Xyz"], "ZIP"),
        ([""], "PLACE: Type where you are"),
        (["x" * 10_000], "PLACE: That is too long"),
        (["91, 20"], "latitude"),
        (["90503", "--radius", "-1"], "--radius: Type the radius"),
        (["90503", "--radius", "nan"], "--radius: Type the radius"),
        (["90503", "--taxonomy", "' OR 1=1 --"], "--taxonomy: We don’t list “' OR 1=1 --”"),
        (["90503", "--insurance", "🙂"], "--insurance: We don’t list “🙂”"),
        (["90503", "--weights", "0,0,0"], "--weights: Set at least one"),
        (["90503", "--weights", "1,2"], "--weights: Type three numbers"),
        (["90503", "--weights", "1,,2"], "--weights: Type three numbers"),
        (["90503", "--weights", "1,-2,3"], "--weights: Type each weight"),
        (["90503", "--limit", "0"], "--limit"),
    ],
)
def test_what_makes_no_sense_ends_with_2_and_a_sentence(
    cli: FlaskCliRunner, app: Flask, arguments: list[str], words: str
) -> None:
    outcome = cli.invoke(args=["search", *arguments])
    assert outcome.exit_code == 2
    assert words.lower() in outcome.stderr.lower()
    assert outcome.stdout == ""


def test_an_ambiguous_place_lists_what_to_type(cli: FlaskCliRunner, app: Flask) -> None:
    outcome = cli.invoke(args=["search", "Springfield"])
    assert outcome.exit_code == 2
    assert "Springfield, IL" in outcome.stderr
    assert cli.invoke(args=["search", "Springfield, IL"]).exit_code == 0
