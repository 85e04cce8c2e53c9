"""NPPES is asked about one area until all who treat there are known, and what it says is checked and kept."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import FetchedFile
from directory.imports.reading.answers import read_answers
from directory.imports.sources import client
from directory.imports.sources.catalog import SOURCES, FetchError
from directory.imports.sources.client import SourceClient
from directory.imports.sources.fetching import fetch_source
from directory.imports.sources.nppes_api import DESCRIPTIONS, RegistryQuestion, first_questions, parts_of
from directory.imports.sources.store import Fetched
from directory.places.areas import AreaCodes
from directory.providers.models import Provider
from directory.providers.offerings import TREATING_SPECIALTIES
from tests.imports.importer import run_import, said_by
from tests.imports.sources.server import Fault, SourcesServer
from tests.imports.sources.world import HOSPITAL_ZIP, OTHERS, TREATING, InventedProvider, World
from tests.imports.sources.world_answers import REGISTRY
from tests.imports.sources.world_files import content_at

NEAR = ("--near", "90503", "--radius", "4")
ZIPS = ("90254", "90277", "90278", "90501", "90502", "90503", "90504", "90505", "90717")
"""All that lie so near and that the world has streets in."""


@pytest.fixture(scope="module")
def big() -> World:
    return World()


@pytest.fixture
def small() -> World:
    return World(count=100)


def served(server: SourcesServer, app: Flask, world: World) -> None:
    server.answer_for(app)
    server.content = partial(content_at, world)


def kept_of(key: str) -> list[FetchedFile]:
    return list(db.session.scalars(select(FetchedFile).where(FetchedFile.source_key == key).order_by(FetchedFile.id)))


def area_answers() -> str:
    """The path of the newest answers about the area."""
    return next(str(file.path) for file in reversed(kept_of("nppes")) if str(file.path).endswith(".jsonl.gz"))


def area(*further_zips: str) -> AreaCodes:
    return AreaCodes("Torrance", 4.0, tuple(sorted({*ZIPS, *further_zips})), ("CA",), ())


def fetch(*names: str, around: AreaCodes | None = None) -> list[Fetched]:
    """Fetch what each source answers about the area, without whole files."""
    with SourceClient() as asked:
        sources = [replace(SOURCES[name], finder="") for name in names]
        return [fetched for source in sources for fetched in fetch_source(asked, source, around or area())]


def belongs(each: InventedProvider, *further_zips: str) -> bool:
    is_near = any(address.street.zip in {*ZIPS, *further_zips} for address in each.addresses)
    return is_near and bool({*each.specialties} & {*TREATING})


def test_every_treating_specialty_is_asked_for() -> None:
    assert DESCRIPTIONS.keys() == TREATING_SPECIALTIES.keys()
    assert all(words in whole for words, whole in DESCRIPTIONS.values())
    questions = first_questions(["90503", "90505", "90802"])
    assert {question.postal_code for question in questions} == {"905*", "908*"}
    assert len(questions) == len(set(questions)) == 2 * 2 * len({words for words, _whole in DESCRIPTIONS.values()})


def test_a_question_that_fills_up_is_put_more_narrowly_until_it_cannot_be() -> None:
    question = RegistryQuestion("905*", "Pain Medicine", "NPI-1")
    zips = ("90503", "90505", "90802")
    assert [part.postal_code for part in parts_of(question, zips)] == ["90503", "90505"]
    narrower = parts_of(parts_of(question, zips)[0], zips)
    assert {(part.postal_code, part.description) for part in narrower} >= {("90503", "Anesthesiology, Pain Medicine")}
    deeper = parts_of(narrower[0], zips)
    assert [part.postal_code for part in deeper] == [f"90503{digit}*" for digit in range(10)]
    assert parts_of(RegistryQuestion("905031234*", "Anesthesiology, Pain Medicine", "NPI-1"), zips) == []


def test_all_who_treat_in_the_area_come_also_from_a_zip_that_fills_up(
    app: Flask, sources_server: SourcesServer, big: World
) -> None:
    served(sources_server, app, big)
    fetch("cms_services", "nppes", around=area(HOSPITAL_ZIP))
    answers = list(read_answers(area_answers()))
    came = {result["number"] for answer in answers for result in answer.body["results"]}
    assert came >= {each.npi for each in big.providers.values() if belongs(each, HOSPITAL_ZIP)}
    injectors = {
        each.npi for each in big.providers.values() if each.injects_necks and each.addresses[0].street.zip in ZIPS
    }
    assert came >= injectors - {each.npi for each in big.providers.values() if belongs(each)} != set()
    asked = [request.query for request in sources_server.asked(REGISTRY)]
    assert any(query["postal_code"] == [HOSPITAL_ZIP] for query in asked if "postal_code" in query)
    assert any(
        query["taxonomy_description"] == ["Psychiatry & Neurology, Neurology"]
        for query in asked
        if "postal_code" in query
    )
    assert all(int(query.get("skip", ["0"])[0]) <= 1000 for query in asked)
    assert len({answer.url for answer in answers}) == len(asked) < 600
    assert sources_server.most_at_once == 1


@pytest.mark.postgresql
def test_answers_are_imported_with_those_who_billed_neck_injections(
    app: Flask, sources_server: SourcesServer, small: World
) -> None:
    served(sources_server, app, small)
    injector = next(each for each in small.providers.values() if each.injects_necks and belongs(each))
    injector.specialties = [OTHERS[0]]
    bystander = next(each for each in small.providers.values() if belongs(each) and not each.injects_necks)
    bystander.specialties = [OTHERS[0]]
    fetch("cms_services", "nppes")
    said_by(run_import(app, "nppes", area_answers(), *NEAR, "--taxonomy", "treating", "--json"))
    here = set(db.session.scalars(select(Provider.npi)))
    expected = {each.npi for each in small.providers.values() if belongs(each)} | {injector.npi}
    assert here == expected
    assert bystander.npi not in here
    again = said_by(run_import(app, "nppes", area_answers(), *NEAR, "--taxonomy", "treating", "--json"))
    assert (again["added"], again["changed"]) == (0, 0)
    assert [fetched.changed for fetched in fetch("nppes")] == [False]
    injector.last = "NEWNAME"
    assert [fetched.changed for fetched in fetch("nppes")] == [True]


def test_who_moved_away_or_is_out_of_service_is_asked_about_by_number(
    app: Flask, sources_server: SourcesServer, small: World
) -> None:
    served(sources_server, app, small)
    fetch("nppes")
    said_by(run_import(app, "nppes", area_answers(), *NEAR, "--taxonomy", "treating", "--json"))
    moved, gone, *_others = (each for each in small.providers.values() if belongs(each) and len(each.addresses) == 1)
    away = next(street for street in small.streets if street.zip == "92103")
    moved.addresses = [moved.addresses[0]._replace(street=away)]
    gone.is_active = False
    fetch("nppes")
    said_by(run_import(app, "nppes", area_answers(), *NEAR, "--taxonomy", "treating", "--json"))
    assert [each.city for each in db.session.get_one(Provider, moved.npi).locations] == ["San Diego"]
    assert db.session.get_one(Provider, gone.npi).deactivated_on is not None
    before = len(sources_server.requests)
    fetch("nppes")
    numbers = [request.query["number"] for request in sources_server.requests[before:] if "number" in request.query]
    assert numbers == []  # both are known for what they are


def test_a_fetch_that_broke_off_goes_on_with_what_was_answered(
    app: Flask, sources_server: SourcesServer, small: World
) -> None:
    served(sources_server, app, small)
    answered = 0

    def half(path: str, query: str, base: str) -> bytes | None:
        nonlocal answered
        answered += path == REGISTRY
        return b"<html>Down for maintenance</html>" if answered == 30 else content_at(small, path, query, base)

    sources_server.content = half
    with pytest.raises(FetchError, match="did not answer in JSON"):
        fetch("nppes")
    assert kept_of("nppes") == []
    (incoming,) = Path(app.config["SOURCES_DIR"]).glob("nppes/.incoming/*.jsonl")
    with incoming.open("a") as file:
        file.write('{"url": "cut')  # as a kill leaves it
    fetch("nppes")
    asked = [request.target for request in sources_server.asked(REGISTRY)]
    assert len(asked) == len(set(asked)) + 1
    assert not incoming.exists()
    assert [answer.url for answer in read_answers(area_answers())] == sorted(
        {f"{sources_server.url}{target}" for target in asked}, key=[f"{sources_server.url}{t}" for t in asked].index
    )


def test_a_registry_that_is_busy_or_breaks_off_is_asked_again(
    app: Flask, sources_server: SourcesServer, small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.0)
    served(sources_server, app, small)
    sources_server.fail(
        REGISTRY, Fault(status=429, headers={"Retry-After": "0"}), Fault(status=503), Fault(cut_after=9)
    )
    assert [fetched.changed for fetched in fetch("nppes", around=replace(area(), zips=("90503",)))] == [True]
    questions = len(list(read_answers(area_answers())))
    assert len(sources_server.asked(REGISTRY)) == questions + 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b'{"Errors": [{"description": "Field x requires y", "field": "x", "number": "07"}]}', "Field x requires y"),
        (b'{"result_count": 0, "results": []}', "knows no provider with a treating specialty"),
        (b'{"result_count": 3, "results": []}', "announced 3 results and sent none"),
        (b'{"results": [{"npi": 1}]}', "otherwise than it used to"),
        (b"[]", "otherwise than it used to"),
        (b"", "did not answer in JSON"),
    ],
)
def test_an_answer_that_cannot_be_believed_leaves_what_was_there(
    app: Flask, sources_server: SourcesServer, answer: bytes, says: str
) -> None:
    served(sources_server, app, World(count=80))
    one_zip = replace(area(), zips=("90503",))
    fetch("nppes", around=one_zip)
    before = kept_of("nppes")
    for file in Path(app.config["SOURCES_DIR"]).glob("nppes/.incoming/*"):
        file.unlink()
    world = World(count=80)
    sources_server.content = lambda path, query, base: (
        answer if path == REGISTRY else content_at(world, path, query, base)
    )
    with pytest.raises(FetchError, match=says):
        fetch("nppes", around=one_zip)
    assert kept_of("nppes") == before
