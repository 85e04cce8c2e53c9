"""The OIG's List of Excluded Individuals and Entities: the full list, or a month's supplement.

All entries are kept, so that a provider who is added later is matched too; `credentials.exclusions` says who is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from directory.credentials.exclusions.fits import is_active
from directory.credentials.exclusions.matching import match_exclusions
from directory.credentials.exclusions.possible import UNDECIDED
from directory.credentials.exclusions.rows import SOURCE
from directory.credentials.models import Exclusion, PossibleExclusion
from directory.credentials.scoring import rescore_qualifications
from directory.extensions import db
from directory.imports.leie import staged_entries
from directory.imports.leie.rows import BUSINESS, COLUMNS, FIRST, LAST, NPI, entry_values, name_key, npi_of
from directory.imports.leie.staged_entries import Staging, staging
from directory.imports.models import ImportRun
from directory.imports.progress import Progress
from directory.imports.reading.block_filter import EveryRow
from directory.imports.reading.fields import Fields
from directory.imports.reading.files import ImportFileError, open_published
from directory.imports.reading.scan import CsvScan
from directory.imports.rows import RowRejectedError
from directory.imports.runs import FileRun, Workplace, import_run, timed
from directory.web.days import today_in_california

FULL_LIST = "UPDATED"
"""What the OIG's name for the full list starts with."""
MIN_SHARE = 0.5
"""A full list that names fewer than this share of the entries held is taken for one that was cut."""
BLOCK_BYTES = 512 * 1024


@dataclass(slots=True)
class ImportedLeie:
    """What came of it, and how the directory stands after it."""

    files: list[FileRun]
    is_full: bool = False
    removed: int = 0  # entries that a full list no longer has
    changed_providers: int = 0  # providers of whom an exclusion began, ended or changed
    excluded_providers: int = 0  # providers here whom the list excludes today
    waiting: int = 0  # possible matches that verifiers have not decided


def import_leie(
    path: str, progress: Progress, *, is_full: bool | None = None, accept_shrunk: bool = False
) -> ImportedLeie:
    """Import the file and commit. Raises `ImportFileError`, and then nothing was changed.

    `is_full` says whether what the file does not name is gone; None to tell by the file's name.
    """
    options = {"full": is_full, "accept_shrunk": accept_shrunk or None}
    kept_options = {name: value for name, value in options.items() if value is not None}
    with import_run(SOURCE, [path], kept_options) as work:
        done = ImportedLeie(work.files)
        file = work.files[0]
        with timed(file), staging() as staged:
            _read(file, work, staged, progress)
            _keep_other_writers_out(file)
            done.is_full = _is_named_full(file.name) if is_full is None else is_full
            staged_entries.take_repeated(file, work)
            if done.is_full and not accept_shrunk:
                _refuse_shrunk(file)
            if not done.is_full:
                staged_entries.keep_reinstatements()
                staged_entries.recognize_reinstated()
            staged_entries.merge_entries(file.counts)
            if done.is_full:
                done.removed = staged_entries.remove_gone()
            changed = match_exclusions(gone_on=file.as_of)
            rescore_qualifications(sorted(changed))
        done.changed_providers = len(changed)
        done.excluded_providers, done.waiting = _standing()
    return done


def _read(file: FileRun, work: Workplace, staged: Staging, progress: Progress) -> None:
    with open_published(file.path, FULL_LIST.lower()) as opened, progress.reading(opened) as published:
        file.name, file.as_of = published.label, published.as_of
        scan = CsvScan(published, COLUMNS, "the OIG's list of exclusions", block_bytes=BLOCK_BYTES)

        def reject(line: int, texts: Sequence[str], reason: str) -> None:
            given = {name: _text_at(texts, scan.position[name]) for name in (NPI, LAST, FIRST, BUSINESS)}
            staged.add_unusable(line, npi_of(given[NPI]), name_key(given[LAST], given[FIRST], given[BUSINESS]))
            work.reject(file, line, given[NPI], reason)

        for line, texts in scan.rows(EveryRow(LAST), reject):
            try:
                staged.add(line, entry_values(Fields(scan.position, texts), file.as_of))
            except RowRejectedError as error:
                reject(line, texts, str(error))
        staged.write()
        file.counts.read = scan.read


def _keep_other_writers_out(file: FileRun) -> None:
    """Write before anything is read that the next writes hang on: SQLite refuses to write on what has grown old."""
    db.session.execute(update(ImportRun).where(ImportRun.id == file.run_id).values(as_of=file.as_of))


def _text_at(texts: Sequence[str], index: int) -> str:
    """What a row has there that may be shorter than others."""
    return texts[index].strip() if index < len(texts) else ""


def _is_named_full(label: str) -> bool:
    """Whether the file, or the zip that it is in, has the OIG's name for the full list."""
    return any(part.upper().startswith(FULL_LIST) for part in label.split("/"))


def _refuse_shrunk(file: FileRun) -> None:
    rows, held = staged_entries.count_rows(), staged_entries.count_held()
    if rows < MIN_SHARE * held:
        raise ImportFileError(
            f"{file.name} names {rows:,} entries where {held:,} are held, so it is probably not the whole list: "
            "download it again, or import it with --supplement if it is one. If the list has really shrunk so far, add "
            "--accept-shrunk. Nothing was changed."
        )


def _standing() -> tuple[int, int]:
    """How many providers the list excludes today, and how many possible matches wait."""
    today = today_in_california()
    excluded = db.session.scalar(
        select(func.count(Exclusion.npi.distinct())).where(
            Exclusion.source_key == SOURCE,
            Exclusion.excluded_on <= today,
            is_active(Exclusion, today),
        )
    )
    waiting = db.session.scalar(select(func.count()).where(PossibleExclusion.status.in_(UNDECIDED)))
    return excluded or 0, waiting or 0
