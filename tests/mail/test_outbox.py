"""No message is lost, none is sent twice by two workers, and a mail server that is down breaks nothing."""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory import create_app
from directory.extensions import db
from directory.mail import outbox
from directory.mail.models import OutgoingMail
from directory.mail.outbox import FIRST_WAIT, MAX_WAIT, NEVER, deliver_queued, queue_mail
from directory.web.languages import in_language
from tests.mailbox import Mailbox

PATIENCE_SECONDS = 30


@pytest.fixture
def posted(app: Flask, mailbox: Mailbox) -> Mailbox:
    """The mailbox that `app` sends to."""
    mailbox.receive_from(app)
    return mailbox


def _queue(number: int = 1) -> None:
    for index in range(number):
        queue_mail(f"reader{index}@example.org", f"Subject {index}", f"Text {index}\n")
    db.session.commit()


def _waiting() -> list[OutgoingMail]:
    db.session.rollback()
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def _make_due(**values: object) -> None:
    for mail in _waiting():
        mail.next_attempt_at = datetime.now(UTC)
        for name, value in values.items():
            setattr(mail, name, value)
    db.session.commit()


def test_what_is_queued_arrives_as_written_and_leaves_the_queue(posted: Mailbox) -> None:
    link = f"http://127.0.0.1:5000/reviews/confirm?key={'k' * 300}"
    queue_mail(
        "reader@example.org",
        "Your review of Zoë Müller",
        f"Hello,\n\nopen this link – it works for 72 hours:\n{link}\n",
    )
    db.session.commit()
    assert deliver_queued() == 1
    [letter] = posted.letters
    assert letter.recipient == "reader@example.org"
    assert letter.sender == "Neck Spasm Directory <reviews@localhost>"
    assert letter.subject == "Your review of Zoë Müller"
    text, signature = letter.text.split("\n-- \n")
    assert text == f"Hello,\n\nopen this link – it works for 72 hours:\n{link}\n"
    assert signature == (
        "Neck Spasm Directory\nhttp://127.0.0.1:5000\nQuestions? Reply to this email, or write to reviews@localhost.\n"
    )
    assert letter.links == [link]
    assert link.encode() in letter.raw  # whole on the wire too
    assert _waiting() == []
    assert deliver_queued() == 0


def test_answers_go_where_people_read_them(posted: Mailbox, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_REPLY_TO", "Front office <office@example.org>")
    monkeypatch.setitem(app.config, "MAIL_DEFAULT_SENDER", "Our Directory <reviews@example.org>")
    queue_mail("reader@example.org", "Subject", "Text")
    with in_language("es"):
        queue_mail("lectora@example.org", "Asunto", "Texto")
    db.session.commit()
    assert deliver_queued() == 2
    english, spanish = posted.letters
    assert english.sender == "Our Directory <reviews@example.org>"
    assert b"Reply-To: Front office <office@example.org>" in english.raw
    assert "write to office@example.org." in english.text
    assert "Directorio de Espasmos del Cuello" in spanish.text
    assert "office@example.org" in spanish.text


def test_mail_of_a_change_that_was_rolled_back_is_never_sent(posted: Mailbox) -> None:
    queue_mail("reader@example.org", "Subject", "Text")
    db.session.flush()
    db.session.rollback()
    assert deliver_queued() == 0
    assert posted.letters == []


def test_the_oldest_go_first_and_no_more_than_asked(posted: Mailbox) -> None:
    _queue(5)
    assert deliver_queued(limit=3) == 3
    assert [letter.text.partition("\n")[0] for letter in posted.letters] == ["Text 0", "Text 1", "Text 2"]
    assert deliver_queued() == 2


@pytest.mark.own_app
def test_two_workers_at_once_send_each_message_once(posted: Mailbox, app: Flask) -> None:
    _queue(12)
    db.session.remove()
    start = threading.Barrier(3)
    sent: list[int] = []

    def work() -> None:
        with app.app_context():
            start.wait()
            sent.append(deliver_queued(limit=50))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 12
    assert sorted(letter.recipient for letter in posted.letters) == sorted(f"reader{n}@example.org" for n in range(12))
    assert _waiting() == []


def test_a_worker_that_died_during_its_lease_loses_nothing(
    posted: Mailbox, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _queue()

    class Killed(BaseException):
        pass

    def die(*_args: object) -> None:
        raise Killed

    monkeypatch.setattr(app.extensions["mailman"].backend, "send_messages", die)
    with pytest.raises(Killed):
        deliver_queued()
    monkeypatch.undo()
    assert deliver_queued() == 0  # the lease holds, as if the other were still at it
    _make_due()
    assert deliver_queued() == 1


def test_a_mail_server_that_is_down_raises_nothing_and_keeps_all(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    app.extensions["mailman"].port = 1  # nobody listens there
    _queue(2)
    before = datetime.now(UTC)
    assert deliver_queued() == 0
    tried, untried = _waiting()
    assert tried.attempts == 1
    assert "Connection refused" in (tried.last_error or "")
    assert before + FIRST_WAIT <= tried.next_attempt_at <= datetime.now(UTC) + FIRST_WAIT
    assert (untried.attempts, untried.last_error) == (0, None)
    mailbox.receive_from(app)
    _make_due()
    assert deliver_queued() == 2


def test_a_message_that_the_server_refuses_does_not_hold_up_the_others(posted: Mailbox) -> None:
    _queue(2)
    posted.refusal = "550 no thanks, reader0@example.org"
    assert deliver_queued() == 0
    assert [mail.attempts for mail in _waiting()] == [1, 1]
    assert "no thanks, the recipient" in (_waiting()[0].last_error or "")
    posted.refusal = None
    _make_due()
    assert deliver_queued() == 2


def test_the_waits_grow_to_six_hours(posted: Mailbox) -> None:
    posted.refusal = "451 later"
    _queue()
    waits = []
    for _ in range(12):
        _make_due()
        before = datetime.now(UTC)
        deliver_queued()
        waits.append(round((_waiting()[0].next_attempt_at - before) / FIRST_WAIT))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert timedelta(minutes=360) == MAX_WAIT


@pytest.mark.postgresql
def test_after_five_days_of_failures_it_is_given_up_and_stays(posted: Mailbox) -> None:
    posted.refusal = "451 later"
    _queue()
    _make_due(queued_at=datetime.now(UTC) - timedelta(days=5))
    assert deliver_queued() == 0
    assert _waiting()[0].next_attempt_at == NEVER
    posted.refusal = None
    assert deliver_queued() == 0
    outbox.retry_given_up()
    db.session.commit()
    assert deliver_queued() == 1


def test_mail_that_nobody_tried_for_five_days_is_still_sent(posted: Mailbox) -> None:
    _queue()
    _make_due(queued_at=datetime.now(UTC) - timedelta(days=30))
    assert deliver_queued() == 1


def test_delivering_commits_nothing_of_the_caller(posted: Mailbox) -> None:
    _queue()
    queue_mail("other@example.org", "Subject", "of a change that is not yet decided")
    assert deliver_queued() == 1
    db.session.rollback()
    assert _waiting() == []


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "nobody",
        "a@example.org\nBcc: b@example.org",
        "a@example.org\r\n\r\nText",
        "a@example.org, b@example.org",
        "a@example.org;b@example.org",
        "Name <a@example.org>",
        "a@b@example.org",
        "a b@example.org",
        '"a"@example.org',
        "zoë@example.org",
        f"{'a' * 250}@example.org",
    ],
)
def test_a_recipient_that_is_not_one_plain_address_is_refused(sqlite_app: Flask, recipient: str) -> None:
    with pytest.raises(ValueError, match="not one plain email address"):
        queue_mail(recipient, "Subject", "Text")


def test_an_address_of_an_international_domain_is_reached_by_its_ascii_name(posted: Mailbox) -> None:
    queue_mail("reader@münchen.example", "Subject", "Text")
    db.session.commit()
    assert deliver_queued() == 1
    assert posted.letters[0].recipient == "reader@xn--mnchen-3ya.example"


def test_no_header_can_be_smuggled_in_by_a_subject(posted: Mailbox) -> None:
    queue_mail("reader@example.org", "Hello\r\nBcc: other@example.org\n\n\x00<b>\u2028" + "x" * 300, "Text")
    db.session.commit()
    assert deliver_queued() == 1
    [letter] = posted.letters
    assert letter.subject.startswith("Hello Bcc: other@example.org <b> xxx")
    assert b"\nBcc:" not in letter.raw
    assert len(letter.subject) == 200


def test_a_request_that_queued_mail_sends_it_when_it_ends(posted: Mailbox, app: Flask) -> None:
    with app.test_request_context():
        _queue()
        assert posted.letters == []
    assert len(posted.letters) == 1


def test_no_request_waits_for_the_mail_server(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answers, deliveries = threading.Event(), threading.Event(), threading.Semaphore(0)

    def hang() -> int:
        asked.set()
        assert answers.wait(PATIENCE_SECONDS)
        deliveries.release()
        return 0

    monkeypatch.setattr(outbox, "deliver_queued", hang)
    monkeypatch.setitem(sqlite_app.config, "TESTING", False)
    for _ in range(5):
        with sqlite_app.test_request_context():
            _queue()
        assert asked.wait(PATIENCE_SECONDS)
    assert not deliveries.acquire(blocking=False)
    answers.set()
    for _ in range(2):  # the one that hung, and one more for all that was queued meanwhile
        assert deliveries.acquire(timeout=PATIENCE_SECONDS)
    assert not deliveries.acquire(timeout=0.1)


def test_the_thread_sends_what_a_request_queued(tmp_path: Path, mailbox: Mailbox) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'directory.sqlite3'}"})
    mailbox.receive_from(app)
    with app.app_context():
        OutgoingMail.metadata.create_all(db.engine, [OutgoingMail.metadata.tables["outgoing_mail"]])
    with app.test_request_context():
        _queue(2)
    ends = time.monotonic() + PATIENCE_SECONDS
    with app.app_context():
        while _waiting() and time.monotonic() < ends:
            time.sleep(0.01)  # another thread sends it
        db.engine.dispose()
    assert len(mailbox.letters) == 2


def test_the_thread_outlives_a_database_that_fails(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = threading.Semaphore(0)

    def fail() -> int:
        tries.release()
        raise OSError("the disk is gone")

    monkeypatch.setattr(outbox, "deliver_queued", fail)
    thread = outbox.DeliveryThread(sqlite_app)
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            thread.deliver_soon()
            assert tries.acquire(timeout=PATIENCE_SECONDS)
    assert "the disk is gone" in caplog.text
