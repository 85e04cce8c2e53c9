"""What CMS's Doctors & Clinicians file says of a provider: on the page, and gone when the file no longer has it."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.credentials.models import MedicareEnrollment, MedicareGroup, QualificationScore
from directory.extensions import db
from tests import factories
from tests.imports.cms_files import clinician, clinicians_csv
from tests.imports.importer import Importer, counts, run_import
from tests.imports.published import Row, real_npi, zipped

NAME = "DAC_NationalDownloadableFile.csv"
ANA, BEN = real_npi(1), real_npi(2)


@pytest.fixture(autouse=True)
def _providers(request: pytest.FixtureRequest) -> None:
    name = "app" if "app" in request.fixturenames else "sqlite_app"
    request.getfixturevalue(name)
    for npi in (ANA, BEN):
        factories.provider(npi=npi)
    db.session.commit()


def importer(app: Flask, folder: Path) -> Importer:
    return Importer(app, folder, "cms-clinicians", clinicians_csv, NAME)


def imported(app: Flask, folder: Path, *rows: Row) -> dict[str, int]:
    return counts(importer(app, folder)(*rows))


def enrollment(npi: str = ANA) -> tuple[Any, ...] | None:
    row = db.session.get(MedicareEnrollment, npi)
    return row and (row.medical_school, row.graduation_year, row.accepts_assignment, row.telehealth)


def groups(npi: str = ANA) -> dict[str, tuple[str, int | None]]:
    rows = db.session.scalars(select(MedicareGroup).where(MedicareGroup.npi == npi))
    return {row.org_pac_id: (row.name, row.members) for row in rows}


@pytest.mark.postgresql
def test_school_year_group_assignment_and_telehealth_come_in(app: Flask, tmp_path: Path) -> None:
    assert imported(app, tmp_path, clinician(), clinician(9)) == {"read": 2, "added": 1, "skipped": 1}
    assert enrollment() == ("University of California, Los Angeles (UCLA)", 2001, "Y", True)
    assert groups() == {"1234567890": ("South Bay Neurology, LLC", 12)}
    assert db.session.get(QualificationScore, ANA) is None  # not counted


def test_of_several_rows_the_last_value_given_wins_and_all_groups_count(app: Flask, tmp_path: Path) -> None:
    said = imported(
        app,
        tmp_path,
        clinician(Grd_yr="2000", ind_assgn="M"),
        clinician(Med_sch="", Telehlth="", org_pac_id="77", **{"Facility Name": "CITY HOSPITAL", "num_org_mem": ""}),
        clinician(Med_sch="OTHER", Grd_yr="", ind_assgn="", org_pac_id="", **{"Facility Name": ""}),
    )
    assert said == {"read": 3, "added": 3}
    assert enrollment() == ("University of California, Los Angeles (UCLA)", 2001, "Y", True)
    assert groups() == {"1234567890": ("South Bay Neurology, LLC", 12), "77": ("City Hospital", None)}


def test_the_same_file_changes_nothing_and_a_newer_one_replaces(app: Flask, tmp_path: Path) -> None:
    imported(app, tmp_path, clinician(), clinician(org_pac_id="77"))
    assert imported(app, tmp_path, clinician(), clinician(org_pac_id="77")) == {"read": 2, "unchanged": 2}
    assert imported(app, tmp_path, clinician()) == {"read": 1, "changed": 1}
    assert set(groups()) == {"1234567890"}


def test_who_is_no_longer_in_the_file_goes(app: Flask, tmp_path: Path) -> None:
    imported(app, tmp_path, clinician(1), clinician(2))
    imported(app, tmp_path, clinician(2))
    assert (enrollment(ANA), groups(ANA)) == (None, {})
    assert enrollment(BEN) is not None


@pytest.mark.parametrize("year", ["1929", "2100"])
def test_an_implausible_year_is_no_year(sqlite_app: Flask, tmp_path: Path, year: str) -> None:
    imported(sqlite_app, tmp_path, clinician(Grd_yr=year, Med_sch="OTHER", Telehlth="", ind_assgn="X"))
    assert enrollment() == (None, None, None, None)


@pytest.mark.parametrize("values", [{"Grd_yr": "20O1"}, {"num_org_mem": "-3"}, {"org_pac_id": "1" * 13}])
def test_a_row_that_makes_no_sense_is_rejected_and_takes_nothing_away(
    sqlite_app: Flask, tmp_path: Path, values: dict[str, str]
) -> None:
    imported(sqlite_app, tmp_path, clinician())
    assert imported(sqlite_app, tmp_path, clinician(**values), clinician(9)) == {"read": 2, "rejected": 1, "skipped": 1}
    assert enrollment() is not None
    assert groups()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (clinicians_csv(clinician(), clinician(2))[:-20], "cut short"),
        (clinicians_csv(clinician()).replace("Med_sch", "School"), "lacks the column “Med_sch”"),
    ],
)
def test_a_bad_file_changes_nothing(sqlite_app: Flask, tmp_path: Path, content: str, why: str) -> None:
    imported(sqlite_app, tmp_path, clinician())
    result = importer(sqlite_app, tmp_path).run(content)
    assert result.exit_code == 1
    assert why in result.stderr
    assert enrollment() is not None


def test_a_zip_is_read(sqlite_app: Flask, tmp_path: Path) -> None:
    path = zipped(tmp_path, "doctors.zip", {NAME: clinicians_csv(clinician())})
    assert run_import(sqlite_app, "cms-clinicians", path).exit_code == 0
    assert enrollment() is not None


def test_the_page_shows_it_with_source_and_day(sqlite_app: Flask, tmp_path: Path) -> None:
    imported(sqlite_app, tmp_path, clinician(), clinician(org_pac_id="77", **{"Facility Name": "CITY HOSPITAL"}))
    text = " ".join(sqlite_app.test_client().get(f"/providers/{ANA}").get_data(as_text=True).split())
    assert "Training and Medicare, from CMS" in text
    assert "University of California, Los Angeles (UCLA), graduated 2001" in text
    assert "City Hospital" in text
    assert "Accepts what Medicare pays as full payment" in text
    assert "CMS Doctors &amp; Clinicians national file" in text
    other = sqlite_app.test_client().get(f"/providers/{factories.provider().npi}").get_data(as_text=True)
    assert "Training and Medicare, from CMS" not in other
