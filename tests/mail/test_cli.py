"""What the mail commands do and tell."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import NEVER, queue_mail
from tests.mailbox import Mailbox


@pytest.fixture
def two_waiting(app: Flask, mailbox: Mailbox) -> FlaskCliRunner:
    """The command line of an app with two messages, one of them given up."""
    mailbox.receive_from(app)
    queue_mail("anna@example.org", "Your review", "a private link")
    given_up = queue_mail("ben@example.org", "Your review", "another private link")
    given_up.next_attempt_at, given_up.attempts, given_up.last_error = NEVER, 30, "451 later"
    db.session.commit()
    return app.test_cli_runner()


@pytest.mark.postgresql
def test_the_queue_tells_neither_texts_nor_whole_addresses(two_waiting: FlaskCliRunner) -> None:
    result = two_waiting.invoke(args=["mail", "queue"])
    assert result.exit_code == 0
    assert "a…@example.org" in result.output
    assert "0 tries  next try" in result.output
    assert "30 tries  given up  451 later" in result.output
    assert "2 messages in the queue, 1 given up." in result.output
    assert "private link" not in result.output
    assert "anna" not in result.output


def test_sending_sends_what_is_due_and_tells_what_is_left(two_waiting: FlaskCliRunner, mailbox: Mailbox) -> None:
    result = two_waiting.invoke(args=["mail", "send"])
    assert (result.exit_code, result.output) == (0, "Sent 1 message; 1 left in the queue.\n")
    assert [letter.recipient for letter in mailbox.letters] == ["anna@example.org"]


def test_sending_tries_what_was_given_up_when_asked(two_waiting: FlaskCliRunner, mailbox: Mailbox) -> None:
    result = two_waiting.invoke(args=["mail", "send", "--given-up"])
    assert result.output == "Sent 2 messages; 0 left in the queue.\n"
    assert db.session.query(OutgoingMail).count() == 0


@pytest.mark.postgresql
def test_a_server_that_is_down_is_no_traceback(two_waiting: FlaskCliRunner, app: Flask) -> None:
    app.extensions["mailman"].port = 1
    result = two_waiting.invoke(args=["mail", "send"])
    assert (result.exit_code, result.output) == (0, "Sent 0 messages; 2 left in the queue.\n")
