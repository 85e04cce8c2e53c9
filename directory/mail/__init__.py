"""Email that the site sends: queued in the database with the change it tells of, then delivered."""

import smtplib
import ssl
from collections.abc import Sequence
from typing import Any

import click
from flask import Flask
from flask_mailman import EmailMessage
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend

from directory.config import ConfigError
from directory.mail import models  # noqa: F401 (tables are known once their modules are read)
from directory.mail.outbox import deliver_after_requests
from directory.web.commands import LazyCommand


class _VerifyingSMTP(smtplib.SMTP):
    """Checks the mail server's certificate after STARTTLS, which smtplib leaves out unless told."""

    def starttls(self, *_args: Any, **_options: Any) -> tuple[int, bytes]:
        return super().starttls(context=ssl.create_default_context())


class SmtpBackend(EmailBackend):  # type: ignore[misc]  # Flask-Mailman has no types
    """Sends to MAIL_SERVER; with TLS of either kind, only to a server that proves its name."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return smtplib.SMTP_SSL if self.use_ssl else _VerifyingSMTP


class ConsoleBackend(BaseEmailBackend):  # type: ignore[misc]  # Flask-Mailman has no types
    """Prints each message as its reader would see it, links whole on one line."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()  # refuses what a mail server would refuse
            head = f"To: {', '.join(message.recipients())}\nSubject: {message.subject}"
            click.echo(f"{'-' * 72}\n{head}\n\n{message.body}\n{'-' * 72}")
        return len(email_messages)


BACKENDS = {"smtp": SmtpBackend, "console": ConsoleBackend}


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
