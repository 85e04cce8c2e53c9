"""What waits at the desk, for tests of its pages: tasks, what they are about, and what sources say of it."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from directory.credentials.actions import record_check, take_up
from directory.credentials.checks import Check, CredentialSubmission, Method
from directory.credentials.exclusions.models import PossibleExclusion
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import number_key
from directory.credentials.models import Credential, LicenseRecord, Verification, VerificationTask
from directory.credentials.status import NEGATIVE, CredentialStatus
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from tests import factories
from tests.credentials.acting import claimed, submitted

_numbers = itertools.count(1)
START = datetime(2026, 3, 2, 20, tzinfo=UTC)
TODAY = today_in_california()


def waiting(kind: TaskKind = TaskKind.CLAIMED, opened_at: datetime | None = None, **values: Any) -> VerificationTask:
    """A committed task of that kind about a new provider; a name of theirs is `provider`."""
    provider = values.pop("provider", None) or factories.provider()
    task = VerificationTask(
        **{
            "kind": kind,
            "npi": provider.npi,
            "open_key": f"{kind}:{provider.npi}",
            "sentence": "It waits for a test.",
            "opened_at": opened_at or START + timedelta(minutes=next(_numbers)),
            **values,
        }
    )
    db.session.add(task)
    db.session.commit()
    return task


def claimed_task(**values: Any) -> VerificationTask:
    """A license that a clinic claimed, waiting to be taken up."""
    credential = claimed(**values)
    task = open_task(TaskKind.CLAIMED, credential, "It was claimed.")
    db.session.commit()
    return task


def submitted_task(**values: Any) -> VerificationTask:
    """A license that a clinic submitted, waiting to be taken up."""
    credential = submitted(**values)
    db.session.commit()
    return task_about(credential)


def taken_up(actor: str, **values: Any) -> VerificationTask:
    task = submitted_task(**values)
    assert task.credential
    take_up(actor, task.credential)
    db.session.commit()
    return task


def disputed(actor: str, outcome: str = "rejected", **values: Any) -> VerificationTask:
    """What `actor` found against a license, waiting for a second verifier."""
    task = taken_up(actor, **values)
    assert task.credential
    note = "The board has nobody of that name." if outcome in NEGATIVE else None
    found = Check(CredentialStatus(outcome), Method.LOOK_UP_PAGE, "Medical Board of California", TODAY, note=note)
    record_check(actor, task.credential, found)
    db.session.commit()
    return task_about(task.credential, TaskKind.SECOND_OPINION)


def found_to_hold(credential: Credential, actor: str) -> Verification:
    """What `actor` found for a license that is being verified."""
    check = Check(
        CredentialStatus.VERIFIED,
        Method.LOOK_UP_PAGE,
        "Medical Board of California",
        TODAY,
        number="A 1234",
        expires_on=TODAY + timedelta(days=300),
    )
    verification = record_check(actor, credential, check)
    db.session.commit()
    return verification


def task_about(credential: Credential, kind: TaskKind | None = None) -> VerificationTask:
    """The newest task about the credential, or that of the kind."""
    statement = select(VerificationTask).where(VerificationTask.credential_id == credential.id)
    if kind:
        statement = statement.where(VerificationTask.kind == kind)
    task = db.session.scalar(statement.order_by(VerificationTask.id.desc()).limit(1))
    assert task is not None
    return task


def possible_exclusion(**values: Any) -> VerificationTask:
    """An entry of the OIG's list that may be about a new provider."""
    provider = values.pop("provider", None) or factories.provider()
    entry = {
        **{"npi": None, "business_name": None, "middle_name": "Q", "first_name": "ADA", "last_name": "EXAMPLE"},
        **{"general": "INDIVIDUAL", "specialty": "NEUROLOGIST", "born_on": "1960-02-03", "exclusion_type": "1128a1"},
        **{"address": "1 ELM ST", "city": "TORRANCE", "state": "CA", "postal_code": "90503"},
        "excluded_on": "2020-01-20",
    }
    possible = PossibleExclusion(
        npi=provider.npi,
        entry_key=f"entry {next(_numbers)}",
        entry=entry,
        fits=values.pop("fits", "name and state"),
        **values,
    )
    db.session.add(possible)
    db.session.flush()
    task = open_task(TaskKind.POSSIBLE_EXCLUSION, possible, "The OIG's list has ADA EXAMPLE.")
    db.session.commit()
    return task


def board_record(**values: Any) -> LicenseRecord:
    """An active license in the file of California's board."""
    known_source("demo")
    number = values.get("number", "A 1234")
    row = LicenseRecord(
        **{
            "state": "CA",
            "number": number,
            "number_key": number_key(number),
            "license_type": "Physician and Surgeon A",
            "board": "Medical Board of California",
            "board_status": "Current",
            "active": True,
            "name": "EXAMPLE, ADA",
            "issued_on": date(2006, 5, 4),
            "expires_on": TODAY + timedelta(days=400),
            "city": "TORRANCE",
            "county": "LOS ANGELES",
            "source_key": "demo",
            "as_of": TODAY - timedelta(days=10),
            **values,
        }
    )
    db.session.add(row)
    db.session.commit()
    return row


def exact(number: str | None = None, **values: Any) -> Credential:
    """A claimed license that agrees with a board's record; `values` are of the record."""
    number = number or f"A {next(_numbers):05d}"
    provider = factories.provider(first_name="Ada", last_name=f"Example{next(_numbers)}x")
    submission = CredentialSubmission(CredentialKind.LICENSE, "Medical Board of California", number=number, state="CA")
    credential = claimed(provider.npi, submission)
    open_task(TaskKind.CLAIMED, credential, "It was claimed.")
    board_record(**{"number": number, "name": f"{provider.last_name}, {provider.first_name} Q".upper(), **values})
    return credential
