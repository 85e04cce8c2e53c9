"""`flask import leie`: the OIG's list of exclusions."""

import json
import time

import click

from directory.imports.cli import as_json_option, explained, imports_cli, say_counts, summary_of
from directory.imports.leie import importing as leie
from directory.imports.progress import Progress
from directory.web.filters import count_of


@imports_cli.command("leie")
@click.argument("file")
@click.option("--full/--supplement", "is_full", default=None, help="What the file is, when its name does not tell.")
@click.option("--accept-shrunk", is_flag=True, help="Take a full list that names less than half of the entries held.")
@as_json_option
def import_leie(file: str, is_full: bool | None, accept_shrunk: bool, as_json: bool) -> None:
    """Read the OIG's list of exclusions, or a supplement to it: a CSV or a zip of it.

    A file whose name starts with UPDATED is the full list: who is not in it is no longer excluded.
    """
    started = time.perf_counter()
    with explained():
        done = leie.import_leie(file, Progress(), is_full=is_full, accept_shrunk=accept_shrunk)
    seconds = time.perf_counter() - started
    if as_json:
        standing = {
            "full": done.is_full,
            "removed": done.removed,
            "changed_providers": done.changed_providers,
            "excluded_providers": done.excluded_providers,
            "waiting": done.waiting,
        }
        summary = summary_of(leie.SOURCE, file, done.files[0].counts, done.files[0].rejects_file, seconds)
        click.echo(json.dumps({**summary, **standing}))
        return
    say_counts(done.files)
    if done.is_full:
        click.echo(f"{count_of(done.removed, 'entry is', 'entries are')} no longer in the list.")
    click.echo(
        f"{count_of(done.excluded_providers, 'provider')} here excluded today; "
        f"exclusions of {count_of(done.changed_providers, 'provider')} changed."
    )
    if done.waiting:
        click.echo(f"{count_of(done.waiting, 'possible match waits', 'possible matches wait')} for verifiers.")
