"""Headers that keep the browser to this site alone, and the trust in one reverse proxy."""

from urllib.parse import urlsplit

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    if app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask asks for
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
        "img-src": images,  # Pico's arrows and ticks are data: images
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
