"""The admins' pages of imports: all runs, one run with its rejected rows, and files uploaded to be imported."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from werkzeug.exceptions import RequestEntityTooLarge

from directory.accounts.access import current_account, current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN
from directory.audit.log import record
from directory.extensions import db
from directory.imports.lock import is_import_running, state_of_run
from directory.imports.models import ImportRun, ImportUpload, UploadStatus
from directory.imports.rejects import rejects_of, rejects_path
from directory.imports.upload_forms import SOURCES, UploadForm, UploadSource, form_of, in_words_of_the_page, lacks_day
from directory.imports.uploads import (
    KEPT_FOR,
    UNFINISHED,
    discard,
    kept_name,
    largest_upload,
    open_uploads,
    progress_of,
    run_again,
    same_upload,
    state_of,
    upload_files,
    uploads_folder,
    worker_is_running,
)
from directory.providers.sources import Source
from directory.web.errors import is_partial_request, show_error
from directory.web.filters import bytes_in_words
from directory.web.forms import mistakes_of
from directory.web.pagination import Pages, asked_page, whole_number
from directory.web.refusals import RefusalError
from directory.web.transaction import EditConflictError, transaction
from directory.web.uploads import StreamedRequest

blueprint = Blueprint("importing", __name__, url_prefix="/admin/imports")

RUNS_A_PAGE = 25
ROOM_FOR_THE_REST = 1024 * 1024  # of the request that brings files
COUNTS = {
    "read": "rows read",
    "added": "added",
    "changed": "changed",
    "unchanged": "unchanged",
    "skipped": "skipped: not about this area, or not wanted",
    "rejected": "rejected: could not be used",
}
RUN_STATES = {
    "running": "Running",
    "done": "Done",
    "failed": "Failed: nothing was changed",
    "interrupted": "Broken off: nothing was changed",
}
UPLOAD_STATES = {
    UploadStatus.HELD: "Imported before",
    UploadStatus.WAITING: "Waiting",
    UploadStatus.READING: "Being imported",
    UploadStatus.DONE: "Done",
    UploadStatus.FAILED: "Failed: nothing was changed",
    UploadStatus.BROKEN_OFF: "Broken off: nothing was changed",
    UploadStatus.DISCARDED: "Discarded",
}
NOW_CHANGED = "It changed in the meantime. See its current status."


@blueprint.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form's token is looked for, which reads the request: only an admin may send large files."""
    if endpoint == "importing.send_files" and request.method == "POST" and _may_upload():
        request.max_content_length = largest_upload() + ROOM_FOR_THE_REST
        if isinstance(sent := request._get_current_object(), StreamedRequest):  # type: ignore[attr-defined]  # the proxy's own
            sent.files_folder = uploads_folder()


@blueprint.errorhandler(RequestEntityTooLarge)
def refuse_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say how large a file may be, on the form that it was sent from."""
    key = (request.view_args or {}).get("source", "")
    if request.endpoint != "importing.send_files" or not _may_upload() or key not in SOURCES:
        return show_error(error)
    sentence = (
        f"The files are larger than {bytes_in_words(largest_upload())}, the current upload limit, so nothing was "
        "sent. Choose the zip as it is published, or import the file on the server: flask import."
    )
    return _upload_form(key, form_of(SOURCES[key]), {SOURCES[key].files[0].name: sentence}), 413


@blueprint.get("")
@role_required(ADMIN)
def list_runs() -> str:
    pages = Pages.nearest(
        asked_page(request.args), RUNS_A_PAGE, db.session.scalar(select(func.count(ImportRun.id))) or 0
    )
    newest_first = select(ImportRun).order_by(ImportRun.id.desc()).offset(pages.skipped).limit(pages.size)
    runs, uploads = db.session.scalars(newest_first).all(), open_uploads()
    return render_template(
        "imports/runs.html",
        runs=runs,
        pages=pages,
        uploads=[(upload, state_of(upload)) for upload in uploads],
        upload_states=UPLOAD_STATES,
        sources=SOURCES,
        source_names=_source_names(runs),
        states={run.id: RUN_STATES[state_of_run(run)] for run in runs},
        names=_people(*runs, *uploads),
        file_name=_file_name,
        in_words=in_words_of_the_page,
        waits_for_worker=_waits_for_worker(uploads),
    )


@blueprint.get("/<int:run_id>")
@role_required(ADMIN)
def show_run(run_id: int) -> str:
    run = db.session.get(ImportRun, run_id) or abort(404)
    return render_template(
        "imports/run.html",
        run=run,
        state=RUN_STATES[state_of_run(run)],
        is_running=run.status == "running",
        counts={words: getattr(run, name) for name, words in COUNTS.items()},
        rejects=rejects_of(run),
        kept=current_app.config["IMPORT_REJECTS_KEPT"],
        source_names=_source_names([run]),
        names=_people(run),
        file_name=_file_name,
        in_words=in_words_of_the_page,
    )


@blueprint.get("/<int:run_id>/rejects.csv")
@role_required(ADMIN)
def download_rejects(run_id: int) -> ResponseReturnValue:
    run = db.session.get(ImportRun, run_id) or abort(404)
    path = rejects_path(run) or abort(404)
    with transaction():
        record(current_actor(), "download_rejects", f"import_run:{run_id}")
    response = send_file(
        path, "text/csv; charset=utf-8", as_attachment=True, download_name=path.name, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/new")
@role_required(ADMIN)
def choose_source() -> str:
    return render_template("imports/choose.html", sources=SOURCES)


@blueprint.get("/new/<source>")
@role_required(ADMIN)
def show_upload_form(source: str) -> str:
    return _upload_form(source, form_of(_source(source)))


@blueprint.post("/new/<source>")
@role_required(ADMIN)
def send_files(source: str) -> ResponseReturnValue:
    wanted, form = _source(source), form_of(_source(source), request.form)
    sent = [file for part in wanted.files for file in request.files.getlist(part.name) if file.filename]
    faults = {
        part.name: "Choose the file first."
        for part in wanted.files
        if part.is_required and part.name not in {file.name for file in sent}
    }
    is_valid = form.validate()
    if not faults and form.day.data is None and lacks_day(map(kept_name, sent)):
        form.take({"day": "The file name has no date. Type the date it was published."})
        is_valid = False
    if faults or not is_valid:
        return _upload_form(source, form, faults), 400
    with transaction():
        upload_id = upload_files(current_actor(), source, form.typed, sent, form.day.data).id
    return redirect(url_for(".show_upload", upload_id=upload_id), 303)


@blueprint.get("/uploads/<int:upload_id>")
@role_required(ADMIN)
def show_upload(upload_id: int) -> str:
    return _upload_page(_upload(upload_id))


@blueprint.post("/uploads/<int:upload_id>/run")
@role_required(ADMIN)
def run_upload_again(upload_id: int) -> ResponseReturnValue:
    upload = _upload(upload_id)
    form = form_of(SOURCES[upload.source], request.form)
    if not form.validate():
        return _upload_page(upload, form), 400
    return _change(
        upload, lambda version: run_again(current_actor(), upload, form.typed, version), "It is waiting to start."
    )


@blueprint.post("/uploads/<int:upload_id>/discard")
@role_required(ADMIN)
def discard_upload(upload_id: int) -> ResponseReturnValue:
    upload = _upload(upload_id)
    return _change(upload, lambda version: discard(current_actor(), upload, version), "The files are deleted.")


def _change(upload: ImportUpload, act: Any, done: str) -> ResponseReturnValue:
    upload_id = upload.id
    try:
        with transaction():
            act(whole_number(request.form.get("version")))
        flash(done, "success")
    except RefusalError as refusal:
        flash(str(refusal), "error")
    except EditConflictError:
        flash(NOW_CHANGED, "error")
    return redirect(url_for(".show_upload", upload_id=upload_id), 303)


def _may_upload() -> bool:
    account = current_account()
    return account is not None and account.has_second_factor and ADMIN in account.role_names


def _source(key: str) -> UploadSource:
    return SOURCES.get(key) or abort(404)


def _upload(upload_id: int) -> ImportUpload:
    return db.session.get(ImportUpload, upload_id) or abort(404)


def _upload_form(key: str, form: UploadForm, file_faults: Mapping[str, str] | None = None) -> str:
    faults = file_faults or {}
    return render_template(
        "imports/upload_form.html",
        key=key,
        source=_source(key),
        form=form,
        file_faults=faults,
        errors=[*faults.items(), *mistakes_of(form)],
        largest=bytes_in_words(largest_upload()),
    )


def _upload_page(upload: ImportUpload, sent: UploadForm | None = None) -> str:
    """The page of one upload, or its part that htmx asks for anew while something happens."""
    source, state = SOURCES[upload.source], state_of(upload)
    is_moving = state in {UploadStatus.WAITING, UploadStatus.READING}
    same = same_upload(upload) if state == UploadStatus.HELD else None
    return render_template(
        "imports/_upload.html" if is_partial_request() else "imports/upload.html",
        upload=upload,
        source=source,
        state=state,
        words=UPLOAD_STATES[state],
        is_moving=is_moving,
        may_run=state in UNFINISHED and upload.folder is not None,
        may_discard=state in UNFINISHED or state == UploadStatus.WAITING,
        form=sent or form_of(source, upload.options),
        errors=mistakes_of(sent) if sent else [],
        progress=progress_of(upload) if state == UploadStatus.READING else None,
        before=sum(other.id < upload.id for other in open_uploads() if state_of(other) == UploadStatus.WAITING),
        waits_for_worker=_waits_for_worker([upload]),
        waits_for_import=state == UploadStatus.READING and not upload.runs and is_import_running(),
        same=same,
        kept_days=KEPT_FOR.days,
        names=_people(upload, *([same] if same else [])),
        run_states={run.id: RUN_STATES[state_of_run(run)] for run in upload.runs},
        file_size=bytes_in_words,
        file_name=_file_name,
    )


def _waits_for_worker(uploads: list[ImportUpload]) -> bool:
    waits = any(upload.status == UploadStatus.WAITING for upload in uploads)
    return waits and not worker_is_running()


def _people(*rows: ImportRun | ImportUpload) -> dict[str, str]:
    names = names_of(row.actor for row in rows if row.actor)
    return {actor: name.removeprefix("command:") for actor, name in names.items()}


def _source_names(runs: Any) -> dict[str, str]:
    keys = {run.source_key for run in runs}
    return dict(db.session.execute(select(Source.key, Source.name).where(Source.key.in_(keys))).all())


def _file_name(run: ImportRun) -> str:
    return Path(run.file_name).name
