"""How the answers of each public interface become rows in the layout of the file that is published whole."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from directory.imports.cms_clinicians import CLINICIANS
from directory.imports.cms_services import SERVICE_ROWS
from directory.imports.nppes.provider_values import (
    DEACTIVATED,
    GENDER_COLUMNS,
    LOCATIONS,
    NPI,
    OTHER_NAME,
    OTHER_NAME_KIND,
    OTHER_NAMES,
    PRACTICE,
    PROVIDERS,
    REACTIVATED,
    SECONDARY,
    TAXONOMY_GROUPS,
    AddressColumns,
)
from directory.imports.reading.files import ImportFileError
from directory.imports.sources.answers import AnswerRow, AnswerTable, KeptAnswer, read_answers
from directory.providers.npi import why_not_an_npi
from directory.web.days import local_day

_NO_VALUE = frozenset({"", "--"})
_ENTITY_TYPES = {"NPI-1": "1", "NPI-2": "2"}
_NOT_IN_WORDS = re.compile(r"[^a-z0-9]")


def number_asked(url: str) -> str | None:
    """The NPI that a question to the registry was about; None for one about an area."""
    return next(iter(parse_qs(urlsplit(url).query).get("number", ())), None)


def numbers_asked(path: str) -> set[str]:
    """The NPIs that kept answers of the registry were asked for by number."""
    return {
        number for answer in read_answers(path) if (number := number_asked(answer.url)) and not why_not_an_npi(number)
    }


def is_deactivated(body: Any) -> bool:
    """Whether the registry answered that the number is out of use, which it says as a mistake in the question."""
    errors = body.get("Errors") if isinstance(body, dict) else None
    return any("deactivated" in str(error).lower() for error in errors or ())


def _results(answer: KeptAnswer) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The providers of an answer of the registry by their place in it. Raises `ImportFileError` for another answer."""
    body = answer.body
    if not isinstance(body, dict) or not ("Errors" in body or isinstance(body.get("results"), list)):
        raise _other_interface(answer, "NPPES")
    for number, result in enumerate(body.get("results") or (), 1):
        yield number, result if isinstance(result, dict) else {}


def _provider_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    asked = number_asked(answer.url)
    if asked and is_deactivated(answer.body):
        yield AnswerRow(asked, 1, {NPI: asked, DEACTIVATED: _day(local_day(answer.at))})
    for number, result in _results(answer):
        yield AnswerRow(_text(result, "number"), number, _provider_cells(result))


def _provider_cells(result: Mapping[str, Any]) -> dict[str, str]:
    basic = _mapping(result.get("basic"))
    practice = next((each for each in _list(result, "addresses") if _text(each, "address_purpose") == "LOCATION"), {})
    cells = {
        NPI: _text(result, "number"),
        "Entity Type Code": _ENTITY_TYPES.get(_text(result, "enumeration_type"), _text(result, "enumeration_type")),
        "Provider Organization Name (Legal Business Name)": _text(basic, "organization_name"),
        "Provider Last Name (Legal Name)": _text(basic, "last_name"),
        "Provider First Name": _text(basic, "first_name"),
        "Provider Middle Name": _text(basic, "middle_name"),
        "Provider Name Suffix Text": _text(basic, "name_suffix"),
        "Provider Credential Text": _text(basic, "credential"),
        GENDER_COLUMNS[0]: _text(basic, "sex") or _text(basic, "gender"),
        "Provider Enumeration Date": _written_day(basic, "enumeration_date"),
        "Last Update Date": _written_day(basic, "last_updated"),
        DEACTIVATED: _written_day(basic, "deactivation_date"),
        REACTIVATED: _written_day(basic, "reactivation_date"),
        **_address_cells(practice, PRACTICE),
    }
    for taxonomy, columns in zip(_list(result, "taxonomies"), TAXONOMY_GROUPS, strict=False):
        values = (
            _text(taxonomy, "code"),
            "Y" if taxonomy.get("primary") is True else "N",
            _text(taxonomy, "license"),
            _text(taxonomy, "state"),
        )
        cells |= dict(zip(columns, values, strict=True))
    return cells


def _address_cells(address: Mapping[str, Any], columns: AddressColumns) -> dict[str, str]:
    return {
        columns.line_1: _text(address, "address_1"),
        columns.line_2: _text(address, "address_2"),
        columns.city: _text(address, "city"),
        columns.state: _text(address, "state"),
        columns.postal_code: _text(address, "postal_code"),
        columns.country: _text(address, "country_code"),
        columns.phone: _text(address, "telephone_number"),
    }


def _location_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    for number, result in _results(answer):
        npi = _text(result, "number")
        for address in _list(result, "practiceLocations"):
            yield AnswerRow(npi, number, {NPI: npi, **_address_cells(address, SECONDARY)})


def _other_name_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """Those of organizations: a person's other names are not in the file."""
    for number, result in _results(answer):
        npi = _text(result, "number")
        for other in _list(result, "other_names"):
            if name := _text(other, "organization_name"):
                yield AnswerRow(npi, number, {NPI: npi, OTHER_NAME: name, OTHER_NAME_KIND: _text(other, "code")})


def _service_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """Rows have the file's own columns; answers that only count them have none."""
    body = answer.body
    if isinstance(body, dict) and "found_rows" in body:
        return
    if not isinstance(body, list):
        raise _other_interface(answer, "services billed to Medicare")
    for number, row in enumerate(map(_mapping, body), 1):
        yield AnswerRow(None, number, {name: _text(row, name) for name in SERVICE_ROWS.columns})


def _clinician_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """The interface writes the file's columns in small letters and without signs."""
    rows = answer.body.get("results") if isinstance(answer.body, dict) else None
    if not isinstance(rows, list) or "result_count" in answer.body:
        raise _other_interface(answer, "Doctors & Clinicians")
    for number, row in enumerate(map(_mapping, rows), 1):
        values = {letters_of(name): name for name in row}
        cells = {column: _text(row, values.get(letters_of(column), "")) for column in CLINICIANS.columns}
        yield AnswerRow(None, number, cells)


ANSWER_TABLES = {
    PROVIDERS.prefix: AnswerTable((*PROVIDERS.columns, GENDER_COLUMNS[0]), _provider_rows),
    LOCATIONS.prefix: AnswerTable(LOCATIONS.columns, _location_rows),
    OTHER_NAMES.prefix: AnswerTable(OTHER_NAMES.columns, _other_name_rows),
    SERVICE_ROWS.prefix: AnswerTable(SERVICE_ROWS.columns, _service_rows),
    CLINICIANS.prefix: AnswerTable(CLINICIANS.columns, _clinician_rows),
}
"""By how the name of the published file begins."""


def _other_interface(answer: KeptAnswer, title: str) -> ImportFileError:
    return ImportFileError(f"Answer {answer.line} ({answer.url[:100]}) is none about {title}. Nothing was changed.")


@cache
def letters_of(name: str) -> str:
    """A column's name in small letters and without signs, which interfaces and files write each in its own way."""
    return _NOT_IN_WORDS.sub("", name.lower())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(result: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    values = result.get(name)
    return map(_mapping, values) if isinstance(values, list) else ()


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    text = "" if value is None else str(value).replace("\0", "").strip()  # PostgreSQL takes no NUL
    return "" if text in _NO_VALUE else text


def _written_day(values: Mapping[str, Any], name: str) -> str:
    """As the file writes a day; what is none stays as it is, so that the import says so."""
    text = _text(values, name)
    try:
        return _day(date.fromisoformat(text))
    except ValueError:
        return text


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
