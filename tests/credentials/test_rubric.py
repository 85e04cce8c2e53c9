"""The rubric: what verified facts earn, what the rest does not, and what bars a provider."""

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.bars import Bar, bars
from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.kinds import BOARD_FIELDS, FELLOWSHIP_FIELDS, FIELDS, CredentialKind
from directory.credentials.rubric import (
    GUIDANCE_CODES,
    NECK_TREATMENT,
    RUBRIC,
    Qualification,
    score_qualification,
)
from directory.credentials.status import COUNTING, CredentialStatus

TODAY = date(2026, 6, 1)
LICENSE = HeldCredential(
    CredentialKind.LICENSE,
    CredentialStatus.VERIFIED,
    issuer="Medical Board of California",
    state="CA",
    issued_on=date(2021, 6, 1),
    expires_on=date(2028, 1, 1),
    source="the board's look-up page",
    as_of=date(2026, 5, 1),
)
BOARD = HeldCredential(CredentialKind.BOARD_CERTIFICATION, CredentialStatus.VERIFIED, field="neurology", issuer="ABPN")
UNVERIFIED = [status for status in CredentialStatus if status not in COUNTING]

days = st.dates(date(1960, 1, 1), date(2040, 1, 1))
held = st.builds(
    HeldCredential,
    kind=st.sampled_from(CredentialKind),
    status=st.sampled_from(CredentialStatus),
    field=st.none() | st.sampled_from([*FIELDS, "acupuncture"]),
    issuer=st.just("an issuer"),
    state=st.none() | st.sampled_from(["CA", "NV"]),
    issued_on=st.none() | days,
    expires_on=st.none() | days,
    verified_until=st.none() | days,
    public_discipline=st.booleans(),
)
billed = st.builds(
    BilledVolume,
    year=st.integers(2010, 2027),
    hcpcs_code=st.sampled_from([NECK_TREATMENT, *GUIDANCE_CODES, "J0585"]),
    services=st.floats(0, 1e6),
)


def score(*facts: HeldCredential | BilledVolume, today: date = TODAY) -> Qualification:
    credentials = [fact for fact in facts if isinstance(fact, HeldCredential)]
    return score_qualification(credentials, [fact for fact in facts if isinstance(fact, BilledVolume)], [], today)


def points(key: str, *facts: HeldCredential | BilledVolume) -> float:
    return next(award.points for award in score(*facts).awards if award.key == key)


def neck(services: float, year: int = 2023) -> BilledVolume:
    return BilledVolume(year, NECK_TREATMENT, services)


def test_the_published_lines_add_up_to_100() -> None:
    assert [line.points for line in RUBRIC] == [20, 20, 15, 25, 10, 10]
    assert sum(line.points for line in RUBRIC) == 100


@given(st.lists(held, max_size=6), st.lists(billed, max_size=8), days)
def test_points_stay_within_0_and_100_and_are_the_sum_of_the_awards(
    credentials: list[HeldCredential], volumes: list[BilledVolume], today: date
) -> None:
    scored = score_qualification(credentials, volumes, [], today)
    assert 0 <= scored.points <= 100
    assert scored.points == pytest.approx(sum(award.points for award in scored.awards), abs=1e-9)
    assert [award.key for award in scored.awards] == [line.key for line in RUBRIC]
    assert all(0 <= award.points <= award.of and award.why.english for award in scored.awards)
    assert all(round(award.points, 1) == award.points for award in scored.awards)


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_more_neck_treatments_never_earn_less(some: float, more: float) -> None:
    some, more = sorted((some, more))
    assert points("volume", neck(some)) <= points("volume", neck(more))


@pytest.mark.parametrize("services", [0, 1, 11, 40, 99, 100, 5000])
def test_volume_follows_the_published_formula(services: int) -> None:
    expected = min(25, 25 * math.log(1 + services) / math.log(101))
    assert points("volume", neck(services)) == pytest.approx(expected, abs=0.05)


@given(days, days)
def test_a_longer_license_never_earns_less(first: date, second: date) -> None:
    older, newer = sorted((first, second))
    assert points("years", replace(LICENSE, issued_on=older)) >= points("years", replace(LICENSE, issued_on=newer))


@pytest.mark.parametrize(("issued_on", "expected"), [("2026-06-01", 0), ("2021-06-01", 5), ("2016-05-31", 10)])
def test_years_are_linear_and_full_at_ten(issued_on: str, expected: float) -> None:
    assert points("years", replace(LICENSE, issued_on=date.fromisoformat(issued_on))) == expected


@given(st.lists(held.filter(lambda credential: credential.status not in COUNTING), max_size=8))
def test_what_is_not_verified_earns_nothing(credentials: list[HeldCredential]) -> None:
    scored = score(*credentials)
    assert scored.points == 0
    assert not scored.license_verified


@given(st.lists(held.filter(lambda held: held.status in (CredentialStatus.CLAIMED, CredentialStatus.COULD_NOT_VERIFY))))
def test_a_claim_changes_nothing_of_what_verified_facts_earn(claims: list[HeldCredential]) -> None:
    alone, beside = score(LICENSE, BOARD), score(*claims, LICENSE, BOARD)
    assert (beside.points, beside.barred_for) == (alone.points, None)


@pytest.mark.parametrize("key", BOARD_FIELDS)
def test_each_published_board_counts_and_is_named(key: str) -> None:
    award = next(award for award in score(replace(BOARD, field=key)).awards if award.key == "board")
    assert (award.points, award.why.english) == (20, BOARD_FIELDS[key])


def test_another_board_does_not_count() -> None:
    assert points("board", replace(BOARD, field="dermatology")) == 0


@pytest.mark.parametrize("kind", [CredentialKind.FELLOWSHIP, CredentialKind.BOARD_CERTIFICATION])
@pytest.mark.parametrize("key", FELLOWSHIP_FIELDS)
def test_a_fellowship_or_a_subspecialty_certificate_counts(kind: CredentialKind, key: str) -> None:
    assert points("fellowship", replace(BOARD, kind=kind, field=key)) == 15


def test_a_credential_counts_through_its_last_day_and_not_after() -> None:
    last = replace(BOARD, expires_on=TODAY)
    assert points("board", last) == 20
    assert points("board", replace(last, expires_on=TODAY - timedelta(days=1))) == 0


@pytest.mark.parametrize("code", GUIDANCE_CODES)
def test_guidance_billed_in_the_newest_year_counts(code: str) -> None:
    assert points("guidance", BilledVolume(2023, code, 12), neck(40)) == 10
    assert points("guidance", BilledVolume(2022, code, 12), neck(40)) == 0


def test_guidance_counts_by_verified_training_too() -> None:
    training = HeldCredential(CredentialKind.TRAINING, CredentialStatus.VERIFIED, field="ultrasound_guidance")
    assert points("guidance", training) == 10
    assert points("guidance", replace(training, status=CredentialStatus.CLAIMED)) == 0


def test_the_newest_year_of_neck_treatments_counts_until_it_is_too_old() -> None:
    assert points("volume", neck(100, 2022), neck(11, 2023)) == points("volume", neck(11, 2023))
    assert points("volume", neck(100, 2021)) == 25
    assert points("volume", neck(100, 2020)) == 0


@pytest.mark.parametrize("status", [CredentialStatus.VERIFIED, CredentialStatus.EXPIRED])
def test_published_discipline_takes_the_license_points_but_does_not_bar(status: CredentialStatus) -> None:
    scored = score(LICENSE, replace(LICENSE, status=status, public_discipline=True))
    assert scored.awards[0].points == 0
    assert "discipline" in scored.awards[0].why.english
    assert scored.barred_for is None


def test_an_award_names_where_and_when_it_was_checked() -> None:
    award = score(LICENSE).awards[0]
    assert (award.source, award.as_of) == ("the board's look-up page", date(2026, 5, 1))
    assert award.why.english == "active, no public discipline, valid until January 1, 2028"


def in_english(reasons: Iterable[Bar]) -> str | None:
    return "; ".join(reason.words.english for reason in reasons) or None


def test_a_license_known_not_to_be_active_bars(subtests: pytest.Subtests) -> None:
    for changes, reason in [
        ({"expires_on": date(2026, 5, 31)}, "California license expired on May 31, 2026"),
        ({"status": CredentialStatus.EXPIRED}, "California license expired"),
        ({"status": CredentialStatus.REVOKED}, "California license revoked"),
        ({"status": CredentialStatus.REJECTED}, "California license not confirmed by Medical Board of California"),
        ({"status": CredentialStatus.REVOKED, "state": "NV"}, "NV license revoked"),
        ({"status": CredentialStatus.CLAIMED, "expires_on": date(2020, 1, 1)}, None),
        ({"status": CredentialStatus.COULD_NOT_VERIFY}, None),
        ({"status": CredentialStatus.COULD_NOT_VERIFY, "expires_on": date(2026, 5, 31)}, None),
        (
            {"status": CredentialStatus.COULD_NOT_VERIFY, "expires_on": date(2026, 5, 31), "was_verified": True},
            "California license expired on May 31, 2026",
        ),
        ({"status": CredentialStatus.COULD_NOT_VERIFY, "was_verified": True}, None),
        ({}, None),
    ]:
        with subtests.test(changes=changes):
            assert in_english(bars([replace(LICENSE, **changes)], [], TODAY)) == reason


@given(st.lists(held.filter(lambda held: not held.public_discipline)))
def test_one_active_california_license_is_enough(others: list[HeldCredential]) -> None:
    scored = score(*others, LICENSE)
    assert scored.barred_for is None
    assert scored.awards[0].points == 20


def test_an_active_license_elsewhere_makes_up_only_for_its_own_state() -> None:
    expired = replace(LICENSE, status=CredentialStatus.EXPIRED)
    nevada = replace(LICENSE, state="NV")
    assert bars([expired, nevada], [], TODAY)
    assert not bars([replace(expired, state="NV"), nevada], [], TODAY)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (ExclusionEntry(date(2025, 1, 1)), "excluded by the OIG since January 1, 2025"),
        (ExclusionEntry(TODAY), "excluded by the OIG since June 1, 2026"),
        (ExclusionEntry(date(2026, 6, 2)), None),
        (ExclusionEntry(date(2020, 1, 1), reinstated_on=TODAY), None),
        (ExclusionEntry(date(2025, 1, 1), reinstated_on=date(2027, 1, 1)), "excluded by the OIG since January 1, 2025"),
    ],
)
def test_an_exclusion_bars_while_it_is_active(entry: ExclusionEntry, reason: str | None) -> None:
    assert in_english(bars([LICENSE], [entry], TODAY)) == reason


def test_all_that_bars_is_said() -> None:
    revoked = replace(LICENSE, status=CredentialStatus.REVOKED)
    reasons = bars([revoked], [ExclusionEntry(date(2025, 1, 1))], TODAY)
    assert in_english(reasons) == "excluded by the OIG since January 1, 2025; California license revoked"
    assert [reason.code for reason in reasons] == ["excluded", "license_revoked"]
