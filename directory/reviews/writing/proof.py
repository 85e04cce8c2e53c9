"""The optional proof of visit on the form: kept while the rest of the form is set right, under a ticket of ours."""

from pathlib import Path

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from directory.web.uploads import keep_file, read_upload

MAX_BYTES = 5 * 1024 * 1024


def keep_proof(file: FileStorage, form_key: str) -> str:
    """Check and keep an uploaded file; returns a ticket, good for the form with that key. Raises `UploadError`."""
    name = keep_file(_folder(), read_upload(file, MAX_BYTES))
    return str(_serializer().dumps([form_key, name]))


def file_of_ticket(ticket: str, form_key: str) -> str | None:
    """The name of the kept file; None when the ticket is of another form, altered, or when the file is gone."""
    try:
        own_key, name = _serializer().loads(ticket)
    except BadSignature:
        return None
    return name if own_key == form_key and Path(_folder(), name).is_file() else None


def _folder() -> str:
    return str(current_app.config["REVIEW_PROOFS_DIR"])


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="review-proof")
