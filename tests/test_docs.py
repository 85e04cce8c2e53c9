"""The docs name what there is: settings, packages and commands."""

import json
import re
from pathlib import Path

import click
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from directory.config import ROOT, SETTINGS
from directory.jobs.schedule import JOBS
from directory.web.commands import LazyCommand


def _document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_operating_lists_every_setting_with_its_default_and_meaning() -> None:
    page = _document("operating.md")
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else ''} | {s.meaning} |" for s in SETTINGS]
    assert [row for row in rows if row not in page] == []


def test_dependencies_gives_a_reason_for_every_package() -> None:
    page = _document("dependencies.md")
    named = {
        re.split(r"[\[>=<]", line)[0]
        for file in ROOT.glob("requirements*.in")
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    }
    for file in (ROOT / "package.json", ROOT / "scripts" / "audit" / "package.json"):
        package = json.loads(file.read_text(encoding="utf-8"))
        named |= {*package["dependencies"], *package.get("devDependencies", {})}
    assert {package for package in named if package not in page} == set()


def test_operating_lists_every_job() -> None:
    page = _document("operating.md")
    rows = [
        f"| `{job.name}` | {job.when_in_words} | {job.work.__doc__} |".replace(". |", " |") for job in JOBS.values()
    ]
    assert [row for row in rows if row.lower() not in page.lower()] == []


def _commands(group: click.Group, prefix: str = "flask") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        path = f"{prefix} {name}"
        command = command.load() if isinstance(command, LazyCommand) else command
        found |= _commands(command, path) if isinstance(command, click.Group) else {path}
    return found


def test_cli_documents_every_command_of_ours(sqlite_app: Flask) -> None:
    page = _document("cli.md")
    ours = {path for path in _commands(sqlite_app.cli) if not path.startswith("flask db ")}
    assert {path for path in ours if path not in page} == set()


def test_every_link_between_docs_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        if not Path(page.parent, target).exists()
    ]
    assert dead == []


def test_every_file_that_the_docs_name_is_there() -> None:
    """A file is named from the root, from the package or by its name alone: `directory/web/urls.py`, `urls.py`."""
    ours = [
        f"/{path.relative_to(ROOT)}"
        for folder in ("directory", "tests", "templates", "static", "migrations", "scripts", "benchmarks", "seeds")
        for path in (ROOT / folder).rglob("*.*")
    ]
    missing = [
        f"{page.name}: {path}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for code in re.findall(r"`([^`\n]+)`", page.read_text("utf-8"))
        for path in re.findall(r"(?<![\w./<>*-])[\w/-]+\.(?:py|html|js|mjs|css|toml|po|sh)\b", code)
        if not any(own.endswith(f"/{path}") for own in [*ours, "/wsgi.py", "/pyproject.toml"])
    ]
    assert missing == []


def test_every_address_that_the_docs_name_is_a_page(sqlite_app: Flask) -> None:
    pages = sqlite_app.url_map.bind("localhost")
    unknown = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for address in re.findall(r"`(/[a-z][^`\s]*)`", page.read_text("utf-8")):
            path = re.sub(r"^/(en|es)(?=/)", "", re.split(r"[?#]", address)[0])
            path = path.replace("<npi>", "9000000017").replace("/...", "/guide")
            try:
                pages.match(re.sub(r"<[^>]*>", "7", path), method="GET")
            except (MethodNotAllowed, RequestRedirect):
                continue
            except NotFound:
                unknown.append(f"{page.name}: {address}")
    assert unknown == []
