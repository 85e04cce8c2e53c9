"""Headers that keep the browser to this site alone, and let it keep static files for a year."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request

YEAR_SECONDS = 365 * 24 * 3600
FILES = {"static", "street_map.send_street_map"}
"""Endpoints whose answers are the same for everybody, so that any cache may keep them."""


def init_app(app: Flask) -> None:
    version_static_files(app)
    headers = security_headers(
        tiles_url=app.config["MAP_TILES_URL"], production=app.config["ENVIRONMENT"] == "production"
    )

    @app.after_request
    def set_security_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response


def security_headers(tiles_url: str, production: bool) -> dict[str, str]:
    """Headers of every answer. Scripts and styles come from files of this site alone, never from within the page."""
    images = f"'self' data: {tile_sources(tiles_url)}".strip()
    policy = {
        "default-src": "'self'",
        "img-src": images,  # Pico's arrows and check marks are data: images
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "same-origin",  # the address of a search holds the person's place
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if production:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}; includeSubDomains"
    return headers


def tile_sources(tiles_url: str) -> str:
    """The origin of the operator's tile server as the policy writes it; empty when there is none.

    Leaflet's `{s}` stands for one of several host names, so it becomes a wildcard.
    """
    if not tiles_url:
        return ""
    address = urlsplit(tiles_url.replace("{s}", "*"))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


def version_static_files(app: Flask) -> None:
    """Let the address of each static file carry a hash of it, so that browsers may keep the file for a year."""
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
