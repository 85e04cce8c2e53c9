"""What an NPPES import adds, changes, leaves alone and counts."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from directory.credentials.models import ProcedureVolume, QualificationScore, UnlistedVolume
from directory.extensions import db
from directory.imports import staging
from directory.imports.merge import Merge
from directory.imports.models import ImportRun
from directory.imports.nppes import provider_writes
from directory.imports.nppes.provider_values import NPI
from directory.imports.reading import scan
from directory.places.resolve import place_named
from directory.providers.actions import correct_provider, undo_correction
from directory.providers.by_name.queries import find_names
from directory.providers.by_name.scoring import read_name
from directory.providers.models import OtherName, PracticeLocation, Provider, ProviderSpecialty
from directory.providers.revision import changed_since, current_revision
from directory.providers.sources import known_source
from directory.search.filters import VALUES
from directory.search.query import SearchQuery
from directory.search.service import search
from directory.web.days import today_in_california
from directory.web.transaction import transaction
from tests import factories
from tests.imports.importer import counts, run_import, said_by
from tests.imports.published import (
    Row,
    as_csv,
    deactivated,
    location,
    locations_csv,
    organization,
    other_name,
    other_names_csv,
    person,
    provider_header,
    providers_csv,
    real_npi,
    written,
    zipped,
)

ANA = real_npi(1)


class NppesImporter:
    """Runs `flask import nppes` on invented rows, which may be of several files."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder

    def run(
        self,
        providers: list[Row] | str,
        *options: str,
        locations: list[Row] | None = None,
        other_names: list[Row] | None = None,
    ) -> Result:
        text = providers if isinstance(providers, str) else providers_csv(*providers)
        arguments = ["nppes", written(self._folder, "npidata_pfile.csv", text)]
        if locations is not None:
            arguments += ["--locations", written(self._folder, "pl_pfile.csv", locations_csv(*locations))]
        if other_names is not None:
            arguments += ["--other-names", written(self._folder, "othername.csv", other_names_csv(*other_names))]
        return run_import(self._app, *arguments, *options, "--json")

    def __call__(self, *arguments: Any, **files: Any) -> dict[str, Any]:
        return said_by(self.run(*arguments, **files))


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> NppesImporter:
    return NppesImporter(app, tmp_path)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> NppesImporter:
    """For what is decided before the database is asked."""
    return NppesImporter(sqlite_app, tmp_path)


def provider(npi: str = ANA) -> Provider:
    found = db.session.get(Provider, npi)
    assert found is not None
    return found


@pytest.mark.parametrize("npi_is_first", [True, False])
@pytest.mark.parametrize(
    ("options", "added"),
    [
        (("--near", "90503", "--radius", "30", "--taxonomy", "treating"), 10),
        (("--near", "90503", "--radius", "30"), 20),
        (("--taxonomy", "treating"), 20),
        (("--taxonomy", "207Q00000X,2081H0002X"), 10),
    ],
)
def test_rows_are_chosen_many_at_once_as_one_by_one(
    sqlite_importer: NppesImporter, npi_is_first: bool, options: tuple[str, ...], added: int
) -> None:
    rows = [person(90, zip="90210", npi=real_npi(90)[:-1] + "x")]
    for number in range(0, 40, 4):
        rows += [
            person(number, line_2="SUITE\n5"),
            person(number + 1, zip="100011234", city="NEW YORK", state="NY"),
            person(number + 2, taxonomy_1="207Q00000X"),
            deactivated(number + 3),
        ]
    header = provider_header()
    text = as_csv(rows, sorted(header, key=lambda name: name != NPI) if npi_is_first else header)
    for block_bytes, outcome in ((9_000, "added"), (2 * len(text), "unchanged")):
        with patch.object(scan, "BLOCK_BYTES", block_bytes):
            said = counts(sqlite_importer(text, *options))
        assert said == {"read": 41, outcome: added, "skipped": 40 - added, "rejected": 1}


def test_two_doctors_of_one_name_are_told_apart(app: Flask, importer: NppesImporter) -> None:
    client = app.test_client()
    importer([person(middle="MARIE"), person(5, middle="Q"), person(6, middle="NMN")])
    assert [provider(npi).name for npi in (ANA, real_npi(5), real_npi(6))] == [
        "Ana Marie de la Cruz, MD",
        "Ana Q. de la Cruz, MD",
        "Ana de la Cruz, MD",
    ]
    cards = client.get("/search?near=90503").text
    assert "Ana Marie de la Cruz, MD" in cards
    assert "Ana Q. de la Cruz, MD" in cards
    page = client.get(f"/providers/{ANA}").text
    assert "<title>Ana Marie de la Cruz, MD" in page
    assert '"name":"Ana Marie de la Cruz, MD"' in page


def test_the_gender_of_people_is_read_under_either_name_of_its_column(importer: NppesImporter) -> None:
    importer([person(gender="F"), person(2, gender="U"), person(3), organization(4), person(5, gender="<UNAVAIL>")])
    assert [provider(real_npi(number)).gender for number in range(1, 6)] == ["F", None, None, None, None]
    renamed = providers_csv(person(gender="X", updated="01/03/2025"), person(2, gender="M", updated="01/03/2025"))
    importer(renamed.replace("Provider Sex Code", "Provider Gender Code"))
    assert [provider(real_npi(number)).gender for number in (1, 2)] == ["X", "M"]
    importer(renamed.replace("Provider Sex Code", "Another Column"))
    assert provider(ANA).gender == "X"
    assert importer([person(updated="01/03/2025")])["changed"] == 1
    assert provider(ANA).gender is None


def test_a_gender_that_staff_corrected_stays(importer: NppesImporter) -> None:
    importer([person(gender="M")])
    correct_provider("command:ana", ANA, "gender", "F", "her own page")
    db.session.commit()
    importer([person(gender="M", updated="01/03/2025")])
    assert provider(ANA).gender == "F"


def test_phones_are_dialed_with_country_and_extension(app: Flask, importer: NppesImporter) -> None:
    abroad = {"city": "TIJUANA", "state": "BAJA CALIFORNIA", "zip": "22010", "country": "MX", "phone": "6646341234"}
    importer([person(phone="3105550101x22"), person(2, **abroad)], locations=[location(1, phone="5625550102")])
    client = app.test_client()
    assert '"tel:+1-310-555-0101;ext=22">(310) 555-0101 ext. 22<' in client.get(f"/providers/{ANA}").text
    assert 'href="tel:+1-310-555-0101;ext=22"' in client.get("/search?near=90503").text
    assert '"tel:+52-664-634-1234">+52 664 634 1234<' in client.get(f"/providers/{real_npi(2)}").text


def test_a_person_comes_in_with_address_point_and_specialty(importer: NppesImporter) -> None:
    said = importer([person(taxonomy_2="208100000X", primary_2="N", suffix="JR", middle="Q")])
    assert counts(said) == {"read": 1, "added": 1}
    assert said["source"] == "nppes"
    assert said["rejects_file"] is None
    ana = provider()
    assert (ana.name, ana.last_name, ana.credential_text) == ("Ana Q. de la Cruz Jr., MD", "de la Cruz", "MD")
    assert (ana.enumerated_on, ana.as_of) == (date(2006, 5, 23), date(2025, 1, 2))
    assert (ana.source_key, ana.deactivated_on) == ("nppes", None)
    (place,) = ana.locations
    assert (place.line_1, place.city, place.state, place.postal_code) == ("1 Main St", "Torrance", "CA", "90503-1234")
    assert (place.phone, place.precision, place.located_by) == ("(310) 555-0100", "zip", "gazetteer")
    assert place.latitude == pytest.approx(33.84, abs=0.05)
    assert place.is_primary
    assert [(row.specialty_code, row.is_primary) for row in ana.specialties] == [
        ("2084N0400X", True),
        ("208100000X", False),
    ]
    assert ana.specialties[0].license_number == "A12345"


def test_an_organization_comes_in_by_its_name(importer: NppesImporter) -> None:
    importer([organization()])
    assert provider().name == "South Bay Neurology, LLC"


def test_withheld_values_are_no_values(importer: NppesImporter) -> None:
    importer([person(credential="<UNAVAIL>", phone="<UNAVAIL>", license_1="<UNAVAIL>")])
    assert provider().name == "Ana de la Cruz"
    assert provider().locations[0].phone is None
    assert provider().specialties[0].license_number is None


def test_the_same_files_again_change_nothing(importer: NppesImporter) -> None:
    files = {"locations": [location(1), location(2)], "other_names": [other_name(2)]}
    importer([person(1), organization(2)], **files)
    before = current_revision()
    said = importer([person(1), organization(2)], **files)
    assert counts(said) == {"read": 5, "unchanged": 5}
    assert current_revision() == before
    assert db.session.scalar(select(func.count()).select_from(PracticeLocation)) == 4


def test_a_newer_file_that_says_the_same_without_a_date_changes_nothing(importer: NppesImporter) -> None:
    importer([person(updated="")])
    earlier = date(2020, 1, 1)
    for row in (provider(), provider().locations[0], provider().specialties[0]):
        row.as_of = earlier
    db.session.commit()
    assert counts(importer([person(updated="")])) == {"read": 1, "unchanged": 1}
    assert counts(importer([person(updated="", first="ANNA")])) == {"read": 1, "changed": 1}
    assert provider().as_of > earlier
    assert provider().locations[0].as_of == earlier


def test_a_move_replaces_the_primary_location_and_tells_the_search(importer: NppesImporter) -> None:
    importer([person(1), person(2)], locations=[location(1)])
    before = current_revision()
    assert counts(importer([person(1, line_1="7 NEW ST"), person(2)])) == {"read": 2, "changed": 1, "unchanged": 1}
    assert [(row.line_1, row.is_primary) for row in provider().locations] == [
        ("9 Ocean Blvd", False),
        ("7 New St", True),
    ]
    assert changed_since(before) == {ANA}


def test_a_dropped_specialty_goes(importer: NppesImporter) -> None:
    importer([person(taxonomy_2="208100000X")])
    assert counts(importer([person()])) == {"read": 1, "changed": 1}
    assert [row.specialty_code for row in provider().specialties] == ["2084N0400X"]


def test_further_locations_go_only_when_their_file_no_longer_names_them(importer: NppesImporter) -> None:
    importer([person()], locations=[location(1), location(1, line_1="8 PINE AVE")])
    importer([person()])
    assert len(provider().locations) == 3
    said = importer([person()], locations=[location(1)])
    assert [row.line_1 for row in provider().locations] == ["1 Main St", "9 Ocean Blvd"]
    assert [counts(each) for each in said["files"]] == [{"read": 1, "changed": 1}, {"read": 1, "unchanged": 1}]


def test_a_further_location_that_is_the_primary_one_adds_nothing(importer: NppesImporter) -> None:
    said = importer([person()], locations=[location(1, line_1="1 MAIN ST", city="Torrance", zip="90503", phone="")])
    assert counts(said["files"][1]) == {"read": 1, "unchanged": 1}
    assert len(provider().locations) == 1


def test_a_primary_that_becomes_a_further_location_stays_one_row(importer: NppesImporter) -> None:
    importer([person()], locations=[location()])
    swapped = [person(line_1="9 OCEAN BLVD", city="LONG BEACH", zip="90802")]
    importer(swapped, locations=[location(1, line_1="1 MAIN ST", city="TORRANCE", zip="90503")])
    assert [(row.line_1, row.is_primary) for row in provider().locations] == [
        ("1 Main St", False),
        ("9 Ocean Blvd", True),
    ]


def test_rows_about_unknown_providers_are_skipped(importer: NppesImporter) -> None:
    said = importer([person(1)], locations=[location(5)], other_names=[other_name(6)])
    assert [counts(each) for each in said["files"]] == [
        {"read": 1, "added": 1},
        {"read": 1, "skipped": 1},
        {"read": 1, "skipped": 1},
    ]


def test_other_names_follow_their_file(importer: NppesImporter) -> None:
    importer([organization()], other_names=[other_name(1), other_name(1, "OLD NAME INC", "4")])
    importer([organization()], other_names=[other_name(1, "NEW NAME INC", "4")])
    assert [row.name for row in db.session.scalars(select(OtherName))] == ["New Name Inc"]


def test_a_deactivated_provider_is_marked_and_a_reactivated_one_is_not(importer: NppesImporter) -> None:
    importer([person(1)])
    said = importer([deactivated(1), deactivated(2)])
    assert counts(said) == {"read": 2, "changed": 1, "skipped": 1}
    assert provider().deactivated_on == date(2025, 3, 4)
    assert provider().locations
    assert counts(importer([deactivated(1)])) == {"read": 1, "unchanged": 1}
    assert counts(importer([person(deactivated="03/04/2025", reactivated="04/05/2025")])) == {"read": 1, "changed": 1}
    assert provider().deactivated_on is None


@pytest.mark.postgresql
def test_who_is_imported_is_found_by_name_and_no_more_by_a_name_that_went(importer: NppesImporter) -> None:
    importer([organization()], other_names=[other_name(1, "PIER PAIN INC", "3")])
    npi = int(provider().npi)
    assert found_by(provider().name) == found_by("pier pain") == [npi]
    importer([organization()], other_names=[other_name(1, "LIGHTHOUSE INC", "3")])
    assert found_by("lighthouse") == [npi]
    assert found_by("pier pain") == []


def found_by(name: str) -> list[int]:
    found: list[int] = find_names(read_name(name)).npis.tolist()
    return found


def test_facts_of_other_sources_stay(importer: NppesImporter) -> None:
    known_source("staff")
    importer([person()])
    factories.location(ANA, factories.TORRANCE, source_key="staff")
    db.session.add(ProviderSpecialty(npi=ANA, specialty_code="2084N0600X", source_key="staff", as_of=factories.DAY))
    db.session.commit()
    said = importer([person(line_1="7 NEW ST", taxonomy_1="208100000X")], locations=[location(9)])
    assert said["files"][0]["changed"] == 1
    assert {row.source_key for row in provider().locations} == {"staff", "nppes"}
    assert {row.specialty_code for row in provider().specialties} == {"2084N0600X", "208100000X"}


def test_a_provider_of_staff_is_not_overwritten_but_is_deactivated(importer: NppesImporter) -> None:
    known_source("staff")
    factories.provider(npi=ANA, name="Ana Cruz, MD", source_key="staff", at=None, specialties=())
    db.session.commit()
    importer([person()])
    assert provider().name == "Ana Cruz, MD"
    importer([deactivated()])
    assert provider().deactivated_on == date(2025, 3, 4)


def test_an_address_that_was_confirmed_since_keeps_its_day_while_the_file_says_the_same(
    importer: NppesImporter,
) -> None:
    importer([person()])
    provider().locations[0].as_of = confirmed_on = today_in_california()
    db.session.commit()
    assert counts(importer([person()])) == {"read": 1, "unchanged": 1}
    assert provider().locations[0].as_of == confirmed_on
    importer([person(phone="3105550123")])
    assert provider().locations[0].as_of == date(2025, 1, 2)  # the row's own: that phone is not the one confirmed


@pytest.mark.postgresql
def test_corrections_win_over_what_is_imported_field_by_field(importer: NppesImporter) -> None:
    importer([person()])
    key = provider().locations[0].address_key
    with transaction():
        correct_provider("command:ana", ANA, "last_name", "De la Cruz", "she told us")
        correct_provider("command:ana", ANA, "phone", "(310) 555-0199", "the old one is dead", key)
    assert counts(importer([person()])) == {"read": 1, "unchanged": 1}
    assert counts(importer([person(first="ANNA", phone="3105550123")])) == {"read": 1, "changed": 1}
    assert provider().name == "Anna De la Cruz, MD"
    assert provider().locations[0].phone == "(310) 555-0199"
    for correction in list(provider().corrections):
        undo_correction("command:ana", ANA, correction.id)
    assert provider().name == "Anna de la Cruz, MD"
    assert provider().locations[0].phone == "(310) 555-0123"  # what the newest file says


def test_a_merged_provider_is_left_as_it_was_and_a_hidden_one_stays_hidden(importer: NppesImporter) -> None:
    importer([person()])
    provider().merged_into = factories.provider(npi=real_npi(3)).npi
    db.session.commit()
    moved = person(phone="3105550123")
    assert counts(importer([moved, person(npi=real_npi(2))])) == {"read": 2, "added": 1, "skipped": 1}
    assert (provider().merged_into, provider().locations[0].phone) != (None, "(310) 555-0123")
    provider().merged_into, provider().hidden_at = None, datetime.now(UTC)
    db.session.commit()
    assert counts(importer([moved])) == {"read": 1, "changed": 1}
    assert not provider().is_public


def test_a_better_point_stays(importer: NppesImporter) -> None:
    importer([person()])
    place = provider().locations[0]
    place.latitude, place.longitude, place.precision, place.located_by = 33.8, -118.3, "street", "nominatim"
    db.session.commit()
    assert counts(importer([person()])) == {"read": 1, "unchanged": 1}
    importer([person(phone="3105550177")])
    assert (provider().locations[0].precision, provider().locations[0].phone) == ("street", "(310) 555-0177")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (person(npi="1750386802"), "wrong check digit"),
        (person(npi="175038680"), "not 10 digits"),
        (person(npi="9000000003"), "does not start with 1 or 2"),
        (person(npi=""), "the NPI is empty"),
        (person(entity="3"), "neither 1 nor 2"),
        (person(first="", last="<UNAVAIL>"), "no name"),
        (organization(organization=""), "no name"),
        (person(enumerated="2006-05-23"), "not a date"),
        (person(deactivated="02/30/2025"), "not a date"),
        (person(taxonomy_1="2084N04"), "taxonomy code"),
        (person(line_1="X" * 201), "longer than 200"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_with_line_and_reason(
    sqlite_importer: NppesImporter, row: Row, reason: str
) -> None:
    said = sqlite_importer([person(2, line_2="TWO\nLINES"), row])
    assert counts(said) == {"read": 2, "added": 1, "rejected": 1}
    with open(said["rejects_file"], newline="") as file:
        (reject,) = csv.DictReader(file)
    assert (reject["file"], reject["line"]) == ("npidata_pfile.csv", "4")
    assert reject["npi"] == next(iter(row.values()))
    assert reason in reject["reason"]


def test_of_one_npi_twice_in_a_file_the_last_row_is_taken(importer: NppesImporter) -> None:
    said = importer([person(1, first="ANNA"), person(1), person(1)])
    assert counts(said) == {"read": 3, "added": 1, "unchanged": 1, "rejected": 1}
    assert provider().first_name == "Ana"
    assert "line 4" in Path(said["rejects_file"]).read_text()


FAR = {"city": "SAN DIEGO", "zip": "92103"}


@pytest.mark.parametrize("rows_before", [0, 400])
def test_filters_keep_an_area_and_specialties(sqlite_importer: NppesImporter, rows_before: int) -> None:
    rows = [person(100 + number, **FAR) for number in range(rows_before)]
    rows += [
        person(1),
        person(2, **FAR),
        person(3, taxonomy_1="207Q00000X"),
        person(4, taxonomy_1="207Q00000X", taxonomy_9="261QP3300X"),
        person(5, zip="", city="REDONDO BEACH"),
        person(6, zip="905", city="Nowhere"),
        person(7, country="DE"),
    ]
    said = sqlite_importer(rows, "--near", "Torrance, CA", "--radius", "40", "--taxonomy", "treating")
    assert counts(said) == {"read": 7 + rows_before, "added": 3, "skipped": 4 + rows_before}
    assert set(db.session.scalars(select(Provider.npi))) == {real_npi(number) for number in (1, 4, 5)}


def test_a_second_office_in_the_area_counts(importer: NppesImporter) -> None:
    rows = [person(1, **FAR), person(2, **FAR)]
    near = ("--near", "90503", "--radius", "30")
    said = importer(rows, *near, locations=[location(1), location(2, **FAR)])
    assert [counts(each) for each in said["files"]] == [
        {"read": 2, "added": 1, "skipped": 1},
        {"read": 2, "added": 1, "skipped": 1},
    ]


def test_a_known_provider_is_kept_up_to_date_wherever_it_moves(importer: NppesImporter) -> None:
    near = ("--near", "90503", "--radius", "30")
    importer([person(1)], *near)
    assert counts(importer([person(1, **FAR), person(2, **FAR)], *near)) == {"read": 2, "changed": 1, "skipped": 1}
    assert provider().locations[0].city == "San Diego"


def test_several_codes_may_follow_one_taxonomy_option(importer: NppesImporter) -> None:
    rows = [person(1), person(2, taxonomy_1="208100000X"), person(3, taxonomy_1="207Q00000X")]
    assert importer(rows, "--taxonomy", "2084N0400X", "208100000X")["added"] == 2


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--radius", "5"), "--radius needs --near"),
        (("--near", "Torrance, CA", "--radius", "-1"), "above 0"),
        (("--near", "Torrance, CA", "--radius", "nan"), "above 0"),
        (("--near", "xqzzy"), "xqzzy"),
        (("--taxonomy", "neurology"), "not a taxonomy code"),
        (("second.csv",), "one file at a time"),
    ],
)
def test_options_that_make_no_sense_are_explained(
    sqlite_importer: NppesImporter, options: tuple[str, ...], why: str
) -> None:
    result = sqlite_importer.run([person()], *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert why in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Provider)) == 0


WHOLE = providers_csv(person(1), person(2))


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (WHOLE[:-40], "cut short"),
        ("", "is empty"),
        (WHOLE.replace('"NPI"', '"Number"'), "lacks the column “NPI”"),
        (WHOLE.replace('Healthcare Provider Taxonomy Code_1"', 'Taxonomy"'), "Healthcare Provider Taxonomy Code_1"),
        (",".join(provider_header()) + "\n", "no rows"),
        (locations_csv(location()), "is not an NPPES provider file"),
        ("<html><body>Sign in</body></html>", "web page"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_why(importer: NppesImporter, text: str, why: str) -> None:
    importer([person(3)])
    before = current_revision()
    result = importer.run(text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert why in result.stderr
    assert list(db.session.scalars(select(Provider.npi))) == [real_npi(3)]
    assert current_revision() == before
    failed = db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()
    assert failed is not None
    assert (failed.status, failed.added) == ("failed", 0)
    assert why in (failed.error or "")


def test_a_bad_second_file_undoes_the_first(importer: NppesImporter) -> None:
    result = importer.run([person()], "--other-names", "nowhere.csv")
    assert result.exit_code == 1
    assert "There is no file nowhere.csv" in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Provider)) == 0


def test_a_stop_in_the_middle_of_writing_leaves_the_directory_as_it_was(
    importer: NppesImporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    importer([person(1)])
    monkeypatch.setattr(staging, "GROUPS_A_BATCH", 2)
    batches = []
    write = provider_writes.write

    def stop_at_the_second(model: Any, writes: Merge) -> None:
        write(model, writes)
        batches.extend([writes] if model is Provider else [])
        if len(batches) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(provider_writes, "write", stop_at_the_second)
    rows = [person(number, first="NEW") for number in range(1, 8)]
    assert importer.run(rows).exit_code == 1
    db.session.expire_all()
    assert [(row.npi, row.first_name) for row in db.session.scalars(select(Provider))] == [(ANA, "Ana")]
    assert db.session.scalars(select(ImportRun.status).order_by(ImportRun.id)).all() == ["done", "interrupted"]
    monkeypatch.undo()
    assert counts(importer(rows)) == {"read": 7, "added": 6, "changed": 1}


def test_a_run_that_was_killed_is_marked_at_the_next_import(importer: NppesImporter) -> None:
    importer([person()])
    run = db.session.scalars(select(ImportRun)).one()
    run.status = "running"
    db.session.commit()
    importer([person()])
    assert db.session.scalars(select(ImportRun.status).order_by(ImportRun.id)).all() == ["interrupted", "done"]


@pytest.mark.postgresql
def test_runs_are_recorded_file_by_file_and_listed(importer: NppesImporter, app: Flask) -> None:
    importer([person(1), person(npi="12")], locations=[location(1)])
    runs = db.session.scalars(select(ImportRun).order_by(ImportRun.id)).all()
    assert [(run.status, run.read, run.added, run.rejected) for run in runs] == [("done", 2, 1, 1), ("done", 1, 1, 0)]
    assert runs[0].rejects_file
    assert runs[1].rejects_file is None
    listed = app.test_cli_runner().invoke(args=["import", "runs"]).output
    assert listed.index("pl_pfile.csv") < listed.index("npidata_pfile.csv")
    assert "2 read, 1 added, 0 changed, 0 unchanged, 0 skipped, 1 rejected" in listed


def test_one_published_zip_may_hold_all_files(app: Flask, tmp_path: Path) -> None:
    path = zipped(
        tmp_path,
        "NPPES_Data_Dissemination_110325_110925_Weekly.zip",
        {
            "npidata_pfile_20251103-20251109.csv": providers_csv(person()),
            "npidata_pfile_20251103-20251109_fileheader.csv": "NPI",
            "pl_pfile_20251103-20251109.csv": locations_csv(location()),
            "othername_pfile_20251103-20251109.csv": other_names_csv(other_name()),
        },
    )
    result = app.test_cli_runner().invoke(args=["import", "nppes", path, "--locations", path, "--other-names", path])
    assert result.exit_code == 0, result.output
    assert len(provider().locations) == 2
    assert provider().other_names[0].as_of == date(2025, 11, 9)


def unlisted(number: int, code: str = "64616") -> None:
    """What someone billed who is not in the directory."""
    known_source("cms_services")
    values = {
        "year": 2024,
        "services": 40.0,
        "beneficiaries": 15,
        "source_key": "cms_services",
        "as_of": today_in_california(),
    }
    db.session.add(UnlistedVolume(npi=real_npi(number), hcpcs_code=code, **values))
    db.session.commit()


@pytest.mark.postgresql
def test_who_billed_neck_injections_is_added_whatever_they_declare_and_brings_the_volumes(
    importer: NppesImporter,
) -> None:
    unlisted(2)
    unlisted(2, "95874")
    unlisted(3)
    family = {"taxonomy_1": "207Q00000X"}
    rows = [person(1, **family), person(2, **family), person(3, **family, zip="94103")]
    near = ("--near", "Torrance, CA", "--radius", "40")
    assert importer(rows, *near, "--taxonomy", "treating,alongside")["added"] == 1
    provider = db.session.scalars(select(Provider)).one()
    assert provider.npi == real_npi(2)
    volumes = db.session.scalars(select(ProcedureVolume).order_by(ProcedureVolume.hcpcs_code)).all()
    assert [(row.npi, row.year, row.hcpcs_code, row.services) for row in volumes] == [
        (provider.npi, 2024, "64616", 40),
        (provider.npi, 2024, "95874", 40),
    ]
    assert db.session.get_one(QualificationScore, provider.npi).points > 0
    assert db.session.scalars(select(UnlistedVolume.npi)).all() == [real_npi(3)]
    usual = VALUES["specialty"].asked(frozenset()) or frozenset()
    found = search(SearchQuery(place_named("90503"), filters={"specialty": usual}))
    assert [result.npi for result in found.results] == [provider.npi]


def test_a_taxonomy_that_is_not_about_treating_takes_no_one_else(importer: NppesImporter) -> None:
    unlisted(2)
    rows = [person(1, taxonomy_1="225100000X"), person(2, taxonomy_1="207Q00000X")]
    assert importer(rows, "--taxonomy", "alongside")["added"] == 1
    assert db.session.scalars(select(UnlistedVolume.npi)).all() == [real_npi(2)]
