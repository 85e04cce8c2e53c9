"""Addresses of static files carry a hash of the file, so that browsers may keep them for a year."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    hashes: dict[str, tuple[float, str]] = {}

    def version(file_name: str) -> str | None:
        path = Path(str(app.static_folder)) / file_name
        try:
            changed_at = path.stat().st_mtime
        except OSError:
            return None
        if hashes.get(file_name, (0.0, ""))[0] != changed_at:
            hashes[file_name] = (changed_at, sha256(path.read_bytes()).hexdigest()[:12])
        return hashes[file_name][1]

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = version(values["filename"])

    @app.after_request
    def keep_versioned_files(response: Response) -> Response:
        file_name = (request.view_args or {}).get("filename", "")
        is_current = request.endpoint == "static" and request.args.get("v") == version(file_name)
        if is_current and response.status_code in {200, 304}:
            response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
        return response
