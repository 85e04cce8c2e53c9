"""What an import says at its end, in words or as one line of JSON, and why it stopped."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

import click
from sqlalchemy.exc import SQLAlchemyError

from directory.extensions import db
from directory.imports.reading.files import ImportFileError
from directory.imports.runs import Counts, FileRun
from directory.web.commands import database_errors_explained


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an import beside the counts of its files: `facts` in JSON, `sentences` in words."""

    files: list[FileRun]
    facts: Mapping[str, object] = field(default_factory=dict)
    sentences: Sequence[str] = ()


def run_import(as_json: bool, work: Callable[[], Report]) -> None:
    """Do an import and say what came of it."""
    started = time.perf_counter()
    with explained():
        report = work()
    seconds = time.perf_counter() - started
    files = report.files
    rejects_file = next((file.rejects_file for file in files if file.rejects_file), None)
    if as_json:
        summary = _summary(files[0], sum((file.counts for file in files), Counts()), rejects_file, seconds)
        if len(files) > 1:
            summary["files"] = [_summary(file, file.counts, file.rejects_file, file.seconds) for file in files]
        click.echo(json.dumps({**summary, **report.facts}))
        return
    for file in files:
        counts = ", ".join(f"{count:,} {name}" for name, count in asdict(file.counts).items())
        click.echo(f"{file.name}: {counts}.")
    if rejects_file:
        click.echo(f"Which rows were rejected and why: {rejects_file}")
    for sentence in report.sentences:
        click.echo(sentence)


def _summary(file: FileRun, counts: Counts, rejects_file: str | None, seconds: float) -> dict[str, object]:
    return {
        "source": file.source_key,
        "file": file.path,
        **asdict(counts),
        "rejects_file": rejects_file,
        "seconds": round(seconds, 3),
    }


@contextmanager
def explained() -> Iterator[None]:
    """Whatever stops an import becomes one sentence on stderr and exit code 1."""
    try:
        with database_errors_explained():
            yield
    except ImportFileError as error:
        raise click.ClickException(str(error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise click.ClickException(f"The import stopped and changed nothing: {error}") from error
    finally:
        db.session.rollback()
