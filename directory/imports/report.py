"""What a command of `flask import` says of its files, in words or as one line of JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import click
from flask import current_app

from directory.imports.runs import Counts, FileRun
from directory.web.filters import count_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import beside the counts of its files: `facts` in JSON, `sentences` in words."""

    files: list[FileRun]
    facts: Mapping[str, object] = field(default_factory=dict)
    sentences: Sequence[str] = ()


def say_report(report: ImportReport, seconds: float, *, as_json: bool) -> None:
    files = report.files
    rejects_file = next((file.rejects_file for file in files if file.rejects_file), None)
    windows_rows = sum(file.windows_rows for file in files)
    if as_json:
        unknown = sum(file.unknown for file in files)
        total = sum((file.counts for file in files), Counts())
        summary = _summary(files[0], total, unknown, rejects_file, seconds)
        if len(files) > 1:
            summary["files"] = [
                _summary(file, file.counts, file.unknown, file.rejects_file, file.seconds) for file in files
            ]
        click.echo(json.dumps({**summary, "windows_rows": windows_rows, **report.facts}))
        return
    for file in files:
        counts = ", ".join(f"{count:,} {name}" for name, count in asdict(file.counts).items())
        click.echo(f"{file.name}: {counts}.")
    if rejects_file:
        click.echo(f"Which rows were rejected and why: {rejects_file}")
    for sentence in sentences_of(report):
        click.echo(sentence)


def sentences_of(report: ImportReport) -> list[str]:
    """What came of the import beside the counts and the list of rejected rows."""
    windows_rows, unknown = (sum(getattr(file, name) for file in report.files) for name in ("windows_rows", "unknown"))
    sentences = []
    if windows_rows:
        rows = count_of(windows_rows, "row has", "rows have")
        sentences.append(f"{rows} bytes that are not UTF-8: these were read in Windows' encoding (cp1252).")
    if unknown:
        sentences.append(
            f"Values that could not be read and are unknown: {unknown:,}. The rest of their rows was used."
        )
    if unlisted := max(file.unlisted for file in report.files):
        kept = current_app.config["IMPORT_REJECTS_KEPT"]
        sentences.append(f"The list of rejected rows ends after {kept:,} of them; {unlisted:,} more are not listed.")
    return [*sentences, *report.sentences]


def _summary(
    file: FileRun, counts: Counts, unknown: int, rejects_file: str | None, seconds: float
) -> dict[str, object]:
    return {
        "source": file.source_key,
        "file": file.path,
        **asdict(counts),
        "unknown": unknown,
        "rejects_file": rejects_file,
        "seconds": round(seconds, 3),
    }
