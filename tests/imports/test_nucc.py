"""The taxonomy comes in whole, and again without change."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from directory.extensions import db
from directory.providers.models import Specialty
from directory.seeding import seed
from tests.imports.importer import Importer, run_import
from tests.imports.published import Row, nucc_csv, specialty, written


def imported(app: Flask, folder: Path, *rows: Row) -> dict[str, Any]:
    return Importer(app, folder, "nucc", nucc_csv, "nucc_taxonomy.csv")(*rows)


def test_codes_are_added_changed_and_kept(app: Flask, tmp_path: Path) -> None:
    assert imported(app, tmp_path, specialty(), specialty("207Y00000X"))["added"] == 2
    again = imported(app, tmp_path, specialty(**{"Display Name": "Neurology\nPhysician"}), specialty("207Y00000X"))
    assert (again["changed"], again["unchanged"]) == (1, 1)
    assert imported(app, tmp_path, specialty("207Y00000X"))["unchanged"] == 1
    neurology = db.session.get(Specialty, "2084N0400X")
    assert neurology is not None  # no longer in the file, and still worn by providers
    assert neurology.display_name == "Neurology\nPhysician"


def test_the_command_says_how_many_rows_were_not_utf8(sqlite_app: Flask, tmp_path: Path) -> None:
    names = ("Neurología", "Neurology", "Cirugía")
    content = nucc_csv(*(specialty(f"2084N040{place}X", **{"Display Name": name}) for place, name in enumerate(names)))
    result = run_import(sqlite_app, "nucc", written(tmp_path, "nucc.csv", content.encode("cp1252")))
    assert "nucc.csv: 3 read, 3 added" in result.output
    assert "2 rows have bytes that are not UTF-8: these were read in Windows' encoding (cp1252)." in result.output
    assert db.session.get_one(Specialty, "2084N0400X").display_name == "Neurología"


@pytest.mark.postgresql
def test_names_made_for_the_demonstration_give_way(app: Flask, tmp_path: Path) -> None:
    seed()
    db.session.commit()
    said = imported(app, tmp_path, specialty(), specialty("207K00000X"))
    assert (said["added"], said["changed"]) == (1, 1)
    neurology = db.session.get(Specialty, "2084N0400X")
    assert neurology is not None
    assert neurology.source_key == "nucc"
    assert imported(app, tmp_path, specialty(), specialty("207K00000X"))["unchanged"] == 2


@pytest.mark.parametrize(
    "row",
    [
        specialty("2084"),
        specialty(**{"Display Name": ""}),
        specialty(**{"Display Name": "X" * 201}),
        specialty("207Y00000X", **{"Display Name": "Older"}),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected(sqlite_app: Flask, tmp_path: Path, row: dict[str, str]) -> None:
    said = imported(sqlite_app, tmp_path, row, specialty("207Y00000X", Notes="newer"))
    assert (said["added"], said["rejected"]) == (1, 1)
    assert ",2,," in Path(said["rejects_file"]).read_text()


def test_of_a_code_that_stands_twice_the_last_row_is_taken(sqlite_app: Flask, tmp_path: Path) -> None:
    said = imported(sqlite_app, tmp_path, specialty(**{"Display Name": "Older"}), specialty(), specialty())
    assert (said["added"], said["unchanged"], said["rejected"]) == (1, 1, 1)
    rejects = Path(said["rejects_file"]).read_text()
    assert "line 4 says something else of the code 2084N0400X, and comes later" in rejects
    assert db.session.get_one(Specialty, "2084N0400X").display_name == "Neurology Physician"


def test_another_file_is_refused(sqlite_app: Flask, tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", "Code,Name\n1,2\n")
    result = run_import(sqlite_app, "nucc", path)
    assert result.exit_code == 1
    assert "x.csv is not the NUCC taxonomy: it lacks the columns" in result.stderr
