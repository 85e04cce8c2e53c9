"""Runs the commands of `flask import` on invented rows, and reads what they say at their end."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from directory.extensions import db
from tests.imports.published import Row, written

COUNTS = ("read", "added", "changed", "unchanged", "skipped", "rejected")


def run_import(app: Flask, *arguments: str) -> Result:
    """The result of `flask import` with these arguments."""
    result: Result = app.test_cli_runner().invoke(args=["import", *arguments])
    db.session.expire_all()
    return result


def said_by(result: Result) -> dict[str, Any]:
    """The summary of an import that went well, after checking that its counts add up."""
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    for each in (said, *said.get("files", [])):
        assert each["read"] == sum(each[name] for name in COUNTS[1:])
    return said


def rejected_by(result: Result) -> list[tuple[int, str]]:
    """The line and reason of each rejected row of an import that failed since its rows are of no use."""
    assert result.exit_code == 3, result.output
    (path,) = re.findall(r"why: (\S+\.csv)", result.stderr)
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def counts(said: dict[str, Any]) -> dict[str, int]:
    """The counts that are not 0."""
    return {name: said[name] for name in COUNTS if said[name]}


@dataclass
class Importer:
    """Runs one command on one file: called with rows it gives the summary, `run` with a file's content the result."""

    app: Flask
    folder: Path
    command: str
    as_file: Callable[..., str | bytes]
    name: str
    options: tuple[str, ...] = ()

    def run(self, content: str | bytes, *options: str, name: str = "") -> Result:
        path = written(self.folder, name or self.name, content)
        return run_import(self.app, self.command, path, *self.options, *options, "--json")

    def __call__(self, *rows: Row, options: tuple[str, ...] = (), name: str = "") -> dict[str, Any]:
        return said_by(self.run(self.as_file(*rows), *options, name=name))
