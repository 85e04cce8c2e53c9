"""What a submission and a check need to count, and the sentence for each thing that is missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from directory.credentials.checks import Check, CredentialSubmission, Method, faults_of_check, faults_of_submission
from directory.credentials.kinds import CredentialKind
from directory.credentials.status import NEGATIVE, CredentialStatus

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
LICENSE = CredentialSubmission(
    CredentialKind.LICENSE,
    "Medical Board of California",
    number="A 1",
    state="CA",
    issued_on=date(2010, 1, 1),
    expires_on=date(2028, 1, 1),
)
BOARD = CredentialSubmission(CredentialKind.BOARD_CERTIFICATION, "ABPN", field="neurology")
FOUND = Check(
    CredentialStatus.VERIFIED,
    Method.LOOK_UP_PAGE,
    "Medical Board of California, license search",
    TODAY,
    number="A 1",
    expires_on=date(2028, 1, 1),
)


@pytest.mark.parametrize("submission", [LICENSE, BOARD, replace(LICENSE, issued_on=TODAY, expires_on=TODAY + DAY)])
def test_a_whole_claim_has_no_fault(submission: CredentialSubmission) -> None:
    assert faults_of_submission(submission, TODAY) == {}


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"number": None}, "number", "Enter the license number"),
        ({"number": " "}, "number", "Enter the license number"),
        ({"state": None}, "state", "Choose the state"),
        ({"issued_on": TODAY + DAY}, "issued_on", "still to come"),
        ({"expires_on": TODAY - DAY}, "expires_on", "It expired on May 31, 2026. Submit it again once it is renewed."),
        ({"expires_on": date(2009, 12, 31)}, "expires_on", "can’t expire before it was issued"),
        ({"expires_on": date(2010, 1, 1)}, "expires_on", "can’t expire before it was issued"),
    ],
)
def test_a_claim_that_cannot_be_is_explained_beside_its_field(
    changes: dict[str, object], name: str, words: str
) -> None:
    faults = faults_of_submission(replace(LICENSE, **changes), TODAY)
    assert faults.keys() == {name}
    assert words in faults[name]


def test_a_credential_holds_through_its_last_day() -> None:
    assert faults_of_submission(replace(LICENSE, expires_on=TODAY), TODAY) == {}
    assert faults_of_check(replace(FOUND, expires_on=TODAY), CredentialKind.LICENSE, TODAY) == {}


def test_only_a_license_needs_a_number_and_a_state() -> None:
    assert faults_of_submission(replace(BOARD, number=None, state=None), TODAY) == {}
    assert faults_of_check(replace(FOUND, number=None), CredentialKind.FELLOWSHIP, TODAY) == {}


def test_a_check_that_does_not_count_is_explained_beside_its_field(subtests: pytest.Subtests) -> None:
    for changes, name, words in [
        ({"checked_on": TODAY + DAY}, "checked_on", "still to come"),
        ({"checked_on": TODAY - 121 * DAY}, "checked_on", "counts for 120 days"),
        ({"primary_source": "  "}, "primary_source", "Name the primary source"),
        ({"method": Method.PHONE}, "contact", "who you spoke with"),
        ({"method": Method.PHONE, "contact": "  "}, "contact", "who you spoke with"),
        ({"method": Method.LETTER}, "evidence_id", "Attach the letter"),
        ({"expires_on": TODAY - DAY}, "expires_on", "can’t be verified as active"),
        ({"issued_on": TODAY + DAY}, "issued_on", "still to come"),
        ({"issued_on": date(2029, 1, 1)}, "issued_on", "still to come"),
        ({"issued_on": date(2020, 1, 1), "expires_on": date(2019, 1, 1)}, "expires_on", "before it was issued"),
        ({"number": None}, "number", "as the board has it"),
        ({"number": "  "}, "number", "as the board has it"),
    ]:
        with subtests.test(changes=changes):
            assert words in faults_of_check(replace(FOUND, **changes), CredentialKind.LICENSE, TODAY)[name]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"checked_on": TODAY - 120 * DAY},
        {"method": Method.PHONE, "contact": "Ms Doe, June 1 at 10:00"},
        {"method": Method.LETTER, "evidence_id": 7},
        {"method": Method.BULK_FILE},
    ],
)
def test_a_whole_check_has_no_fault(changes: dict[str, object]) -> None:
    assert faults_of_check(replace(FOUND, **changes), CredentialKind.LICENSE, TODAY) == {}


@pytest.mark.parametrize("outcome", sorted(NEGATIVE))
def test_an_outcome_against_a_credential_needs_a_note_and_may_be_of_an_expired_one(outcome: CredentialStatus) -> None:
    against = replace(FOUND, outcome=outcome, expires_on=date(2020, 1, 1), number=None)
    assert faults_of_check(against, CredentialKind.LICENSE, TODAY).keys() == {"note"}
    assert faults_of_check(replace(against, note=" "), CredentialKind.LICENSE, TODAY).keys() == {"note"}
    assert faults_of_check(replace(against, note="Not listed."), CredentialKind.LICENSE, TODAY) == {}
