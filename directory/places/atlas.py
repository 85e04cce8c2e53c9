"""All ZIPs and cities of the United States, made from the `zipcodes` package and the towns of `towns.tsv`.

Made when first asked for (`atlas_making`), and kept in a file for the processes that come after (`atlas_file`). Nothing
here asks the network.
"""

import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, ItemsView, Iterator, Mapping
from dataclasses import astuple
from threading import Lock
from typing import Any, TypeVar

from directory.places.atlas_file import read_stored, store
from directory.places.cities import Atlas, City, ZipCode


def _read() -> Atlas:
    from directory.places.atlas_making import make_atlas, read_towns  # here, since only the first process makes it

    return make_atlas(read_towns())


_lock = Lock()
_atlas: Atlas | None = None


def atlas() -> Atlas:
    """The one atlas of this process. Threads that ask at once wait for the first."""
    global _atlas
    if _atlas is None:
        with _lock:
            if _atlas is None:
                texts = read_stored()
                if texts is None:
                    texts = _as_texts(_read())
                    store(texts)
                _atlas = _from_texts(*texts)
    return _atlas


Value = TypeVar("Value")


class _TextMapping(Mapping[str, Value]):
    """A mapping held as text, a line a key in the order of the keys: as objects the atlas would take 70 MB.

    `parse` makes the value of a key and the JSON that follows it on its line.
    """

    def __init__(self, text: str, parse: Callable[[str, Any], Value]) -> None:
        self._text, self._parse = text, parse
        self._ends = array("I", (found.start() for found in re.finditer("\n", text)))

    def _line(self, index: int) -> str:
        return self._text[self._ends[index - 1] + 1 if index else 0 : self._ends[index]]

    def _key(self, index: int) -> str:
        return self._line(index).partition("\t")[0]

    def __getitem__(self, key: str) -> Value:
        index = bisect_left(range(len(self)), key, key=self._key)
        if index == len(self) or self._key(index) != key:
            raise KeyError(key)
        return self._parse(key, json.loads(self._line(index).partition("\t")[2]))

    def __iter__(self) -> Iterator[str]:
        return map(self._key, range(len(self)))

    def __len__(self) -> int:
        return len(self._ends)

    def items(self) -> ItemsView[str, Value]:
        return _TextItems(self)


class _TextItems(ItemsView[str, Value]):
    """Reads the text once, where `ItemsView` would search for each key."""

    _mapping: _TextMapping[Value]

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        keys, _tabs, rows = zip(*(line.partition("\t") for line in self._mapping._text.splitlines()), strict=True)
        for key, row in zip(keys, json.loads(f"[{','.join(rows)}]"), strict=True):
            yield key, self._mapping._parse(key, row)


def _as_texts(made: Atlas) -> tuple[str, str]:
    """ZIPs and cities as the texts of `_TextMapping`."""
    return (
        _text_of({code: astuple(known)[1:] for code, known in made.zips.items()}),
        _text_of({folded: [astuple(city) for city in named] for folded, named in made.cities.items()}),
    )


def _text_of(rows: dict[str, Any]) -> str:
    return "".join(f"{key}\t{json.dumps(row, separators=(',', ':'))}\n" for key, row in sorted(rows.items()))


def _from_texts(zips: str, cities: str) -> Atlas:
    return Atlas(_TextMapping(zips, _zip_code), _TextMapping(cities, _cities_named))


def _zip_code(code: str, row: Any) -> ZipCode:
    city, state, point, has_streets = row
    return ZipCode(code, city, state, (point[0], point[1]) if point else None, has_streets)


def _cities_named(_folded: str, rows: Any) -> tuple[City, ...]:
    return tuple(City(name, state, (point[0], point[1]), *counts) for name, state, point, *counts in rows)
