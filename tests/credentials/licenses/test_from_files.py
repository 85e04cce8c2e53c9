"""What a board's list confirms exactly is verified by the program; the rest, and a sample, go to people."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.audit.log import PROGRAM
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.actions import second_check
from directory.credentials.licenses import from_files
from directory.credentials.licenses.from_files import (
    confirm_file_verification,
    refute_file_verification,
    verify_from_files,
)
from directory.credentials.licenses.records import apply_license_records, report_vanished
from directory.credentials.licenses.rules import lift_suspension, suspensions
from directory.credentials.models import BoardFile, Credential, LicenseRecord, VerificationTask
from directory.credentials.queries import qualifications
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.extensions import db
from directory.providers.models import Provider, ProviderSpecialty
from directory.providers.sources import Source, SourceKind
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import EditConflictError
from tests import factories
from tests.credentials.acting import FIRST, SECOND, THIRD, found, score_of, submitted
from tests.credentials.desk import rows
from tests.credentials.desk.rows import TODAY

LIST = "licenses_ca_medical"


@pytest.fixture(autouse=True)
def draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """No license is drawn but the one that each list has at least."""
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 0.0)


def board_file(key: str = LIST, **values: Any) -> BoardFile:
    known = db.session.scalar(select(BoardFile).filter_by(source_key=key))
    if known and not values:
        return known
    if db.session.get(Source, key) is None:
        db.session.add(Source(key=key, name="Licensee list of the Medical Board", kind=SourceKind.PUBLIC_FILE))
        db.session.flush()
    row = BoardFile(
        **{
            "source_key": key,
            "board": "Medical Board of California",
            "name": "MedicalBoard_Data00.xls",
            "as_of": TODAY - timedelta(days=10),
            "sha256": "ab" * 32,
            "run_id": 7,
            "names_discipline": False,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def exact(**values: Any) -> Credential:
    """A claimed license that its board's list confirms exactly; `values` are of the record."""
    key = values.pop("source_key", LIST)
    file = board_file(key)
    return rows.exact(**{"profession": "physician", "source_key": key, "board_file_id": file.id, **values})


def run() -> from_files.FilesVerified:
    done = verify_from_files(TODAY)
    db.session.commit()
    return done


def open_tasks(credential: Credential) -> dict[str, str]:
    waiting = select(VerificationTask).where(
        VerificationTask.credential_id == credential.id, VerificationTask.closed_at.is_(None)
    )
    return {task.kind: task.sentence for task in db.session.scalars(waiting)}


def verified(count: int = 1) -> list[Credential]:
    licenses = [exact() for _ in range(count)]
    assert run().verified == count
    return licenses


@pytest.mark.postgresql
def test_the_program_verifies_it_with_the_file_as_evidence_and_the_points_follow(app: Flask) -> None:
    credential = exact()
    done = run()
    assert (done.verified, done.sampled, done.npis) == (1, 1, {credential.npi})
    (check,) = credential.verifications
    assert (credential.status, check.recorded_by, check.method) == ("verified", PROGRAM, "bulk file")
    assert check.board_file
    assert (check.board_file.name, check.board_file.sha256, check.board_file.run_id) == (
        "MedicalBoard_Data00.xls",
        "ab" * 32,
        7,
    )
    assert (credential.issuer, credential.expires_on) == ("Medical Board of California", TODAY + timedelta(days=400))
    assert credential.verified_until == check.checked_on + timedelta(days=365)
    score = score_of(credential.npi)
    assert [award["points"] for award in score.awards if award["key"] in {"license", "years"}] == [20, 10]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "verify_credential")).one()
    assert event.after == {"status": "verified", "verification": check.id, "file_sha256": "ab" * 32}
    acts = db.session.execute(
        select(AuditEvent.actor, AuditEvent.act).order_by(AuditEvent.number.desc()).limit(2)
    ).all()
    assert acts == [(PROGRAM, "verify_credential"), (PROGRAM, "take_up_credential")]
    assert check_log().fault is None


def test_the_reason_says_that_the_list_does_not_cover_discipline(app: Flask) -> None:
    (credential,) = verified()
    award = qualifications(credential.npi).qualification.awards[0]
    assert "which does not cover discipline" in str(award.why)
    confirm_file_verification(FIRST, credential, "The board's page")
    db.session.commit()
    assert "no public discipline" in str(qualifications(credential.npi).qualification.awards[0].why)


@pytest.mark.postgresql
def test_to_do_it_again_does_nothing(app: Flask) -> None:
    verified(2)
    claim = exact(name="OTHER, ADA")
    run()
    events = db.session.query(AuditEvent).count()
    sentence = open_tasks(claim)["claimed"]
    again = run()
    assert (again.verified, again.inexact) == (0, 1)
    assert db.session.query(AuditEvent).count() == events
    assert open_tasks(claim) == {"claimed": sentence}


@pytest.mark.postgresql
def test_everything_inexact_stays_with_people_and_the_task_says_why(app: Flask, subtests: pytest.Subtests) -> None:
    cases = {
        "another name": exact(name="OTHER, ADA"),
        "says Delinquent": exact(active=False, board_status="Delinquent"),
        "says Revoked": exact(active=False, revoked=True, board_status="Revoked"),
        "valid until": exact(expires_on=TODAY - timedelta(days=1)),
        "has published: Probation": exact(public_actions="Probation"),
        "may not fit the specialty: Physical Therapist": exact(
            profession="physical_therapist", license_type="Physical Therapist"
        ),
        "may not fit": exact(profession=None),
        "is too old": exact(as_of=TODAY - timedelta(days=121)),
        "read once more": exact(board_file_id=None),
    }
    middle = exact()
    db.session.get_one(Provider, middle.npi).middle_name = "Zoe"
    cases["another middle name"] = middle
    days = exact()
    days.submission = {**(days.submission or {}), "issued_on": "1999-01-01"}
    cases["another day: first issued"] = days
    twice = exact()
    record = db.session.scalars(select(LicenseRecord).order_by(LicenseRecord.id.desc())).first()
    assert record
    rows.board_record(number=record.number, name=record.name, license_type="Another")
    cases["more than one license"] = twice
    db.session.commit()
    assert run().verified == 0
    for words, credential in cases.items():
        with subtests.test(words):
            assert credential.status == CredentialStatus.CLAIMED
            assert words in open_tasks(credential)["claimed"]


def test_a_number_that_no_list_has_is_left_as_it_is(app: Flask) -> None:
    credential = exact()
    credential.number = "A 99999999"
    credential.submission = {**(credential.submission or {}), "number": "A 99999999"}
    db.session.commit()
    assert (run().verified, open_tasks(credential)) == (0, {"claimed": "It was claimed."})


def test_a_license_that_two_providers_of_that_name_claim_is_left_to_people(app: Flask) -> None:
    credential = exact()
    own = db.session.get_one(Provider, credential.npi)
    other = factories.provider(first_name=own.first_name, last_name=own.last_name)
    copy = factories.license(other.npi, number=credential.number)
    copy.status = CredentialStatus.CLAIMED
    db.session.commit()
    assert run().verified == 0
    assert "Another provider claims" in open_tasks(credential)["claimed"]
    assert copy.status == CredentialStatus.CLAIMED


def test_a_namesake_of_another_profession_does_not_match(app: Flask) -> None:
    credential = exact()
    specialty = db.session.scalars(select(ProviderSpecialty).where(ProviderSpecialty.npi == credential.npi)).one()
    specialty.specialty_code = "363L00000X"
    db.session.commit()
    assert run().verified == 0


def test_what_people_found_otherwise_before_is_left_to_people(app: Flask) -> None:
    credential = exact()
    credential.status = CredentialStatus.IN_REVIEW
    second_check(SECOND, found(credential, "could_not_verify"), agrees=True)
    credential.status = CredentialStatus.SUBMITTED
    db.session.commit()
    assert run().verified == 0
    assert credential.status == CredentialStatus.SUBMITTED


def test_a_submission_of_a_clinic_is_verified_too(app: Flask) -> None:
    provider = factories.provider(first_name="Ada", last_name="Example")
    credential = submitted(provider.npi)
    file, said = board_file(), credential.last_submission
    rows.board_record(
        profession="physician",
        source_key=LIST,
        board_file_id=file.id,
        issued_on=said.issued_on,
        expires_on=said.expires_on,
    )
    assert run().verified == 1
    assert open_tasks(credential).keys() == {"sample_recheck"}


def test_the_setting_leaves_all_to_people(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "VERIFY_FROM_FILES", False)
    credential = exact()
    assert (run().verified, open_tasks(credential)) == (0, {"claimed": "It was claimed."})


def test_about_one_in_twenty_is_drawn_and_who_has_not_the_secret_cannot_foretell_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 0.05)

    def drawn() -> set[int]:
        return {number for number in range(20_000) if from_files._draw(number, 1) < from_files.SAMPLE_SHARE}

    sample = drawn()
    assert 900 < len(sample) < 1100
    assert drawn() == sample
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of at least 32 characters")
    assert len(sample & drawn()) < 100


def test_the_first_of_a_list_has_at_least_one_in_the_sample_and_later_ones_only_what_is_drawn(app: Flask) -> None:
    assert sum("sample_recheck" in open_tasks(each) for each in verified(5)) == 1
    assert sum("sample_recheck" in open_tasks(each) for each in verified(3)) == 0


def test_a_person_who_confirms_a_sample_closes_it(app: Flask) -> None:
    (credential,) = verified()
    confirm_file_verification(FIRST, credential, "The board's page")
    db.session.commit()
    assert (credential.status, open_tasks(credential)) == ("verified", {})
    assert credential.verifications[0].recorded_by == FIRST


@pytest.mark.postgresql
def test_a_wrong_one_suspends_its_list_and_the_others_count_on_while_people_look(app: Flask) -> None:
    (wrong,), (other,) = verified(), verified()  # the first one alone is in the sample
    elsewhere = exact(source_key="licenses_ca_pt")
    run()
    refute_file_verification(FIRST, wrong, "It is another Ada.", is_general=False)
    db.session.commit()
    assert wrong.status == CredentialStatus.CLAIMED
    assert score_of(wrong.npi).points == 0
    assert [(check.state, check.second_by, check.second_note) for check in wrong.verifications] == [
        ("declined", FIRST, "It is another Ada.")
    ]
    assert "It is another Ada." in open_tasks(wrong)["claimed"]
    assert other.status == elsewhere.status == CredentialStatus.VERIFIED
    assert score_of(other.npi).points == 30
    assert "It is another Ada." in open_tasks(other)["rule_review"]
    assert "rule_review" not in open_tasks(elsewhere)
    assert suspensions().keys() == {LIST}
    waits = exact()
    assert run().verified == 0
    assert "suspended" in open_tasks(waits)["claimed"]
    assert "suspend_rule" in db.session.scalars(select(AuditEvent.act)).all()
    assert check_log().fault is None


@pytest.mark.postgresql
def test_a_reason_that_may_hold_of_others_stops_all_that_rest_on_the_list_alone(app: Flask) -> None:
    wrong, other, checked = verified(3)
    confirm_file_verification(SECOND, checked, "The board's page")
    refute_file_verification(FIRST, wrong, "The list is last year's.", is_general=True)
    db.session.commit()
    assert (other.status, checked.status) == (CredentialStatus.CLAIMED, CredentialStatus.VERIFIED)
    assert (score_of(other.npi).points, score_of(checked.npi).points) == (0, 30)
    assert (other.number, other.issued_on, other.expires_on) == (other.last_submission.number, None, None)
    assert "The list is last year's." in open_tasks(other)["claimed"]


@pytest.mark.postgresql
def test_once_lifted_the_list_verifies_again_but_not_what_a_person_refuted(app: Flask) -> None:
    wrong, other = verified(2)
    refute_file_verification(FIRST, wrong, "The list is last year's.", is_general=True)
    db.session.commit()
    with pytest.raises(ValidationFailedError):
        lift_suspension(THIRD, LIST, " ")
    lift_suspension(THIRD, LIST, "The right list was read.")
    db.session.commit()
    assert suspensions() == {}
    assert run().verified == 1
    assert (wrong.status, other.status) == (CredentialStatus.CLAIMED, CredentialStatus.VERIFIED)
    with pytest.raises(EditConflictError):
        lift_suspension(THIRD, LIST, "Once more.")


def test_a_finding_that_waits_for_a_second_verifier_is_void_once_the_list_is_found_wrong(app: Flask) -> None:
    wrong, other = verified(2)
    waiting = found(other, "rejected")
    refute_file_verification(FIRST, wrong, "The list is last year's.", is_general=True)
    db.session.commit()
    assert (other.status, waiting.state) == (CredentialStatus.CLAIMED, "declined")
    assert open_tasks(other).keys() == {"claimed"}


def test_one_that_is_in_the_sample_is_not_marked_for_review_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_files, "SAMPLE_SHARE", 1.0)
    wrong, other = verified(2)
    refute_file_verification(FIRST, wrong, "It is another Ada.", is_general=False)
    assert open_tasks(other).keys() == {"sample_recheck"}


def test_a_second_wrong_one_is_added_to_the_suspension_and_may_widen_it(app: Flask) -> None:
    wrong, another, other = verified(3)
    refute_file_verification(FIRST, wrong, "It is another Ada.", is_general=False)
    refute_file_verification(SECOND, another, "It is last year's list.", is_general=True)
    db.session.commit()
    suspension = suspensions()[LIST]
    assert (suspension.is_general, suspension.suspended_by) == (True, FIRST)
    assert suspension.reason.splitlines() == ["It is another Ada.", "It is last year's list."]
    assert other.status == CredentialStatus.CLAIMED
    assert open_tasks(other).keys() == {"claimed"}


def test_lifting_takes_back_the_marks_for_review(app: Flask) -> None:
    wrong, other = verified(2)
    refute_file_verification(FIRST, wrong, "It is another Ada.", is_general=False)
    lift_suspension(THIRD, LIST, "It was this one alone.")
    db.session.commit()
    assert "rule_review" not in open_tasks(other)


def test_two_verifiers_who_find_against_it_suspend_the_list_too(app: Flask) -> None:
    (credential,) = verified()
    proposed = found(credential, "rejected")
    assert suspensions() == {}
    second_check(SECOND, proposed, agrees=True)
    assert suspensions().keys() == {LIST}


def test_a_license_that_the_board_revoked_since_says_nothing_against_the_list(app: Flask) -> None:
    (credential,) = verified()
    second_check(SECOND, found(credential, "revoked"), agrees=True)
    assert suspensions() == {}


def test_while_suspended_a_newer_list_renews_nothing_and_still_takes_out_what_lapsed(app: Flask) -> None:
    wrong, other, lapsed = verified(3)
    refute_file_verification(FIRST, wrong, "It is another Ada.", is_general=False)
    for credential in (other, lapsed):
        record = db.session.scalars(select(LicenseRecord).where(LicenseRecord.number == credential.number)).one()
        record.as_of, record.active = TODAY, credential is other
    db.session.commit()
    apply_license_records(None, TODAY)
    assert len(other.verifications) == 1
    assert lapsed.status == CredentialStatus.EXPIRED


def test_a_license_that_is_no_longer_in_the_list_is_no_longer_verified(app: Flask) -> None:
    gone, checked = verified(2)
    confirm_file_verification(FIRST, checked, "The board's page")
    report_vanished("CA", [number_of(gone), number_of(checked)], "the list")
    assert (gone.status, checked.status) == (CredentialStatus.CLAIMED, CredentialStatus.VERIFIED)
    assert score_of(gone.npi).points == 0
    for credential in (gone, checked):
        assert "no longer in" in open_tasks(credential)[TaskKind.CHANGED_AT_SOURCE]


def number_of(credential: Credential) -> str:
    record = db.session.scalars(select(LicenseRecord).where(LicenseRecord.number == credential.number)).one()
    return record.number_key
