"""What all commands share: they are imported when called, and a database without tables is one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from directory.web.refusals import RefusalError


@contextmanager
def database_errors_explained() -> Iterator[None]:
    """Turn refusals of an act or the database into a `click.ClickException` that says what to do. Also a decorator."""
    try:
        yield
    except RefusalError as error:
        raise click.ClickException(str(error)) from error
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
        missing = "no such table" in reason or "does not exist" in reason
        hint = " Run `flask db upgrade` first." if missing else ""
        raise click.ClickException(f"The database refused: {reason}.{hint}") from error


class LazyCommand(click.Command):
    """A command, or a group of commands, whose module is imported when it is called.

    `target` is "module:name". `help` repeats the first sentence of the command itself, for the list of all commands.
    """

    def __init__(self, name: str, target: str, help: str) -> None:
        super().__init__(name, help=help)
        self._target = target

    def load(self) -> click.Command:
        module, _colon, name = self._target.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.load().make_context(info_name, args, parent, **extra)
