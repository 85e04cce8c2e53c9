"""Mail leaves to a server that proves its name, or is printed so that a developer can use it."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from directory import create_app
from directory.config import ConfigError
from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import deliver_queued, queue_mail
from tests.mailbox import Mailbox, open_mailbox


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a certificate for localhost that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


def _queue_one() -> None:
    queue_mail("reader@example.org", "Subject", "A secret link")
    db.session.commit()


def _last_error() -> str:
    return db.session.scalars(db.select(OutgoingMail.last_error)).one() or ""


def test_with_starttls_nothing_is_sent_to_a_server_that_cannot_prove_its_name(
    sqlite_app: Flask, certificate: Path
) -> None:
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate)
    with open_mailbox(tls_context=server_side) as mailbox:
        mailbox.receive_from(sqlite_app)
        sqlite_app.extensions["mailman"].use_tls = True
        _queue_one()
        assert deliver_queued() == 0
        assert mailbox.letters == []
    assert "CERTIFICATE_VERIFY_FAILED" in _last_error()


def test_with_starttls_mail_goes_to_a_server_that_proves_its_name(
    sqlite_app: Flask, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # the machine vouches for it
    server_side = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server_side.load_cert_chain(certificate)
    with open_mailbox(tls_context=server_side) as mailbox:
        mailbox.receive_from(sqlite_app)
        sqlite_app.extensions["mailman"].use_tls = True
        sqlite_app.extensions["mailman"].server = "localhost"
        _queue_one()
        assert deliver_queued() == 1
        assert len(mailbox.letters) == 1


def test_a_server_without_starttls_gets_nothing_when_it_was_asked_for(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    sqlite_app.extensions["mailman"].use_tls = True
    _queue_one()
    assert deliver_queued() == 0
    assert mailbox.letters == []
    assert "STARTTLS" in _last_error()


def test_the_settings_reach_the_mail_server(tmp_path: Path, mailbox: Mailbox) -> None:
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'directory.sqlite3'}",
            "MAIL_BACKEND": "smtp",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": mailbox.port,
            "MAIL_DEFAULT_SENDER": "Neck Spasm Directory <reviews@example.org>",
        }
    )
    with app.app_context():
        assert app.extensions["mailman"].timeout == app.config["MAIL_TIMEOUT"] == 5
        db.create_all()
        _queue_one()
        assert deliver_queued() == 1
        db.engine.dispose()
    assert mailbox.letters[0].sender == "Neck Spasm Directory <reviews@example.org>"


def test_the_console_shows_a_link_whole_on_one_line(sqlite_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    link = f"http://127.0.0.1:5000/reviews/confirm?key={'k' * 1200}"
    queue_mail("reader@example.org", "Your review – confirm it", f"Open this:\n\n{link}\n")
    db.session.commit()
    assert deliver_queued() == 1
    lines = capsys.readouterr().out.splitlines()
    assert "To: reader@example.org" in lines
    assert "Subject: Your review – confirm it" in lines
    assert link in lines


@pytest.mark.parametrize(
    "settings", [{"MAIL_BACKEND": "pigeon"}, {"MAIL_USE_TLS": True, "MAIL_USE_SSL": True, "MAIL_BACKEND": "smtp"}]
)
def test_settings_that_no_mail_could_be_sent_with_stop_the_start(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="MAIL_"):
        create_app(settings)
