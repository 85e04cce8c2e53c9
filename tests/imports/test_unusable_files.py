"""A file of no use is no success, whatever its source: exit code 3, nothing changed, and why."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import ImportRun
from directory.providers.models import Provider, Specialty
from tests import factories
from tests.imports.cms_files import billed, clinician, clinicians_csv, services_csv
from tests.imports.importer import rejected_by, run_import, said_by
from tests.imports.published import nucc_csv, person, providers_csv, real_npi, specialty, written
from tests.imports.reviews_elsewhere import as_csv as reviews_csv
from tests.imports.reviews_elsewhere import row as review

SERVICES = "MUP_PHY_R25_P05_V20_D23_Prov_Svc.csv"


@pytest.mark.parametrize(
    ("command", "name", "content", "options"),
    [
        ("nppes", "npidata_pfile.csv", providers_csv(person()), ("--near", "Eureka, CA")),
        ("cms-services", SERVICES, services_csv(billed(code="99213"), billed(2, code="99213")), ()),
        ("cms-clinicians", "dac.csv", clinicians_csv(clinician()), ()),
    ],
)
def test_a_file_about_nobody_here_is_no_success(
    sqlite_app: Flask, tmp_path: Path, command: str, name: str, content: str, options: tuple[str, ...]
) -> None:
    result = run_import(sqlite_app, command, written(tmp_path, name, content), *options)
    assert result.exit_code == 3
    assert (
        "is about this directory: is it the right file, and of the right place? Nothing was changed." in result.stderr
    )
    (run,) = db.session.scalars(select(ImportRun)).all()
    assert (run.status, run.error) == ("failed", result.stderr.strip().removeprefix("Error: "))


@pytest.mark.parametrize(
    ("command", "name", "as_file", "options"),
    [
        ("nucc", "nucc.csv", lambda bad: nucc_csv(specialty(), *[specialty("208")] * bad), ()),
        ("nppes", "npidata_pfile.csv", lambda bad: providers_csv(person(2), *[person(9, npi="12345")] * bad), ()),
        (
            "reviews",
            "reviews.csv",
            lambda bad: reviews_csv(review(), *(review(f"bad {number}", rating="9") for number in range(bad))),
            ("--source", "CareVoice"),
        ),
    ],
)
def test_a_file_of_which_most_rows_are_rejected_is_no_success(
    sqlite_app: Flask, tmp_path: Path, command: str, name: str, as_file: Callable[[int], str], options: tuple[str]
) -> None:
    factories.provider(npi=real_npi(1))
    db.session.commit()
    before = db.session.scalars(select(Provider.npi)).all(), db.session.scalars(select(Specialty.code)).all()
    result = run_import(sqlite_app, command, written(tmp_path, name, as_file(2)), *options)
    assert [line for line, _ in rejected_by(result)] == [3, 4]
    assert f"Most of {name} could not be used: 2 of its 3 rows were rejected. Nothing was changed." in result.stderr
    assert (db.session.scalars(select(Provider.npi)).all(), db.session.scalars(select(Specialty.code)).all()) == before
    half = said_by(run_import(sqlite_app, command, written(tmp_path, name, as_file(1)), *options, "--json"))
    assert (half["read"], half["added"], half["rejected"]) == (2, 1, 1)
