"""CMS is asked by code, state and year; an answer that is not whole is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from directory.credentials.models import MedicareEnrollment, ProcedureVolume
from directory.extensions import db
from directory.imports.models import FetchedFile
from directory.imports.reading.answers import read_answers
from directory.imports.sources.catalog import SOURCES, FetchError
from directory.imports.sources.cms_api import releases_in
from tests.imports.importer import run_import, said_by
from tests.imports.sources import world_answers
from tests.imports.sources.server import SourcesServer
from tests.imports.sources.test_nppes_api import NEAR, area_answers, fetch, kept_of, served
from tests.imports.sources.world import World
from tests.imports.sources.world_answers import (
    CATALOG,
    DATASTORE,
    LATEST_ID,
    answer_to,
    as_json,
    catalog,
    clinician_rows,
    service_rows,
)
from tests.imports.sources.world_files import content_at

SOURCE = SOURCES["cms_services"]


@pytest.fixture
def small() -> World:
    return World(count=100)


def test_the_catalog_tells_years_and_the_latest_one_under_the_id_that_stays(small: World) -> None:
    found = releases_in(catalog(small, "http://127.0.0.1:1"), SOURCE)
    assert [release.year for release in found] == [*small.years]
    assert found[-1].dataset == LATEST_ID
    assert LATEST_ID not in {release.dataset for release in found[:-1]}


@pytest.mark.parametrize("answer", [[], {}, {"dataset": []}, {"dataset": [{"title": "Another"}, 7]}])
def test_a_catalog_without_the_entry_says_what_to_do(app: Flask, answer: Any) -> None:
    with pytest.raises(FetchError, match=r"has no entry .*SOURCE_CMS_SERVICES_URL"):
        releases_in(answer, SOURCE)


@pytest.mark.postgresql
def test_services_of_each_year_and_clinicians_are_fetched_and_imported(
    app: Flask, cli: FlaskCliRunner, sources_server: SourcesServer, small: World
) -> None:
    served(sources_server, app, small)
    result = cli.invoke(args=["sources", "fetch", "cms-services", "nppes", "cms-clinicians", *NEAR])
    assert result.exit_code == 0, result.output
    assert f"cms_services, {small.years[-1]}, CA: " in result.output
    said_by(run_import(app, "nppes", area_answers(), "--json"))
    for file in kept_of("cms_services"):
        said_by(run_import(app, "cms-services", str(file.path), "--json"))
    years = db.session.scalars(select(ProcedureVolume.year).distinct().order_by(ProcedureVolume.year)).all()
    assert years == [*small.years]
    (clinicians,) = kept_of("cms_clinicians")
    assert said_by(run_import(app, "cms-clinicians", str(clinicians.path), "--json"))["rejected"] == 0
    assert db.session.scalar(select(func.count()).select_from(MedicareEnrollment))
    again = fetch("cms_services", "cms_clinicians")
    assert [fetched.changed for fetched in again] == [False] * (len(small.years) + 1)


def test_all_pages_come(
    app: Flask, sources_server: SourcesServer, small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_answers, "MOST_CLINICIANS_A_PAGE", 7)
    monkeypatch.setattr(world_answers, "MOST_SERVICES_A_PAGE", 2)
    served(sources_server, app, small)
    fetch("cms_services", "cms_clinicians")
    rows = [
        row
        for file in kept_of("cms_clinicians")
        for answer in read_answers(str(file.path))
        for row in answer.body["results"]
    ]
    assert rows == [row for each in small.providers.values() for row in clinician_rows(each)]
    newest = kept_of("cms_services")[-1]
    came = [row for answer in read_answers(str(newest.path)) if isinstance(answer.body, list) for row in answer.body]
    expected = [row for each in small.providers.values() for row in service_rows(each, small.years[-1])]
    assert sorted(map(str, came)) == sorted(str(row) for row in expected if row["Rndrng_Prvdr_State_Abrvtn"] == "CA")


def changed(world: World, where: Callable[[str], bool], change: Callable[[Any], Any]) -> Callable[..., bytes | None]:
    """What the server sends when the answers at some paths are changed."""

    def content(path: str, query: str, base: str) -> bytes | None:
        answer = answer_to(world, path, query, base)
        return as_json(change(answer)) if answer is not None and where(path) else content_at(world, path, query, base)

    return content


def without(column: str) -> Callable[[Any], Any]:
    return lambda rows: [{name: value for name, value in row.items() if name != column} for row in rows]


@pytest.mark.parametrize(
    ("source", "path", "change", "says"),
    [
        ("cms_services", "/data", lambda rows: rows[:-1], "announced"),
        ("cms_services", "/data", without("Tot_Srvcs"), "without the columns"),
        (
            "cms_services",
            "/data",
            lambda rows: [{**row, "HCPCS_Cd": "99213"} for row in rows],
            "other rows than those of",
        ),
        ("cms_services", "/data", lambda rows: {"message": "Service unavailable"}, "without the columns"),
        ("cms_services", "/stats", lambda stats: {}, "did not say how many rows"),
        ("cms_services", "/stats", lambda stats: {"found_rows": 0}, "has no row of"),
        ("cms_services", CATALOG, lambda found: {"dataset": []}, "has no entry"),
        ("cms_clinicians", DATASTORE, lambda found: {**found, "results": found["results"][:-1]}, "announced"),
        (
            "cms_clinicians",
            DATASTORE,
            lambda found: {**found, "results": without("npi")(found["results"])},
            "without the columns",
        ),
        ("cms_clinicians", DATASTORE, lambda found: {"results": found["results"]}, "did not say how many rows"),
        (
            "cms_clinicians",
            DATASTORE,
            lambda found: {"count": 1, "results": [{**found["results"][0], "state": "NV"}]},
            "other rows",
        ),
        ("cms_clinicians", DATASTORE, lambda found: {"count": 0, "results": []}, "announced 0 rows"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(
    app: Flask,
    cli: FlaskCliRunner,
    sources_server: SourcesServer,
    small: World,
    source: str,
    path: str,
    change: Callable[[Any], Any],
    says: str,
) -> None:
    served(sources_server, app, small)
    sources_server.content = changed(small, lambda asked: asked.endswith(path), change)
    with pytest.raises(FetchError, match=says):
        fetch(source)
    assert db.session.scalar(select(func.count()).select_from(FetchedFile)) == 0
