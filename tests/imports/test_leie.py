"""What a file of the OIG's list adds, changes, lifts, refuses and counts."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.credentials.exclusions.models import Exclusion, ListedExclusion, PossibleExclusion
from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.imports.exclusions import exclusion_list
from directory.imports.models import ImportRun
from directory.places.place import Place
from directory.providers.revision import current_revision
from directory.search.query import SearchQuery
from directory.search.service import search
from tests import factories
from tests.imports.importer import Importer, counts, run_import, said_by
from tests.imports.leie_files import FULL, HEADER, NO_DAY, SUPPLEMENT, business, entry, in_name, leie_csv, leie_file
from tests.imports.published import as_csv, zipped

TORRANCE = Place("Torrance, CA", *factories.TORRANCE, "city")


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> Importer:
    return Importer(app, tmp_path, "leie", leie_csv, FULL)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> Importer:
    """For what is decided before the database is asked."""
    return Importer(sqlite_app, tmp_path, "leie", leie_csv, FULL)


def excluded(npi: str) -> Exclusion:
    return db.session.scalars(select(Exclusion).where(Exclusion.npi == npi)).one()


def held() -> list[str | None]:
    return list(db.session.scalars(select(ListedExclusion.last_name).order_by(ListedExclusion.last_name)))


def is_found(npi: str) -> bool:
    """Whether a search from Torrance shows the provider."""
    results = search(SearchQuery(place=TORRANCE)).results
    return npi in {result.npi for result in results}


def acts() -> list[str]:
    return list(
        db.session.scalars(select(AuditEvent.act).where(AuditEvent.act.contains("exclu")).order_by(AuditEvent.number))
    )


def provider(**values: Any) -> str:
    npi = factories.provider(**values).npi
    factories.license(npi)
    db.session.commit()
    return npi


def test_an_entry_with_an_npi_excludes_its_provider_at_once(importer: Importer) -> None:
    npi, other = provider(), provider()
    assert is_found(npi)
    said = importer(entry(npi=npi, excldate="20240120", dob="19600131"), entry(lastname="ELSEWHERE", npi=""))
    assert counts(said) == {"read": 2, "added": 2}
    assert (said["source"], said["full"], said["excluded_providers"], said["waiting"]) == ("leie", True, 1, 0)
    row = excluded(npi)
    assert (row.excluded_on, row.exclusion_type, row.reinstated_on) == (date(2024, 1, 20), "1128a1", None)
    assert (row.source_key, row.confirmed_by, row.waived_in) == ("leie", None, None)
    assert not is_found(npi)
    assert is_found(other)
    score = db.session.get(QualificationScore, npi)
    assert score is not None
    assert score.barred_for == "excluded"
    assert acts() == ["exclude_provider"]


def test_all_entries_are_kept_with_what_they_say(importer: Importer) -> None:
    importer(entry(dob="19600131", midname="LEE", waiverdate="20250101", wvrstate="CA"), business(npi="0"))
    ada, firm = db.session.scalars(select(ListedExclusion).order_by(ListedExclusion.last_name.is_(None))).all()
    assert (ada.first_name, ada.middle_name, ada.born_on) == ("ADA", "LEE", date(1960, 1, 31))
    assert (ada.npi, ada.state, ada.waived_on, ada.waiver_state) == (None, "CA", date(2025, 1, 1), "CA")
    assert (firm.business_name, firm.last_name, firm.name_key) == ("SOUTH BAY NERVES, INC", None, "southbaynerves")


def test_the_same_file_again_changes_nothing(importer: Importer) -> None:
    npi = provider()
    rows = [entry(npi=npi), entry(lastname="ELSEWHERE"), business()]
    importer(*rows)
    before, acted = current_revision(), acts()
    said = importer(*rows)
    assert counts(said) == {"read": 3, "unchanged": 3}
    assert (said["removed"], said["changed_providers"], said["excluded_providers"]) == (0, 0, 1)
    assert current_revision() == before
    assert acts() == acted


def test_a_supplement_adds_and_removes_nothing(importer: Importer) -> None:
    first, second = provider(), provider()
    importer(entry(npi=first))
    said = importer(entry(npi=second, lastname="LATER"), name=SUPPLEMENT)
    assert counts(said) == {"read": 1, "added": 1}
    assert (said["full"], said["removed"], said["excluded_providers"]) == (False, 0, 2)
    assert held() == ["EXAMPLE", "LATER"]


@pytest.mark.parametrize(
    ("name", "options", "removed"),
    [
        (FULL, ("--supplement",), 0),
        (SUPPLEMENT, ("--full",), 1),
        ("updated.csv", (), 1),
        ("Copy of UPDATED (2).csv", (), 1),
        ("list.csv", (), 0),
    ],
)
def test_the_name_says_what_the_file_is_unless_an_option_does(
    sqlite_importer: Importer, name: str, options: tuple[str, ...], removed: int
) -> None:
    sqlite_importer(entry(), entry(lastname="GONE"))
    assert sqlite_importer(entry(), name=name, options=(*options, "--accept-shrunk"))["removed"] == removed


@pytest.mark.postgresql
def test_a_reinstatement_brings_the_provider_back_on_its_day(importer: Importer) -> None:
    npi = provider()
    importer(entry(npi=npi))
    said = importer(entry(npi=npi, reindate="20260105"), name=SUPPLEMENT)
    assert counts(said) == {"read": 1, "changed": 1}
    assert excluded(npi).reinstated_on == date(2026, 1, 5)
    assert said["excluded_providers"] == 0
    assert is_found(npi)
    assert acts() == ["exclude_provider", "lift_exclusion"]


def test_a_reinstatement_still_to_come_bars_until_its_day(importer: Importer) -> None:
    npi = provider()
    importer(entry(npi=npi))
    day = datetime.now(UTC).date() + timedelta(days=30)
    importer(entry(npi=npi, reindate=f"{day:%Y%m%d}"), name=SUPPLEMENT)
    assert excluded(npi).reinstated_on == day
    assert not is_found(npi)


def test_a_reinstatement_in_other_words_is_recognized(importer: Importer) -> None:
    npi = provider()
    importer(entry(npi=npi, address="1 MAIN ST"), entry(lastname="ELSEWHERE", address="9 OCEAN BLVD"))
    supplement = [
        entry(npi=npi, midname="LEE", dob="19600131", reindate="20260105"),
        entry(lastname="ELSEWHERE", address="10 OTHER ST", reindate="20260105"),
    ]
    assert counts(importer(*supplement, name=SUPPLEMENT)) == {"read": 2, "changed": 2}
    assert excluded(npi).reinstated_on == date(2026, 1, 5)


@pytest.mark.postgresql
def test_a_reinstatement_of_a_namesake_changes_nobody_else(importer: Importer) -> None:
    importer(entry(dob="19600131"), entry(dob="", state="NV"))
    assert counts(importer(entry(dob="19710505", reindate="20260105"), name=SUPPLEMENT)) == {"read": 1, "added": 1}
    assert db.session.scalar(select(func.count()).where(ListedExclusion.reinstated_on.is_(None))) == 2


def test_an_earlier_supplement_read_again_does_not_take_a_reinstatement_back(importer: Importer) -> None:
    npi = provider()
    importer(entry(npi=npi), name=SUPPLEMENT)
    importer(entry(npi=npi, reindate="20260105"), name=SUPPLEMENT)
    assert counts(importer(entry(npi=npi), name=SUPPLEMENT)) == {"read": 1, "unchanged": 1}
    assert is_found(npi)


def test_a_full_list_without_the_entry_lifts_on_its_day(importer: Importer) -> None:
    npi, other = provider(), provider()
    importer(entry(npi=npi), entry(npi=other, lastname="STAYS"))
    stays = entry(npi=other, lastname="STAYS")
    said = importer(stays, name=in_name(date(2026, 2, 3)), options=("--accept-shrunk",))
    assert (said["removed"], said["changed_providers"], counts(said)) == (1, 1, {"read": 1, "unchanged": 1})
    assert excluded(npi).reinstated_on == date(2026, 2, 3)
    assert is_found(npi)
    assert not is_found(other)
    assert held() == ["STAYS"]
    assert db.session.scalars(select(ImportRun.as_of).order_by(ImportRun.id.desc())).first() == date(2026, 2, 3)


def test_an_older_full_list_ends_no_exclusion_that_began_since(importer: Importer) -> None:
    npi = provider()
    others = [entry(lastname=f"OTHER{number}") for number in range(30)]
    importer(entry(npi=npi), *others, name=in_name(date(2026, 6, 1)))
    result = importer.run(leie_csv(*others), name=in_name(date(2026, 1, 1)))
    assert result.exit_code == 1
    assert "is of 2026-01-01, and one of 2026-06-01 was read already" in result.stderr
    assert excluded(npi).reinstated_on is None


def test_an_entry_that_comes_back_excludes_again(importer: Importer) -> None:
    npi = provider()
    rows = [entry(npi=npi), entry(lastname="STAYS")]
    importer(*rows)
    importer(rows[1], options=("--accept-shrunk",))
    importer(*rows)
    assert excluded(npi).reinstated_on is None
    assert not is_found(npi)
    assert acts() == ["exclude_provider", "lift_exclusion", "exclude_provider"]


def test_an_entry_whose_dates_or_name_change_stays_the_same_exclusion(importer: Importer) -> None:
    npi = provider()
    importer(entry(npi=npi, excldate="20200120"))
    importer(entry(npi=npi, excldate="20200220", midname="LEE"))
    assert (excluded(npi).excluded_on, excluded(npi).reinstated_on) == (date(2020, 2, 20), None)
    assert acts() == ["exclude_provider", "change_exclusion"]


def test_a_waiver_is_kept_and_does_not_lift(importer: Importer) -> None:
    npi, other = provider(), provider()
    importer(entry(npi=npi), entry(npi=other, lastname="ELSEWHERE", waiverdate="20250101"))
    said = importer(
        entry(npi=npi, waiverdate="20250101", wvrstate="NV"),
        entry(npi=other, lastname="ELSEWHERE", waiverdate="20250101"),
    )
    assert counts(said) == {"read": 2, "changed": 1, "unchanged": 1}
    assert excluded(npi).waived_in == "NV"
    assert excluded(other).waived_in == "a state that the list does not name"
    assert not is_found(npi)


def test_a_list_that_was_cut_reinstates_nobody(importer: Importer) -> None:
    npi = provider()
    others = [entry(lastname=f"OTHER{letter}") for letter in "ABCDEFGHIJKLMNOPQRS"]
    importer(entry(npi=npi), *others)
    result = importer.run(leie_csv(*others[1:]))
    assert result.exit_code == 1
    assert "lacks 2 of the 20 entries that are known from this list" in result.stderr
    assert "--accept-shrunk" in result.stderr
    assert len(held()) == 20
    assert not is_found(npi)
    assert importer(entry(npi=npi), *others[1:])["removed"] == 1  # 5 % of them is not more than 5 %
    assert importer(*others[1:], options=("--accept-shrunk",))["removed"] == 1
    assert is_found(npi)


def test_a_list_of_as_many_others_is_refused_too(sqlite_importer: Importer) -> None:
    sqlite_importer(entry(), entry(lastname="OTHER"))
    result = sqlite_importer.run(leie_csv(entry(lastname="THIRD"), entry(lastname="FOURTH")))
    assert (result.exit_code, held()) == (1, ["EXAMPLE", "OTHER"])


def test_a_file_cut_in_a_row_is_refused(sqlite_importer: Importer, tmp_path: Path) -> None:
    text = leie_csv(entry(), entry(lastname="CUT"))
    result = sqlite_importer.run(text[:-30])
    assert (result.exit_code, held()) == (1, [])
    assert "is cut short" in result.stderr


@pytest.mark.parametrize("column", [name for name in HEADER if name != "UPIN"])
def test_a_changed_header_is_refused_by_the_name_of_what_is_missing(
    sqlite_importer: Importer, tmp_path: Path, column: str
) -> None:
    text = leie_csv(entry(lastname="OTHER")).replace(f'"{column}"', '"SOMETHING"', 1)
    result = sqlite_importer.run(text)
    assert result.exit_code == 1
    assert f"it lacks the column “{column}”. Nothing was changed." in result.stderr
    assert held() == []


def test_a_changed_header_changes_nothing(importer: Importer, tmp_path: Path) -> None:
    npi = provider()
    importer(entry(npi=npi))
    before = current_revision()
    text = leie_csv(entry(lastname="OTHER")).replace("EXCLDATE", "EXCL_DATE")
    assert importer.run(text).exit_code == 1
    assert (held(), excluded(npi).reinstated_on, current_revision()) == (["EXAMPLE"], None, before)
    assert db.session.scalars(select(ImportRun.status).order_by(ImportRun.id)).all() == ["done", "failed"]


def test_columns_may_stand_in_another_order(sqlite_importer: Importer, tmp_path: Path) -> None:
    names = [*reversed(HEADER), "NEW COLUMN"]
    text = as_csv([entry()], names)
    assert sqlite_importer.run(text.replace("LASTNAME", "last name")).exit_code == 1
    assert sqlite_importer.run(text.replace("LASTNAME", "lastname")).exit_code == 0
    assert held() == ["EXAMPLE"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"reindate": "20260230"}, "the REINDATE '20260230' is not a date"),
        ({"reindate": "20190101"}, "the REINDATE is before the EXCLDATE"),
        ({"lastname": ""}, "neither a LASTNAME nor a BUSNAME nor a valid NPI"),
        ({"lastname": "", "npi": "1234567890"}, "neither a LASTNAME nor a BUSNAME nor a valid NPI"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_and_the_others_kept(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    said = sqlite_importer(entry(**values), entry(lastname="GOOD"))
    assert counts(said) == {"read": 2, "added": 1, "rejected": 1}
    rejects = Path(said["rejects_file"]).read_text().splitlines()
    assert rejects[1].startswith(f"{FULL},2,")
    assert reason in rejects[1]
    assert held() == ["GOOD"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"dob": "MM/DD/YY"}, "the DOB 'MM/DD/YY' is not a date like 20251231"),
        ({"dob": "19580000"}, "the DOB '19580000' is not a date like 20251231"),
        ({"dob": "1960"}, "the DOB '1960' is not a date"),
        ({"dob": "20210101"}, "the DOB is not before the EXCLDATE"),
        ({"excldate": "20201301"}, "the EXCLDATE '20201301' is not a date like 20251231"),
        ({"excldate": NO_DAY}, "the EXCLDATE is empty"),
        ({"waiverdate": "soon"}, "the WAIVERDATE 'soon' is not a date"),
        ({"excltype": ""}, "the EXCLTYPE is empty"),
        ({"lastname": "X" * 101}, "the last name is longer than 100 characters"),
        ({"address": "X" * 501}, "the address is longer than 500 characters"),
    ],
)
def test_what_is_not_needed_for_a_match_may_be_unknown_and_is_told(
    sqlite_importer: Importer, values: dict[str, str], reason: str
) -> None:
    npi = provider()
    said = sqlite_importer(entry(npi=npi, **values))
    assert (counts(said), said["unknown"], said["excluded_providers"]) == ({"read": 1, "added": 1}, 1, 1)
    assert f"used, but {reason}" in Path(said["rejects_file"]).read_text()
    assert not is_found(npi)
    assert counts(sqlite_importer(entry(npi=npi, **values))) == {"read": 1, "unchanged": 1}


def test_the_command_tells_what_is_unknown_in_words(sqlite_importer: Importer, tmp_path: Path) -> None:
    path = leie_file(tmp_path, entry(dob="MM/DD/YY"), entry(lastname="OTHER"))
    result = run_import(sqlite_importer.app, "leie", path)
    assert "Values that could not be read and are unknown: 1. The rest of their rows was used." in result.stdout


def test_a_provider_with_a_day_that_cannot_be_read_is_excluded_without_one(sqlite_importer: Importer) -> None:
    npi = provider()
    sqlite_importer(entry(npi=npi, excldate="MM/DD/YY"))
    page = sqlite_importer.app.test_client().get(f"/providers/{npi}").get_data(as_text=True)
    assert "Not ranked: excluded by the OIG." in page
    assert "Excluded from federal health programs by the OIG. The list doesn’t say since when." in page


@pytest.mark.postgresql
@pytest.mark.parametrize("values", [{"dob": "19580000"}, {"excldate": "MM/DD/YY"}, {"excltype": ""}])
def test_what_was_known_of_an_entry_stays_known_when_a_later_list_cannot_be_read(
    importer: Importer, values: dict[str, str]
) -> None:
    npi = provider()
    row = entry(npi=npi, dob="19600131")
    importer(row)
    later = importer({**row, **{name.upper(): value for name, value in values.items()}})
    assert (counts(later), later["removed"], later["unknown"]) == ({"read": 1, "unchanged": 1}, 0, 1)
    assert (excluded(npi).excluded_on, excluded(npi).exclusion_type) == (date(2020, 1, 20), "1128a1")
    assert acts() == ["exclude_provider"]


@pytest.mark.parametrize(
    ("text", "born_on"),
    [
        ("11/05/79", date(1979, 11, 5)),
        ("12/21/46", date(1946, 12, 21)),
        ("02/29/04", date(2004, 2, 29)),
        ("06/05/05", date(1905, 6, 5)),
        ("1/31/1960", date(1960, 1, 31)),
        ("1960-01-31 00:00:00", date(1960, 1, 31)),
        ("1/31/1960 0:00", date(1960, 1, 31)),
        ("05-Nov-40", date(1940, 11, 5)),
    ],
)
def test_a_day_of_birth_is_read_as_excel_writes_it_too(sqlite_importer: Importer, text: str, born_on: date) -> None:
    assert sqlite_importer(entry(dob=text, excldate="20200120"))["unknown"] == 0
    assert db.session.scalars(select(ListedExclusion.born_on)).one() == born_on


@pytest.mark.parametrize("text", ["00/00/0000", "N/A", "0"])
def test_a_day_of_reinstatement_that_says_none_reinstates_nobody(sqlite_importer: Importer, text: str) -> None:
    said = sqlite_importer(entry(reindate=text))
    assert (said["rejected"], said["unknown"]) == (0, 0)
    assert db.session.scalars(select(ListedExclusion.reinstated_on)).one() is None


def test_a_row_of_another_width_is_rejected(sqlite_importer: Importer, tmp_path: Path) -> None:
    text = leie_csv(entry(lastname="GOOD")) + '"SHORT","ROW"\n' + leie_csv(entry(lastname="TOO")).splitlines()[1] + "\n"
    result = sqlite_importer.run(text)
    assert counts(said_by(result)) == {"read": 3, "added": 2, "rejected": 1}


def test_a_wrong_npi_says_nothing_and_the_name_counts(importer: Importer) -> None:
    npi = provider(first_name="Ada", last_name="Example")
    importer(entry(npi=npi[:9] + str((int(npi[9]) + 1) % 10)))
    assert db.session.scalars(select(ListedExclusion.npi)).one() is None
    assert db.session.scalars(select(PossibleExclusion.npi)).one() == npi


def test_a_row_that_cannot_be_read_reinstates_nobody(importer: Importer) -> None:
    by_npi, by_name = provider(), provider()
    rows = [entry(npi=by_npi, lastname="FIRST"), entry(npi=by_name, lastname="SECOND")]
    rows += [entry(lastname="THIRD"), entry(lastname="FOURTH")]
    importer(*rows)
    rows[0] |= {"LASTNAME": "CHANGED", "REINDATE": "2020"}
    rows[1] |= {"NPI": "", "REINDATE": "soon"}
    said = importer(*rows)
    assert (counts(said), said["removed"]) == ({"read": 4, "unchanged": 2, "rejected": 2}, 0)
    assert said["excluded_providers"] == 2


def test_of_rows_about_one_entry_the_last_is_taken(importer: Importer) -> None:
    npi = provider()
    rows = entry(npi=npi), entry(npi=npi), entry(npi=npi, reindate="20260105"), entry(lastname="ELSE")
    said = importer(*rows, name=SUPPLEMENT)
    assert counts(said) == {"read": 4, "added": 2, "rejected": 2}
    assert "line 4 says something else of the same entry" in Path(said["rejects_file"]).read_text()
    same = importer(entry(lastname="TWICE"), entry(lastname="TWICE"), name=SUPPLEMENT)
    assert counts(same) == {"read": 2, "added": 1, "unchanged": 1}


def test_two_places_of_one_business_are_two_entries(importer: Importer) -> None:
    assert importer(business(address="1 MAIN ST"), business(address="2 MAIN ST"))["added"] == 2


def test_a_zip_is_read_as_published(importer: Importer, tmp_path: Path) -> None:
    path = zipped(tmp_path, "leie.zip", {"UPDATED.csv": leie_csv(entry()), "readme.txt": "of the OIG"})
    assert said_by(run_import(importer.app, "leie", path, "--json"))["full"] is True
    assert held() == ["EXAMPLE"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_an_import_that_is_stopped_leaves_everything_as_it_was(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    npi, other = provider(), provider()
    rows = [entry(npi=npi), entry(npi=other, lastname="NEW"), entry(lastname="OLD")]
    importer(entry(npi=npi), entry(lastname="OLD"))
    before = current_revision()

    def stopped(*_: Any) -> int:
        raise stop

    monkeypatch.setattr(exclusion_list, "rescore_qualifications", stopped)
    assert importer.run(leie_csv(*rows)).exit_code == 1
    assert held() == ["EXAMPLE", "OLD"]
    assert list(db.session.scalars(select(Exclusion.npi))) == [npi]
    assert (current_revision(), is_found(other)) == (before, True)
    assert db.session.scalars(select(ImportRun.status).order_by(ImportRun.id)).all()[0] == "done"
    monkeypatch.undo()
    assert counts(importer(*rows)) == {"read": 3, "added": 1, "unchanged": 2}
    assert not is_found(other)


def test_the_command_says_that_it_took_a_file_for_a_supplement(sqlite_importer: Importer, tmp_path: Path) -> None:
    result = run_import(sqlite_importer.app, "leie", leie_file(tmp_path, entry(), name="list.csv"))
    assert "read as a supplement, which removes no one: add --full if it is the whole list.\n" in result.stdout


def test_the_command_says_what_it_did_in_words(sqlite_importer: Importer, tmp_path: Path) -> None:
    npi = provider()
    provider(first_name="Lou", last_name="Namesake")
    rows = entry(npi=npi), entry(firstname="LOU", lastname="NAMESAKE")
    result = run_import(sqlite_importer.app, "leie", leie_file(tmp_path, *rows))
    assert "2 read, 2 added" in result.stdout
    assert "0 entries are no longer in the list.\n" in result.stdout
    assert "1 provider here excluded by this list today; exclusions of 1 provider changed.\n" in result.stdout
    assert "1 possible match waits for verifiers.\n" in result.stdout
