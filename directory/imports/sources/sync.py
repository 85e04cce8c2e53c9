"""Keep the directory up to date from its public sources: fetch what is new, read it in the right order, score.

Each source is fetched and read by itself. One that fails leaves the others, and what the directory had of it before.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from directory.audit.log import PROGRAM
from directory.credentials.scoring import rescore_all_qualifications
from directory.extensions import db
from directory.imports.cli import IMPORTS
from directory.imports.lock import is_locked, lock_file
from directory.imports.models import FetchedFile, ImportRun, SourceSync
from directory.imports.reading.files import ImportFileError, NoneHereError
from directory.imports.report import sentences_of
from directory.imports.runs import REQUESTED, RequestedImport
from directory.imports.sources.by_hand import HandSource, hand_sources, shown_path
from directory.imports.sources.catalog import SOURCES, FetchError, PublicSource
from directory.imports.sources.client import SourceClient
from directory.imports.sources.fetching import PartlyFetchedError, fetch_source
from directory.imports.sources.store import sources_folder
from directory.places.areas import AreaCodes, codes_around
from directory.places.resolve import place_named
from directory.providers.offerings import TREATING
from directory.providers.placing import place_locations
from directory.reviews.estimating import estimate_ratings
from directory.web.days import local_day
from directory.web.filters import bytes_in_words, count_of
from directory.web.transaction import transaction

Say = Callable[[str], None]
ORDER = (
    "nucc",
    "cms_services",  # first, since who injects necks is looked for in NPPES whatever the specialty
    "nppes",
    "cms_services",  # again, for the providers whom NPPES brought
    "leie",
    "medi_cal_suspended",
    "cms_clinicians",
    "cms_asp",
    "tiger",
)
OF_KNOWN_PROVIDERS = ("cms-services", "cms-clinicians", "licenses")
"""What these say is kept for providers who are here, so they are read again when providers came."""
TRIED_AGAIN_AFTER = timedelta(days=1)
"""A source that failed."""


Source = PublicSource | HandSource


@dataclass(frozen=True, slots=True)
class SyncArea:
    """All within `radius_miles` of a place, as it was typed."""

    near: str
    radius_miles: float

    @property
    def codes(self) -> AreaCodes:
        """Raises `ValueError` when the place is unknown or could be several."""
        return codes_around(place_named(self.near), self.radius_miles)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a source as it lies here; `part` says which of the source's files it is."""

    part: str
    path: Path
    sha256: str


class SyncRunningError(Exception):
    """Another process on this machine syncs."""


def sync_sources(area: SyncArea, keys: Collection[str], say: Say, *, wait: bool = True) -> dict[str, str]:
    """Bring the sources of `keys` up to date for the area; returns by source why it could not be.

    Raises `ValueError` for a place that is unknown or could be several, and `SyncRunningError` when another one runs
    and this one shall not `wait`. Opens transactions.
    """
    codes = area.codes
    lock = sources_folder() / ".sync"
    if is_locked(lock):
        if not wait:
            raise SyncRunningError
        say("Another sync is running; this one starts when it has ended.")
    with lock_file(lock, wait=True), SourceClient() as client:
        return _Sync(area, codes, client, say).bring_up_to_date(keys)


class _Sync:
    """One run over several sources."""

    def __init__(self, area: SyncArea, codes: AreaCodes, client: SourceClient, say: Say) -> None:
        self._area, self._codes, self._client, self._say = area, codes, client, say
        self._fetched: dict[str, list[KeptFile]] = {}
        self._problems: dict[str, str] = {}
        self._has_changed = False

    def bring_up_to_date(self, keys: Collection[str]) -> dict[str, str]:
        for key in ORDER:
            if key in keys and SOURCES[key].is_fetched:
                self._sync_fetched(SOURCES[key])
        for source in hand_sources():
            if source.key in keys and (paths := source.files()):
                self._say(f"{source.name}: {', '.join(path.name for path in paths)} in {shown_path(source.folder)}")
                self._read(source, [KeptFile(path.name, path, _sha256(path)) for path in paths])
        self._say("Addresses, scores and estimates")
        for sentence in place_locations(self._say).sentences():
            self._say(f"  {sentence}")
        if self._has_changed:
            with transaction():
                rescore_all_qualifications()
                estimate_ratings()
        return self._problems

    def _sync_fetched(self, source: PublicSource) -> None:
        """Fetch the source, if this run has not, and read what is new."""
        if source.key not in self._fetched:
            self._say(f"{source.what[:1].upper()}{source.what[1:]}")
            self._fetched[source.key] = self._fetch(source)
        self._read(source, self._fetched[source.key])

    def _fetch(self, source: PublicSource) -> list[KeptFile]:
        try:
            fetched = fetch_source(self._client, source, self._codes)
        except PartlyFetchedError as error:
            self._fail(source, str(error))
            fetched = error.fetched
        except (FetchError, OSError, SQLAlchemyError) as error:
            db.session.rollback()
            self._fail(source, str(error))
            return []
        new = sum(each.file.bytes for each in fetched if each.changed)
        self._say(f"  {bytes_in_words(new)} new" if new else "  nothing new")
        return [_kept_file(each.file) for each in fetched]

    def _read(self, source: Source, files: Sequence[KeptFile]) -> None:
        """Import the files, unless just these were imported already, for the same area and the same providers."""
        with transaction():
            digest = self._digest(source, files)
            row = db.session.get(SourceSync, source.key)
            is_known = row is not None and row.imported == digest
        is_read = True
        for arguments in _arguments(source, files, self._area) if files and not is_known else []:
            try:
                self._import(source, arguments)
            except (ImportFileError, SQLAlchemyError, OSError) as error:
                db.session.rollback()
                self._fail(source, str(error))
                is_read = False
        if is_read:
            self._note(source, digest if files else None, problem=self._problems.get(source.key))

    def _import(self, source: Source, arguments: dict[str, Any]) -> None:
        """Call the import command. Raises what it raises; a file with nothing about providers here is only said."""
        try:
            report = IMPORTS[source.import_command](**arguments)
        except NoneHereError as error:
            self._say(f"  {error}" if isinstance(source, HandSource) else "  nothing in it about providers here")
            return
        for file in report.files:
            self._has_changed = self._has_changed or bool(file.counts.added + file.counts.changed)
            counts = [f"{count:,} {name}" for name, count in asdict(file.counts).items() if count or name == "read"]
            self._say(f"  {file.name}: {', '.join(counts)}")
        for sentence in sentences_of(report):
            self._say(f"  {sentence}")

    def _digest(self, source: Source, files: Sequence[KeptFile]) -> str:
        """What stands for these files, and for all else on which their import depends."""
        seen = [f"{file.part} {file.sha256}" for file in sorted(files, key=lambda file: file.part)]
        if source.key == "nppes":
            seen.append(f"{self._area.near}, {self._area.radius_miles:g} miles")
        if source.import_command in OF_KNOWN_PROVIDERS:
            brought = select(func.max(ImportRun.id)).where(ImportRun.source_key == "nppes", ImportRun.added > 0)
            seen.append(f"{db.session.scalar(brought)}")
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()

    def _fail(self, source: Source, reason: str) -> None:
        self._say(f"  {reason}")
        self._problems[source.key] = f"{self._problems.get(source.key, '')} {reason}".strip()
        self._note(source, None, problem=self._problems[source.key])

    def _note(self, source: Source, imported: str | None, problem: str | None = None) -> None:
        """Keep how the source stands, and when it is fetched next."""
        now, next_at = datetime.now(UTC), None
        if isinstance(source, PublicSource):
            next_at = now + (TRIED_AGAIN_AFTER if problem else timedelta(days=source.every_days))
        with transaction():
            row = db.session.get(SourceSync, source.key) or SourceSync(source_key=source.key)
            row.near, row.radius_miles, row.next_at, row.problem = *astuple(self._area), next_at, problem
            row.imported = imported or row.imported
            row.checked_at = row.checked_at if problem else now
            db.session.add(row)


def sync_due_sources(today: date, say: Say) -> str:
    """Bring those up to date that were synced once and are due by `today`, each for its area; says what came of it.

    Lists that a person fetches are looked for each time. `SOURCES_SYNC` turns it off.
    """
    if not current_app.config["SOURCES_SYNC"]:
        return "SOURCES_SYNC is 0."
    due: dict[SyncArea, set[str]] = defaultdict(set)
    with transaction():
        for row in db.session.scalars(select(SourceSync)):
            is_due = row.next_at is not None and local_day(row.next_at) <= today
            due[SyncArea(row.near, row.radius_miles)] |= {row.source_key} if is_due else set()
    by_hand = {source.key for source in hand_sources()}
    problems: dict[str, str] = {}
    asked = REQUESTED.set(RequestedImport(PROGRAM))
    try:
        for area, keys in due.items():
            problems |= sync_sources(area, keys | by_hand, say, wait=False)
    except SyncRunningError:
        return "A sync is running already."
    finally:
        REQUESTED.reset(asked)
    failed = "".join(f" {key}: {reason}" for key, reason in problems.items())
    return f"{count_of(sum(map(len, due.values())), 'source')} asked, {len(problems)} failed.{failed}"


def _arguments(source: Source, files: Sequence[KeptFile], area: SyncArea) -> list[dict[str, Any]]:
    """What the import command is called with, one after the other."""
    paths = [str(file.path) for file in files]
    match source.import_command:
        case "licenses":
            return [{"files": tuple(paths), "layout": getattr(source, "layout", ""), "accept_shrunk": False}]
        case "streets":
            return [{"files": tuple(paths)}]
        case "nppes":
            near = {"near": area.near, "radius": area.radius_miles, "codes": (TREATING,), "more_codes": ()}
            # Answers about the area are of today, so what the files of months and weeks say comes before.
            in_order = sorted(files, key=lambda file: (file.part not in {"monthly", "weekly"}, file.part))
            return [
                {"file": path, "locations": path, "other_names": path, **near, "with_demonstration": False}
                for path in (str(file.path) for file in in_order)
            ]
        case "leie":
            more: dict[str, Any] = {"is_full": True, "accept_shrunk": False}
        case "medi-cal-suspended":
            more = {"accept_shrunk": False}
        case "cms-services":
            more = {"year": None}
        case "asp":
            more = {"quarter": None}
        case _:
            more = {}
    return [{"file": path, **more} for path in paths]


def _kept_file(file: FetchedFile) -> KeptFile:
    return KeptFile(file.part, Path(file.path or ""), file.sha256)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
