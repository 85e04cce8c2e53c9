"""A pytest plugin: whatever of the directory asks the database, asks it on PostgreSQL too in every whole run.

`make test` runs most tests on SQLite alone. This notes which functions of `directory/` sent a statement on which
database. A run of all tests fails when a function asked SQLite alone, and names it with a test that reaches it: mark
that test `postgresql`.
"""

import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

PACKAGE = str(Path(__file__).resolve().parents[1] / "directory") + "/"
ONE_DATABASE = {"extensions.py:_set_up_sqlite"}
"""What one database alone needs."""


class EveryQuery:
    """Which functions asked which database, each with one test in which it did."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.asked: dict[str, dict[str, str]] = {}
        self.test = ""
        self.is_steady = False
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, *_: Any) -> None:
        frame: Any = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.startswith(PACKAGE):
            frame = frame.f_back
        if frame is not None and (self.is_steady or connection.dialect.name != "sqlite"):
            function = f"{frame.f_code.co_filename.removeprefix(PACKAGE)}:{frame.f_code.co_qualname}"
            self.asked.setdefault(connection.dialect.name, {}).setdefault(function, self.test)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """What a race, a random example or a browser asks differs from run to run, so it demands nothing."""
        self.test = item.nodeid
        is_random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        self.is_steady = not (is_random or item.get_closest_marker("own_app") or item.get_closest_marker("browser"))

    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of xdist is done: take over what it noted."""
        for database, functions in getattr(node, "workeroutput", {}).get("asked", {}).items():
            self.asked.setdefault(database, {}).update(functions)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["asked"] = self.asked
        elif session.exitstatus == pytest.ExitCode.OK and self._ran_all() and self.missing():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _ran_all(self) -> bool:
        options = self.config.option
        return not (options.keyword or options.markexpr or options.collectonly) and self.config.args == ["tests"]

    def missing(self) -> dict[str, str]:
        """The functions that asked SQLite alone, each with a test in which it did."""
        on_postgresql = self.asked.get("postgresql", {}).keys() | ONE_DATABASE
        on_sqlite = self.asked.get("sqlite", {})
        return {function: test for function, test in sorted(on_sqlite.items()) if function not in on_postgresql}

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._ran_all() and (missing := self.missing()):
            terminalreporter.section("asked on SQLite alone: mark one test of each `postgresql`")
            for function, test in missing.items():
                terminalreporter.line(f"{function}  ({test})")
