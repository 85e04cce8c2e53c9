"""Every setting: its name, default, unit and meaning. Each is read from the environment variable of the same name.

`docs/operating.md` holds the same list as a table, made from `SETTINGS` and checked by a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = "33.8358, -118.3406"
"""The middle of Torrance, California."""
DEVELOPMENT_SECRET = "for development only: set SECRET_KEY"  # noqa: S105 (refused in production)


class ConfigError(ValueError):
    """A setting that the app cannot start with; the message says what to set."""


def _boolean(text: str) -> bool:
    if text.strip().lower() in {"1", "true", "yes", "on"}:
        return True
    if text.strip().lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("use 1 or 0")


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("use a number above 0")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("use a whole number above 0")
    return number


def read_point(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees. Raises `ValueError`."""
    degrees = [float(part) for part in text.split(",")]
    if len(degrees) != 2 or not (abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180):
        raise ValueError("use latitude and longitude in degrees, such as 33.84, -118.34")
    return degrees[0], degrees[1]


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Setting:
    """One setting. `default` is the text that the environment variable would hold."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], Any] = str


def _without_slash(text: str) -> str:
    return text.rstrip("/")


SETTINGS = (
    Setting(
        "ENVIRONMENT",
        "development",
        "`development` or `production`; in production a default secret is refused and cookies need HTTPS",
    ),
    Setting(
        "SECRET_KEY",
        DEVELOPMENT_SECRET,
        "signs cookies and form tokens, salts passwords; keep it for good; at least 32 random characters in production",
    ),
    Setting(
        "DATABASE_URL",
        "sqlite:///instance/directory.sqlite3",
        "SQLAlchemy's URL of the database (the default lies below the project's root)",
    ),
    Setting(
        "PLACE_GEOCODER",
        "gazetteer",
        "whom to ask for streets that the street index does not know: `gazetteer` (no one: offline), `census`, or the "
        "name of a geopy geocoder, such as `nominatim`",
    ),
    Setting(
        "PLACE_GEOCODER_OPTIONS",
        "{}",
        'JSON object of arguments for that geocoder, such as `{"domain": "nominatim.example.org"}`',
    ),
    Setting(
        "PLACE_CENSUS_URL",
        "https://geocoding.geo.census.gov/geocoder",
        "where the Census Bureau's geocoder is asked, with `PLACE_GEOCODER=census`",
        _without_slash,
    ),
    Setting(
        "PLACE_GEOCODER_TIMEOUT_SECONDS",
        "3",
        "how long to wait for that geocoder before the gazetteer answers instead",
        _positive,
    ),
    Setting(
        "PLACE_GEOCODER_PER_SECOND", "1", "most questions a second to that geocoder, for each worker process", _positive
    ),
    Setting(
        "PLACE_HOME",
        HOME,
        "latitude and longitude around which most people search: of places of one name those near it come first",
        read_point,
    ),
    Setting(
        "STREETS_FILE",
        "instance/streets.sqlite3",
        "the index of streets that `flask import streets` makes and addresses are placed by",
    ),
    Setting("MAP_FILE", "instance/streets.pmtiles", "the street map that `flask import streets` makes and pages show"),
    Setting("PLACE_CACHE_DAYS", "180", "days for which its answers are kept", _positive),
    Setting(
        "SEARCH_REFRESH_SECONDS", "1", "how often a worker looks whether the data that it ranks has changed", _positive
    ),
    Setting(
        "MAP_TILES_URL",
        "",
        "the operator's tile server, such as `https://tiles.example.org/{z}/{x}/{y}.png`; empty draws the streets of "
        "`MAP_FILE`, or outlines without it",
    ),
    Setting("MAP_TILES_ATTRIBUTION", "", "the credit that the tile server asks for"),
    Setting("IMPORT_REJECTS_DIR", "instance/rejects", "folder for the CSV of rows that an import could not read"),
    Setting("IMPORT_REJECTS_KEPT", "10000", "most rejected rows that the list of one import keeps", _count),
    Setting(
        "IMPORT_UPLOADS_DIR",
        "instance/uploads",
        "folder for files to import that admins upload, which the app and the worker share",
    ),
    Setting("IMPORT_UPLOAD_MAX_MB", "4096", "largest file to import that admins may upload, in megabytes", _positive),
    Setting(
        "SOURCES_SYNC",
        "1",
        "1 lets the worker bring what `flask sources sync` fetched once up to date; 0 leaves it as it is",
        _boolean,
    ),
    Setting("SOURCES_DIR", "instance/sources", "folder where public files are kept as they were fetched"),
    Setting("SOURCES_KEPT", "3", "how many files of one kind are kept there; the newest imported always is", _count),
    Setting(
        "SOURCE_NPPES_URL",
        "https://download.cms.gov/nppes/NPI_Files.html",
        "page with the links to the files of NPPES",
    ),
    Setting("SOURCE_NPPES_API_URL", "https://npiregistry.cms.hhs.gov/api/", "where NPPES is asked about one area"),
    Setting(
        "SOURCE_NUCC_URL",
        "https://www.nucc.org/images/stories/CSV/nucc_taxonomy_261.csv",
        "the NUCC taxonomy; newer versions are looked for beside it by the number in the name",
    ),
    Setting(
        "SOURCE_LEIE_URL",
        "https://oig.hhs.gov/exclusions/downloadables/UPDATED.csv",
        "the OIG's list of exclusions",
    ),
    Setting(
        "SOURCE_MEDI_CAL_SUSPENDED_URL",
        "",
        "Medi-Cal's list of suspended providers, as CSV; empty: it is fetched by hand",
    ),
    Setting(
        "SOURCE_CMS_SERVICES_URL",
        "https://data.cms.gov/v1-1-data.json",
        "catalog that names the newest services billed to Medicare",
    ),
    Setting(
        "SOURCE_CMS_SERVICES_DATA_URL",
        "https://data.cms.gov/data-api/v1/dataset/",
        "where the rows of such a file are asked for by code and state",
    ),
    Setting(
        "SOURCE_CMS_CLINICIANS_URL",
        "https://data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items/mj5m-pzi6",
        "what names the newest Doctors & Clinicians file",
    ),
    Setting(
        "SOURCE_CMS_CLINICIANS_DATA_URL",
        "https://data.cms.gov/provider-data/api/1/datastore/query/mj5m-pzi6/0",
        "where its rows are asked for by state",
    ),
    Setting(
        "SOURCE_CMS_ASP_URL",
        "https://www.cms.gov/medicare/payment/part-b-drugs/asp-pricing-files",
        "page with the links to Medicare's payment limits by quarter",
    ),
    Setting(
        "SOURCE_TIGER_URL",
        "https://www2.census.gov/geo/tiger/TIGER2025/",
        "folder of the Census Bureau's streets, water, roads and places of one year",
    ),
    Setting(
        "SITE_URL",
        "http://127.0.0.1:5000",
        "the address that people know the site by; links in its mail start with it",
        _without_slash,
    ),
    Setting(
        "MAIL_BACKEND",
        "console",
        "`smtp` sends mail by `MAIL_SERVER`; `console` prints it where the app runs, which production refuses",
    ),
    Setting("MAIL_SERVER", "127.0.0.1", "host of the mail server"),
    Setting("MAIL_PORT", "25", "its port", int),
    Setting("MAIL_USE_TLS", "0", "1 to ask for encryption with STARTTLS", _boolean),
    Setting("MAIL_USE_SSL", "0", "1 when the port speaks TLS from the start", _boolean),
    Setting("MAIL_USERNAME", "", "name to sign in to the mail server; empty when it asks for none"),
    Setting("MAIL_PASSWORD", "", "password to sign in to the mail server"),
    Setting("MAIL_TIMEOUT", "5", "seconds to wait for the mail server; what it did not take is tried again", _positive),
    Setting("MAIL_DEFAULT_SENDER", "reviews@localhost", "the sender of the site's mail"),
    Setting(
        "MAIL_REPLY_TO", "", "the address where people read what is answered to the site's mail; empty: the sender's"
    ),
    Setting(
        "RATELIMIT_STORAGE_URI",
        "memory://",
        "where limits are counted: `memory://` for each worker by itself, or `redis://host` for all together",
    ),
    Setting("SUBMISSION_LIMIT", "600 per hour", "most reviews and reports from one network address"),
    Setting("CLAIM_LIMIT", "5 per hour", "most claims of providers' pages from one network"),
    Setting(
        "SIGN_IN_LIMIT", "10 per minute", "most tries to sign in from one network; accounts have limits of their own"
    ),
    Setting("REVIEW_CONFIRM_HOURS", "72", "how long the link that confirms a review works", _positive),
    Setting("REVIEW_PROOFS_DIR", "instance/proofs", "folder for proofs of visit until a moderator has decided"),
    Setting(
        "VERIFY_FROM_FILES",
        "1",
        "1 to let the program verify licenses that a board's own file confirms exactly; 0 leaves all to verifiers",
        _boolean,
    ),
    Setting(
        "EVIDENCE_DIR", "instance/evidence", "folder for the files that show credentials; staff alone can read them"
    ),
    Setting(
        "JOBS_URL",
        "sqlite:///instance/jobs.sqlite3",
        "where jobs wait: a SQLite file, `postgresql://...`, or `redis://host` with the package redis",
    ),
    Setting("GUIDE_REVIEWER", "", "name and title of the clinician who reviewed the guide; empty says that no one has"),
    Setting("GUIDE_REVIEWED_ON", "", "day of that review, such as `2026-09-01`", _day_or_none),
    Setting("TRUST_PROXY", "0", "1 when the app stands behind one reverse proxy that sets X-Forwarded-*", _boolean),
)


def read_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Flask configuration from `environ`. Raises `ConfigError`, naming the setting and what to do."""
    config: dict[str, Any] = {}
    for setting in SETTINGS:
        text = environ.get(setting.name) or setting.default
        try:
            config[setting.name] = setting.parse(text)
        except ValueError as error:
            raise ConfigError(f"{setting.name}={text!r}: {error}") from error
    production = config["ENVIRONMENT"] == "production"
    if config["ENVIRONMENT"] not in {"development", "production"}:
        raise ConfigError(f"ENVIRONMENT={config['ENVIRONMENT']!r}: use development or production")
    if production and (config["SECRET_KEY"] == DEVELOPMENT_SECRET or len(config["SECRET_KEY"]) < 32):
        raise ConfigError(
            "SECRET_KEY is the default or too short: set it to 32 random characters or more, for example from "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        )
    if production and config["MAIL_BACKEND"] != "smtp":
        raise ConfigError(
            "MAIL_BACKEND: set it to smtp, with MAIL_SERVER, so that people get the mail that they wait for"
        )
    if bool(config["GUIDE_REVIEWER"]) != bool(config["GUIDE_REVIEWED_ON"]):
        raise ConfigError("GUIDE_REVIEWER and GUIDE_REVIEWED_ON: set both, or neither")
    config.update(
        SQLALCHEMY_DATABASE_URI=_database_url(config["DATABASE_URL"], bool(environ.get("DATABASE_URL"))),
        STREETS_FILE=str(ROOT / config["STREETS_FILE"]),
        MAP_FILE=str(ROOT / config["MAP_FILE"]),
        IMPORT_REJECTS_DIR=str(ROOT / config["IMPORT_REJECTS_DIR"]),
        IMPORT_UPLOADS_DIR=str(ROOT / config["IMPORT_UPLOADS_DIR"]),
        SOURCES_DIR=str(ROOT / config["SOURCES_DIR"]),
        REVIEW_PROOFS_DIR=str(ROOT / config["REVIEW_PROOFS_DIR"]),
        JOBS_URL=_from_root(config["JOBS_URL"]),
        EVIDENCE_DIR=str(ROOT / config["EVIDENCE_DIR"]),
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open for as long as the session lasts
    )
    return config


def _from_root(url: str) -> str:
    """A relative SQLite path starts at the project's root."""
    path = url.removeprefix("sqlite:///")
    return url if path == url else f"sqlite:///{ROOT / path}"


def _database_url(url: str, given: bool) -> str:
    """The URL for SQLAlchemy: psycopg 3 for PostgreSQL; a relative SQLite path starts where the command runs."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    path = url.removeprefix("sqlite:///")
    if path == url or path.startswith("/") or path in {"", ":memory:"}:
        return url
    return f"sqlite:///{(Path.cwd() if given else ROOT) / path}"
