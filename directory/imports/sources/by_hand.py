"""Sources without a stable address: a person puts their files into a folder, and `flask sources sync` reads them."""

from dataclasses import dataclass
from pathlib import Path

from directory.credentials.licenses.professions import Profession
from directory.imports.licenses.layout import LAYOUTS, read_layout
from directory.imports.sources.catalog import SOURCES
from directory.imports.sources.store import sources_folder
from directory.providers.sources import KNOWN_SOURCES


@dataclass(frozen=True, slots=True)
class HandSource:
    """One list, of which the files lie in the folder of its key below `SOURCES_DIR`."""

    key: str
    name: str
    url: str | None  # where a person finds it
    import_command: str
    layout: str | None = None  # of a board's list of licenses
    professions: frozenset[Profession] = frozenset()  # of those whom the list names; none when it may name all

    @property
    def folder(self) -> Path:
        return sources_folder() / self.key

    @property
    def command(self) -> str:
        """What reads a file of it that lies elsewhere."""
        return f"flask import {self.import_command} FILE{f' --layout {self.layout}' if self.layout else ''}"

    def files(self) -> list[Path]:
        """The list that lies there: of licenses all its parts, of another kind the newest file."""
        if not self.folder.is_dir():
            return []
        files = [path for path in self.folder.iterdir() if path.is_file() and not path.name.startswith(".")]
        return sorted(files) if self.layout else sorted(files, key=lambda path: path.stat().st_mtime)[-1:]


def hand_sources() -> list[HandSource]:
    """Those that no address is set for, and each board's list that has a layout."""
    lists = [
        HandSource(source.key, KNOWN_SOURCES[source.key][0], KNOWN_SOURCES[source.key][2], source.import_command)
        for source in SOURCES.values()
        if not source.is_fetched and source.key in KNOWN_SOURCES
    ]
    for stem in sorted(path.stem for path in LAYOUTS.glob("*.toml")):
        layout = read_layout(stem)
        professions = frozenset(layout.professions.values())
        lists.append(
            HandSource(layout.source_key, layout.source_name, layout.source_url, "licenses", stem, professions)
        )
    return lists


def shown_path(path: Path) -> Path:
    """As short as it can be typed from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
