"""Whatever goes wrong on the way, in whatever order: what is kept is one whole version of the file, or nothing new."""

import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import FetchedFile
from directory.imports.sources import client
from directory.imports.sources.catalog import SOURCES, FetchError
from directory.imports.sources.client import SourceClient
from directory.imports.sources.fetching import fetch_source
from tests.imports.leie_files import entry, leie_csv
from tests.imports.sources.server import Fault, Page, SourcesServer

LEIE = "/exclusions/downloadables/UPDATED.csv"
STATUSES = (408, 429, 500, 502, 503, 504)


def version(chance: random.Random) -> str:
    return leie_csv(*(entry(lastname=f"N{chance.randrange(10**6)}") for _ in range(chance.choice([1, 30, 200]))))


def fault(chance: random.Random) -> Fault:
    return chance.choice(
        [
            Fault(),
            Fault(status=chance.choice(STATUSES)),
            Fault(cut_after=chance.randrange(20_000)),
            Fault(cut_after=0),
            Fault(slow_bytes=5_000, pause_seconds=0.001),
        ]
    )


@pytest.mark.parametrize("seed", [*range(12), *(pytest.param(n, marks=pytest.mark.exhaustive) for n in range(12, 300))])
def test_what_is_kept_is_always_a_whole_version(
    sqlite_app: Flask, sources_server: SourcesServer, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    sources_server.answer_for(sqlite_app)
    versions = [version(chance)]

    def pause(_seconds: float) -> None:
        if chance.random() < 0.2:
            publish()

    def publish() -> None:
        """A version takes the place of the one before, perhaps while it is fetched."""
        body = versions[-1] if chance.random() < 0.3 else version(chance)
        versions.append(body)
        etag = chance.choice(["", None, f'W/"{len(versions)}"'])
        modified = chance.choice([None, f"Tue, {10 + len(versions) % 20} Nov 2026 08:00:00 GMT"])
        sources_server.put(LEIE, body, etag=etag, last_modified=modified)
        if chance.random() < 0.3:
            page = sources_server.pages[LEIE]
            sources_server.pages[LEIE] = Page(page.body, page.headers, takes_ranges=False)

    monkeypatch.setattr(client, "sleep", pause)
    monkeypatch.setattr(client, "MAX_TRIES", 3)
    sources_server.put(LEIE, versions[-1])
    with SourceClient() as asking:
        for _round in range(6):
            sources_server.fail(LEIE, *(fault(chance) for _ in range(chance.randrange(5))))
            try:
                fetch_source(asking, SOURCES["leie"])
            except FetchError:
                continue
        sources_server.heal()
        (last,) = fetch_source(asking, SOURCES["leie"])
    kept = [Path(file.path).read_bytes() for file in db.session.scalars(select(FetchedFile)) if file.path]
    assert {body.decode() for body in kept} <= set(versions)
    assert Path(str(last.file.path)).read_bytes().decode() == versions[-1]
    assert sources_server.most_at_once == 1
