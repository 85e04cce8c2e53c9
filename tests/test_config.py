"""Settings: defaults that start, refusals that say what to do."""

import pytest

from directory.config import DEVELOPMENT_SECRET, SETTINGS, ConfigError, read_settings

PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": "x" * 40, "MAIL_BACKEND": "smtp"}


def test_the_defaults_start_without_any_environment() -> None:
    config = read_settings({})
    assert config["SQLALCHEMY_DATABASE_URI"].endswith("/instance/directory.sqlite3")
    assert config["SESSION_COOKIE_SECURE"] is False
    assert {setting.name for setting in SETTINGS} <= set(config)


@pytest.mark.parametrize("secret", [DEVELOPMENT_SECRET, "", "short"])
def test_production_refuses_a_default_or_short_secret(secret: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        read_settings({**PRODUCTION, "SECRET_KEY": secret})


def test_production_starts_with_a_secret_and_keeps_cookies_to_https() -> None:
    assert read_settings(PRODUCTION)["SESSION_COOKIE_SECURE"] is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("SEARCH_REFRESH_SECONDS", "soon"),
        ("SEARCH_REFRESH_SECONDS", "nan"),
        ("PLACE_GEOCODER_TIMEOUT_SECONDS", "-1"),
        ("TRUST_PROXY", "maybe"),
        ("PLACE_HOME", "Torrance"),
        ("PLACE_HOME", "33.84"),
        ("PLACE_HOME", "-118.34, 33.84"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////var/lib/x.sqlite3", "sqlite:////var/lib/x.sqlite3"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_a_database_url_in_sqlalchemys_form_is_taken(given: str, used: str) -> None:
    assert read_settings({"DATABASE_URL": given})["SQLALCHEMY_DATABASE_URI"] == used


def test_a_relative_sqlite_path_starts_where_the_command_runs(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(folder)
    assert read_settings({"DATABASE_URL": "sqlite:///x.db"})["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{folder}/x.db"
