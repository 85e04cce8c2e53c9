"""Addresses of pages with changed query parameters."""

from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict


def with_parameters(path: str, parameters: MultiDict[str, str], changes: Mapping[str, str | int | None]) -> str:
    """`path` with `parameters`, each name of `changes` set to its value; None or an empty text removes it."""
    pairs = [pair for pair in parameters.items(multi=True) if pair[0] not in changes and pair[1] != ""]
    pairs += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs)}" if pairs else path
