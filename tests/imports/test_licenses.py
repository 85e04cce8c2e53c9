"""A board's file: its layout, which licenses are kept, and what becomes of those that were verified."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.credentials.licenses.records import apply_license_records, number_key
from directory.credentials.models import Credential, LicenseRecord, QualificationScore, Verification, VerificationTask
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.imports.licenses.layout import LAYOUTS, read_layout
from directory.imports.reading.files import ImportFileError
from directory.web.days import today_in_california
from directory.web.phrases import read_phrase
from tests import factories
from tests.imports.cms_files import LICENSE_HEADER, licensee, licensees
from tests.imports.importer import Importer, counts, run_import
from tests.imports.published import as_csv, written, zipped

TODAY = today_in_california()
CALIFORNIA = (LAYOUTS / "california.toml").read_text()


def file_name(days_ago: int = 0) -> str:
    return f"MedicalBoard_{TODAY - timedelta(days=days_ago):%Y%m%d}.xls"


def license_importer(app: Flask, folder: Path) -> Importer:
    return Importer(app, folder, "licenses", licensees, file_name(), ("--layout", "california"))


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> Importer:
    return license_importer(app, tmp_path)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> Importer:
    return license_importer(sqlite_app, tmp_path)


def held_license(
    *, number: str = "A12345", checked_days_ago: int = 30, status: CredentialStatus = CredentialStatus.VERIFIED
) -> Credential:
    """The verified license of Ana de la Cruz."""
    npi = factories.provider(first_name="Ana", last_name="De la Cruz").npi
    license = factories.license(npi, number=number)
    checked_on = TODAY - timedelta(days=checked_days_ago)
    license.verified_until = checked_on + timedelta(days=365)
    license.status = status
    license.verifications.append(
        Verification(
            verified_at=datetime.combine(checked_on, datetime.min.time(), UTC),
            checked_on=checked_on,
            method="look-up page",
            primary_source="the board",
            outcome=CredentialStatus.VERIFIED,
        )
    )
    db.session.commit()
    return license


def tasks() -> dict[str, str]:
    """The open tasks' sentences by kind."""
    rows = db.session.scalars(select(VerificationTask).where(VerificationTask.closed_at.is_(None)))
    return {row.kind: row.sentence for row in rows}


def barred(npi: str) -> str | None:
    score = db.session.get(QualificationScore, npi, populate_existing=True)
    return score.barred_for if score else None


def test_only_licenses_that_providers_claim_or_hold_are_kept(importer: Importer) -> None:
    license = held_license()
    (specialty,) = factories.provider().specialties
    specialty.license_number, specialty.license_state = "G-0777", "CA"
    db.session.commit()
    said = importer(
        licensee(),
        licensee(**{"License Number": "777", "License Type": "Physician and Surgeon G", "First Name": "BEN"}),
        licensee(**{"License Number": "999"}),
    )
    assert counts(said) == {"read": 3, "added": 2, "skipped": 1}
    record = db.session.scalars(select(LicenseRecord).order_by(LicenseRecord.number_key)).first()
    assert record is not None
    assert (record.number, record.number_key, record.license_type) == ("A 12345", "A12345", "Physician and Surgeon A")
    assert (record.name, record.city, record.county) == ("de la Cruz, Ana María", "TORRANCE", "LOS ANGELES")
    assert (record.issued_on, record.expires_on) == (date(2005, 1, 15), date(2090, 12, 31))
    assert (record.active, record.revoked, record.state, record.as_of) == (True, False, "CA", TODAY)
    assert record.source_key == "licenses_ca_medical"
    assert license.number == "A 12345"


def test_a_newer_record_that_agrees_verifies_the_license_again(importer: Importer) -> None:
    license = held_license(checked_days_ago=300)
    importer(licensee(), name=file_name(days_ago=3))
    assert license.status == CredentialStatus.VERIFIED
    assert license.expires_on == date(2090, 12, 31)
    assert license.verified_until == TODAY - timedelta(days=3) + timedelta(days=365)
    newest = license.verifications[0]
    assert (newest.method, newest.recorded_by, newest.checked_on) == (
        "bulk file",
        "program",
        TODAY - timedelta(days=3),
    )
    assert newest.primary_source.startswith("Medical Board of California")
    assert tasks() == {}


def test_an_expired_license_that_was_renewed_counts_again(importer: Importer) -> None:
    license = held_license(checked_days_ago=400, status=CredentialStatus.EXPIRED)
    license.expires_on = TODAY - timedelta(days=9)
    db.session.commit()
    importer(licensee())
    assert license.status == CredentialStatus.VERIFIED
    assert barred(license.npi) is None


def test_the_same_file_again_does_nothing_more(importer: Importer) -> None:
    held_license()
    importer(licensee())
    events = db.session.scalar(select(func.count()).select_from(AuditEvent))
    assert counts(importer(licensee())) == {"read": 1, "unchanged": 1}
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == events
    assert db.session.scalar(select(func.count()).select_from(Verification)) == 2


def test_a_newer_file_that_says_the_same_is_a_newer_check(importer: Importer) -> None:
    license = held_license()
    importer(licensee(), name=file_name(days_ago=5))
    assert counts(importer(licensee())) == {"read": 1, "unchanged": 1}
    assert license.verifications[0].checked_on == TODAY


@pytest.mark.parametrize(
    ("values", "expired_on"),
    [
        ({"License Status": "Delinquent", "Expiration Date": "06-30-2020"}, date(2020, 6, 30)),
        ({"Expiration Date": "06-30-2020"}, date(2020, 6, 30)),
        ({"License Status": "Retired"}, TODAY - timedelta(days=1)),
    ],
)
def test_a_license_that_is_no_longer_active_stops_counting(
    importer: Importer, values: dict[str, str], expired_on: date
) -> None:
    license = held_license()
    importer(licensee(**values))
    assert license.status == CredentialStatus.EXPIRED
    assert (barred(license.npi), license.expires_on) == ("license_expired", expired_on)
    assert values.get("License Status", "Current") in tasks()["expiring"]
    importer(licensee(**values))
    assert db.session.scalar(select(func.count()).select_from(VerificationTask)) == 1


@pytest.mark.postgresql
def test_a_revoked_license_is_revoked_at_once_and_reported(importer: Importer) -> None:
    license = held_license()
    importer(licensee(**{"License Status": "Surrendered"}))
    assert license.status == CredentialStatus.REVOKED
    assert barred(license.npi) == "license_revoked"
    assert "says Surrendered" in tasks()["changed_at_source"]
    importer(licensee(**{"License Status": "Surrendered"}))
    assert len(license.verifications) == 2


@pytest.mark.postgresql
@pytest.mark.parametrize("status", ["Current", "Revoked", "Delinquent"])
def test_a_name_that_differs_is_for_a_person(importer: Importer, status: str) -> None:
    license = held_license()
    importer(licensee(**{"Org/Last Name": "SMITH", "License Status": status}))
    assert f"under the name Smith, Ana María, as {status}" in tasks()["changed_at_source"]
    assert (license.status, len(license.verifications)) == (CredentialStatus.VERIFIED, 1)
    assert license.expires_on == date(2030, 1, 1)


@pytest.mark.parametrize("status", [CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED, CredentialStatus.IN_REVIEW])
def test_what_is_only_claimed_waits_for_a_person(sqlite_importer: Importer, status: CredentialStatus) -> None:
    license = factories.license(factories.provider(first_name="Ana", last_name="De la Cruz").npi, number="A12345")
    license.status = status
    db.session.commit()
    assert sqlite_importer(licensee())["added"] == 1
    assert (license.status, license.verifications, tasks()) == (status, [], {})


def test_a_renewal_that_was_submitted_waits_for_a_person(sqlite_importer: Importer) -> None:
    license = held_license()
    license.submitted_at = datetime.now(UTC) - timedelta(hours=1)
    db.session.commit()
    sqlite_importer(licensee())
    assert len(license.verifications) == 1


def test_a_file_older_than_the_last_check_or_the_last_file_changes_nothing(importer: Importer) -> None:
    license = held_license(checked_days_ago=2)
    importer(licensee(**{"License Status": "Revoked"}), name=file_name(days_ago=5))
    assert license.status == CredentialStatus.VERIFIED
    result = importer.run(licensees(licensee()), name=file_name(days_ago=6))
    assert result.exit_code == 1
    assert "was read already" in result.stderr


def test_a_file_that_is_too_old_verifies_nothing(sqlite_importer: Importer) -> None:
    license = held_license(checked_days_ago=300)
    sqlite_importer(licensee(), name=file_name(days_ago=130))
    assert len(license.verifications) == 1


def test_a_license_that_vanishes_from_the_file_is_reported(importer: Importer) -> None:
    license = held_license()
    other = factories.license(factories.provider().npi, number="A777")
    other.status = CredentialStatus.CLAIMED
    db.session.commit()
    importer(licensee(), licensee(**{"License Number": "777"}), name=file_name(days_ago=5))
    importer(licensee(**{"License Number": "777"}))
    assert "no longer in" in tasks()["changed_at_source"]
    assert license.status == CredentialStatus.VERIFIED
    refused = importer.run(licensees(licensee(**{"License Number": "1"})))
    assert "Is it another board's?" in refused.stderr


def with_actions(folder: Path) -> str:
    """A layout of another board, with commas, UTF-8, quotes and public actions."""
    text = CALIFORNIA.replace("licenses_ca_medical", "licenses_ca_other").replace('"cp1252"', '"utf-8"')
    text = text.replace('delimiter = "\\t"', 'delimiter = ","').replace("quotes = false", "quotes = true")
    return written(folder, "own.toml", text.replace('county = "County"', 'public_actions = "County"'))


@pytest.mark.parametrize(("checked_days_ago", "checks"), [(30, 2), (0, 1)])
def test_new_public_actions_take_the_points_and_are_reported(
    importer: Importer, tmp_path: Path, checked_days_ago: int, checks: int
) -> None:
    license = held_license(checked_days_ago=checked_days_ago)
    for _ in range(2):
        row = licensee(County="Probation, 2024")
        result = importer.run(as_csv([row], LICENSE_HEADER), "--layout", with_actions(tmp_path))
        assert result.exit_code == 0, result.output
    db.session.expire_all()
    assert license.public_discipline
    assert (license.status, len(license.verifications)) == (CredentialStatus.VERIFIED, checks)
    assert "Probation, 2024" in tasks()["changed_at_source"]
    score = db.session.get(QualificationScore, license.npi)
    assert score is not None
    assert read_phrase(score.awards[0]["why"]).english == "the state board has published discipline"


def test_a_file_without_public_actions_does_not_clear_known_discipline(sqlite_importer: Importer) -> None:
    license = held_license()
    license.public_discipline = True
    db.session.commit()
    sqlite_importer(licensee())
    assert len(license.verifications) == 2
    assert license.public_discipline


def test_a_file_without_a_day_of_expiry_keeps_the_one_that_is_known(sqlite_importer: Importer) -> None:
    license = held_license()
    sqlite_importer(licensee(**{"Expiration Date": "", "Original Issue Date": ""}))
    assert len(license.verifications) == 2
    assert (license.issued_on, license.expires_on) == (date(2010, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"License Status": "Mislaid"}, "in none of the layout's lists"),
        ({"Expiration Date": "2090"}, "is no date such as 12-31-2026"),
        ({"Original Issue Date": "01-15-2091"}, "not before"),
        ({"Org/Last Name": "", "First Name": ""}, "no name"),
        ({"City": "X" * 101}, "longer than 100"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_and_takes_nothing_away(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    held_license()
    sqlite_importer(licensee(), name=file_name(days_ago=2))
    said = sqlite_importer(licensee(**values))
    assert said["rejected"] == 1
    assert reason in Path(said["rejects_file"]).read_text()
    assert db.session.scalars(select(LicenseRecord)).one().active


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text[:-25], "cut short"),
        (lambda text: text.replace(b"License Status", b"Standing"), "lacks the column “License Status”"),
        (lambda text: text.replace(b"ANA", b"\x81"), "is not in cp1252"),
        (lambda text: text.splitlines()[0], "no rows"),
        (lambda text: b"", "is empty"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(
    importer: Importer, change: Callable[[bytes], bytes], why: str
) -> None:
    license = held_license()
    importer(licensee(), name=file_name(days_ago=2))
    result = importer.run(change(licensees(licensee(**{"License Status": "Revoked"}), licensee())))
    assert result.exit_code == 1
    assert why in result.stderr
    assert license.status == CredentialStatus.VERIFIED


def test_a_zip_is_read(sqlite_importer: Importer, sqlite_app: Flask, tmp_path: Path) -> None:
    held_license()
    path = zipped(tmp_path, "lists.zip", {file_name(): licensees(licensee()).decode("cp1252")})
    layout = written(tmp_path, "utf8.toml", CALIFORNIA.replace('"cp1252"', '"utf-8"'))
    result = run_import(sqlite_app, "licenses", path, "--layout", layout)
    assert result.exit_code == 0, result.output
    assert db.session.scalars(select(LicenseRecord)).one().name == "de la Cruz, Ana María"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[statuses]", "[stati]", "unknown key “stati”"),
        ('city = "City"', 'town = "City"', "[columns] has an unknown key “town”"),
        ('number = "License Number"', "", "[columns] lacks number"),
        ('"%m-%d-%Y"', '"%m-%Y"', "“%m-%Y” is no format of a whole day"),
        ("dates = [", "dates = [] # [", "has to list formats"),
        ('state = "CA"', 'state = "Cal"', "not the two letters of a state"),
        ('"cp1252"', '"windows-9"', "encoding “windows-9” is unknown"),
        ('delimiter = "\\t"', 'delimiter = "tab"', "one character"),
        ('key = "licenses_ca_medical"', 'key = "nppes"', "has to start with licenses_"),
        ("inactive = [", 'inactive = ["Current",', "“current” in two lists"),
        ('type = "License Type"', "", "[prefixes] need [columns] type"),
        ("[file]", "[file", "is no TOML"),
        ("quotes = false", "quotes = 0", "quotes has to be true or false"),
    ],
)
def test_a_layout_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert old in CALIFORNIA
    path = written(tmp_path, "layout.toml", CALIFORNIA.replace(old, new, 1))
    with pytest.raises(ImportFileError, match=re.escape(why)):
        read_layout(path)


def test_an_unknown_layout_names_those_that_there_are() -> None:
    with pytest.raises(ImportFileError, match="name one of california"):
        read_layout("nevada")


def test_a_number_has_one_key_however_it_is_written(subtests: pytest.Subtests) -> None:
    for written_as, key in [
        ("A 012345", "A12345"),
        ("a-12345", "A12345"),
        ("A12345", "A12345"),
        ("20A 04567", "20A4567"),
        ("0012", "12"),
        ("G100", "G100"),
        ("PENDING", ""),
        ("00000", ""),
        ("", ""),
        (None, ""),
    ]:
        with subtests.test(written_as=written_as):
            assert number_key(written_as) == key


def plain_number_key(text: str) -> str:
    """Letter by letter."""
    kept, last = [], ""
    letters = [letter for letter in text.upper() if letter.isascii() and letter.isalnum()]
    for index, letter in enumerate(letters):
        followed = index + 1 < len(letters) and letters[index + 1].isdigit()
        if letter == "0" and followed and not last.isdigit():
            continue
        kept.append(letter)
        last = letter
    return "".join(kept) if any(letter in "123456789" for letter in kept) else ""


@given(st.text(alphabet="Aa0123- .Gé", max_size=12), st.integers(0, 3))
def test_a_key_is_what_a_plain_reading_gives_and_its_own_key(text: str, zeros: int) -> None:
    assert number_key(text) == plain_number_key(text)
    assert number_key(number_key(text)) == number_key(text)
    if re.fullmatch(r"[1-9][0-9]*", text):
        assert number_key("A-" + "0" * zeros + text) == f"A{text}"


def test_of_two_boards_with_one_number_the_record_that_names_the_provider_counts(sqlite_importer: Importer) -> None:
    license = held_license(number="12345")
    other = {"License Type": "Other", "License Number": "12345"}
    sqlite_importer(
        licensee(**other, **{"Org/Last Name": "SMITH", "License Status": "Revoked"}),
        licensee(**{**other, "License Type": "Another"}),
    )
    assert license.status == CredentialStatus.VERIFIED
    assert len(license.verifications) == 2
    assert apply_license_records([license.npi], TODAY) == set()
