"""The messages of the site and their translations: `check` finds what lacks one, `update` brings the files up to date.

Messages are gathered from `directory/`, `templates/` and `directory/guide/facts.toml`. Each room has its own file
below `directory/translations/<code>/`. A message that moves to another room takes its translation along.
"""

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "directory" / "translations"
FACTS = "directory/guide/facts.toml"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,  # as modules name it that build messages at import
    "N_": None,  # marks a message that is looked up later
    "NN_": (1, 2),  # the same of one with a count
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
TEMPLATE_OPTIONS |= {"trim_blocks": "true", "lstrip_blocks": "true", "encoding": "utf-8"}
HEADER = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""  # without dates, which would change with each update
TAG = re.compile(r"</?[a-z][^>]*>")


def extract_facts(file: IO[bytes], *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """The texts of facts.toml, as Babel asks of a way to read a kind of file."""
    for entry in tomllib.load(file).values():
        for name in ("words", "source"):
            yield 1, "gettext", entry[name], []


def catalog_of(path: Path) -> str:
    """The name of the file that holds the messages of a source."""
    room, *inner = path.parts[1:]
    return room if inner else "web"  # of templates/base.html and what stands beside the rooms


def messages() -> dict[str, Catalog]:
    """The messages of the sources, by the name of their file."""
    found: dict[str, Catalog] = defaultdict(Catalog)
    for method, pattern, options in (
        ("python", "directory/**/*.py", {}),
        ("jinja2", "templates/**/*.html", TEMPLATE_OPTIONS),
        ("jinja2", "templates/**/*.txt", TEMPLATE_OPTIONS),
        (extract_facts, FACTS, {}),
    ):
        for path in sorted(ROOT.glob(pattern)):
            place = path.relative_to(ROOT)
            with path.open("rb") as file:
                for _, text, _, context in extract(method, file, keywords=KEYWORDS, options=options):
                    found[catalog_of(place)].add(text, context=context, locations=[(str(place), 0)])
    return found


def translated(code: str, name: str) -> Catalog:
    """The file of one room in a language; empty when there is none."""
    path = TRANSLATIONS / code / f"{name}.po"
    text = path.read_bytes() if path.is_file() else HEADER.format(code=code).encode()
    return read_po(BytesIO(text), locale=code)


def write(code: str, name: str, catalog: Catalog) -> None:
    """Write the file of one room in a language."""
    with (TRANSLATIONS / code / f"{name}.po").open("wb") as file:
        file.write(HEADER.format(code=code).encode())
        write_po(file, catalog, width=120, omit_header=True, sort_by_file=True, include_lineno=False)


def update(code: str, only: list[str]) -> None:
    """Add new messages to a language's files, and drop those that no source has.

    A new message takes the translation that it has in another file, else none.
    """
    folder = TRANSLATIONS / code
    folder.mkdir(parents=True, exist_ok=True)
    found = messages()
    names = sorted(found.keys() | {path.stem for path in folder.glob("*.po")})
    catalogs = [translated(code, name) for name in names]
    known = {(each.id, each.context): each.string for catalog in catalogs for each in catalog if any(each.string or ())}
    for name in names:
        if only and name not in only:
            continue
        if not len(found[name]):
            (folder / f"{name}.po").unlink(missing_ok=True)
            continue
        catalog = translated(code, name)
        catalog.update(found[name], no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in catalog:
            if not any(message.string or ()):
                message.string = known.get((message.id, message.context), message.string)
        write(code, name, catalog)


def faults(code: str, only: list[str]) -> list[str]:
    """What is wrong with the translations of a language, a line each."""
    found = messages()
    lines: list[str] = []
    kept: dict[Any, tuple[Any, str]] = {}
    for name in sorted(found.keys() | {path.stem for path in (TRANSLATIONS / code).glob("*.po")}):
        if only and name not in only:
            continue
        catalog = translated(code, name)
        for message in found[name]:
            if message.id:
                lines += [f"{name}: {fault}" for fault in _faults_of(message, catalog)]
        for message in catalog:
            if message.id and found[name].get(message.id, message.context) is None:
                lines.append(f"{name}: no source has {message.id!r}")
            before = kept.setdefault((message.id, message.context), (message.string, name))
            if message.id and before[0] != message.string:
                lines.append(f"{name}: {message.id!r} is translated in another way in {before[1]}")
    return lines


def _faults_of(message: Message, catalog: Catalog) -> Iterator[str]:
    own = catalog.get(message.id, message.context)
    ids = list(message.id) if isinstance(message.id, tuple) else [message.id]
    strings = list(own.string) if own and isinstance(own.string, tuple) else [own.string if own else ""]
    if own is None or not all(strings) or own.fuzzy:
        yield f"no translation of {message.id!r}"
        return
    if any("%(" in text for text in ids):  # the site's placeholders have names; "19% of" is no format
        for error in own.check(catalog):
            yield f"{message.id!r}: {error}"
    expected = [sorted(TAG.findall(text)) for text in ids]
    for string in strings:
        if sorted(TAG.findall(string)) not in expected:
            yield f"{message.id!r}: the translation has other tags"


def main(arguments: list[str]) -> int:
    act, *only = arguments or [""]
    codes = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
    if act == "update":
        for code in codes:
            update(code, only)
        return 0
    if act != "check":
        print("Say what to do: translations.py check, or translations.py update (and perhaps names of files)")
        return 2
    wrong = [f"{code}/{line}" for code in codes for line in faults(code, only)]
    count = sum(len(catalog) for catalog in messages().values())
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{count} messages in {', '.join(codes)}: {f'{len(wrong)} faults' if wrong else 'each has its translation'}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
