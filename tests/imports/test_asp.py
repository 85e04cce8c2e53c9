"""CMS's payment limits come in by quarter, whichever way CMS packs them, and again without change."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports import asp
from directory.imports.asp_quarter import quarter_of
from directory.imports.models import ImportRun
from directory.imports.reading.files import ImportFileError
from directory.imports.source_age import Age, sources_status
from directory.providers.models import PaymentLimit
from directory.providers.queries import newest_payment_limits
from directory.web.days import today_in_california
from tests.imports.asp_files import FIRST_LINE, HEADER, NAME, asp_csv, five, limit, other
from tests.imports.importer import Importer, counts, run_import, said_by
from tests.imports.published import written, zipped

SECOND, THIRD = date(2026, 4, 1), date(2026, 7, 1)
LATER = "Effective July 1, 2026 through September 30, 2026"
THIRD_NAME = "July 2026 ASP Pricing File 062226.csv"


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> Importer:
    return Importer(app, tmp_path, "asp", asp_csv, NAME)


@pytest.fixture
def sqlite_importer(sqlite_app: Flask, tmp_path: Path) -> Importer:
    return Importer(sqlite_app, tmp_path, "asp", asp_csv, NAME)


def stored() -> dict[tuple[date, str], str]:
    return {
        (row.quarter_starts_on, row.hcpcs_code): str(row.limit_usd) for row in db.session.scalars(select(PaymentLimit))
    }


def test_the_five_codes_are_kept_with_dosage_quarter_and_source(importer: Importer) -> None:
    said = importer(other(), *five())
    assert counts(said) == {"read": 6, "added": 5, "skipped": 1}
    assert (said["quarter"], said["missing"]) == ("2026Q2", [])
    row = db.session.get(PaymentLimit, ("J0586", SECOND))
    assert row is not None
    assert (row.dosage_units, row.limit_usd) == (5, Decimal("8.903"))
    assert (row.source_key, row.as_of) == ("cms_asp", SECOND)
    assert stored()[SECOND, "J0587"] == "13.283"


def test_the_same_file_again_changes_nothing_and_a_corrected_one_changes_its_rows(importer: Importer) -> None:
    importer(*five())
    assert counts(importer(*five())) == {"read": 5, "unchanged": 5}
    corrected = [limit(price="6.600"), *five()[1:]]
    assert counts(importer(*corrected, other())) == {"read": 6, "changed": 1, "unchanged": 4, "skipped": 1}
    assert stored()[SECOND, "J0585"] == "6.600"


def test_quarters_stand_side_by_side_and_the_newest_that_has_begun_counts(importer: Importer) -> None:
    importer.run(asp_csv(*five(), effective=LATER), name=THIRD_NAME)
    importer(limit(price="6.400"))
    assert (stored()[THIRD, "J0585"], stored()[SECOND, "J0585"]) == ("6.512", "6.400")
    assert newest_payment_limits(THIRD)["J0585"].quarter_starts_on == THIRD
    assert newest_payment_limits(THIRD - timedelta(days=1))["J0585"].limit_usd == Decimal("6.400")
    assert newest_payment_limits(SECOND - timedelta(days=1)) == {}


def test_the_age_of_the_source_is_that_of_its_newest_quarter(sqlite_importer: Importer) -> None:
    sqlite_importer.run(asp_csv(*five(), effective=LATER), name=THIRD_NAME)
    sqlite_importer(*five())
    ages = {
        day: {status.key: status for status in sources_status(day)}["cms_asp"] for day in (THIRD, date(2026, 10, 2))
    }
    assert [status.as_of for status in ages.values()] == [THIRD, THIRD]
    assert [status.age for status in ages.values()] == [Age.FRESH, Age.OLD]


def test_a_corrected_file_takes_away_what_it_no_longer_has_but_for_rows_it_cannot_say(
    sqlite_importer: Importer,
) -> None:
    sqlite_importer(*five())
    said = sqlite_importer(*five()[:3], limit("J0588", "none"))
    assert (said["rejected"], said["missing"]) == (1, ["J0589"])
    assert {code for _, code in stored()} == {"J0585", "J0586", "J0587", "J0588"}


def test_a_missing_code_is_named_in_words(sqlite_app: Flask, tmp_path: Path) -> None:
    result = run_import(sqlite_app, "asp", written(tmp_path, NAME, asp_csv(*five()[:4])))
    assert "These are the payment limits of 2026Q2.\nThe file has no row for J0589.\n" in result.output


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (limit(price=""), "J0585: the Payment Limit '' is not a price above 0"),
        (limit(price="0.000"), "is not a price above 0"),
        (limit(price="-6.512"), "is not a price above 0"),
        (limit(price="nan"), "is not a price above 0"),
        (limit(price="1e400"), "is not a price above 0"),
        (limit(price="1,23.4"), "is not a price above 0"),
        (limit(price="6,512"), "is not a price above 0"),
        (limit(price="6.51234"), "has more than 3 decimals"),
        (limit(dosage="1 MG"), "the HCPCS Code Dosage '1 MG' is not a number of units, such as 5 UNITS"),
        (limit(dosage="0 UNITS"), "is not a number of units"),
        (limit("J0589", "1.000"), "says something else of J0589, and comes later"),
    ],
)
def test_a_row_that_makes_no_sense_is_rejected_with_its_line(
    sqlite_importer: Importer, row: dict[str, str], reason: str
) -> None:
    said = sqlite_importer(other(), row, limit("J0589"))
    assert (said["added"], said["rejected"], said["skipped"]) == (1, 1, 1)
    rejects = Path(said["rejects_file"]).read_text()
    assert f"{NAME},{FIRST_LINE + 1},," in rejects
    assert reason in rejects


def test_a_row_of_another_width_is_rejected_with_its_line(sqlite_importer: Importer) -> None:
    short = asp_csv(other(), other(), *five()).replace('90371,"Hep', '90371,,,,"Hep', 1)
    said = said_by(sqlite_importer.run(short))
    assert counts(said) == {"read": 7, "added": 5, "skipped": 1, "rejected": 1}
    assert f",{FIRST_LINE},,90371: the row has 14 columns instead of 11" in Path(said["rejects_file"]).read_text()


def test_prices_with_a_dollar_sign_and_thousands_are_prices(sqlite_importer: Importer) -> None:
    sqlite_importer(limit(price="$1,234.5"), limit("J0586", "8.9030", "5  units"))
    assert stored() == {(SECOND, "J0585"): "1234.500", (SECOND, "J0586"): "8.903"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_each_encoding_that_cms_has_used_is_read(sqlite_importer: Importer, encoding: str) -> None:
    assert counts(said_by(sqlite_importer.run(asp_csv(*five()).encode(encoding)))) == {"read": 5, "added": 5}


def test_columns_go_by_name_and_a_comma_too_many_in_each_line_does_no_harm(sqlite_importer: Importer) -> None:
    lines = [f"{line}," for line in asp_csv(*five()).replace("HCPCS Code,", " hcpcs  code ,", 1).splitlines()]
    assert counts(said_by(sqlite_importer.run("\n".join(lines) + "\n"))) == {"read": 5, "added": 5}


def test_the_right_member_of_the_zip_is_read(app: Flask, tmp_path: Path) -> None:
    members = {
        "April 2026 ASP Pricing File 032326.xls": "a workbook",
        NAME: asp_csv(*five()),
        "section 508 version of Drugs Not Payable Payment Limit File.csv": "no",
        "section 508 version of April 2026 NOC Pricing File.csv": "no",
        "section 508 version of April 2026 ASP NDC-HCPCS Crosswalk 032326.csv": "no",
    }
    path = zipped(tmp_path, "april-2026-asp-pricing-file.zip", members)
    assert counts(said_by(run_import(app, "asp", path, "--json"))) == {"read": 5, "added": 5}
    run = db.session.scalars(select(ImportRun)).one()
    assert (run.status, run.as_of) == ("done", SECOND)


@pytest.mark.parametrize(
    "member", ["April 2026 ASP Pricing File.xlsx", "April 2026 ASP Pricing File.xls", "[Content_Types].xml"]
)
def test_a_workbook_alone_is_refused_with_what_to_use(sqlite_app: Flask, tmp_path: Path, member: str) -> None:
    path = zipped(tmp_path, "april-2026.zip", {member: "a workbook", "readme.txt": "x"})
    result = run_import(sqlite_app, "asp", path)
    assert result.exit_code == 1
    assert "use the CSV that CMS publishes with it" in result.stderr
    assert stored() == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and no more", "is a zip that is damaged or cut short"),
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0 a workbook of old", "only as an Excel workbook"),
        (b"<html></html>", "is a web page"),
        (b"HCPCS Code,Price\nJ0585,1\n", "no line has the columns “HCPCS Code” and “Payment Limit”"),
        (b"\x81\x8d\xff", "is neither UTF-8 nor in Windows' encoding"),
        (b"HCPCS Code,Payment Limit\nJ0585,1\n", "it lacks the column “HCPCS Code Dosage”"),
        (asp_csv(), "has a header and no rows"),
        (asp_csv(other()), "has none of the codes J0585, J0586, J0587, J0588, J0589"),
        (asp_csv(*five())[:-20], f"is cut short: its last row, line {FIRST_LINE + 4}, is not complete"),
    ],
)
def test_another_file_is_refused_and_changes_nothing(
    sqlite_importer: Importer, content: bytes | str, sentence: str
) -> None:
    result = sqlite_importer.run(content)
    assert result.exit_code == (3 if "none of the codes" in sentence else 1)
    assert sentence in result.stderr
    assert stored() == {}


def test_too_large_a_file_is_refused(sqlite_importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asp, "MAX_BYTES", 20_000)
    assert "is too large" in sqlite_importer.run(b"a" * 20_001).stderr


def test_a_row_in_the_encoding_of_windows_is_read_and_counted(sqlite_importer: Importer) -> None:
    row = limit(**{"Short Description": "Botulinum\N{REGISTERED SIGN}"})
    content = asp_csv(*five()[1:]).encode() + asp_csv(row).encode("cp1252").splitlines(keepends=True)[-1]
    said = said_by(sqlite_importer.run(content))
    assert (counts(said), said["windows_rows"]) == ({"read": 5, "added": 5}, 1)


def test_columns_separated_by_tabs_are_named(sqlite_importer: Importer) -> None:
    result = sqlite_importer.run("\t".join(HEADER) + "\nJ0585\tx\t1 UNIT\t6.5\n")
    assert "has its columns separated by tabs: save the file with commas between them" in result.stderr


def test_a_zip_with_two_such_files_asks_for_one(sqlite_app: Flask, tmp_path: Path) -> None:
    path = zipped(tmp_path, "both.zip", {NAME: asp_csv(*five()), THIRD_NAME: asp_csv(*five())})
    result = run_import(sqlite_app, "asp", path)
    assert result.exit_code == 1
    assert "Unpack it and name the file" in result.stderr


@pytest.mark.parametrize(
    ("name", "title", "asked", "quarter"),
    [
        (NAME, [], None, SECOND),
        ("april-2026-asp-pricing-file.zip/x.csv", [], None, SECOND),
        ("x.csv", ["Effective April 1, 2026 through June 30, 2026"], None, SECOND),
        ("x.csv", ["Effective Apr 1, 2026 - June 30, 2026"], None, SECOND),
        ("x.csv", [], "2026q2", SECOND),
        (NAME, ["Effective January 1, 2026 through March 31, 2026"], "2026Q2", SECOND),
        ("x.csv", ["Rebates are effective April 1, 2023 under section 11101."], "2026Q2", SECOND),
        ("October 2026 Payment Limit File 091626.csv", [], None, date(2026, 10, 1)),
        ("x.csv", ['"Effective 10/1/2025",,'], None, date(2025, 10, 1)),
        ("x.csv", ["Effective Date: 10/01/25 - 12/31/25"], None, date(2025, 10, 1)),
        ("x.csv", ["Payment limits effective 2025-10-01"], None, date(2025, 10, 1)),
        ("x.csv", ["Effective October 1, 2025"], None, date(2025, 10, 1)),
        ("x.csv", ["October 2025 ASP Pricing File,,,"], None, date(2025, 10, 1)),
        ("x.csv", ["Effective for October 1, 2025 through December 31, 2025"], None, date(2025, 10, 1)),
        ("x.csv", ["Effective dates: October 1st, 2025 to December 31st, 2025"], None, date(2025, 10, 1)),
        ("x.csv", ["Effective as of 10-01-2025"], None, date(2025, 10, 1)),
        ("x.csv", ["Payment limits, 4th Quarter 2025"], None, date(2025, 10, 1)),
        ("x.csv", ["Fourth quarter of 2025", "Based on 2Q25 ASP data"], None, date(2025, 10, 1)),
        ("4Q25 ASP Pricing.csv", [], None, date(2025, 10, 1)),
        ("25Q4.csv", [], None, date(2025, 10, 1)),
        ("ASP 12-15-24 Q4 2025.csv", [], None, date(2025, 10, 1)),
        ("2025_4Q.csv", [], None, date(2025, 10, 1)),
        ("ASP 2025 Quarter 4.csv", [], None, date(2025, 10, 1)),
        ("ASP CY2025 Q4.csv", [], None, date(2025, 10, 1)),
        ("x.csv", [], "Q4 2025", date(2025, 10, 1)),
        ("x.csv", [], "October 2025", date(2025, 10, 1)),
        ("x.csv", ["Note 3: prices of April 2023", "October 2025 Pricing"], None, date(2025, 10, 1)),
        ("x.csv", ["Note 4: effective April 1, 2023 through 2024"], "2026Q2", SECOND),
        ("asp_pricing_2025Q4.csv", [], None, date(2025, 10, 1)),
        ("ASP Q4 2025.csv", [], None, date(2025, 10, 1)),
        ("4Q2025-asp.csv", [], None, date(2025, 10, 1)),
        ("2025-october-asp.csv", [], None, date(2025, 10, 1)),
        ("oct-2025-asp.zip/OCT2025.csv", [], None, date(2025, 10, 1)),
    ],
)
def test_the_quarter_is_told_by_name_first_lines_or_option(
    name: str, title: list[str], asked: str | None, quarter: date
) -> None:
    assert quarter_of(name, title, asked, date(2026, 8, 1)) == quarter


@pytest.mark.parametrize(
    ("name", "title", "asked", "sentence"),
    [
        ("x.csv", [], None, "doesn’t say its quarter: add --quarter with the year and the quarter that its prices"),
        (
            NAME,
            ["Effective January 1, 2026 through March 31, 2026"],
            None,
            "speaks of 2026Q1 and 2026Q2: add --quarter",
        ),
        (NAME, [], "2026Q1", "is of 2026Q2 by its name or its first lines, not of 2026Q1"),
        ("x.csv", [], "2026Q5", "“2026Q5” is not a quarter"),
        ("x.csv", [], "", "“” is not a quarter"),
        ("x.csv", [], "2027Q1", "There is no file for 2027Q1"),
        ("x.csv", [], "2004Q4", "There is no file for 2004Q4"),
    ],
)
def test_a_quarter_that_is_not_clear_is_asked_for(
    name: str, title: list[str], asked: str | None, sentence: str
) -> None:
    with pytest.raises(ImportFileError, match=sentence.replace("(", r"\(")):
        quarter_of(name, title, asked, date(2026, 8, 1))


def test_a_file_of_the_next_quarter_is_of_today_until_then(sqlite_importer: Importer) -> None:
    today = today_in_california()
    month = 3 * ((today.month - 1) // 3) + 4
    following = date(today.year + month // 13, month % 12, 1)
    content = asp_csv(*five(), effective=f"Effective {following:%B} 1, {following:%Y} through then")
    said = said_by(sqlite_importer.run(content, name="limits.csv"))
    assert said["quarter"] == f"{following.year}Q{(following.month + 2) // 3}"
    assert newest_payment_limits(today) == {}
    assert db.session.scalars(select(ImportRun.as_of)).one() == today


def test_the_layout_is_the_published_one() -> None:
    assert asp_csv(*five()).split("\r\n")[FIRST_LINE - 2] == ",".join(HEADER)
