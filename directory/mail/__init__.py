"""Email that the site sends: queued in the database with the change it tells of, then delivered."""

from flask import Flask

from directory.config import ConfigError
from directory.mail import models  # noqa: F401 (tables are known once their modules are read)
from directory.mail.backends import BACKENDS
from directory.mail.outbox import deliver_after_requests
from directory.web.commands import LazyCommand


def init_app(app: Flask) -> None:
    """Register this feature. Raises `ConfigError` for settings that no mail could be sent with."""
    name = app.config["MAIL_BACKEND"]
    if name not in BACKENDS:
        raise ConfigError(f"MAIL_BACKEND={name!r}: use {' or '.join(BACKENDS)}")
    if app.config["MAIL_USE_TLS"] and app.config["MAIL_USE_SSL"]:
        raise ConfigError("MAIL_USE_TLS and MAIL_USE_SSL: set one of them, since a port speaks TLS one way")
    app.extensions["mailman"].backend = BACKENDS[name]
    deliver_after_requests(app)
    app.cli.add_command(LazyCommand("mail", "directory.mail.cli:mail_cli", "The outbox."))
