"""What all commands share: a database that is not there, or has no tables, is one sentence and not a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError, ProgrammingError


@contextmanager
def database_errors_explained() -> Iterator[None]:
    """Turn the database's refusals into a `click.ClickException` that says what to do. Also a decorator."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
        missing = "no such table" in reason or "does not exist" in reason
        hint = " Run `flask db upgrade` first." if missing else ""
        raise click.ClickException(f"The database refused: {reason}.{hint}") from error
