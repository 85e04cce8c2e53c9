"""Public files come from where they are published, whole and checked, or what was there stays."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import FetchedFile
from tests.imports.leie_files import entry, leie_csv
from tests.imports.sources.server import SourcesServer

LEIE = "/exclusions/downloadables/UPDATED.csv"
LIST = leie_csv(entry())


@pytest.mark.postgresql
def test_a_file_is_fetched_kept_and_noted_and_not_fetched_again_while_it_is_the_same(
    app: Flask, cli: FlaskCliRunner, sources_server: SourcesServer
) -> None:
    sources_server.answer_for(app)
    sources_server.put(LEIE, LIST)
    first = cli.invoke(args=["sources", "fetch", "leie"])
    assert first.exit_code == 0, first.output
    file = db.session.scalars(select(FetchedFile)).one()
    assert Path(str(file.path)).read_bytes() == LIST.encode()
    second = cli.invoke(args=["sources", "fetch", "leie"])
    assert "nothing newer" in second.output
    assert sources_server.asked(LEIE)[1].headers["If-None-Match"] == file.etag
