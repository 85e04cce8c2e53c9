"""The layout of a state board's license file: a TOML map from its columns and words to ours."""

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from directory.credentials.licenses.professions import Profession
from directory.imports.reading.fields import parse_day
from directory.imports.reading.files import ImportFileError
from directory.places.names import STATES

LICENSES = "licenses_"
"""What the keys of license files' sources start with."""
LAYOUTS = Path(__file__).parent / "layouts"
_REQUIRED_COLUMNS = ("number", "status", "last")
_OPTIONAL_COLUMNS = (
    "type",
    "issued",
    "expires",
    "first",
    "middle",
    "business",
    "city",
    "county",
    "public_actions",
)
_TABLES = {
    "source": ("key", "name", "url"),
    "file": ("state", "board", "encoding", "delimiter", "quotes", "dates"),
    "columns": (*_REQUIRED_COLUMNS, *_OPTIONAL_COLUMNS),
    "statuses": ("active", "inactive", "revoked"),
}
_FURTHER_TABLES = ("agency", "prefixes", "professions")
_BASE = "base"
_MAX_KEY_LENGTH = 40
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_A_DAY = datetime(2026, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LicenseLayout:
    """How to read one board's file. Statuses, agencies and types are in the file's own words, as `words_key`."""

    source_key: str
    source_name: str
    source_url: str | None
    state: str
    board: str
    encoding: str
    delimiter: str
    has_quotes: bool
    dates: tuple[str, ...]  # formats of `strptime`, tried in order
    columns: Mapping[str, str]  # ours -> theirs
    agency: Mapping[str, frozenset[str]]  # by their column that names the board: what it says in this board's rows
    active: frozenset[str]
    inactive: frozenset[str]
    revoked: frozenset[str]
    prefixes: Mapping[str, str]  # by license type: the letters before a number that the file gives without them
    professions: Mapping[str, Profession]  # by license type: what its holder is

    def is_of_board(self, agency: Mapping[str, str]) -> bool:
        """Whether a row with these values of the columns of `agency` is of this board, as far as it says."""
        return all(words_key(agency[column]) in words for column, words in self.agency.items() if agency.get(column))

    def day(self, text: str) -> date | None:
        """The day that `text` writes; None when empty. Raises `ValueError`."""
        if not text:
            return None
        try:
            return parse_day(text, *self.dates)
        except ValueError as error:
            examples = " or ".join(map(_A_DAY.strftime, self.dates[:3]))
            raise ValueError(f"{text[:20]!r} is not a date such as {examples}") from error


def words_key(words: str) -> str:
    """One spelling for all ways to write a board's words: "Current/Inactive" is "CurrentInactive", & is "and"."""
    return _BETWEEN_WORDS.sub("", words.replace("&", "and")).casefold()


def read_layout(name: str) -> LicenseLayout:
    """The layout in `layouts/NAME.toml`, or in the file at the path `name` when it ends with .toml.

    Raises `ImportFileError` with what is wrong in it.
    """
    path = Path(name) if name.endswith(".toml") else LAYOUTS / f"{name}.toml"
    content = _content(path, name)
    if _BASE in content:
        base = content.pop(_BASE)
        if not isinstance(base, str) or not (LAYOUTS / f"{base}.toml").is_file():
            raise ImportFileError(f"The layout {path.name} cannot be used: base has to be one of {_known_names()}.")
        content = _with_base(_content(LAYOUTS / f"{base}.toml", base), content)
    return _LayoutReading(path.name, content).layout()


def _content(path: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportFileError(
            f"There is no layout {name}: name one of {_known_names()}, or the path of a .toml."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportFileError(f"The layout {path.name} is not TOML: {error}.") from error


def _with_base(base: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The content of a layout; what it leaves out comes from its base. A board's own words replace the base's."""
    both = {
        name: {**base.get(name, {}), **table}
        for name, table in content.items()
        if name in _TABLES and isinstance(table, dict)
    }
    return {**base, **content, **both}


def _known_names() -> str:
    return ", ".join(sorted(layout.stem for layout in LAYOUTS.glob("*.toml")))


def layout_of_board(agency: Mapping[str, str]) -> str | None:
    """The name of the layout that comes with the program for the board of a row with these values, if there is one."""
    stems = sorted(path.stem for path in LAYOUTS.glob("*.toml"))
    return next((stem for stem in stems if agency and read_layout(stem).is_of_board(agency)), None)


def own_layouts() -> list[LicenseLayout]:
    """The layouts that come with the program."""
    return [read_layout(path.stem) for path in sorted(LAYOUTS.glob("*.toml"))]


class _LayoutReading:
    """Checks the parts of one layout; each fault is a sentence that names it."""

    def __init__(self, name: str, content: dict[str, Any]) -> None:
        self._name = name
        self._content = content

    def layout(self) -> LicenseLayout:
        self._refuse_unknown("", self._content, (*_TABLES, *_FURTHER_TABLES, _BASE))
        tables = {table: self._table(table, keys) for table, keys in _TABLES.items()}
        file, source = tables["file"], tables["source"]
        columns = {key: self._text(tables["columns"], "columns", key) for key in tables["columns"]}
        for key in _REQUIRED_COLUMNS:
            if key not in columns:
                raise self._fault(f"[columns] lacks {key}: name the column of the file that holds it")
        layout = LicenseLayout(
            source_key=self._source_key(source),
            source_name=self._text(source, "source", "name"),
            source_url=self._text(source, "source", "url") if "url" in source else None,
            state=self._text(file, "file", "state"),
            board=self._text(file, "file", "board"),
            encoding=self._encoding(file),
            delimiter=self._text(file, "file", "delimiter") if "delimiter" in file else ",",
            has_quotes=self._has_quotes(file),
            dates=self._dates(file),
            columns=columns,
            agency=self._agency(),
            active=self._words(tables["statuses"], "active", needed=True),
            inactive=self._words(tables["statuses"], "inactive"),
            revoked=self._words(tables["statuses"], "revoked"),
            prefixes=self._prefixes(),
            professions=self._professions(),
        )
        if layout.state not in STATES:
            raise self._fault(f"[file] state “{layout.state}” is not the two letters of a state")
        if len(layout.delimiter) != 1:
            raise self._fault("[file] delimiter has to be one character")
        twice = (layout.active & layout.inactive) | ((layout.active | layout.inactive) & layout.revoked)
        if twice:
            raise self._fault(f"[statuses] has “{min(twice)}” in two lists")
        return layout

    def _table(self, name: str, keys: tuple[str, ...]) -> dict[str, Any]:
        table = self._content.get(name)
        if not isinstance(table, dict):
            raise self._fault(f"the table [{name}] is missing")
        self._refuse_unknown(name, table, keys)
        return table

    def _refuse_unknown(self, table: str, found: dict[str, Any], keys: tuple[str, ...]) -> None:
        for key in found:
            if key not in keys:
                place = f"[{table}] has" if table else "it has"
                raise self._fault(f"{place} an unknown key “{key}”; known are {', '.join(keys)}")

    def _text(self, table: dict[str, Any], name: str, key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise self._fault(f"[{name}] {key} has to be a text")
        return value

    def _source_key(self, source: dict[str, Any]) -> str:
        key = self._text(source, "source", "key")
        if not key.startswith(LICENSES) or len(key) > _MAX_KEY_LENGTH:
            raise self._fault(
                f"[source] key has to start with {LICENSES} and have at most {_MAX_KEY_LENGTH} characters"
            )
        return key

    def _encoding(self, file: dict[str, Any]) -> str:
        encoding = self._text(file, "file", "encoding") if "encoding" in file else "utf-8"
        try:
            return codecs.lookup(encoding).name
        except LookupError as error:
            raise self._fault(f"[file] encoding “{encoding}” is unknown") from error

    def _has_quotes(self, file: dict[str, Any]) -> bool:
        quotes = file.get("quotes", True)
        if not isinstance(quotes, bool):
            raise self._fault("[file] quotes has to be true or false")
        return quotes

    def _dates(self, file: dict[str, Any]) -> tuple[str, ...]:
        dates = file.get("dates")
        if not isinstance(dates, list) or not dates:
            raise self._fault('[file] dates has to list formats such as "%m/%d/%Y"')
        for written in dates:
            try:
                same_day = datetime.strptime(_A_DAY.strftime(written), written).date() == _A_DAY.date()  # noqa: DTZ007 (a day alone has no zone)
            except (ValueError, TypeError):
                same_day = False
            if not same_day:
                raise self._fault(f'[file] dates: “{written}” is not a format of a whole day, such as "%m/%d/%Y"')
        return tuple(dates)

    def _words(
        self, table: dict[str, Any], key: str, name: str = "statuses", *, needed: bool = False
    ) -> frozenset[str]:
        words = table.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or (needed and not words):
            raise self._fault(f"[{name}] {key} has to list the board's words")
        return frozenset(map(words_key, words))

    def _agency(self) -> dict[str, frozenset[str]]:
        agency = self._content.get("agency", {})
        if not isinstance(agency, dict):
            raise self._fault("[agency] has to give, by column, the words that name the board")
        return {column: self._words(agency, column, "agency", needed=True) for column in agency}

    def _prefixes(self) -> dict[str, str]:
        prefixes = self._content.get("prefixes", {})
        if not isinstance(prefixes, dict) or not all(isinstance(letters, str) for letters in prefixes.values()):
            raise self._fault("[prefixes] has to give letters for license types")
        if prefixes and "type" not in self._content["columns"]:
            raise self._fault("[prefixes] need [columns] type")
        return {words_key(license_type): letters for license_type, letters in prefixes.items()}

    def _professions(self) -> dict[str, Profession]:
        table = self._content.get("professions", {})
        if not isinstance(table, dict):
            raise self._fault("[professions] has to list license types by profession")
        self._refuse_unknown("professions", table, tuple(Profession))
        if table and "type" not in self._content["columns"]:
            raise self._fault("[professions] need [columns] type")
        return {
            license_type: profession
            for profession in map(Profession, table)
            for license_type in self._words(table, profession, "professions")
        }

    def _fault(self, what: str) -> ImportFileError:
        return ImportFileError(f"The layout {self._name} cannot be used: {what}.")
