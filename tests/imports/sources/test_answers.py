"""Kept answers are read like the file whose rows they hold, and what they lack is not gone."""

import csv
import gzip
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from directory.credentials.models import MedicareEnrollment, MedicareYear, ProcedureVolume
from directory.extensions import db
from directory.imports.models import ImportRun
from directory.providers.models import Provider
from tests.imports.cms_files import services_csv
from tests.imports.importer import counts, run_import, said_by
from tests.imports.published import written
from tests.imports.sources.kept import REGISTRY, kept_answers, registry_answer
from tests.imports.sources.world import NECK, OTHERS, TREATING, InventedProvider, World
from tests.imports.sources.world_answers import clinician_rows, registry_result, service_rows
from tests.imports.sources.world_files import nppes_zip

NEAR = ("--near", "90503", "--radius", "40", "--taxonomy", "treating", "--json")


@pytest.fixture(scope="module")
def small() -> World:
    return World(count=120)


def treating(world: World) -> list[InventedProvider]:
    return [
        each
        for each in world.providers.values()
        if {*each.specialties} & {*TREATING} and each.addresses[0].street.zip.startswith("90")
    ]


def area_answers(folder: Path, *results: dict[str, Any], **options: Any) -> str:
    return kept_answers(folder, [(f"{REGISTRY}&postal_code=905*", registry_answer(*results))], **options)


def held(npi: str) -> dict[str, Any]:
    """What the directory says of a provider, without how it got to know it."""
    provider = db.session.get_one(Provider, npi)
    return {
        **{name: getattr(provider, name) for name in ("name", "gender", "credential_text", "enumerated_on", "as_of")},
        "locations": sorted((each.address_key, each.is_primary, each.phone) for each in provider.locations),
        "specialties": sorted(
            (each.specialty_code, each.is_primary, each.license_number) for each in provider.specialties
        ),
        "other_names": sorted((each.kind, each.name) for each in provider.other_names),
    }


@pytest.mark.postgresql
def test_a_nul_in_an_answer_is_left_out(app: Flask, small: World, tmp_path: Path) -> None:
    result = registry_result(treating(small)[0])
    result["basic"]["last_name"] = "O\0NEIL"
    said = said_by(run_import(app, "nppes", area_answers(tmp_path, result), "--json"))
    assert (said["added"], said["rejected"]) == (1, 0)
    assert "Oneil" in db.session.get_one(Provider, result["number"]).name


@pytest.mark.postgresql
def test_the_registrys_answers_say_what_its_files_say(app: Flask, tmp_path: Path, small: World) -> None:
    results = [registry_result(each) for each in small.providers.values()]
    half = len(results) // 2
    pages = [results[:half], results[half - 5 :]]  # five of them on both
    path = kept_answers(
        tmp_path, [(f"{REGISTRY}&skip={number}", registry_answer(*page)) for number, page in enumerate(pages)]
    )
    said = said_by(run_import(app, "nppes", path, "--json"))
    assert counts(said["files"][0]) == {"read": len(results), "added": len(results)}
    assert [file["rejected"] for file in said["files"]] == [0, 0, 0]
    by_answers = {npi: held(npi) for npi in small.providers}
    archive = written(tmp_path, "NPPES.zip", nppes_zip(small))
    again = said_by(run_import(app, "nppes", archive, "--locations", archive, "--other-names", archive, "--json"))
    assert counts(again) == {"read": again["read"], "unchanged": again["read"]}
    assert by_answers == {npi: held(npi) for npi in small.providers}
    assert any(len(each["locations"]) > 1 for each in by_answers.values())
    assert any(each["other_names"] for each in by_answers.values())


def test_the_day_of_answers_is_when_they_were_asked(app: Flask, tmp_path: Path, small: World) -> None:
    said_by(run_import(app, "nppes", area_answers(tmp_path, registry_result(treating(small)[0])), "--json"))
    run = db.session.query(ImportRun).first()
    assert run is not None
    assert run.as_of == date(2026, 2, 2)


def test_who_is_not_among_the_answers_stays(app: Flask, tmp_path: Path, small: World) -> None:
    first, second = treating(small)[:2]
    said_by(run_import(app, "nppes", area_answers(tmp_path, *map(registry_result, (first, second))), *NEAR))
    before = held(second.npi)
    said = said_by(run_import(app, "nppes", area_answers(tmp_path, registry_result(first)), *NEAR))
    assert (said["changed"], said["unchanged"]) == (0, said["read"])
    assert held(second.npi) == before


def test_whom_the_registry_gives_again_has_only_what_it_gives(app: Flask, tmp_path: Path, small: World) -> None:
    moved = next(each for each in treating(small) if len(each.addresses) > 1)
    said_by(run_import(app, "nppes", area_answers(tmp_path, registry_result(moved)), *NEAR))
    away = replace(moved, addresses=[moved.addresses[0]._replace(number=999)], specialties=["207Q00000X"])
    answered = {(f"{REGISTRY}&number={moved.npi}"): registry_answer(registry_result(away))}
    said_by(run_import(app, "nppes", kept_answers(tmp_path, answered.items()), *NEAR))
    provider = db.session.get_one(Provider, moved.npi)
    assert [each.line_1.split()[0] for each in provider.locations] == ["999"]
    assert [each.specialty_code for each in provider.specialties] == ["207Q00000X"]


def test_a_number_that_is_out_of_use_leaves_the_ranking(app: Flask, tmp_path: Path, small: World) -> None:
    gone, stays = treating(small)[:2]
    said_by(run_import(app, "nppes", area_answers(tmp_path, *map(registry_result, (gone, stays))), *NEAR))
    says = "CMS deactivated NPI {}. The provider can no longer use this NPI."
    error = {"Errors": [{"description": says.format(gone.npi), "field": "number", "number": "15"}]}
    empty = registry_answer()
    asked = [(f"{REGISTRY}&number={gone.npi}", error), (f"{REGISTRY}&number={stays.npi}", empty)]
    said = said_by(run_import(app, "nppes", kept_answers(tmp_path, asked), *NEAR))
    assert counts(said) == {"read": 1, "changed": 1}
    assert db.session.get_one(Provider, gone.npi).deactivated_on == date(2026, 2, 2)
    assert db.session.get_one(Provider, stays.npi).deactivated_on is None


def test_whom_the_registry_was_asked_about_by_number_is_added_whatever_the_specialty(
    app: Flask, tmp_path: Path, small: World
) -> None:
    one, other, away = (deepcopy(treating(small)[number]) for number in range(3))
    for each in (one, other, away):
        each.specialties = [OTHERS[0]]
    away.addresses = [next(street for street in away_streets(small))]
    asked = [
        (f"{REGISTRY}&number={one.npi}", registry_answer(registry_result(one))),
        (f"{REGISTRY}&number={away.npi}", registry_answer(registry_result(away))),
        (f"{REGISTRY}&postal_code=905*", registry_answer(registry_result(other))),
    ]
    said = said_by(run_import(app, "nppes", kept_answers(tmp_path, asked), *NEAR))
    assert (said["files"][0]["added"], said["files"][0]["skipped"]) == (1, 2)
    assert db.session.get(Provider, one.npi)


def away_streets(world: World) -> list[Any]:
    return [each.addresses[0] for each in world.providers.values() if each.addresses[0].street.zip.startswith("92103")]


def test_a_row_that_is_rejected_names_its_answer(app: Flask, tmp_path: Path, small: World) -> None:
    good, bad = map(registry_result, treating(small)[:2])
    bad["number"] = "1234567890"
    answers = [(f"{REGISTRY}&skip=0", registry_answer(good)), (f"{REGISTRY}&skip=200", registry_answer(good, bad))]
    said = said_by(run_import(app, "nppes", kept_answers(tmp_path, answers), *NEAR))
    with Path(said["rejects_file"]).open(encoding="utf-8", newline="") as file:
        (row, *_others) = csv.DictReader(file)
    assert row["reason"] == "the NPI 1234567890 has a wrong check digit"
    assert row["row"].startswith("2:2,1234567890,")


def test_services_are_read_by_state_and_code_and_others_stay(app: Flask, tmp_path: Path, small: World) -> None:
    results = [registry_result(each) for each in small.providers.values()]
    said_by(run_import(app, "nppes", area_answers(tmp_path, *results), "--json"))
    year = small.years[-1]
    billers = [each for each in small.providers.values() if any(billed.year == year for billed in each.billed)]
    one, *others = billers
    rows = [row for each in billers for row in service_rows(each, year)]
    name = f"{small.today:%Y%m%d}-answers-D{year % 100}-CA.jsonl.gz"
    whole = kept_answers(tmp_path, [("https://data.example.org/data", rows)], name)
    said = said_by(run_import(app, "cms-services", whole, "--json"))
    assert counts(said) == {"read": len(rows), "added": len(rows)}
    by_answers = services_held()
    file = written(tmp_path, f"MUP_PHY_D{year % 100}_Prov_Svc.csv", services_csv(*rows))
    assert said_by(run_import(app, "cms-services", file, "--json"))["unchanged"] == len(rows)
    assert services_held() == by_answers
    fewer = [
        ("https://data.example.org/data/stats", {"found_rows": 1}),
        ("https://data.example.org/data", service_rows(one, year)),
    ]
    said_by(run_import(app, "cms-services", kept_answers(tmp_path, fewer, name), "--json"))
    assert services_held() == by_answers
    assert (one.npi, year, NECK) in by_answers
    assert others


def services_held() -> dict[tuple[str, int, str], tuple[float, int]]:
    assert db.session.query(MedicareYear).count()
    return {
        (each.npi, each.year, each.hcpcs_code): (each.services, each.beneficiaries)
        for each in db.session.query(ProcedureVolume)
    }


def test_clinicians_are_read_by_state_and_others_stay(app: Flask, tmp_path: Path, small: World) -> None:
    results = [registry_result(each) for each in small.providers.values()]
    said_by(run_import(app, "nppes", area_answers(tmp_path, *results), "--json"))
    rows = [row for each in small.providers.values() for row in clinician_rows(each)]
    path = kept_answers(tmp_path, [("https://data.example.org/0", {"results": rows, "count": len(rows)})])
    said = said_by(run_import(app, "cms-clinicians", path, "--json"))
    assert (said["read"], said["rejected"], said["skipped"]) == (len(rows), 0, 0)
    known = db.session.query(MedicareEnrollment).count()
    one = kept_answers(tmp_path, [("https://data.example.org/0", {"results": rows[:1], "count": 1})])
    said_by(run_import(app, "cms-clinicians", one, "--json"))
    assert db.session.query(MedicareEnrollment).count() == known > 1


@pytest.mark.parametrize(
    ("answer", "command", "says"),
    [
        ([{"Rndrng_NPI": "1"}], "nppes", "Answer 1 (https://registry"),
        (registry_answer(), "cms-clinicians", "is none about Doctors & Clinicians"),
        ({"Errors": []}, "cms-services", "is none about services billed to Medicare"),
        (registry_answer(), "leie", "holds answers of an interface"),
    ],
)
def test_answers_of_another_interface_are_refused(
    sqlite_app: Flask, tmp_path: Path, answer: Any, command: str, says: str
) -> None:
    path = kept_answers(tmp_path, [(REGISTRY, answer)], "answers-D23.jsonl.gz")
    result = run_import(sqlite_app, command, path)
    assert result.exit_code == 1
    assert says in result.stderr


@pytest.mark.parametrize(
    "content",
    [b"", *(gzip.compress(lines, mtime=0) for lines in (b"", b"[]\n", b'{"url": 1}\n')), b"no gzip"],
)
def test_a_damaged_file_of_answers_changes_nothing(sqlite_app: Flask, tmp_path: Path, content: bytes) -> None:
    result = run_import(sqlite_app, "nppes", written(tmp_path, "answers.jsonl.gz", content))
    assert result.exit_code == 1
    assert "fetch it again" in result.stderr or "download it again" in result.stderr


def test_answers_cut_short_change_nothing(app: Flask, tmp_path: Path, small: World) -> None:
    path = Path(area_answers(tmp_path, *map(registry_result, treating(small))))
    path.write_bytes(path.read_bytes()[:-200])
    result = run_import(app, "nppes", str(path), "--json")
    assert (result.exit_code, "does not hold whole answers" in result.stderr) == (1, True)
    assert db.session.query(Provider).count() == 0
