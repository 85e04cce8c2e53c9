"""The files that show credentials: how large they may be, who read them, and removing those that belong to none."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from directory.audit.log import record
from directory.credentials.models import Credential, Evidence
from directory.extensions import db
from directory.web.plain_text import without_invisible
from directory.web.uploads import CleanFile, keep_file

MAX_EVIDENCE_BYTES = 10 * 1024 * 1024
MAX_FILES = 3  # at once
ORPHAN_DAYS = 1
"""A file is older than any transaction that may still name it."""
MAX_TITLE_LENGTH = 200
_PATH_MARKS = re.compile(r"[/\\]")


def title_of_file(name: str | None) -> str:
    """What to call an uploaded file on pages: the last part of the name it came with. Never a path of ours."""
    last = _PATH_MARKS.split(without_invisible(name or ""))[-1].strip()
    return last[-MAX_TITLE_LENGTH:] or "File without a name"


def add_evidence(actor: str, credential: Credential, clean: CleanFile, title: str) -> Evidence:
    """Keep a file that shows the credential. `title` is only ever shown, never used as a path."""
    evidence = Evidence(
        credential_id=credential.id,
        file=keep_file(current_app.config["EVIDENCE_DIR"], clean),
        sha256=clean.sha256,
        media_type=clean.media_type,
        size_bytes=len(clean.content),
        title=title[-MAX_TITLE_LENGTH:],
        added_by=actor,
        added_at=datetime.now(UTC),
    )
    credential.evidence.append(evidence)
    db.session.flush()
    record(actor, "add_evidence", credential.subject, after={"evidence": evidence.id, "sha256": clean.sha256})
    return evidence


def note_reading(actor: str, evidence: Evidence) -> None:
    """Log that `actor` downloaded a file."""
    after = {"evidence": evidence.id, "sha256": evidence.sha256}
    record(actor, "read_evidence", evidence.credential.subject, after=after)


def sweep_evidence(now: datetime | None = None) -> int:
    """Remove the files that no row names and that are older than a day; returns how many.

    They are what a transaction left that was rolled back, and the files of deleted credentials.
    """
    folder = Path(current_app.config["EVIDENCE_DIR"])
    if not folder.is_dir():
        return 0
    before = (now or datetime.now(UTC)) - timedelta(days=ORPHAN_DAYS)
    old = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before.timestamp()]
    named = set(db.session.scalars(select(Evidence.file)))
    orphans = [path for path in old if path.name not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
