"""What lapses stops counting by itself, takes its provider out of the ranking, and reaches the people who check."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.expiry import expire_credentials
from directory.credentials.models import (
    Credential,
    CredentialStatus,
    QualificationScore,
    Verification,
    VerificationTask,
)
from directory.credentials.queries import qualifications
from directory.credentials.scoring import rescore_qualification
from directory.credentials.tasks import MAX_LISTED, TaskKind, notify_verifiers, open_task
from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.mail.outbox import deliver_queued
from directory.web.phrases import read_phrase
from tests import factories
from tests.mailbox import Mailbox
from tests.signing_in import new_account

TODAY = date(2026, 6, 1)


def held(**values: object) -> Credential:
    row = factories.license(factories.provider().npi)
    for name, value in values.items():
        setattr(row, name, value)
    rescore_qualification(row.npi, TODAY)
    db.session.commit()
    return row


def fresh(credential: Credential) -> Credential:
    row = db.session.get(Credential, credential.id, populate_existing=True)
    assert row is not None
    return row


@pytest.mark.postgresql
@pytest.mark.parametrize("last_day", ["expires_on", "verified_until"])
@pytest.mark.parametrize(
    ("days", "status"),
    [
        (-1, CredentialStatus.EXPIRED),
        (0, CredentialStatus.EXPIRING),
        (30, CredentialStatus.EXPIRING),
        (31, CredentialStatus.VERIFIED),
    ],
)
def test_a_credential_lapses_after_the_last_day_of_itself_or_of_its_check(
    app: Flask, last_day: str, days: int, status: CredentialStatus
) -> None:
    credential = held(**{last_day: TODAY + timedelta(days=days)})
    expired, expiring = expire_credentials(TODAY)
    assert fresh(credential).status == status
    assert (expired, expiring) == (days < 0, 0 <= days <= 30)
    assert expire_credentials(TODAY) == (0, 0), "a second look moves nothing"


def test_an_expired_license_takes_its_provider_out_of_the_ranking(app: Flask) -> None:
    credential = held(expires_on=TODAY - timedelta(days=1))
    expire_credentials(TODAY)
    score = db.session.get(QualificationScore, credential.npi, populate_existing=True)
    assert score
    assert score.barred_for == "license_expired"
    assert not score.license_verified
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "expire_credential")).one()
    assert (event.actor, event.subject, event.before, event.after, event.reason) == (
        "program",
        f"credential:{credential.id}",
        {"status": "verified"},
        {"status": "expired"},
        "California license expired on May 31, 2026.",
    )
    assert check_log().fault is None


def test_a_check_that_is_too_old_stops_counting_and_does_not_bar(app: Flask) -> None:
    credential = held(verified_until=TODAY - timedelta(days=1))
    expire_credentials(TODAY)
    score = db.session.get(QualificationScore, credential.npi, populate_existing=True)
    assert score
    assert (score.points, score.barred_for) == (0, None)
    assert read_phrase(score.awards[0]["why"]).english == "verified too long ago, not yet checked again"
    assert qualifications(credential.npi).credentials[0].standing == "verified too long ago"


def test_what_lapses_soon_still_counts_and_waits_at_the_desk(app: Flask) -> None:
    credential = held(expires_on=TODAY + timedelta(days=10))
    expire_credentials(TODAY)
    score = db.session.get(QualificationScore, credential.npi, populate_existing=True)
    assert score
    assert score.awards[0]["points"] == 20
    task = db.session.scalars(select(VerificationTask)).one()
    assert (task.kind, task.due_on) == (TaskKind.EXPIRING, TODAY + timedelta(days=10))
    assert task.sentence == "California license expires on June 11, 2026."
    expire_credentials(TODAY + timedelta(days=11))
    task = db.session.scalars(select(VerificationTask).execution_options(populate_existing=True)).one()
    assert task.sentence == "California license expired on June 11, 2026."


def test_what_never_was_verified_does_not_expire(app: Flask) -> None:
    claimed = held(status=CredentialStatus.CLAIMED, expires_on=TODAY - timedelta(days=1))
    expire_credentials(TODAY)
    assert fresh(claimed).status == CredentialStatus.CLAIMED


def test_a_new_claim_does_not_lift_what_expired(app: Flask) -> None:
    credential = held(expires_on=TODAY - timedelta(days=1))
    credential.verifications.append(
        Verification(
            verified_at=datetime(2026, 1, 1, tzinfo=UTC),
            checked_on=date(2026, 1, 1),
            method="look-up page",
            primary_source="the board",
            outcome=CredentialStatus.VERIFIED,
        )
    )
    expire_credentials(TODAY)
    fresh(credential).status = CredentialStatus.SUBMITTED
    rescore_qualification(credential.npi, TODAY)
    score = db.session.get(QualificationScore, credential.npi, populate_existing=True)
    assert score
    assert score.barred_for == "license_expired"


def test_verifiers_are_written_to_once_about_each_task(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    first, second = new_account(app, "verifier"), new_account(app, "verifier")
    new_account(app, "moderator")
    npi = factories.provider().npi
    for number in range(MAX_LISTED + 1):
        credential = factories.license(npi)
        open_task(TaskKind.CLAIMED, credential, f"Claim {number}.")
    urgent = open_task(TaskKind.CHANGED_AT_SOURCE, credential, "The board revoked it.")
    urgent.assigned_to = first.id
    assert notify_verifiers() == 2
    assert notify_verifiers() == 0
    deliver_queued()
    (letter,) = mailbox.to(first.email)
    assert letter.subject == "12 new tasks at the verifier's desk"
    assert letter.text.index("The board revoked it") < letter.text.index("Claim 0")
    assert "... and 2 more." in letter.text
    assert f"{app.config['SITE_URL']}/admin/verify" in letter.links
    (letter,) = mailbox.to(second.email)
    assert "The board revoked it" not in letter.text
    assert len(mailbox.letters) == 2


@pytest.mark.postgresql
def test_without_a_verifier_the_admins_are_told(app: Flask) -> None:
    admin = new_account(app, "admin")
    open_task(TaskKind.CLAIMED, factories.license(factories.provider().npi), "A submission.")
    notify_verifiers()
    assert db.session.scalars(select(OutgoingMail.recipient)).all() == [admin.email]


def test_a_closed_task_is_told_to_nobody(app: Flask) -> None:
    new_account(app, "verifier")
    task = open_task(TaskKind.CLAIMED, factories.license(factories.provider().npi), "A submission.")
    task.closed_at = datetime.now(UTC)
    assert notify_verifiers() == 0
