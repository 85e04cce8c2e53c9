"""How the answers of the NPPES registry become rows in the layout of its files."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from directory.imports.reading.answers import (
    AnswerRow,
    AnswerTable,
    KeptAnswer,
    mapping,
    other_interface,
    read_answers,
    text_of,
)
from directory.providers.npi import why_not_an_npi
from directory.web.days import local_day

_ENTITY_TYPES = {"NPI-1": "1", "NPI-2": "2"}


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
        raise other_interface(answer, "NPPES")
    for number, result in enumerate(body.get("results") or (), 1):
        yield number, result if isinstance(result, dict) else {}


def _provider_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    asked = number_asked(answer.url)
    if asked and is_deactivated(answer.body):
        yield AnswerRow(asked, 1, {NPI: asked, DEACTIVATED: _day(local_day(answer.at))})
    for number, result in _results(answer):
        yield AnswerRow(text_of(result, "number"), number, _provider_cells(result))


def _provider_cells(result: Mapping[str, Any]) -> dict[str, str]:
    basic = mapping(result.get("basic"))
    practice = next((each for each in _list(result, "addresses") if text_of(each, "address_purpose") == "LOCATION"), {})
    cells = {
        NPI: text_of(result, "number"),
        "Entity Type Code": _ENTITY_TYPES.get(text_of(result, "enumeration_type"), text_of(result, "enumeration_type")),
        "Provider Organization Name (Legal Business Name)": text_of(basic, "organization_name"),
        "Provider Last Name (Legal Name)": text_of(basic, "last_name"),
        "Provider First Name": text_of(basic, "first_name"),
        "Provider Middle Name": text_of(basic, "middle_name"),
        "Provider Name Suffix Text": text_of(basic, "name_suffix"),
        "Provider Credential Text": text_of(basic, "credential"),
        GENDER_COLUMNS[0]: text_of(basic, "sex") or text_of(basic, "gender"),
        "Provider Enumeration Date": _written_day(basic, "enumeration_date"),
        "Last Update Date": _written_day(basic, "last_updated"),
        DEACTIVATED: _written_day(basic, "deactivation_date"),
        REACTIVATED: _written_day(basic, "reactivation_date"),
        **_address_cells(practice, PRACTICE),
    }
    for taxonomy, columns in zip(_list(result, "taxonomies"), TAXONOMY_GROUPS, strict=False):
        values = (
            text_of(taxonomy, "code"),
            "Y" if taxonomy.get("primary") is True else "N",
            text_of(taxonomy, "license"),
            text_of(taxonomy, "state"),
        )
        cells |= dict(zip(columns, values, strict=True))
    return cells


def _address_cells(address: Mapping[str, Any], columns: AddressColumns) -> dict[str, str]:
    return {
        columns.line_1: text_of(address, "address_1"),
        columns.line_2: text_of(address, "address_2"),
        columns.city: text_of(address, "city"),
        columns.state: text_of(address, "state"),
        columns.postal_code: text_of(address, "postal_code"),
        columns.country: text_of(address, "country_code"),
        columns.phone: text_of(address, "telephone_number"),
    }


def _location_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    for number, result in _results(answer):
        npi = text_of(result, "number")
        for address in _list(result, "practiceLocations"):
            yield AnswerRow(npi, number, {NPI: npi, **_address_cells(address, SECONDARY)})


def _other_name_rows(answer: KeptAnswer) -> Iterator[AnswerRow]:
    """Those of organizations: a person's other names are not in the file."""
    for number, result in _results(answer):
        npi = text_of(result, "number")
        for other in _list(result, "other_names"):
            if name := text_of(other, "organization_name"):
                yield AnswerRow(npi, number, {NPI: npi, OTHER_NAME: name, OTHER_NAME_KIND: text_of(other, "code")})


def _list(result: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    values = result.get(name)
    return map(mapping, values) if isinstance(values, list) else ()


def _written_day(values: Mapping[str, Any], name: str) -> str:
    """As the file writes a day; what is none stays as it is, so that the import says so."""
    text = text_of(values, name)
    try:
        return _day(date.fromisoformat(text))
    except ValueError:
        return text


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"


PROVIDER_ANSWERS = AnswerTable((*PROVIDERS.columns, GENDER_COLUMNS[0]), _provider_rows)
LOCATION_ANSWERS = AnswerTable(LOCATIONS.columns, _location_rows)
OTHER_NAME_ANSWERS = AnswerTable(OTHER_NAMES.columns, _other_name_rows)
