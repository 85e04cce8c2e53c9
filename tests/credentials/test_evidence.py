"""Files that show credentials: what is taken in, under which name it lies, who gets it out, and when it goes."""

import hashlib
import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.evidence import MAX_EVIDENCE_BYTES, add_evidence, sweep_evidence, title_of_file
from directory.credentials.models import Evidence
from directory.extensions import db
from directory.web.uploads import UploadError, read_upload
from tests.credentials.acting import CLINIC, PDF, claimed, paper
from tests.signing_in import SignedInClient, signed_in

TWO_DAYS = timedelta(days=2)
SCRIPT = PDF.replace(b"/Pages", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> /Pages")


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["EVIDENCE_DIR"])


@pytest.fixture
def evidence(app: Flask) -> Evidence:
    kept = add_evidence(CLINIC, claimed(), paper(), "diploma.pdf")
    db.session.commit()
    return kept


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def age(folder: Path, by: timedelta) -> None:
    moment = (datetime.now(UTC) - by).timestamp()
    for path in folder.iterdir():
        os.utime(path, (moment, moment))


def address(evidence: Evidence) -> str:
    return f"/admin/verify/evidence/{evidence.id}"


def readings() -> list[tuple[str, str]]:
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "read_evidence"))
    return [(event.actor, event.subject) for event in events]


def test_a_kept_file_has_a_random_name_its_hash_and_one_reader(app: Flask, folder: Path, evidence: Evidence) -> None:
    (name,) = names(folder)
    assert name == evidence.file
    assert "diploma" not in name
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == evidence.sha256
    assert (evidence.media_type, evidence.size_bytes, evidence.title) == ("application/pdf", len(PDF), "diploma.pdf")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/diploma.pdf", "diploma.pdf"),
        ("diploma \u202efdp.exe", "diploma fdp.exe"),
        ("", "File without a name"),
        ("../", "File without a name"),
        (None, "File without a name"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_file_is_called_by_the_last_part_of_its_name(name: str | None, title: str) -> None:
    assert title_of_file(name) == title


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SCRIPT, "contains a script"),
        (b"#!/bin/sh\nrm -r /\n", "not a PDF, PNG or JPEG"),
        (b"<script>alert(1)</script>", "not a PDF, PNG or JPEG"),
        (PDF + b"\0" * (MAX_EVIDENCE_BYTES + 1 - len(PDF)), "larger than 10 MB"),
    ],
    ids=["script in a PDF", "script called PDF", "page called PDF", "one byte too many"],
)
def test_what_is_no_harmless_paper_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UploadError, match=words):
        read_upload(FileStorage(io.BytesIO(content), "diploma.pdf"), MAX_EVIDENCE_BYTES)


def test_a_photograph_is_kept_without_where_and_when_it_was_taken(app: Flask, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif[0x8825] = {1: "N", 2: (33.0, 50.0, 9.0)}  # where
    sent = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(sent, "JPEG", exif=exif)
    assert b"SECRET" in sent.getvalue()
    clean = read_upload(FileStorage(io.BytesIO(sent.getvalue()), "IMG_1.jpg"), MAX_EVIDENCE_BYTES)
    add_evidence(CLINIC, claimed(), clean, "IMG_1.jpg")
    stored = (folder / names(folder)[0]).read_bytes()
    assert b"SECRET" not in stored
    with Image.open(io.BytesIO(stored)) as picture:
        assert not picture.getexif()


@pytest.mark.postgresql
@pytest.mark.parametrize("role", ["verifier", "admin"])
def test_staff_get_it_as_a_download_and_the_log_says_so(app: Flask, evidence: Evidence, role: str) -> None:
    client = signed_in(app, role)
    answer = client.get(address(evidence))
    assert (answer.status_code, answer.data) == (200, PDF)
    name = f"credential-{evidence.credential_id}-evidence-{evidence.id}.pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    client.get(address(evidence))
    assert readings() == [(f"account:{client.account.id}", f"credential:{evidence.credential_id}")] * 2
    assert check_log().fault is None


def test_nobody_else_gets_it(app: Flask, evidence: Evidence) -> None:
    npi = claimed().npi
    db.session.commit()
    strangers = [signed_in(app, "moderator"), signed_in(app, "clinic", npi=npi)]
    assert [client.get(address(evidence)).status_code for client in strangers] == [403, 403]
    assert app.test_client().get(address(evidence)).status_code == 302
    assert readings() == []


def test_the_clinic_that_sent_it_does_not_get_it_back(app: Flask) -> None:
    credential = claimed()
    kept = add_evidence(CLINIC, credential, paper(), "diploma.pdf")
    db.session.commit()
    assert signed_in(app, "clinic", npi=credential.npi).get(address(kept)).status_code == 403


def test_a_verifier_with_a_conflict_is_refused_and_that_is_logged(app: Flask) -> None:
    credential = claimed()
    kept = add_evidence(CLINIC, credential, paper(), "diploma.pdf")
    db.session.commit()
    client: SignedInClient = signed_in(app, "verifier")
    declare_conflict(f"account:{client.account.id}", credential.npi, "My sister works there.")
    db.session.commit()
    assert client.get(address(kept)).status_code == 403
    assert readings() == []
    refused = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "refuse_access")).one()
    assert refused.subject == f"evidence:{kept.id}"


def test_a_file_that_is_not_there_is_not_found(app: Flask, folder: Path, evidence: Evidence) -> None:
    client = signed_in(app, "verifier")
    assert client.get(f"/admin/verify/evidence/{evidence.id + 1}").status_code == 404
    (folder / evidence.file).unlink()
    assert client.get(address(evidence)).status_code == 404
    assert readings() == []


def test_the_sweep_takes_what_a_rolled_back_act_left_once_it_is_a_day_old(
    app: Flask, folder: Path, evidence: Evidence
) -> None:
    add_evidence(CLINIC, claimed(), paper(), "diploma.pdf")
    db.session.rollback()
    assert len(names(folder)) == 2
    assert sweep_evidence() == 0, "its transaction might still be open"
    age(folder, TWO_DAYS)
    assert sweep_evidence() == 1
    assert names(folder) == [evidence.file]


@pytest.mark.postgresql
def test_the_files_of_a_deleted_credential_go(app: Flask, folder: Path) -> None:
    credential = claimed()
    add_evidence(CLINIC, credential, paper(), "diploma.pdf")
    db.session.commit()
    db.session.delete(credential)
    db.session.commit()
    age(folder, TWO_DAYS)
    assert sweep_evidence() == 1
    assert names(folder) == []


def test_the_sweep_needs_no_folder(app: Flask) -> None:
    assert sweep_evidence() == 0
