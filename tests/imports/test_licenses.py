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
from tests.imports.importer import Importer, counts, run_import, said_by
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
    events = select(func.count()).where(AuditEvent.act != "import_file")
    before = db.session.scalar(events)
    assert counts(importer(licensee())) == {"read": 1, "unchanged": 1}
    assert db.session.scalar(events) == before
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
def test_what_is_only_claimed_waits_for_a_person_where_files_do_not_verify(
    sqlite_importer: Importer, sqlite_app: Flask, status: CredentialStatus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "VERIFY_FROM_FILES", False)
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
    importer(licensee(**{"License Number": "777"}), options=("--accept-shrunk",))
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


UNUSABLE = [
    ({"License Status": "Mislaid"}, "in none of the layout's lists"),
    ({"Expiration Date": "2090"}, "is not a date such as 12-31-2026"),
    ({"Org/Last Name": "", "First Name": ""}, "no name"),
    ({"Org/Last Name": "X" * 301, "First Name": ""}, "longer than 300"),
]
OTHERS = [licensee(**{"License Number": "2"}), licensee(**{"License Number": "3"})]


@pytest.mark.parametrize(("values", "reason"), UNUSABLE)
def test_a_row_that_cannot_be_used_about_a_held_license_takes_nothing_away_and_asks_a_verifier(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    held_license()
    sqlite_importer(licensee(), name=file_name(days_ago=2))
    said = sqlite_importer(licensee(**values), *OTHERS)
    assert said["rejected"] == 1
    assert reason in Path(said["rejects_file"]).read_text()
    assert db.session.scalars(select(LicenseRecord)).one().active
    assert "California license A 12345 is in a row that could not be used" in tasks()["changed_at_source"]
    assert reason in tasks()["changed_at_source"]


def test_a_row_of_too_few_columns_about_a_held_license_asks_a_verifier_too(importer: Importer) -> None:
    held_license()
    importer(licensee(), name=file_name(days_ago=2))
    first, second, *rest = licensees(licensee(), *OTHERS).splitlines(keepends=True)
    result = importer.run(b"".join([first, second.replace(b"\tTORRANCE", b""), *rest]))
    assert result.exit_code == 0, result.output
    assert "14 columns instead of 15" in tasks()["changed_at_source"]
    assert db.session.scalars(select(LicenseRecord)).one().active


def test_rows_that_contradict_each_other_about_a_held_license_ask_a_verifier(sqlite_importer: Importer) -> None:
    held_license()
    sqlite_importer(licensee(**{"License Status": "Delinquent"}), licensee(), *OTHERS)
    assert "two rows say different things" in tasks()["changed_at_source"]


def test_rows_about_two_addresses_of_a_license_ask_nobody(sqlite_importer: Importer) -> None:
    held_license()
    sqlite_importer(licensee(City="RENO"), licensee(), *OTHERS)
    assert tasks() == {}


def test_a_row_that_cannot_be_used_about_a_number_of_another_board_asks_nobody(sqlite_importer: Importer) -> None:
    held_license(number="12345")
    other = {"License Type": "Midwife", "License Status": "Mislaid", "Org/Last Name": "SMITH"}
    assert sqlite_importer(licensee(**other), *OTHERS)["rejected"] == 1
    assert tasks() == {}


@pytest.mark.postgresql
@pytest.mark.parametrize(("values", "reason"), UNUSABLE[:1])
def test_a_file_of_which_most_rows_are_rejected_fails_and_still_asks_a_verifier(
    importer: Importer, values: dict[str, str], reason: str
) -> None:
    license = held_license()
    result = importer.run(licensees(licensee(**values)))
    assert result.exit_code == 3
    assert "1 of its 1 row was rejected. Nothing was changed." in result.stderr
    (kept,) = re.findall(r"\S+\.csv", result.stderr)
    assert reason in Path(kept).read_text()
    assert db.session.scalar(select(func.count()).select_from(LicenseRecord)) == 0
    assert reason in tasks()["changed_at_source"]
    assert license.status == CredentialStatus.VERIFIED


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Original Issue Date": "01-15-2091"}, "not before"),
        ({"Original Issue Date": "00-00-0000"}, "the day of issue '00-00-0000' is not a date"),
        ({"City": "X" * 101}, "the city is longer than 100"),
        ({"License Status": "Revoked", "Expiration Date": "soon"}, "the day of expiry 'soon' is not a date"),
    ],
)
def test_what_is_not_needed_of_a_row_may_be_unknown_and_is_told(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    license = held_license()
    said = sqlite_importer(licensee(**values))
    assert (counts(said), said["unknown"]) == ({"read": 1, "added": 1}, 1)
    assert reason in Path(said["rejects_file"]).read_text()
    assert license.status == (CredentialStatus.REVOKED if "License Status" in values else CredentialStatus.VERIFIED)
    assert license.issued_on == date(2010, 1, 1) or "Original Issue Date" not in values


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CurrentInactive", CredentialStatus.EXPIRED),
        ("Current - Inactive", CredentialStatus.EXPIRED),
        ("CURRENT/RETIRED", CredentialStatus.EXPIRED),
        ("DelinquentInactive", CredentialStatus.EXPIRED),
        ("CurrentSuspended", CredentialStatus.REVOKED),
        ("CurrentActive", CredentialStatus.VERIFIED),
        ("License Renewed and Current", CredentialStatus.VERIFIED),
        ("INTERIM SUSPENSION ORDER", CredentialStatus.REVOKED),
    ],
)
def test_the_board_s_words_are_known_however_they_are_joined(
    sqlite_importer: Importer, status: str, expected: CredentialStatus
) -> None:
    license = held_license()
    sqlite_importer(licensee(**{"License Status": status}))
    assert license.status == expected


def test_the_parts_of_a_list_are_one_list(sqlite_app: Flask, tmp_path: Path) -> None:
    held_license()
    factories.license(factories.provider(first_name="Ben", last_name="Ode").npi, number="A777")
    db.session.commit()
    ben = licensee(**{"License Number": "777", "First Name": "BEN", "Org/Last Name": "ODE"})
    first, second = (
        written(tmp_path, f"Medical_Data0{part}.xls", licensees(row, row)) for part, row in enumerate((licensee(), ben))
    )
    together = ("licenses", first, second, "--layout", "california", "--json")
    said = said_by(run_import(sqlite_app, *together))
    assert counts(said) == {"read": 4, "added": 2, "unchanged": 2}
    assert [counts(file) for file in said["files"]] == [{"read": 2, "added": 1, "unchanged": 1}] * 2
    assert said_by(run_import(sqlite_app, *together))["unchanged"] == 4
    alone = run_import(sqlite_app, "licenses", first, "--layout", "california")
    assert alone.exit_code == 1
    assert "lacks 1 of the 2 licenses that are known from this list" in alone.stderr
    assert "--accept-shrunk" in alone.stderr
    assert db.session.scalar(select(func.count()).select_from(LicenseRecord)) == 2


def test_a_later_part_that_says_otherwise_names_its_file(sqlite_app: Flask, tmp_path: Path) -> None:
    held_license()
    delinquent = licensee(**{"License Status": "Delinquent"})
    first = written(tmp_path, "Data00.xls", licensees(delinquent, *OTHERS))
    second = written(tmp_path, "Data01.xls", licensees(licensee()))
    said = said_by(run_import(sqlite_app, "licenses", first, second, "--layout", "california", "--json"))
    assert [file["rejected"] for file in said["files"]] == [1, 0]
    assert "line 2 of Data01.xls says something else" in Path(said["rejects_file"]).read_text()


def test_the_list_of_another_board_is_refused_and_its_layout_named(importer: Importer) -> None:
    license = held_license()
    other = licensee(**{"Agency Name": "Board of Occupational Therapy", "License Status": "Revoked"})
    result = importer.run(licensees(other))
    assert result.exit_code == 3
    assert "is the list of Board of Occupational Therapy, not of Medical Board of California" in result.stderr
    assert "take --layout california_occupational_therapy" in result.stderr
    assert (license.status, tasks()) == (CredentialStatus.VERIFIED, {})


def test_rows_of_other_boards_in_one_file_are_skipped(sqlite_importer: Importer) -> None:
    license = held_license()
    other = licensee(**{"Agency Name": "Dental Board of California", "License Status": "Revoked"})
    assert counts(sqlite_importer(other, licensee())) == {"read": 2, "added": 1, "skipped": 1}
    assert license.status == CredentialStatus.VERIFIED


def test_a_file_without_a_license_of_anybody_here_is_no_success(sqlite_importer: Importer) -> None:
    result = sqlite_importer.run(licensees(licensee()))
    assert result.exit_code == 3
    assert "None of the 1 row of" in result.stderr


@pytest.mark.real_data
def test_the_real_layout_of_the_department_is_read_by_the_board_s_own_layout(
    sqlite_app: Flask, real_data: Path
) -> None:
    path = str(real_data / "licenses" / "OccupationalTherapy_Data00.xls")
    header, *rows = (line.split("\t") for line in Path(path).read_text().splitlines())
    place = {name: index for index, name in enumerate(header)}
    for row in rows:
        number, last, first = (row[place[name]] for name in ("License Number", "Org/Last Name", "First Name"))
        factories.license(factories.provider(first_name=first, last_name=last).npi, number=number)
    db.session.commit()
    refused = run_import(sqlite_app, "licenses", path, "--layout", "california")
    assert refused.exit_code == 3
    assert "Board of Occupational Therapy" in refused.stderr
    said = said_by(run_import(sqlite_app, "licenses", path, "--layout", "california_occupational_therapy", "--json"))
    assert counts(said) == {"read": len(rows), "added": len(rows)}
    statuses = db.session.scalars(select(LicenseRecord.active).where(LicenseRecord.board_status == "CurrentInactive"))
    assert set(statuses) == {False}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text[:-25], "cut short"),
        (lambda text: text.replace(b"License Status", b"Standing"), "lacks the column “License Status”"),
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


def test_a_row_that_is_not_in_the_utf8_of_its_layout_is_read_and_counted(
    sqlite_importer: Importer, sqlite_app: Flask, tmp_path: Path
) -> None:
    held_license()
    layout = written(tmp_path, "utf8.toml", CALIFORNIA.replace('"cp1252"', '"utf-8"'))
    path = written(tmp_path, file_name(), licensees(licensee()))
    said = said_by(run_import(sqlite_app, "licenses", path, "--layout", layout, "--json"))
    assert (said["added"], said["windows_rows"]) == (1, 1)
    assert db.session.scalars(select(LicenseRecord)).one().name == "de la Cruz, Ana María"


def test_a_byte_that_is_in_no_encoding_costs_its_row_alone(sqlite_importer: Importer) -> None:
    held_license()
    other = licensee(**{"License Number": "777", "First Name": "ZOE"})
    content = licensees(licensee(), other, other).replace(b"ZOE", b"\x81", 1)
    said = said_by(sqlite_importer.run(content))
    assert counts(said) == {"read": 3, "added": 1, "skipped": 1, "rejected": 1}


@pytest.mark.parametrize("day", ["4/30/28", "04-30-28", "30-Apr-28", "2028-04-30 00:00:00", "4/30/2028 0:00"])
def test_a_day_is_read_as_excel_leaves_it(sqlite_importer: Importer, day: str) -> None:
    held_license()
    sqlite_importer(licensee(**{"Expiration Date": day}))
    assert db.session.scalars(select(LicenseRecord)).one().expires_on == date(2028, 4, 30)


@pytest.mark.parametrize("kind", ["PHYSICIAN & SURGEON A", "Physician and Surgeon - A", "Physician  and Surgeon A"])
def test_the_letter_of_a_number_is_known_however_its_type_is_written(sqlite_importer: Importer, kind: str) -> None:
    held_license()
    sqlite_importer(licensee(**{"License Type": kind}))
    assert db.session.scalars(select(LicenseRecord)).one().number == "A 12345"


def test_the_list_is_found_in_a_zip_beside_its_counts_and_what_a_mac_adds(
    sqlite_importer: Importer, sqlite_app: Flask, tmp_path: Path
) -> None:
    held_license()
    members = {
        file_name(): licensees(licensee(**{"Middle Name": "MARIA"})).decode(),
        "Physician_Counts.csv": "County,Licensees\nLOS ANGELES,1\n",
        f"__MACOSX/._{file_name()}": "x",
        ".DS_Store": "x",
        "README.txt": "Read this.",
    }
    path = zipped(tmp_path, "lists.zip", members)
    assert run_import(sqlite_app, "licenses", path, "--layout", "california").exit_code == 0
    assert db.session.scalars(select(LicenseRecord)).one().number == "A 12345"


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
        ('"%m-%d-%Y"', '"%m-%Y"', "“%m-%Y” is not a format of a whole day"),
        ("dates = [", "dates = [] # [", "has to list formats"),
        ('state = "CA"', 'state = "Cal"', "not the two letters of a state"),
        ('"cp1252"', '"windows-9"', "encoding “windows-9” is unknown"),
        ('delimiter = "\\t"', 'delimiter = "tab"', "one character"),
        ('key = "licenses_ca_medical"', 'key = "nppes"', "has to start with licenses_"),
        ("inactive = [", 'inactive = ["Current",', "“current” in two lists"),
        ('type = "License Type"', "", "[prefixes] need [columns] type"),
        ("[file]", "[file", "is not TOML"),
        ("quotes = false", "quotes = 0", "quotes has to be true or false"),
        ('"Agency Name" = [', '"Agency Name" = [] # [', "[agency] Agency Name has to list the board's words"),
        ("[source]", 'base = "nevada"\n[source]', "base has to be one of california"),
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
