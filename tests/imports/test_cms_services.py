"""What Medicare's yearly file of services adds, sums, replaces and leaves alone."""

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from directory.credentials.models import MedicareYear, ProcedureVolume, QualificationScore, UnlistedVolume
from directory.credentials.rubric import VOLUME
from directory.extensions import db
from directory.imports.cms_services import SERVICE_ROWS, BilledRow, summed, year_of
from directory.imports.models import ImportRun
from directory.imports.reading.files import ImportFileError
from directory.providers.merge_plan import plan_merge
from directory.providers.merging import merge_providers, undo_merge
from directory.providers.revision import changed_since, current_revision
from directory.web.phrases import read_phrase
from directory.web.transaction import transaction
from tests import factories
from tests.imports.cms_files import SERVICE_HEADER, billed, services_csv
from tests.imports.importer import Importer, counts, run_import, said_by
from tests.imports.published import Row, real_npi, zipped

NAME = "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"
ANA, BEN = real_npi(1), real_npi(2)


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> Importer:
    for npi in (ANA, BEN):
        factories.provider(npi=npi)
    db.session.commit()
    return Importer(app, tmp_path, "cms-services", services_csv, NAME)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> Importer:
    factories.provider(npi=ANA)
    db.session.commit()
    return Importer(sqlite_app, tmp_path, "cms-services", services_csv, NAME)


def volumes(npi: str = ANA) -> dict[tuple[int, str], tuple[float, int | None]]:
    rows = db.session.scalars(select(ProcedureVolume).where(ProcedureVolume.npi == npi))
    return {(row.year, row.hcpcs_code): (row.services, row.beneficiaries) for row in rows}


def years() -> set[tuple[str, int]]:
    return {(row.npi, row.year) for row in db.session.scalars(select(MedicareYear))}


def volume_award(npi: str) -> dict[str, Any]:
    score = db.session.get(QualificationScore, npi, populate_existing=True)
    assert score is not None
    return next(award for award in score.awards if award["key"] == VOLUME.key)


def test_services_of_both_places_are_summed_and_patients_are_those_of_the_larger(importer: Importer) -> None:
    said = importer(
        billed(services="40", patients="15"),
        billed(place="F", services="12.5", patients="20"),
        billed(code="J0585", services="4300"),
        billed(code="99213"),
        billed(9),
    )
    assert counts(said) == {"read": 5, "added": 3, "skipped": 2}
    assert volumes() == {(2023, "64616"): (52.5, 20), (2023, "J0585"): (4300.0, 15)}
    row = db.session.scalars(select(ProcedureVolume)).first()
    assert row is not None
    assert row.source_key == "cms_services"
    run = db.session.scalars(select(ImportRun)).one()
    assert run.as_of == row.as_of
    assert run.as_of is not None


def test_a_provider_in_the_file_without_the_code_is_understood_as_suppressed(importer: Importer) -> None:
    importer(billed(code="99213"), billed(code="99214"))
    assert years() == {(ANA, 2023)}
    assert volumes() == {}
    assert read_phrase(volume_award(ANA)["why"]).english.endswith("none, or fewer than 11 patients (suppressed)")
    assert db.session.get(QualificationScore, BEN) is None


def test_providers_are_scored_anew_and_the_search_is_told(importer: Importer) -> None:
    before = current_revision()
    importer(billed(services="100"), billed(2, code="99213"))
    assert volume_award(ANA)["points"] == 25
    assert changed_since(before) == {ANA, BEN}


def test_the_same_file_again_changes_nothing(importer: Importer) -> None:
    rows = (billed(), billed(place="F"), billed(2, code="99213"))
    importer(*rows)
    before = current_revision()
    assert counts(importer(*rows)) == {"read": 3, "unchanged": 2, "skipped": 1}
    assert current_revision() == before


def test_a_corrected_file_replaces_its_year_and_no_other(importer: Importer) -> None:
    factories.volume(BEN, year=2023, hcpcs_code="95874", services=7)
    db.session.commit()
    importer(billed(services="9"), name=NAME.replace("D23", "D22"))
    importer(billed(services="40"), billed(code="95874"), billed(2, services="30"))
    said = importer(billed(services="41"))
    assert counts(said) == {"read": 1, "changed": 1}
    assert volumes() == {(2022, "64616"): (9.0, 15), (2023, "64616"): (41.0, 15)}
    assert volumes(BEN) == {(2023, "95874"): (7.0, 15)}  # somebody else's word
    assert years() == {(ANA, 2022), (ANA, 2023)}
    assert volume_award(BEN)["points"] == 0


@pytest.mark.postgresql
def test_what_comes_under_a_merged_number_counts_for_the_one_it_went_into(importer: Importer) -> None:
    with transaction():
        merge = merge_providers("command:ana", ANA, BEN, plan_merge(ANA, BEN).digest, "the same person")
    for _ in range(2):
        importer(billed(services="100"), billed(code="95874"), billed(2, code="95874", services="7"))
        assert volumes(BEN) == {(2023, "64616"): (100.0, 15), (2023, "95874"): (7.0, 15)}
        assert volume_award(BEN)["points"] == 25
    with transaction():
        assert undo_merge("command:ana", merge, "two people after all") == 0
    assert volumes(ANA) == {(2023, "64616"): (100.0, 15), (2023, "95874"): (40.0, 15)}
    assert volumes(BEN) == {(2023, "95874"): (7.0, 15)}
    assert volume_award(ANA)["points"] == 25
    assert volume_award(BEN)["points"] == 0
    assert counts(importer(billed(services="100"), billed(code="95874"), billed(2, code="95874", services="7")))[
        "unchanged"
    ]


def test_a_volume_of_another_source_is_left_as_it_is(importer: Importer) -> None:
    factories.volume(ANA, services=7)
    db.session.commit()
    assert counts(importer(billed(services="40"))) == {"read": 1, "unchanged": 1}
    assert volumes() == {(2023, "64616"): (7.0, 15)}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (billed(services="-4"), "services '-4'"),
        (billed(services=""), "services ''"),
        (billed(services="1e9"), "services '1e9'"),
        (billed(services="nan"), "services 'nan'"),
        (billed(patients=""), "patients ''"),
        (billed(patients="12.5"), "patients '12.5'"),
        (billed(patients="99999999999"), "patients"),
        (billed(place="X"), "neither F nor O"),
        ({**billed(), "Rndrng_NPI": "1750386802"}, "wrong check digit"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_with_line_and_reason(
    sqlite_importer: Importer, row: Row, reason: str
) -> None:
    said = sqlite_importer(billed(code="J0585"), row)
    assert (said["read"], said["added"], said["rejected"]) == (2, 1, 1)
    written_down = Path(said["rejects_file"]).read_text()
    assert reason in written_down
    assert f"{NAME},3," in written_down


def test_a_row_is_read_as_spreadsheets_and_programs_leave_it(sqlite_importer: Importer) -> None:
    sqlite_importer(billed(code="j0585", services="1,234.0", patients="15.0"))
    assert volumes() == {(2023, "J0585"): (1234.0, 15)}


def test_a_code_is_rejected_whole_when_one_of_its_places_cannot_be_read(importer: Importer) -> None:
    importer(billed(services="40"), billed(place="F", services="2"))
    said = importer(billed(services="41"), billed(place="F", services="?"), billed(code="J0585"), billed(code="J0586"))
    assert (said["rejected"], said["added"]) == (2, 2)
    assert ',2,1999000015,"line 4 of the same code cannot be used' in Path(said["rejects_file"]).read_text()
    assert volumes() == {
        (2023, "64616"): (42.0, 15),
        (2023, "J0585"): (40.0, 15),
        (2023, "J0586"): (40.0, 15),
    }


def test_what_a_rejected_row_said_before_stays(importer: Importer) -> None:
    importer(billed(services="40"), billed(2))
    importer(billed(services="?"), billed(2))
    assert volumes() == {(2023, "64616"): (40.0, 15)}
    assert (ANA, 2023) in years()


def test_of_one_code_and_place_twice_the_last_row_is_taken(sqlite_importer: Importer) -> None:
    said = sqlite_importer(billed(services="1"), billed(services="2"), billed(services="2"))
    assert (said["added"], said["unchanged"], said["rejected"]) == (1, 1, 1)
    assert volumes() == {(2023, "64616"): (2.0, 15)}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (services_csv(billed(), billed(2))[:-30], "cut short"),
        (services_csv(billed()).replace("Tot_Srvcs", "line_srvc_cnt"), "lacks the column “Tot_Srvcs”"),
        (",".join(SERVICE_HEADER) + "\n", "no rows"),
        ("", "is empty"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(importer: Importer, content: str, why: str) -> None:
    importer(billed(services="5"))
    result = importer.run(content)
    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr
    assert volumes() == {(2023, "64616"): (5.0, 15)}


def test_a_published_zip_is_read_and_its_member_tells_the_year(importer: Importer, app: Flask, tmp_path: Path) -> None:
    path = zipped(tmp_path, "Medicare Physician.zip", {"readme.pdf": "%PDF", NAME: services_csv(billed())})
    assert run_import(app, "cms-services", path).exit_code == 0
    assert volumes() == {(2023, "64616"): (40.0, 15)}


def test_the_services_of_a_new_zip_are_found_among_what_cms_adds(
    sqlite_importer: Importer, sqlite_app: Flask, tmp_path: Path
) -> None:
    members = {
        "PHY_R26_P05_V10_D24_Geo.csv": "Rndrng_Prvdr_Geo_Lvl,HCPCS_Cd,Place_Of_Srvc,Tot_Benes,Tot_Srvcs\n",
        "PHY_R26_P05_V10_D24_Prov.csv": "Rndrng_NPI,Tot_HCPCS_Cds,Tot_Benes,Tot_Srvcs\n",
        "PHY_R26_P05_V10_D24_Prov_Svc.csv": services_csv(billed()),
        "__MACOSX/._PHY_R26_P05_V10_D24_Prov_Svc.csv": "x",
    }
    assert run_import(sqlite_app, "cms-services", zipped(tmp_path, "PHY_R26.zip", members)).exit_code == 0
    assert volumes() == {(2024, "64616"): (40.0, 15)}


@pytest.mark.parametrize(
    "names",
    [
        ("npi", "hcpcs_code", "place_of_service", "bene_unique_cnt", "line_srvc_cnt"),
        ("NPI", "HCPCS_CODE", "PLACE_OF_SERVICE", "BENE_UNIQUE_CNT", "LINE_SRVC_CNT"),
        (
            "National Provider Identifier",
            "HCPCS Code",
            "Place of Service",
            "Number of Medicare Beneficiaries",
            "Number of Services",
        ),
    ],
)
def test_the_layouts_of_older_years_are_read(sqlite_importer: Importer, names: tuple[str, ...]) -> None:
    content = services_csv(billed(services="1,040.5"), billed(code="99213"), billed(9), billed(code="95874", place="X"))
    for ours, theirs in zip(SERVICE_ROWS.columns, names, strict=True):
        content = content.replace(f'"{ours}"', f'"{theirs}"')
    said = said_by(sqlite_importer.run(content, name="Medicare_Provider_Util_Payment_PUF_CY2012.csv"))
    assert counts(said) == {"read": 4, "added": 1, "skipped": 2, "rejected": 1}
    assert volumes() == {(2012, "64616"): (1040.5, 15)}


def test_the_text_with_tabs_of_older_years_is_read_from_its_zip(
    sqlite_importer: Importer, sqlite_app: Flask, tmp_path: Path
) -> None:
    header = ("npi", "nppes_provider_last_org_name", *SERVICE_ROWS.older_layouts[0][1:])
    copyright_line = ("0000000001", "CPT copyright 2012 American Medical Association.  All Rights Reserved.", *[""] * 4)
    lines = [header, copyright_line, (ANA, 'CRUZ "ANA"', "64616", "O", "15", "40")]
    lines += [(BEN, "O'NEIL, BEN", "64616", "F", "15", "40"), (ANA, "CRUZ", "95874", "O", "12", "13")]
    members = {
        "Medicare_Provider_Util_Payment_PUF_CY2012.txt": "".join("\t".join(line) + "\r\n" for line in lines),
        "SAS_Infile_Medicare_Provider_Util_Payment_CY2012.sas": "x",
        "CMS_AMA_CPT_license_agreement.pdf": "%PDF",
    }
    result = run_import(sqlite_app, "cms-services", zipped(tmp_path, "2012.zip", members), "--json")
    assert counts(said_by(result)) == {"read": 4, "added": 2, "skipped": 1, "rejected": 1}
    assert volumes() == {(2012, "64616"): (40.0, 15), (2012, "95874"): (13.0, 12)}


def test_the_totals_of_providers_name_the_file_to_take(sqlite_importer: Importer) -> None:
    content = "Rndrng_NPI,Tot_HCPCS_Cds,Tot_Benes,Tot_Srvcs\n1,2,3,4\n"
    refused = sqlite_importer.run(content, name="PHY_R26_P05_V10_D24_Prov.csv")
    assert "is not a CMS file of services by provider and service (…_Prov_Svc.csv): it lacks" in refused.stderr


def test_the_year_is_asked_for_when_the_name_does_not_tell(importer: Importer) -> None:
    refused = importer.run(services_csv(billed()), name="services.csv")
    assert refused.exit_code == 1
    assert "doesn’t say its year" in refused.stderr
    importer(billed(), options=("--year", "2021"), name="services.csv")
    assert set(volumes()) == {(2021, "64616")}


@pytest.mark.parametrize(
    ("name", "asked", "why"),
    [
        (NAME, 2022, "of 2023 by its name"),
        ("x.csv", 1999, "The years are 2012"),
        ("a_D27_b.csv", None, "There is no file for"),
    ],
)
def test_a_year_that_cannot_be_is_refused(name: str, asked: int | None, why: str) -> None:
    with pytest.raises(ImportFileError, match=why):
        year_of(name, asked, date(2026, 11, 24))


@pytest.mark.parametrize(
    ("name", "year"),
    [
        (NAME, 2023),
        ("PHY_R26_P05_V10_D24_Prov_Svc.csv", 2024),
        ("old.zip/MUP_PHY_R19_P04_V10_D13_Prov_Svc.csv", 2013),
        ("Medicare_Provider_Util_Payment_PUF_CY2012.txt", 2012),
        ("Medicare_Physician_Other_Practitioners_by_Provider_and_Service_2022.csv", 2022),
        ("MUP_PHY_D15_Prov_Svc_released_2025.csv", 2015),
        ("MUP_PHY_RY26_P05_V10_DY24_Prov_Svc.csv", 2024),
    ],
)
def test_the_name_tells_the_year(name: str, year: int) -> None:
    assert year_of(name, None, date(2026, 11, 24)) == year


@given(st.lists(st.builds(BilledRow, st.floats(0, 1e9), st.integers(0, 10**9)), min_size=1, max_size=2))
def test_summing_is_what_a_plain_loop_does(rows: list[BilledRow]) -> None:
    services, patients = 0.0, 0
    for row in rows:
        services += row.services
        patients = row.patients if row.patients > patients else patients
    assert math.isclose(summed(rows)[0], services)
    assert summed(rows)[1] == patients
    assert summed(rows[::-1]) == summed(rows)


def test_the_page_says_what_a_missing_count_means(sqlite_importer: Importer, sqlite_app: Flask) -> None:
    sqlite_importer(billed(code="95874"))
    text = " ".join(sqlite_app.test_client().get(f"/providers/{ANA}").get_data(as_text=True).split())
    assert "2023: Medicare's file lists this provider without a count of neck treatments." in text
    assert "Patients (minimum)" in text
    sqlite_importer(billed())
    assert "without a count" not in sqlite_app.test_client().get(f"/providers/{ANA}").get_data(as_text=True)


def unlisted() -> dict[tuple[str, str], float]:
    return {(row.npi, row.hcpcs_code): row.services for row in db.session.scalars(select(UnlistedVolume))}


@pytest.mark.postgresql
def test_who_billed_neck_injections_and_is_not_here_is_kept_for_nppes(importer: Importer) -> None:
    said = importer(
        billed(1),
        billed(7, services="30"),
        billed(7, place="F", services="12.5"),
        billed(7, "95874", services="9"),
        billed(8, "95874"),
        billed(9, services="many"),
    )
    assert unlisted() == {(real_npi(7), "64616"): 42.5, (real_npi(7), "95874"): 9}
    assert counts(said) == {"read": 6, "added": 1, "skipped": 5}
    assert counts(importer(billed(1))) == {"read": 1, "unchanged": 1}
    assert unlisted() == {}


def test_a_file_without_anyone_of_the_directory_is_of_use_when_someone_injects(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    importer = Importer(sqlite_app, tmp_path, "cms-services", services_csv, NAME)
    assert counts(importer(billed(7))) == {"read": 1, "skipped": 1}
    assert unlisted() == {(real_npi(7), "64616"): 40}
