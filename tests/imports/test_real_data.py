"""The real public excerpts come in whole, and a second time without change."""

import csv
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.extensions import db
from directory.imports.nppes.provider_values import LOCATIONS, OTHER_NAMES, other_name_values, secondary_location_values
from directory.imports.reading.fields import Fields
from directory.providers.models import PracticeLocation, Provider, Specialty
from tests.imports.importer import run_import, said_by

PROVIDERS_FILE = "npidata_pfile_sample.csv"
LOCATIONS_FILE = "pl_pfile_20251103-20251109.csv"
OTHER_NAMES_FILE = "othername_pfile_20251103-20251109.csv"

pytestmark = pytest.mark.real_data


def imported(app: Flask, *arguments: str) -> dict[str, Any]:
    return said_by(run_import(app, *arguments, "--json"))


def test_the_sample_is_read_whole_and_then_changes_nothing(app: Flask, real_data: Path) -> None:
    nppes = real_data / "nppes"
    arguments = ("nppes", str(nppes / PROVIDERS_FILE), "--locations", str(nppes / LOCATIONS_FILE))
    arguments += ("--other-names", str(nppes / OTHER_NAMES_FILE))
    first = imported(app, *arguments)
    assert [each["read"] for each in first["files"]] == [2556, 9528, 2427]
    assert (first["files"][0]["added"], first["rejected"]) == (2556, 0)
    located = db.session.scalar(
        select(func.count()).select_from(PracticeLocation).where(PracticeLocation.latitude.is_not(None))
    )
    assert located is not None
    assert located > 2500
    again = imported(app, *arguments)
    assert (again["added"], again["changed"], again["rejected"]) == (0, 0, 0)
    assert again["unchanged"] == first["added"]
    names = db.session.scalars(select(Provider.name)).all()
    assert not [name for name in names if name.partition(",")[0].isupper() and len(name.partition(",")[0]) > 5]


def test_every_code_of_the_taxonomy_is_read(app: Flask, real_data: Path) -> None:
    path = str(real_data / "nucc" / "nucc_taxonomy.csv")
    assert imported(app, "nucc", path)["added"] == 883
    assert imported(app, "nucc", path)["unchanged"] == 883
    assert db.session.get(Specialty, "2084N0400X") is not None


def test_all_further_locations_and_names_can_be_put_in_order(real_data: Path) -> None:
    for name, layout, put_in_order in (
        (LOCATIONS_FILE, LOCATIONS, secondary_location_values),
        (OTHER_NAMES_FILE, OTHER_NAMES, other_name_values),
    ):
        with open(real_data / "nppes" / name, newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        names = [" ".join(column.split()) for column in header]
        position = {column: names.index(" ".join(column.split())) for column in layout.columns}
        values = [put_in_order(Fields(position, row)) for row in rows]
        assert len(values) == len(rows)
        if put_in_order is secondary_location_values:
            assert sum(each["precision"] == "zip" for each in values) > 9500
