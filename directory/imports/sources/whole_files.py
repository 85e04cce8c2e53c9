"""Which whole files a source has now: from its index page, its catalog, or the form of its names."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from flask import current_app

from directory.imports.asp import PAYMENT_LIMITS
from directory.imports.asp_quarter import quarter_name, quarters_of_name
from directory.imports.cms_clinicians import CLINICIANS
from directory.imports.exclusions import leie, medi_cal
from directory.imports.nppes.provider_values import PROVIDERS
from directory.imports.nucc import TAXONOMY
from directory.imports.sources.catalog import FetchError, PublicSource
from directory.imports.sources.checks import SHAPEFILE, check_table, check_zip
from directory.imports.sources.client import SourceClient
from directory.imports.sources.store import fetched_files
from directory.places.areas import AreaCodes
from directory.web.days import today_in_california
from directory.web.transaction import transaction

_BY_HAND = (
    "Has the page changed? Download the file in a browser and read it with `flask import {command}`, or set {setting}."
)
_ASP_NAME = re.compile(r"asp|payment|pricing", re.IGNORECASE)
_BESIDE_PRICES = re.compile(r"crosswalk|noc|ndc|not[ _-]otherwise", re.IGNORECASE)
_NUCC_VERSION = re.compile(r"(?P<year>\d\d)(?P<half>[01])(?=\.csv$)")
_MONTHLY = re.compile(r"NPPES_Data_Dissemination_(?P<month>[A-Z][a-z]+)_(?P<year>20\d\d)(?P<form>_V\d+)?\.zip")
_WEEKLY = re.compile(r"NPPES_Data_Dissemination_\d{6}_(?P<day>\d{6})_Weekly(?P<form>_V\d+)?\.zip")


@dataclass(frozen=True, slots=True)
class WantedFile:
    """One file to fetch: the first of the `addresses` that exists and passes the `check`.

    `part` says which of the source's files it is; a newer one of the same part takes its place.
    """

    part: str
    addresses: tuple[str, ...]
    check: Callable[[Path], None]
    published_on: date | None = None


def find_file(_client: SourceClient, source: PublicSource, _area: AreaCodes | None, _whole: bool) -> list[WantedFile]:
    """A list that is always at the same address."""
    columns = {
        "leie": leie.COLUMNS,
        "medi_cal_suspended": (medi_cal.LAST, medi_cal.LICENSE, medi_cal.NUMBERS, medi_cal.SUSPENDED),
    }
    return [WantedFile("list", (source.address,), partial(check_table, prefix="", columns=columns[source.key]))]


def find_nucc(_client: SourceClient, source: PublicSource, _area: AreaCodes | None, _whole: bool) -> list[WantedFile]:
    """The taxonomy; its name holds year and half, and each newer version that may be out is tried first."""
    check = partial(check_table, prefix=TAXONOMY.prefix, columns=TAXONOMY.columns)
    return [WantedFile("taxonomy", tuple(_versions(source.address, today_in_california())), check)]


def _versions(address: str, today: date) -> Iterator[str]:
    """The address of the version that comes next, and of those before it, down to the one that is set."""
    named = _NUCC_VERSION.search(address)
    if named is None:
        yield address
        return
    known = 2 * int(named["year"]) + int(named["half"])
    coming = 2 * (today.year % 100) + (today.month > 6) + 1
    for halves in range(max(coming, known), known - 1, -1):
        yield f"{address[: named.start()]}{halves // 2:02}{halves % 2}{address[named.end() :]}"


def find_nppes(client: SourceClient, source: PublicSource, _area: AreaCodes | None, whole: bool) -> list[WantedFile]:
    """The weekly files since the last one that was fetched, oldest first, and with `whole` the newest monthly file.

    A weekly file alone names those who were deactivated in its week, so after weeks without a fetch each one counts.
    """
    links = [address for address, _text in _links(client, source)]
    weekly = _dated(source, "weekly", links, _WEEKLY, "%m%d%y")
    with transaction():
        known = max((file.published_on or date.min for file in fetched_files([source.key], "weekly")), default=None)
    since = [week for week in weekly if known and week >= known] or [max(weekly)]
    wanted: list[tuple[str, date | None, str]] = []
    if whole:
        monthly = _dated(source, "monthly", links, _MONTHLY, "%B%Y")
        wanted.append(("monthly", None, monthly[max(monthly)]))
    wanted += [("weekly", week, weekly[week]) for week in since[-current_app.config["SOURCES_KEPT"] :]]
    check = partial(check_table, prefix=PROVIDERS.prefix, columns=PROVIDERS.columns)
    return [WantedFile(part, (address,), check, day) for part, day, address in wanted]


def _dated(source: PublicSource, part: str, links: list[str], name: re.Pattern[str], form: str) -> dict[date, str]:
    """The addresses of the files of that kind by day, the oldest first; of two of one day the newer form (`_V2`)."""
    found: dict[date, tuple[str, str]] = {}
    for address in links:
        if named := name.fullmatch(_name_of(address)):
            said = named.groupdict()
            day = _day(said.get("day") or f"{said['month']}{said['year']}", form)
            if day:
                found[day] = max(found.get(day, ("", "")), (said["form"] or "", address))
    if not found:
        raise FetchError(f"{source.address} has no link to the {part} file. {_by_hand(source)}")
    return {day: found[day][1] for day in sorted(found)}


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day without a time)
    except ValueError:
        return None


def find_asp(client: SourceClient, source: PublicSource, _area: AreaCodes | None, _whole: bool) -> list[WantedFile]:
    """The payment limits of the quarter that has begun and of the next, when they are on the page; else the newest."""
    found: dict[date, str] = {}
    for address, text in _links(client, source):
        name = _name_of(address)
        said = f"{name} {text}"
        if name.lower().endswith(".zip") and _ASP_NAME.search(said) and not _BESIDE_PRICES.search(said):
            quarters = set(quarters_of_name(name)) or set(quarters_of_name(text))
            if len(quarters) == 1:
                found.setdefault(quarters.pop(), address)
    if not found:
        raise FetchError(f"{source.address} has no link to the zip of a quarter. {_by_hand(source)}")
    check = partial(check_table, prefix=PAYMENT_LIMITS.prefix, columns=PAYMENT_LIMITS.columns)
    now = quarter_name(today_in_california())
    wanted = sorted(day for day in found if quarter_name(day) >= now) or [max(found)]
    return [WantedFile(quarter_name(day), (found[day],), check) for day in wanted]


def find_clinicians(
    client: SourceClient, source: PublicSource, _area: AreaCodes | None, whole: bool
) -> list[WantedFile]:
    """The file of the whole nation, when it is asked for."""
    if not whole:
        return []
    address = _download_url(client.get_json(source.address))
    if address is None:
        raise FetchError(f"{source.address} names no downloadURL. {_by_hand(source)}")
    check = partial(check_table, prefix=CLINICIANS.prefix, columns=CLINICIANS.columns)
    return [WantedFile("national", (address,), check)]


def _download_url(answer: Any) -> str | None:
    """The first `downloadURL` in the answer, however deep."""
    if isinstance(answer, dict):
        url = answer.get("downloadURL")
        return url if isinstance(url, str) and url else _download_url(list(answer.values()))
    if isinstance(answer, list):
        return next(filter(None, map(_download_url, answer)), None)
    return None


def find_tiger(_client: SourceClient, source: PublicSource, area: AreaCodes | None, _whole: bool) -> list[WantedFile]:
    """Streets and water of each county that the area touches, main roads and places of its states."""
    if area is None or not area.counties:
        raise FetchError(f"No county is known around {area.label if area else 'no place'}: name a place with --near.")
    folder = f"{source.address.rstrip('/')}/"
    known = re.search(r"TIGER(\d{4})", folder)
    if known is None:
        raise FetchError(f"{source.setting} must end in the folder of one year, such as TIGER2025/.")
    years = range(max(today_in_california().year, int(known[1])), int(known[1]) - 1, -1)  # newer ones may be out
    folders = {year: folder.replace(known[0], f"TIGER{year}") for year in years}
    states = sorted({county[:2] for county in area.counties})
    wanted = [(kind, code) for kind in ("ADDRFEAT", "AREAWATER") for code in area.counties]
    wanted += [(kind, code) for kind in ("PRISECROADS", "PLACE") for code in states]
    check = partial(check_zip, endings=SHAPEFILE)
    return [
        WantedFile(
            f"{kind.lower()} {code}",
            tuple(urljoin(at, f"{kind}/tl_{year}_{code}_{kind.lower()}.zip") for year, at in folders.items()),
            check,
        )
        for kind, code in wanted
    ]


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.links.append([href, ""])
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.links[-1][1] += data


def _links(client: SourceClient, source: PublicSource) -> list[tuple[str, str]]:
    """The address and the text of each link on the source's page."""
    page = client.get_text(source.address)
    if not page.strip():
        raise FetchError(f"{source.address} is an empty page: try again later. {_by_hand(source)}")
    reader = _LinkReader()
    reader.feed(page)
    links = []
    for href, text in reader.links:
        with suppress(ValueError):  # what is no address leads nowhere
            links.append((urljoin(source.address, href.strip()), " ".join(text.split())))
    return links


def _name_of(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name


def _by_hand(source: PublicSource) -> str:
    return _BY_HAND.format(command=source.import_command, setting=source.setting)
