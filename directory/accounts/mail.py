"""Flask-Security's messages go through the outbox, so that none is lost and no page waits for the mail server."""

from typing import Any

from flask import Response, after_this_request
from flask_security import MailUtil

from directory.extensions import db
from directory.mail.outbox import queue_mail


class OutboxMail(MailUtil):
    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        """Queue the message with the change that it tells of."""
        queue_mail(context["user"].email, str(subject), (body or "").strip() + "\n")

        @after_this_request
        def commit(response: Response) -> Response:
            db.session.commit()
            return response
