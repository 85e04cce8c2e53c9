"""Medi-Cal's list of suspended providers excludes as the OIG's does, in its own words."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.credentials.exclusions.actions import confirm_match, propose_match
from directory.credentials.exclusions.models import Exclusion, ListedExclusion, PossibleExclusion
from directory.credentials.models import VerificationTask
from directory.extensions import db
from directory.imports.source_age import sources_status
from directory.web.days import today_in_california
from directory.web.transaction import transaction
from tests import factories
from tests.imports.importer import Importer, counts, run_import, said_by
from tests.imports.leie_files import entry, leie_file
from tests.imports.published import Row, as_csv
from tests.signing_in import signed_in

HEADER = (
    "Last Name",
    "First Name",
    "Middle Name",
    "A/K/A-Also Known As\nD/B/A-Doing Business as",
    "Address(es)",
    "Provider Type",
    "License Number",
    "Provider Number",
    "Date of Suspension",
    "Active Period",
    "",
)
NAME = "suspended_20260105.csv"


def suspended(**values: str) -> Row:
    """The physician Ada Example; `values` by the first word of a column's name in small letters."""
    row = {
        **dict.fromkeys(("middle", "a/k/a-also", "license", "provider"), "N/A"),
        **{"last": "Example", "first": "Ada", "address(es)": "1 Main Street,\nReno, NV 89501", "type": "Physician"},
        **{"date": "7/8/2016", "active": "Indefinitely effective", **values},
    }
    columns = {name.lower().split()[0]: name for name in HEADER[:-1] if name != "Provider Type"}
    return {{**columns, "type": "Provider Type"}[name]: value for name, value in row.items()}


def list_csv(*rows: Row) -> str:
    return as_csv(rows, HEADER)


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> Importer:
    return Importer(app, tmp_path, "medi-cal-suspended", list_csv, NAME)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> Importer:
    return Importer(sqlite_app, tmp_path, "medi-cal-suspended", list_csv, NAME)


def provider(**values: str) -> str:
    npi = factories.provider(**values).npi
    factories.license(npi, number="A 058628")
    db.session.commit()
    return npi


def exclusion(npi: str) -> Exclusion:
    return db.session.scalars(select(Exclusion).where(Exclusion.npi == npi)).one()


def page(app: Flask, npi: str, prefix: str = "") -> str:
    return app.test_client().get(f"{prefix}/providers/{npi}").get_data(as_text=True)


@pytest.mark.postgresql
def test_each_npi_among_the_numbers_excludes_its_provider_at_once(importer: Importer) -> None:
    first, second, other = provider(), provider(), provider()
    said = importer(suspended(provider=f" 00C428690, {first}; {second}, PHA90779, 1234567890"), suspended(last="Else"))
    assert counts(said) == {"read": 2, "added": 2}
    assert (said["source"], said["full"], said["excluded_providers"]) == ("medi_cal_suspended", True, 2)
    row = exclusion(first)
    assert (row.source_key, row.excluded_on, row.exclusion_type) == ("medi_cal_suspended", date(2016, 7, 8), None)
    assert row.as_of == date(2026, 1, 5)
    assert "Not ranked: suspended from Medi-Cal since July 8, 2016." in page(importer.app, second)
    assert "Not ranked" not in page(importer.app, other)


def test_the_page_says_it_in_the_list_s_own_words_with_its_source_and_day(sqlite_importer: Importer) -> None:
    npi = provider()
    sqlite_importer(suspended(provider=npi))
    text = page(sqlite_importer.app, npi)
    assert "Suspended from Medi-Cal, California’s Medicaid program, on July 8, 2016." in text
    assert "Found by the NPI." in text
    assert "Medi-Cal Suspended and Ineligible Provider List (California DHCS), January 5, 2026" in text
    assert "OIG" not in text.partition("<h3>Exclusions")[2].partition("<h3>")[0]
    spanish = page(sqlite_importer.app, npi, "/es")
    assert "con suspensión de Medi-Cal desde el 8 de julio de 2016" in spanish


def test_the_same_list_again_changes_nothing(sqlite_importer: Importer) -> None:
    rows = [suspended(provider=provider()), suspended(first="N/A", last="South Bay Nerves, Inc")]
    sqlite_importer(*rows)
    acts = db.session.scalar(select(func.count()).where(AuditEvent.act == "exclude_provider"))
    assert counts(sqlite_importer(*rows)) == {"read": 2, "unchanged": 2}
    assert db.session.scalar(select(func.count()).where(AuditEvent.act == "exclude_provider")) == acts == 1


@pytest.mark.parametrize(
    ("license", "fits"),
    [
        ("A58628", "last and first name, and the license number A 058628"),
        (" 4711, A 58628", "last and first name, and the license number A 058628"),
        ("A58629", "last and first name, and CA as a state of practice or license"),
        ("N/A", "last and first name, and CA as a state of practice or license"),
    ],
)
def test_a_name_waits_for_verifiers_with_what_else_agrees(sqlite_importer: Importer, license: str, fits: str) -> None:
    npi = provider(first_name="Ada", last_name="Example")
    assert sqlite_importer(suspended(license=license))["waiting"] == 1
    possible = db.session.scalars(select(PossibleExclusion)).one()
    assert (possible.npi, possible.fits) == (npi, fits)
    task = db.session.scalars(select(VerificationTask).where(VerificationTask.possible_exclusion_id.is_not(None))).one()
    assert task.sentence.startswith("Medi-Cal's list of suspended providers has Ada Example, excluded since")
    assert "Not ranked" not in page(sqlite_importer.app, npi)


def test_a_match_that_two_verifiers_confirm_excludes(sqlite_importer: Importer) -> None:
    npi = provider(first_name="Ada", last_name="Example")
    sqlite_importer(suspended(license="A58628"))
    possible = db.session.scalars(select(PossibleExclusion)).one()
    with transaction():
        propose_match("account:101", possible, "Same license number.", possible.version)
    with transaction():
        confirm_match("account:102", possible, True, "", possible.version)
    assert exclusion(npi).source_key == "medi_cal_suspended"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "exclude_provider")).one()
    assert event.reason == "in Medi-Cal's list of suspended providers, matched by two verifiers"


def test_the_verifier_s_page_names_the_list_and_what_it_gives(sqlite_importer: Importer) -> None:
    provider(first_name="Ada", last_name="Example")
    sqlite_importer(suspended(license="A58628", **{"a/k/a-also": "Ada Sample"}))
    task = db.session.scalars(select(VerificationTask)).one()
    client = signed_in(sqlite_importer.app, "verifier")
    text = client.get(f"/admin/verify/{task.id}").get_data(as_text=True)
    for words in (
        "Medi-Cal&#39;s list of suspended providers",
        "A58628",
        "Ada Sample",
        "CA A 058628",
        "data.chhs.ca.gov",
    ):
        assert words in text


def test_who_is_in_the_list_no_longer_is_no_longer_suspended(sqlite_importer: Importer) -> None:
    npi = provider()
    others = [suspended(last=f"Other{letter}") for letter in "ABCDEFGHIJKLMNOPQRS"]
    sqlite_importer(suspended(provider=npi), *others)
    refused = sqlite_importer.run(list_csv(*others[2:]))
    assert refused.exit_code == 1
    assert "lacks 3 of the 20 entries that are known from this list" in refused.stderr
    said = sqlite_importer(*others)
    assert (said["removed"], said["excluded_providers"]) == (1, 0)
    assert exclusion(npi).reinstated_on == date(2026, 1, 5)
    assert "Not ranked" not in page(sqlite_importer.app, npi)


def test_the_two_lists_do_not_touch_each_other(sqlite_importer: Importer, tmp_path: Path) -> None:
    npi = provider()
    app = sqlite_importer.app
    sqlite_importer(suspended(provider=npi))
    said = said_by(run_import(app, "leie", leie_file(tmp_path, entry(npi=npi), entry(lastname="OTHER")), "--json"))
    assert (said["removed"], said["excluded_providers"]) == (0, 1)
    sources = db.session.scalars(select(Exclusion.source_key).where(Exclusion.reinstated_on.is_(None))).all()
    assert sorted(sources) == ["leie", "medi_cal_suspended"]
    only_other = leie_file(tmp_path, entry(lastname="OTHER"))
    said_by(run_import(app, "leie", only_other, "--accept-shrunk", "--json"))
    assert "Not ranked: suspended from Medi-Cal since July 8, 2016." in page(app, npi)


@pytest.mark.parametrize(
    ("period", "ended_on", "unknown"),
    [
        ("Indefinitely effective", None, 0),
        ("N/A", None, 0),
        ("7/8/2016 - 7/7/2021", date(2021, 7, 7), 0),
        ("07/08/16 through 07/07/21", date(2021, 7, 7), 0),
        ("Indefinitely effective; reinstated 1/1/2020", date(2020, 1, 1), 0),
        ("Indefinitely effective as of 7/8/2018", None, 0),
        ("12/1/2016 - Indefinite", None, 1),
        ("Effective 12/1/2016", None, 1),
        ("7/8/2016 - 7/7/2021, and from 8/1/2023", None, 1),
        ("Until further notice", None, 1),
    ],
)
def test_a_period_that_names_its_end_ends(
    sqlite_importer: Importer, period: str, ended_on: date | None, unknown: int
) -> None:
    assert sqlite_importer(suspended(active=period))["unknown"] == unknown
    assert db.session.scalars(select(ListedExclusion.reinstated_on)).one() == ended_on


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"date": "soon"}, "the Date of Suspension 'soon' is not a date"),
        ({"date": "N/A"}, "the Date of Suspension is empty"),
    ],
)
def test_a_suspension_without_a_day_counts_and_says_so(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    npi = provider()
    said = sqlite_importer(suspended(provider=npi, **values))
    assert (said["unknown"], said["excluded_providers"]) == (1, 1)
    assert reason in Path(said["rejects_file"]).read_text()
    text = page(sqlite_importer.app, npi)
    assert "Not ranked: suspended from Medi-Cal." in text
    assert "The list doesn’t say since when." in text


def test_an_npi_that_is_joined_to_its_name_is_read(sqlite_importer: Importer) -> None:
    npi = provider()
    assert sqlite_importer(suspended(provider=f"NPI{npi}"))["excluded_providers"] == 1


def test_a_title_above_the_columns_is_named_though_a_column_has_two_lines(sqlite_importer: Importer) -> None:
    result = sqlite_importer.run("Suspended and Ineligible Provider List\n" + list_csv(suspended()))
    assert result.exit_code == 1
    assert "has its columns in line 2: delete what is above them. Nothing was changed." in result.stderr


def test_a_row_that_names_nobody_is_rejected(sqlite_importer: Importer) -> None:
    said = sqlite_importer(suspended(last="N/A", first="N/A"), suspended())
    assert counts(said) == {"read": 2, "added": 1, "rejected": 1}


def test_the_list_is_among_the_sources(sqlite_importer: Importer) -> None:
    sqlite_importer(suspended())
    (status,) = (each for each in sources_status(today_in_california()) if each.key == "medi_cal_suspended")
    assert (status.as_of, status.published_every_days) == (date(2026, 1, 5), 31)


@pytest.mark.real_data
def test_the_real_layout_is_read_whole(sqlite_app: Flask, real_data: Path) -> None:
    path = str(real_data / "suspended" / "california_suspended_ineligible.csv")
    said = said_by(run_import(sqlite_app, "medi-cal-suspended", path, "--json"))
    assert (said["added"], said["rejected"], said["unknown"]) == (said["read"], 0, 0)
    assert said_by(run_import(sqlite_app, "medi-cal-suspended", path, "--json"))["unchanged"] == said["read"]
