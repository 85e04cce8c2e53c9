"""Exact matches are confirmed in bulk, each as a check of its own, and a random sample comes back to somebody else."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from directory.accounts.conflicts import declare_conflict
from directory.audit.log import PROGRAM
from directory.audit.verify import check_log
from directory.credentials.actions import record_check, take_up
from directory.credentials.desk.offers import is_own_sample
from directory.credentials.licenses.exact_matches import CHANGED, confirm_matches, exact_matches
from directory.credentials.licenses.records import apply_license_records
from directory.credentials.models import Credential, CredentialStatus, LicenseRecord, VerificationTask
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from tests.credentials.acting import FOUND
from tests.credentials.desk import rows
from tests.credentials.desk.rows import TODAY
from tests.signing_in import new_account, signed_in

CONFIRMER = "account:9990"
ADDRESS = "/admin/verify/exact"


def stored(count: int) -> list[int]:
    ids = [rows.exact().id for _ in range(count)]
    db.session.commit()
    return ids


def status_of(credential_id: int) -> CredentialStatus:
    return CredentialStatus(db.session.get_one(Credential, credential_id, populate_existing=True).status)


def samples() -> list[int | None]:
    open_samples = select(VerificationTask.credential_id).where(
        VerificationTask.kind == TaskKind.SAMPLE_RECHECK, VerificationTask.closed_at.is_(None)
    )
    return list(db.session.scalars(open_samples))


def test_what_agrees_in_state_number_and_name_with_an_active_record_is_exact(app: Flask) -> None:
    credential = rows.exact()
    db.session.commit()
    assert [(number, record.name[:7]) for number, record in exact_matches().items()] == [(credential.id, "EXAMPLE")]


def test_what_differs_or_is_in_trouble_or_was_read_too_long_ago_is_not(app: Flask, subtests: pytest.Subtests) -> None:
    other_number = rows.exact()
    other_number.submission = {**(other_number.submission or {}), "number": "A 99999"}
    other_number.number = "A 99999"
    differing = {
        "name": rows.exact(name="EXAMPLE, ADAM"),
        "state": rows.exact(state="NV"),
        "number": other_number,
        "not active": rows.exact(active=False),
        "revoked": rows.exact(revoked=True),
        "public actions": rows.exact(public_actions="Probation"),
        "expired": rows.exact(expires_on=TODAY - timedelta(days=1)),
        "read long ago": rows.exact(as_of=TODAY - timedelta(days=121)),
    }
    db.session.commit()
    matched = exact_matches().keys()
    for what, credential in differing.items():
        with subtests.test(what):
            assert credential.id not in matched
            assert confirm_matches(CONFIRMER, [credential.id])[0].refusal == CHANGED
            assert status_of(credential.id) == CredentialStatus.CLAIMED


def test_two_records_of_one_number_and_name_need_a_persons_eyes(app: Flask) -> None:
    rows.exact()
    record = db.session.scalars(select(LicenseRecord)).one()
    rows.board_record(number=record.number, name=record.name, license_type="Physician Assistant")
    assert exact_matches() == {}


def test_what_somebody_took_up_or_decided_is_left_alone(sqlite_app: Flask) -> None:
    credentials = {status: rows.exact() for status in CredentialStatus}
    for status, credential in credentials.items():
        credential.status = status
    db.session.commit()
    left = {credentials[CredentialStatus.CLAIMED].id, credentials[CredentialStatus.SUBMITTED].id}
    assert exact_matches().keys() == left


@pytest.mark.postgresql
def test_each_is_confirmed_as_a_check_of_the_boards_file(app: Flask) -> None:
    (credential_id,) = stored(1)
    record = db.session.scalars(select(LicenseRecord)).one()
    assert confirm_matches(CONFIRMER, [credential_id])[0].refusal is None
    credential = db.session.get_one(Credential, credential_id, populate_existing=True)
    (check,) = credential.verifications
    assert (credential.status, credential.number, credential.expires_on) == (
        CredentialStatus.VERIFIED,
        record.number,
        record.expires_on,
    )
    assert (check.method, check.checked_on, check.recorded_by) == ("bulk file", record.as_of, CONFIRMER)
    assert check.primary_source == "Medical Board of California, Demonstration data (invented)"
    kinds = db.session.scalars(select(VerificationTask.kind).where(VerificationTask.closed_at.is_(None))).all()
    assert kinds == [TaskKind.SAMPLE_RECHECK]
    assert check_log().fault is None


def claim_all_again() -> None:
    """Bring everything back to before it was confirmed."""
    db.session.execute(update(Credential).values(status=CredentialStatus.CLAIMED))
    db.session.execute(delete(VerificationTask))
    db.session.commit()


def test_one_in_twenty_and_at_least_one_comes_back(sqlite_app: Flask, subtests: pytest.Subtests) -> None:
    ids = stored(41)
    for count, sampled in ((1, 1), (20, 1), (21, 2), (41, 3)):
        with subtests.test(count=count):
            results = confirm_matches(CONFIRMER, ids[:count])
            assert [each.refusal for each in results] == [None] * count
            assert sum(each.sampled for each in results) == sampled
            assert sorted(samples(), key=str) == sorted((row.credential_id for row in results if row.sampled), key=str)
        claim_all_again()


def test_the_sample_is_drawn_at_random(sqlite_app: Flask) -> None:
    """Twenty-four batches of three drew the same place each time with a chance of one in 9 * 10 ** 10."""
    ids, places = stored(3), set()
    for _ in range(24):
        results = confirm_matches(CONFIRMER, ids)
        places.add([each.sampled for each in results].index(True))
        claim_all_again()
    assert len(places) > 1


@pytest.mark.postgresql
def test_a_newer_file_that_a_program_reads_does_not_look_the_sample_up(app: Flask) -> None:
    (credential_id,) = stored(1)
    confirm_matches(CONFIRMER, [credential_id])
    db.session.scalars(select(LicenseRecord)).one().as_of = TODAY
    credential = db.session.get_one(Credential, credential_id)
    apply_license_records([credential.npi], TODAY)
    db.session.commit()
    assert [each.recorded_by for each in credential.verifications] == [PROGRAM, CONFIRMER]
    assert samples() == [credential_id]
    assert is_own_sample(CONFIRMER, credential)
    assert not is_own_sample("account:9991", credential)
    record_check("account:9991", credential, FOUND)
    db.session.commit()
    assert samples() == []


def test_those_that_fail_do_not_use_up_the_sample(app: Flask) -> None:
    actor = f"account:{new_account(app, 'verifier').id}"
    good, *bad = stored(6)
    for credential_id in bad:
        declare_conflict(actor, db.session.get_one(Credential, credential_id).npi, "Family.")
    db.session.commit()
    results = confirm_matches(actor, [*bad, good])
    assert [each.refusal is None for each in results] == [False] * 5 + [True]
    assert samples() == [good]


@pytest.mark.postgresql
def test_the_second_person_and_conflicts_hold_for_each_row(app: Flask) -> None:
    actor = f"account:{new_account(app, 'verifier').id}"
    own, conflicted, good, gone = rows.exact(), rows.exact(), rows.exact(), rows.exact()
    own.entered_by = actor
    declare_conflict(actor, conflicted.npi, "Family.")
    ids = [own.id, conflicted.id, good.id, gone.id]
    db.session.commit()
    take_up("account:9991", gone)
    db.session.commit()
    results = confirm_matches(actor, [*ids, 999_999, good.id])
    refusals = [each.refusal for each in results]
    assert [each.credential_id for each in results] == [*ids, 999_999]
    assert "You entered this credential" in (refusals[0] or "")
    assert "You have a conflict of interest" in (refusals[1] or "")
    assert refusals[2:] == [None, CHANGED, CHANGED]
    assert [status_of(number) for number in ids] == ["claimed", "claimed", "verified", "in_review"]


def test_the_page_ticks_none_by_default_and_all_without_javascript(sqlite_app: Flask) -> None:
    ids = stored(3)
    client = signed_in(sqlite_app, "verifier")
    page = client.get(ADDRESS).text
    assert re.findall(r'name="credential" value="(\d+)"', page) == [str(number) for number in ids]
    assert " checked" not in page
    assert client.get(f"{ADDRESS}?selected=all").text.count(" checked") == 3


@pytest.mark.postgresql
def test_the_report_names_what_was_done_and_what_not_and_why(app: Flask) -> None:
    good, conflicted = stored(2)
    client = signed_in(app, "verifier")
    declare_conflict(f"account:{client.account.id}", db.session.get_one(Credential, conflicted).npi, "Family.")
    db.session.commit()
    assert "Not for you: you have a conflict of interest." in client.get(ADDRESS).text
    answer = client.post(ADDRESS, data={"credential": [str(good), str(conflicted)]})
    assert answer.status_code == 200
    for words in ("1 of 2 licenses confirmed.", "In the sample", "Not confirmed.", "You have a conflict of interest"):
        assert words in answer.text
    again = client.post(ADDRESS, data={"credential": [str(good)]})
    assert "0 of 1 license confirmed." in again.text


def test_none_or_too_many_are_asked_for_again(sqlite_app: Flask) -> None:
    first = stored(1)[0]
    client = signed_in(sqlite_app, "verifier")
    for chosen, sentence in (
        ([], "Select the licenses"),
        (["x"], "Select the licenses"),
        (range(first, first + 51), "at most 50"),
    ):
        answer = client.post(ADDRESS, data={"credential": [str(each) for each in chosen]})
        assert (answer.status_code, sentence in answer.text) == (400, True), chosen
        assert status_of(first) == CredentialStatus.CLAIMED


def test_the_page_says_when_nothing_agrees(sqlite_app: Flask) -> None:
    rows.claimed_task()
    page = signed_in(sqlite_app, "verifier").get(f"{ADDRESS}?page=7").text
    assert "All caught up: no claimed license agrees exactly" in page
