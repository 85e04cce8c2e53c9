"""The street map as browsers get it: one file, asked for part by part (`Range`)."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for

from directory.web.headers import YEAR_SECONDS
from directory.web.languages import without_language

blueprint = Blueprint("street_map", __name__)
MEDIA_TYPE = "application/vnd.pmtiles"


@blueprint.app_template_global()
def street_map_url() -> str:
    """The address of the map's file as it is now, the same in every language; empty when there is none."""
    version = _version()
    return without_language(url_for("street_map.send_street_map", v=version)) if version else ""


@blueprint.get("/map/streets.pmtiles")
def send_street_map() -> Response:
    """The file or the part asked for. Browsers keep that of the address of pages for a year, else they ask again."""
    version = _version()
    if not version:
        abort(404)
    response = send_file(_path(), MEDIA_TYPE, etag=version, conditional=True)
    if request.args.get("v") == version and response.status_code in {200, 206, 304}:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


def _path() -> Path:
    return Path(current_app.config["MAP_FILE"])


def _version() -> str:
    """Tells one file from the next; empty when there is none."""
    try:
        state = _path().stat()
    except FileNotFoundError:
        return ""
    return f"{state.st_mtime_ns:x}-{state.st_size:x}"
