"""A real mail server on this machine that keeps what it is sent, so that tests read mail as a person would."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from ssl import SSLContext

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from directory.mail import SmtpBackend


@dataclass(frozen=True)
class Letter:
    """One message as its reader sees it; `raw` is what came over the wire."""

    recipient: str
    sender: str
    subject: str
    text: str
    raw: bytes

    @property
    def links(self) -> list[str]:
        """Every address in the text above the signature, each whole on one line."""
        return re.findall(r"https?://\S+", self.text.partition("\n-- \n")[0])


@dataclass
class Mailbox:
    """The letters that came, oldest first. `refusal` is what the server answers instead of taking one."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    refusal: str | None = None

    def receive_from(self, app: Flask) -> None:
        """Let `app` send its mail here from now on."""
        mailman = app.extensions["mailman"]
        mailman.server, mailman.port, mailman.backend = "127.0.0.1", self.port, SmtpBackend

    def to(self, recipient: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.recipient == recipient]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.refusal:
            return self.refusal
        raw = bytes(envelope.content or b"")
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain",))
        for recipient in envelope.rcpt_tos:
            self.letters.append(
                Letter(
                    recipient,
                    str(message["From"]),
                    str(message["Subject"]),
                    body.get_content().replace("\r\n", "\n") if body else "",
                    raw,
                )
            )
        return "250 Taken"


class _FreePort(Controller):
    """Listens on a port that the system chose, and knows it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_mailbox(tls_context: SSLContext | None = None) -> Iterator[Mailbox]:
    """A mail server that runs while the context is open; with `tls_context` it offers STARTTLS."""
    mailbox = Mailbox()
    server = _FreePort(mailbox, hostname="127.0.0.1", port=0, tls_context=tls_context)
    server.start()
    mailbox.port = server.port
    try:
        yield mailbox
    finally:
        server.stop()
