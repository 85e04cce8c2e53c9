"""Who has a task changes only from what its page showed, and a second click does nothing more, on either database."""

import threading

import pytest
from flask import Flask

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.credentials.entry import enter_by_hand
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.tasks import reassign_task
from directory.extensions import db
from directory.web.refusals import ConflictOfInterestError
from directory.web.transaction import EditConflictError, transaction
from tests import factories
from tests.credentials.acting import LICENSE
from tests.credentials.desk import rows
from tests.signing_in import new_account


def holder(task: VerificationTask) -> int | None:
    return db.session.get_one(VerificationTask, task.id, populate_existing=True).assigned_to


def test_a_task_is_taken_once_and_the_later_one_is_told(app: Flask) -> None:
    task, first, second = rows.submitted_task(), new_account(app, "verifier").id, new_account(app, "verifier").id
    with transaction():
        reassign_task(f"account:{first}", task, first, None)
    with pytest.raises(EditConflictError), transaction():
        reassign_task(f"account:{second}", task, second, None)
    with transaction():  # a second click
        reassign_task(f"account:{first}", task, first, None)
    assert holder(task) == first
    assert db.session.query(AuditEvent).filter_by(act="assign_task", subject=f"task:{task.id}").count() == 1
    with transaction():
        reassign_task(f"account:{first}", task, None, first)
    assert holder(task) is None


@pytest.mark.postgresql
def test_a_closed_task_is_given_to_nobody(app: Flask) -> None:
    task, account_id = rows.waiting(closed_at=rows.START, open_key=None), new_account(app, "verifier").id
    with pytest.raises(EditConflictError), transaction():
        reassign_task(f"account:{account_id}", task, account_id, None)
    assert holder(task) is None


@pytest.mark.postgresql
@pytest.mark.own_app
def test_two_clicks_at_once_enter_one_credential(app: Flask) -> None:
    npi, account_id = factories.provider().npi, new_account(app, "verifier").id
    ready, entered = threading.Barrier(2, timeout=60), list[int]()

    def press() -> None:
        with app.app_context():
            ready.wait()
            with transaction():
                entered.append(enter_by_hand(f"account:{account_id}", npi, LICENSE).id)

    clicks = [threading.Thread(target=press) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert entered == [db.session.query(VerificationTask).one().id] * 2
    assert db.session.query(Credential).count() == 1


def test_a_conflict_keeps_from_taking_but_not_from_giving_to_another(app: Flask) -> None:
    task, own, other = rows.submitted_task(), new_account(app, "admin").id, new_account(app, "verifier").id
    declare_conflict(f"account:{own}", task.npi, "Family.")
    db.session.commit()
    with pytest.raises(ConflictOfInterestError), transaction():
        reassign_task(f"account:{own}", task, own, None)
    with transaction():
        reassign_task(f"account:{own}", task, other, None)
    assert holder(task) == other
