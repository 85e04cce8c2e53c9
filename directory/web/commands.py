"""What all commands share: groups that are imported when used, and errors of the database as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click
from flask.cli import AppGroup
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


class LazyGroup(AppGroup):
    """Stands for the group `path` (module:name), whose module is imported when one of its commands is asked for."""

    def __init__(self, name: str, path: str, help: str) -> None:
        super().__init__(name, help=help)
        self._path = path

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        module, _, name = self._path.partition(":")
        group: click.Group = getattr(import_module(module), name)
        return group
