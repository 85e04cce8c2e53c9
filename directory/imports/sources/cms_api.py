"""CMS asked about one area: services billed to Medicare by code, state and year, and clinicians by state."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select

from directory.credentials.queries import PROCEDURES
from directory.credentials.rubric import NECK_TREATMENT, VOLUME_YEARS
from directory.extensions import db
from directory.imports.cms_clinicians import CLINICIANS
from directory.imports.cms_services import CODE, SERVICE_NPI, SERVICE_ROWS
from directory.imports.models import FetchedFile
from directory.imports.reading.answers import letters_of, read_answers
from directory.imports.reading.files import holds_answers
from directory.imports.sources.asking import Asking, refuse_answer
from directory.imports.sources.catalog import FetchError, PublicSource
from directory.imports.sources.client import SourceClient
from directory.imports.sources.store import Fetched, Origin, newest_kept, note_unchanged, safe_name, sources_folder
from directory.places.areas import AreaCodes
from directory.providers.npi import why_not_an_npi
from directory.web.days import today_in_california
from directory.web.transaction import transaction

TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"
STATE, ZIP = "Rndrng_Prvdr_State_Abrvtn", "Rndrng_Prvdr_Zip5"
SERVICES_A_PAGE, CLINICIANS_A_PAGE = 5000, 1500
_DATASET = re.compile(r"/dataset/(?P<id>[^/?#]+)/data\b")
_CODES = " ".join(PROCEDURES)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


class Release(NamedTuple):
    """The services of one year: under which id they are asked for, and which version of them is there now."""

    year: int
    dataset: str
    version: str


def ask_services(client: SourceClient, source: PublicSource, area: AreaCodes, folder: Path | None) -> list[Fetched]:
    """Ask for the counted codes in the area's states, a file of answers a year; years that count in the rubric.

    A year that CMS has not changed since is not asked about again. Raises `FetchError`. Opens transactions.
    """
    into = (folder or sources_folder()) / source.key
    since = today_in_california().year - VOLUME_YEARS
    releases = [each for each in releases_in(client.get_json(source.address), source) if each.year >= since]
    if not releases:
        raise FetchError(f"{source.address} names no year of “{TITLE}” since {since}. {_set(source)}")
    states = ", ".join(area.states)
    return [_ask_release(client, release, area.states, into, f"{release.year}, {states}") for release in releases]


def _ask_release(client: SourceClient, release: Release, states: Collection[str], into: Path, part: str) -> Fetched:
    with transaction():
        before = newest_kept("cms_services", part, into)
        if before and before.etag == release.version:
            return note_unchanged("cms_services", part, into)
    address = f"{current_app.config['SOURCE_CMS_SERVICES_DATA_URL'].rstrip('/')}/{release.dataset}/data"
    name = safe_name(f"answers-D{release.year % 100:02}-{'-'.join(states)}")
    with Asking(client, f"Asking for Medicare’s services of {part}", into, name) as asking:
        asking.expect(2 * len(states) * len(PROCEDURES))
        came = sum(_ask_code(asking, address, code, state) for state in states for code in PROCEDURES)
        if not came:
            raise refuse_answer(address, f"has no row of {', '.join(PROCEDURES)} of {part}")
        return asking.keep("cms_services", part, Origin(address, release.version))


def _ask_code(asking: Asking, address: str, code: str, state: str) -> int:
    """All rows of one code and state. Returns how many. Raises `FetchError` when some are missing."""
    wanted = {CODE: code, STATE: state}
    filters = {f"filter[{name}]": value for name, value in wanted.items()}
    counted = asking.ask(f"{address}/stats", filters, _check_count)
    expected, came = int(counted["found_rows"]), 0

    def check(rows: Any) -> None:
        _check_columns(address, rows, SERVICE_ROWS.columns)
        if any(str(row.get(name)) != value for row in rows for name, value in wanted.items()):
            raise refuse_answer(address, f"answered with other rows than those of {code} in {state}")
        if not rows:
            raise refuse_answer(address, f"announced {expected:,} rows of {code} in {state} and sent {came:,}")

    while came < expected:
        if came:
            asking.expect(1)
        page = {**filters, "size": str(SERVICES_A_PAGE), "offset": str(came)}
        came += len(asking.ask(address, page, check))
    return came


def _check_count(answer: Any) -> None:
    if not isinstance(answer, dict) or not str(answer.get("found_rows", "")).isdigit():
        raise FetchError("CMS did not say how many rows there are of a code. Try again later.")


def releases_in(catalog: Any, source: PublicSource) -> list[Release]:
    """Each year that the catalog has, the oldest first; the latest under the id that stays when a new year comes."""
    entries = catalog.get("dataset") if isinstance(catalog, dict) else None
    entry = next((each for each in entries or () if isinstance(each, dict) and each.get("title") == TITLE), None)
    if entry is None:
        raise FetchError(f"{source.address} has no entry “{TITLE}”. {_set(source)}")
    found: dict[int, Release] = {}
    latest: list[Release] = []
    for each in entry.get("distribution") or ():
        url = str(each.get("accessURL") or each.get("downloadURL") or "")
        year = _year_of(each)
        if (named := _DATASET.search(url)) and year:
            release = Release(year, named["id"], f"{each.get('modified') or entry.get('modified')} {year}: {_CODES}")
            if each.get("description") == "latest":
                latest.append(release)
            else:
                found.setdefault(year, release)
    found |= {release.year: release for release in latest}
    return [found[year] for year in sorted(found)]


def _year_of(distribution: dict[str, Any]) -> int | None:
    """The year that the rows are of: of their period, else of the day in the title."""
    said = _YEAR.findall(str(distribution.get("temporal") or "")) or _YEAR.findall(str(distribution.get("title") or ""))
    return int(said[-1]) if said else None


def neck_injectors(area: AreaCodes, folder: Path) -> set[str]:
    """Who billed neck injections in the area, by the newest answers kept in the folder of all sources."""
    files = db.session.scalars(select(FetchedFile.part).where(FetchedFile.source_key == "cms_services").distinct())
    zips, found = set(area.zips), set()
    for part in files:
        kept = newest_kept("cms_services", part, folder / "cms_services")
        if kept and holds_answers(str(kept.path)):
            for answer in read_answers(str(kept.path)):
                for row in answer.body if isinstance(answer.body, list) else ():
                    if row[CODE] == NECK_TREATMENT and str(row.get(ZIP))[:5] in zips:
                        found.add(str(row[SERVICE_NPI]))
    return {npi for npi in found if not why_not_an_npi(npi)}


def ask_clinicians(client: SourceClient, source: PublicSource, area: AreaCodes, folder: Path | None) -> list[Fetched]:
    """Ask for all rows of the area's states. Raises `FetchError`. Opens transactions."""
    into, part = (folder or sources_folder()) / source.key, ", ".join(area.states)
    about = client.get_json(source.address)
    version = str(about.get("modified") or "") if isinstance(about, dict) else ""
    with transaction():
        before = newest_kept(source.key, part, into)
        if before and version and before.etag == version:
            return [note_unchanged(source.key, part, into)]
    address = current_app.config["SOURCE_CMS_CLINICIANS_DATA_URL"]
    name = safe_name(f"answers-{'-'.join(area.states)}")
    with Asking(client, f"Asking for clinicians of {part}", into, name) as asking:
        for state in area.states:
            _ask_state(asking, address, state)
        return [asking.keep(source.key, part, Origin(address, version or None))]


def _ask_state(asking: Asking, address: str, state: str) -> None:
    condition = {"conditions[0][property]": "state", "conditions[0][value]": state}
    came, expected = 0, 1
    asking.expect(1)

    def check(answer: Any) -> None:
        rows: Any = answer.get("results") if isinstance(answer, dict) else None
        _check_columns(address, rows, (*CLINICIANS.columns, "State"))
        if not str(answer.get("count", "")).isdigit():
            raise refuse_answer(address, f"did not say how many rows there are of {state}")
        if any(value != state for row in rows for name, value in row.items() if letters_of(name) == "state"):
            raise refuse_answer(address, f"answered with other rows than those of {state}")
        if not rows:
            raise refuse_answer(address, f"announced {answer['count']} rows of {state} and sent {came:,}")

    while came < expected:
        page = {**condition, "limit": str(CLINICIANS_A_PAGE), "offset": str(came)}
        answer = asking.ask(address, page, check)
        if not came:
            asking.expect(int(answer["count"]) // CLINICIANS_A_PAGE)
        came, expected = came + len(answer["results"]), int(answer["count"])


def _check_columns(address: str, rows: Any, columns: Collection[str]) -> None:
    """Raise `FetchError` unless the rows have the columns of the file, however capitals and signs are written."""
    needed = set(map(letters_of, columns))
    if not isinstance(rows, list) or any(
        not isinstance(row, dict) or needed - set(map(letters_of, row)) for row in rows
    ):
        raise refuse_answer(address, "answered otherwise than it used to: without the columns of the file")


def _set(source: PublicSource) -> str:
    return f"Has it changed? Set {source.setting} (docs/operating.md), or fetch the file in a browser and import it."
