"""What an import of a board's list, and one of NPPES after it, verify by themselves."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.credentials.licenses.rules import suspensions
from directory.credentials.models import BoardFile, Credential, LicenseRecord, QualificationScore, VerificationTask
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.imports.models import ImportRun
from directory.jobs.schedule import JOBS, run_job
from directory.providers.models import Provider
from tests import factories
from tests.imports.cms_files import licensee, licensees
from tests.imports.importer import counts, run_import, said_by
from tests.imports.published import person, providers_csv, real_npi, written
from tests.imports.test_licenses import file_name

ANA, BEN = real_npi(1), real_npi(2)
BENS = {"License Number": "777", "License Type": "Physician and Surgeon G", "First Name": "BEN", "Middle Name": ""}


def nppes(app: Flask, folder: Path, *rows: dict[str, str]) -> None:
    path = written(folder, "npidata_pfile.csv", providers_csv(*rows))
    assert run_import(app, "nppes", path).exit_code == 0


def board(
    app: Flask, folder: Path, *rows: dict[str, str], name: str = "", layout: str = "california"
) -> dict[str, object]:
    path = written(folder, name or file_name(), licensees(*rows))
    return said_by(run_import(app, "licenses", path, "--layout", layout, "--accept-shrunk", "--json"))


def statuses() -> dict[str, str]:
    return dict(db.session.execute(select(Credential.npi, Credential.status).order_by(Credential.id)).all())


def points(npi: str) -> float:
    return db.session.get_one(QualificationScore, npi, populate_existing=True).points


@pytest.mark.postgresql
def test_a_license_that_nppes_declares_is_verified_by_the_boards_list(app: Flask, tmp_path: Path) -> None:
    nppes(app, tmp_path, person(1), person(2, first="BEN", license_1="G-0777"), person(3, license_1="A99"))
    said = board(app, tmp_path, licensee(), licensee(**BENS, **{"License Status": "Delinquent"}))
    assert (said["verified"], said["sampled"], said["inexact"]) == (1, 1, 1)
    assert statuses() == {ANA: "verified", BEN: "claimed", real_npi(3): "claimed"}
    assert (points(ANA), points(BEN)) == (30, 0)
    file = db.session.scalars(select(BoardFile)).one()
    run = db.session.scalars(select(ImportRun).where(ImportRun.source_key == file.source_key)).one()
    assert (file.name, file.run_id) == (file_name(), run.id)
    assert file.sha256 == hashlib.sha256((tmp_path / file_name()).read_bytes()).hexdigest()
    waiting = select(VerificationTask.npi, VerificationTask.sentence).where(
        VerificationTask.closed_at.is_(None), VerificationTask.kind == "claimed"
    )
    sentences = dict(db.session.execute(waiting).all())
    assert "says Delinquent" in sentences[BEN]
    assert sentences[real_npi(3)] == "California license claimed in NPPES."


def test_the_command_says_how_many_it_verified(app: Flask, tmp_path: Path) -> None:
    nppes(app, tmp_path, person(1))
    path = written(tmp_path, file_name(), licensees(licensee()))
    said = run_import(app, "licenses", path, "--layout", "california").output
    assert "1 license verified from boards' lists, 1 of them for a person to look up." in said


def test_the_same_files_again_change_nothing(app: Flask, tmp_path: Path) -> None:
    nppes(app, tmp_path, person(1))
    board(app, tmp_path, licensee())
    checks = len(db.session.scalars(select(Credential)).one().verifications)
    again = board(app, tmp_path, licensee())
    nppes(app, tmp_path, person(1))
    assert (again["verified"], counts(again)) == (0, {"read": 1, "unchanged": 1})  # type: ignore[arg-type]
    db.session.expire_all()
    assert len(db.session.scalars(select(Credential)).one().verifications) == checks
    assert db.session.scalar(select(func.count()).select_from(BoardFile)) == 1


def test_a_newer_list_renews_it_from_that_file_and_one_that_lacks_it_takes_it_back(app: Flask, tmp_path: Path) -> None:
    nppes(app, tmp_path, person(1), person(2, first="BEN", license_1="G777"))
    board(app, tmp_path, licensee(), licensee(**BENS), name=file_name(days_ago=9))
    board(app, tmp_path, licensee(), licensee(**BENS), name=file_name(days_ago=5))
    credential = db.session.scalars(select(Credential).where(Credential.npi == ANA)).one()
    assert [check.board_file.name for check in credential.verifications if check.board_file] == [
        file_name(days_ago=5),
        file_name(days_ago=9),
    ]
    board(app, tmp_path, licensee(**{"License Status": "CurrentInactive"}))
    assert statuses() == {ANA: "expired", BEN: "claimed"}
    assert (points(ANA), points(BEN)) == (0, 0)


@pytest.mark.postgresql
def test_nppes_after_the_list_verifies_and_so_does_the_night(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nppes(app, tmp_path, person(1, first="ANNA"))
    board(app, tmp_path, licensee())
    assert statuses() == {ANA: "claimed"}
    monkeypatch.setitem(app.config, "VERIFY_FROM_FILES", False)
    nppes(app, tmp_path, person(1))
    assert statuses() == {ANA: "claimed"}
    monkeypatch.setitem(app.config, "VERIFY_FROM_FILES", True)
    assert "1 provider changed" in run_job(JOBS["check-again"])
    assert statuses() == {ANA: "verified"}
    assert "0 providers changed" in run_job(JOBS["check-again"])
    db.session.get_one(Provider, ANA)


@pytest.mark.parametrize("number", ["20A1234", "20A 1234", "1234"])
def test_the_osteopathic_list_is_read_with_and_without_the_letters_of_its_numbers(
    sqlite_app: Flask, tmp_path: Path, number: str
) -> None:
    nppes(sqlite_app, tmp_path, person(1, license_1="20A1234"))
    row = licensee(
        **{
            "Agency Name": "Osteopathic Medical Board of California",
            "License Type": "Osteopathic Physician and Surgeon",
            "License Number": number,
        }
    )
    assert board(sqlite_app, tmp_path, row, layout="california_osteopathic")["verified"] == 1


@pytest.mark.parametrize(
    ("license_type", "number", "status", "expected"),
    [
        ("Physical Therapist", "1234", "Current", "verified"),
        ("Physical Therapist", "PT 1234", "Current", "verified"),
        ("Physical Therapist", "1234", "CurrentInactive", "claimed"),
        ("Physical Therapist", "1234", "Delinquent", "claimed"),
        ("Physical Therapist Assistant", "1234", "Current", "claimed"),
    ],
)
def test_the_list_of_physical_therapists(
    sqlite_app: Flask, tmp_path: Path, license_type: str, number: str, status: str, expected: str
) -> None:
    nppes(
        sqlite_app,
        tmp_path,
        person(
            1,
            license_1="PT-1234",
            taxonomy_1="225100000X",
            taxonomy_2="2251X0800X",
            license_2="PTA9",
            license_state_2="CA",
        ),
    )
    row = licensee(
        **{
            "Agency Name": "Physical Therapy Board of California",
            "License Type": license_type,
            "License Number": number,
            "License Status": status,
        }
    )
    filler = {**row, "License Type": "Physical Therapist Assistant", "License Number": "9", "Org/Last Name": "OTHER"}
    board(sqlite_app, tmp_path, row, filler, layout="california_physical_therapy")
    found = db.session.scalars(select(Credential.status).where(Credential.number.in_(("PT-1234", "PT 1234")))).all()
    assert found == [CredentialStatus(expected)]


@pytest.mark.real_data
def test_what_the_real_layout_says_is_current_is_verified(sqlite_app: Flask, real_data: Path) -> None:
    path = real_data / "licenses" / "OccupationalTherapy_Data00.xls"
    header, *rows = (line.split("\t") for line in path.read_text().splitlines())
    current: set[str] = set()
    for row in rows:
        said = dict(zip(header, row, strict=True))
        names = {"first_name": said["First Name"], "last_name": said["Org/Last Name"]}
        provider = factories.provider(**names, specialties=("225X00000X",))
        license = factories.license(provider.npi, number=said["License Number"])
        license.status, license.issued_on, license.expires_on = CredentialStatus.CLAIMED, None, None
        if said["License Status"] == "Current" and said["License Type"] == "Occupational Therapist":
            current.add(said["License Number"])
    db.session.commit()
    said_by(run_import(sqlite_app, "licenses", str(path), "--layout", "california_occupational_therapy", "--json"))
    verified = select(Credential.number).where(Credential.status == CredentialStatus.VERIFIED)
    assert current
    fresh = select(LicenseRecord.number).where(LicenseRecord.active, LicenseRecord.profession.is_not(None))
    assert set(db.session.scalars(verified)) == set(db.session.scalars(fresh)) <= current
    assert suspensions() == {}
