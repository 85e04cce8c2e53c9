"""Files that admins upload are imported by the worker, one after another; what goes wrong changes nothing."""

import csv
import io
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.imports import uploads
from directory.imports.cli import IMPORTS
from directory.imports.lock import lock_file
from directory.imports.models import ImportRun, ImportUpload, UploadStatus
from directory.imports.upload_forms import SOURCES, form_of, in_words_of_the_page
from directory.imports.uploads import read_waiting_uploads, state_of, sweep_uploads, uploads_folder
from directory.providers.models import Specialty
from tests.imports import reviews_elsewhere
from tests.imports.importer import run_import
from tests.signing_in import SignedInClient, signed_in

UPLOADS = "/admin/imports"
HEADER = (
    "Code,Grouping,Classification,Specialization,Definition,Effective Date,Deactivation Date,Last Modified Date,Notes,"
    "Display Name,Section"
)
GOOD = "207R00000X,Allopathic,Internal Medicine,,=2+2,,,,,Internal Medicine Physician,Individual"
WRONG = "=cmd,Allopathic,Neurology,,,,,,,Neurology Physician,Individual"
NAME = "nucc_taxonomy_20260701.csv"


@pytest.fixture
def admin(app: Flask) -> SignedInClient:
    return signed_in(app, "admin")


def taxonomy(*rows: str) -> bytes:
    return "\r\n".join([HEADER, *rows, ""]).encode()


def send(client: SignedInClient, content: bytes, name: str = NAME, source: str = "nucc", **typed: Any) -> Any:
    data = MultiDict([("file", (io.BytesIO(content), name)), *typed.items()])
    return client.post(f"{UPLOADS}/new/{source}", data=data)


def last_upload() -> ImportUpload:
    upload = db.session.scalars(select(ImportUpload).order_by(ImportUpload.id.desc())).first()
    assert upload
    return upload


def press(client: SignedInClient, upload: ImportUpload, act: str, **typed: str) -> Any:
    return client.post(f"{UPLOADS}/uploads/{upload.id}/{act}", data={"version": str(upload.version), **typed})


def names() -> set[str]:
    return set(db.session.scalars(select(Specialty.code)))


@pytest.mark.postgresql
def test_a_file_is_uploaded_and_the_worker_imports_it(admin: SignedInClient) -> None:
    answer = send(admin, taxonomy(GOOD, WRONG, GOOD.replace("207R", "207S")))
    upload = last_upload()
    assert (answer.status_code, answer.location) == (303, f"{UPLOADS}/uploads/{upload.id}")
    assert "No worker is running, so uploads wait." in admin.get(answer.location).text
    assert read_waiting_uploads() == "1 upload read."
    page = admin.get(answer.location).text
    assert "3 rows read, 2 added, 0 changed, 1 rejected" in page
    assert upload.folder is None
    assert names() == {"207R00000X", "207S00000X"}
    run = db.session.scalars(select(ImportRun)).one()
    assert (run.file_name, run.actor, run.upload_id) == (NAME, f"account:{admin.account.id}", upload.id)
    listed = admin.get(UPLOADS).text
    assert f"by {admin.account.name} (account {admin.account.id})" in listed
    assert "2 added" in listed
    acts = db.session.scalars(select(AuditEvent).where(AuditEvent.actor == f"account:{admin.account.id}"))
    assert [event.act for event in acts][-2:] == ["upload_import", "import_file"]


def test_rejected_rows_are_shown_and_taken_out_so_that_no_spreadsheet_runs_them(admin: SignedInClient) -> None:
    send(admin, taxonomy(GOOD, WRONG, GOOD.replace("207R", "207S")))
    read_waiting_uploads()
    run = db.session.scalars(select(ImportRun)).one()
    page = admin.get(f"{UPLOADS}/{run.id}").text
    assert "1 row is listed" in page
    assert "=cmd,Allopathic" in page
    answer = admin.get(f"{UPLOADS}/{run.id}/rejects.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["file"], row["line"], row["row"]) == (NAME, "3", f"'{WRONG}")
    assert row["reason"]
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.act == "download_rejects")).one()


def test_a_list_of_rejects_that_is_cut_says_so(
    admin: SignedInClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "IMPORT_REJECTS_KEPT", 2)
    send(admin, taxonomy(*(GOOD.replace("207R", f"207{letter}") for letter in "RSTUVW"), *[WRONG] * 5))
    read_waiting_uploads()
    run = db.session.scalars(select(ImportRun)).one()
    assert (run.rejected, run.unlisted) == (5, 3)
    page = admin.get(f"{UPLOADS}/{run.id}").text
    assert "The list stops after 2 rows: 3 more rows are not listed." in page
    assert "The list of rejected rows ends after 2 of them; 3 more are not listed." in last_upload().sentences


def test_reviews_of_other_sites_leave_no_text_behind(admin: SignedInClient, app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "reviews.csv"
    reviews_elsewhere.person()
    rows = (reviews_elsewhere.row("r1"), reviews_elsewhere.row("r2"), reviews_elsewhere.row("r3", rating="9"))
    path.write_text(reviews_elsewhere.as_csv(*rows))
    run_import(app, "reviews", str(path), "--source", "Elsewhere")
    run = db.session.scalars(select(ImportRun)).one()
    assert run.rejects_file
    assert reviews_elsewhere.LONG not in Path(run.rejects_file).read_text()
    assert "the source’s terms may not allow it" in admin.get(f"{UPLOADS}/{run.id}").text


def test_a_file_of_no_use_says_why_and_can_be_run_again_or_discarded(admin: SignedInClient) -> None:
    send(admin, b"a,b\n1,2\n")
    read_waiting_uploads()
    upload = last_upload()
    page = admin.get(f"{UPLOADS}/uploads/{upload.id}").text
    assert "Failed: nothing was changed" in page
    assert "Run it again" in page
    assert press(admin, upload, "run").status_code == 303
    assert last_upload().status == UploadStatus.WAITING
    read_waiting_uploads()
    folder = upload.folder
    assert press(admin, last_upload(), "discard").status_code == 303
    assert last_upload().status == UploadStatus.DISCARDED
    assert folder
    assert not (uploads_folder() / folder).exists()
    assert names() == set()


def test_most_rows_rejected_changes_nothing_and_lists_them(admin: SignedInClient) -> None:
    send(admin, taxonomy(WRONG, WRONG, GOOD))
    read_waiting_uploads()
    upload = last_upload()
    assert upload.status == UploadStatus.FAILED
    assert "Most of nucc_taxonomy_20260701.csv could not be used" in upload.sentences
    assert str(uploads_folder().parent) not in upload.sentences
    for page in (f"{UPLOADS}/{upload.runs[0].id}", UPLOADS):
        text = admin.get(page).text
        assert "Most of nucc_taxonomy_20260701.csv could not be used" in text
        assert "Which rows were rejected and why: " not in text  # a path of the server
    assert "2 rows are listed" in admin.get(f"{UPLOADS}/{upload.runs[0].id}").text
    assert names() == set()


def test_the_same_file_again_says_so_and_waits_for_a_word(admin: SignedInClient) -> None:
    send(admin, taxonomy(GOOD))
    read_waiting_uploads()
    send(admin, taxonomy(GOOD), name="nucc_taxonomy_20260702.csv")
    upload = last_upload()
    assert upload.status == UploadStatus.HELD
    page = admin.get(f"{UPLOADS}/uploads/{upload.id}").text
    assert "The same file was uploaded on" in page
    assert read_waiting_uploads() == "0 uploads read."
    press(admin, upload, "run")
    assert read_waiting_uploads() == "1 upload read."
    assert last_upload().runs[0].unchanged == 1


def test_two_at_once_wait_for_each_other(admin: SignedInClient) -> None:
    for letter in "RS":
        send(admin, taxonomy(GOOD.replace("207R", f"207{letter}")))
    second = last_upload()
    assert "Your turn" not in admin.get(UPLOADS).text
    with lock_file(uploads_folder() / ".lock", wait=False):
        assert read_waiting_uploads() == "An upload is being imported."
        (uploads_folder() / ".worker").touch()
        assert "1 upload is before it." in admin.get(f"{UPLOADS}/uploads/{second.id}").text
    assert read_waiting_uploads() == "2 uploads read."
    assert [run.upload_id for run in db.session.scalars(select(ImportRun).order_by(ImportRun.id))] == [
        second.id - 1,
        second.id,
    ]


@pytest.mark.postgresql
def test_an_import_whose_worker_died_is_broken_off_and_may_be_run_again(admin: SignedInClient) -> None:
    send(admin, taxonomy(GOOD))
    upload = last_upload()
    upload.status = UploadStatus.READING
    db.session.commit()
    with lock_file(uploads_folder() / ".lock", wait=False):
        assert state_of(upload) == UploadStatus.READING
        assert "Being imported" in admin.get(f"{UPLOADS}/uploads/{upload.id}").text
        press(admin, upload, "discard")
        assert last_upload().status == UploadStatus.READING
    assert "Broken off: nothing was changed" in admin.get(f"{UPLOADS}/uploads/{upload.id}").text
    read_waiting_uploads()
    assert last_upload().status == UploadStatus.BROKEN_OFF
    press(admin, last_upload(), "run")
    assert read_waiting_uploads() == "1 upload read."
    assert names() == {"207R00000X"}


def test_progress_is_shown_and_asked_for_again(admin: SignedInClient) -> None:
    send(admin, taxonomy(GOOD))
    upload = last_upload()
    upload.status = UploadStatus.READING
    db.session.commit()
    (uploads_folder() / f".progress-{upload.id}.json").write_text('{"sentence": "Reading x.csv", "share": 0.25}')
    with lock_file(uploads_folder() / ".lock", wait=False):
        address = f"{UPLOADS}/uploads/{upload.id}"
        part = admin.get(address, headers={"HX-Request": "true"}).text
        assert "Reading x.csv: 25%" in part
        assert 'hx-trigger="every 2s"' in part
        assert "<html" not in part
        assert f'href="{address}">Refresh</a>' in admin.get(address).text


def test_the_worker_says_how_far_it_is(admin: SignedInClient, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[tuple[int, str, float | None]] = []
    monkeypatch.setattr(uploads, "_note_progress", lambda *said: noted.append(said))
    send(admin, taxonomy(GOOD))
    read_waiting_uploads()
    upload_id = last_upload().id
    assert noted[0] == (upload_id, f"Reading {NAME}", 0)
    assert (upload_id, f"Reading {NAME}", 1) in noted
    assert noted[-1] == (upload_id, "Writing codes", 1)


def test_the_day_is_asked_for_where_the_name_does_not_tell(admin: SignedInClient) -> None:
    for name in ("taxonomy.csv", "nucc_taxonomy_20261399.csv"):
        answer = send(admin, taxonomy(GOOD), name=name)
        assert answer.status_code == 400
        assert "has no date" in answer.text
    assert send(admin, taxonomy(GOOD), name="taxonomy.csv", day="7/1/2026").status_code == 303
    read_waiting_uploads()
    assert str(db.session.scalars(select(ImportRun)).one().as_of) == "2026-07-01"


def test_a_file_has_to_be_chosen(admin: SignedInClient) -> None:
    answer = admin.post(f"{UPLOADS}/new/nucc", data={})
    assert answer.status_code == 400
    assert '<a href="#file">Choose the file first.</a>' in answer.text
    assert admin.get(f"{UPLOADS}/new/nothing").status_code == 404


def test_a_file_that_is_too_large_is_refused_in_a_sentence(
    admin: SignedInClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "IMPORT_UPLOAD_MAX_MB", 1.5)
    assert send(admin, b"x" * 1_400_000).status_code == 303
    answer = send(admin, b"x" * 4_000_000)
    assert answer.status_code == 413
    assert "The files are larger than 1.5 MB" in answer.text


def test_strangers_and_other_staff_send_nothing(app: Flask) -> None:
    for client in (app.test_client(), signed_in(app, "verifier"), signed_in(app, "moderator")):
        assert send(client, taxonomy(GOOD)).status_code in {302, 403}  # type: ignore[arg-type]  # a stranger is a plain client
        assert send(client, b"x" * 4_000_000).status_code in {302, 403, 413}  # type: ignore[arg-type]  # as above
        for path in ("", "/new", "/new/nucc", "/1", "/1/rejects.csv", "/uploads/1"):
            assert client.get(UPLOADS + path).status_code in {302, 403}
    assert db.session.query(ImportUpload).count() == 0
    assert [path for path in uploads_folder().iterdir() if path.is_dir()] == []


def test_what_was_not_imported_is_deleted_after_a_week(admin: SignedInClient) -> None:
    send(admin, b"a,b\n1,2\n")
    read_waiting_uploads()
    upload = last_upload()
    assert sweep_uploads() == 0
    upload.sent_at -= timedelta(days=8)
    db.session.commit()
    incoming = uploads_folder() / ".incoming-x"
    incoming.touch()
    week_ago = time.time() - 8 * 86_400
    os.utime(incoming, (week_ago, week_ago))
    assert sweep_uploads() == 2
    db.session.commit()
    assert "Run it again" not in admin.get(f"{UPLOADS}/uploads/{upload.id}").text
    press(admin, last_upload(), "run")
    assert last_upload().status == UploadStatus.FAILED


def test_each_command_can_be_uploaded_with_all_its_arguments() -> None:
    assert SOURCES.keys() == IMPORTS.keys()
    typed = {"layout": "california", "source": "Elsewhere", "near": "90503", "radius": "40", "is_full": "yes"}
    paths = {part: ["a.csv"] for part in ("file", "files", "locations", "other_names")}
    for key, source in SOURCES.items():
        code: Any = IMPORTS[key]
        expected = code.__code__.co_varnames[: code.__code__.co_argcount]
        assert set(source.arguments(typed, paths)) == set(expected), key


@pytest.mark.parametrize(
    ("source", "typed", "sentence"),
    [
        ("nppes", {"radius": "40"}, "Type the ZIP code or city"),
        ("nppes", {"near": "Torance"}, "Try "),
        ("nppes", {"near": "90503", "radius": "0"}, "from 1 to 500"),
        ("licenses", {}, "Choose the layout."),
        ("asp", {"quarter": "2026"}, "such as 2026Q2"),
        ("cms-services", {"year": "23"}, "such as 2023"),
        ("reviews", {"source": "X", "max_characters": "200"}, "Check that the text can be shown"),
        ("reviews", {"source": "X", "url": "javascript:alert(1)"}, "Type the whole address"),
        ("reviews", {}, "Type the name of the source."),
    ],
)
def test_options_that_cannot_be_say_what_to_do(
    sqlite_app: Flask, source: str, typed: dict[str, str], sentence: str
) -> None:
    form = form_of(SOURCES[source], typed)
    assert not form.validate()
    assert sentence in " ".join(str(each) for errors in form.errors.values() for each in errors)
    assert form.typed == typed


def test_sentences_speak_of_the_form_and_not_of_the_command_line() -> None:
    said = in_words_of_the_page("Really shrunk, add --accept-shrunk. Nothing was changed. Or take --layout california.")
    assert "--" not in said
    assert "“california”" in said
