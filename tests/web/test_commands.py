"""Commands are imported when called, and a database without tables is one sentence, never a traceback."""

from pathlib import Path

import pytest
from flask import Flask

from directory import create_app
from directory.web.commands import LazyCommand

COMMANDS = [
    ["search", "Torrance"],
    ["seed"],
    ["seed", "--if-empty"],
    ["credentials", "rescore"],
    ["ratings", "refresh"],
    ["providers", "correct", "9500000010", "phone", "3105550100", "--reason", "it rang elsewhere"],
    ["import", "runs"],
    ["audit", "verify"],
    ["audit", "list"],
    ["mail", "send"],
    ["mail", "queue"],
    ["import", "nucc", __file__],
]


def test_a_command_says_to_make_the_tables(tmp_path: Path, subtests: pytest.Subtests) -> None:
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'bare.sqlite3'}"})
    for command in COMMANDS:
        with subtests.test(command=" ".join(command)):
            result = app.test_cli_runner().invoke(args=command)
            assert result.exit_code == 1
            assert "Run `flask db upgrade` first." in result.stderr
            assert "Traceback" not in result.output


def test_the_list_of_commands_says_what_each_says_of_itself(sqlite_app: Flask) -> None:
    lazy = [command for command in sqlite_app.cli.commands.values() if isinstance(command, LazyCommand)]
    assert lazy
    for command in lazy:
        itself = command.load()
        assert (command.name, command.get_short_help_str(200)) == (itself.name, itself.get_short_help_str(200))
