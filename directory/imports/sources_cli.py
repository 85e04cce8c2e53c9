"""`flask sources`: how old what was read is."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup

from directory.imports.reporting import explained
from directory.imports.source_age import SourceStatus, sources_status
from directory.web.days import today_in_california
from directory.web.filters import count_of

sources_cli = AppGroup("sources", help="The public sources of facts.")


@sources_cli.command("status")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
def status(as_json: bool) -> None:
    """Say of each public source what was read last, how old it is, and whether a newer file should be out."""
    with explained():
        sources = sources_status(today_in_california())
    if as_json:
        click.echo(json.dumps([_as_json(source) for source in sources]))
        return
    for source in sources:
        click.echo(f"{source.age:<5}  {source.key}: {source.name}")
        click.echo(f"       {_words(source)}; published every {source.published_every_days} days")


def _words(source: SourceStatus) -> str:
    if source.as_of is None or source.age_days is None:
        return "nothing was read yet"
    return f"{source.file}, of {source.as_of.isoformat()}, {count_of(source.age_days, 'day')} old"


def _as_json(source: SourceStatus) -> dict[str, object]:
    return {**asdict(source), "as_of": source.as_of and source.as_of.isoformat(), "state": source.age}
