"""Which files a source has now: the newest of a kind on its page, the newest version that exists, those of an area."""

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import FetchedFile
from directory.imports.sources import client, whole_files
from directory.imports.sources.store import sources_folder
from tests.imports.asp_files import asp_csv, five
from tests.imports.cms_files import CLINICIAN_HEADER
from tests.imports.published import nucc_csv, person, providers_csv, specialty
from tests.imports.sources.server import SourcesServer

NPPES, ASP = "/nppes/NPI_Files.html", "/medicare/payment/part-b-drugs/asp-pricing-files"
NUCC = "/images/stories/CSV/nucc_taxonomy_{}.csv"
CLINICIANS = "/provider-data/api/1/metastore/schemas/dataset/items/mj5m-pzi6"


@pytest.fixture
def server(sqlite_app: Flask, sources_server: SourcesServer, monkeypatch: pytest.MonkeyPatch) -> SourcesServer:
    sources_server.answer_for(sqlite_app)
    monkeypatch.setattr(client, "sleep", lambda seconds: None)
    monkeypatch.setattr(whole_files, "today_in_california", lambda: date(2026, 11, 12))
    return sources_server


@pytest.fixture
def cli(sqlite_app: Flask) -> FlaskCliRunner:
    return sqlite_app.test_cli_runner()


def zipped(*names: str, body: str = "") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, body)
    return file.getvalue()


def page(*links: str) -> str:
    return (
        "<html><body>" + "".join(f"<li><a href='{link}'><b>File</b> here</a></li>" for link in links) + "</body></html>"
    )


def fetch(cli: FlaskCliRunner, *arguments: str) -> list[str]:
    """Fetch without a mistake; returns where each file came from, without the server's name."""
    done = cli.invoke(args=["sources", "fetch", *arguments])
    assert done.exit_code == 0, done.output
    files = db.session.scalars(select(FetchedFile).order_by(FetchedFile.id))
    return ["/" + file.address.split("/", 3)[3] for file in files]


def fail(cli: FlaskCliRunner, *arguments: str) -> str:
    done = cli.invoke(args=["sources", "fetch", *arguments])
    assert done.exit_code == 1, done.output
    return done.stderr


@pytest.fixture
def nppes(server: SourcesServer) -> SourcesServer:
    """A page of links as it is published, with the newest of each kind in the middle."""
    providers = zipped("npidata_pfile_20261102-20261108.csv", "notes.pdf", body=providers_csv(person()))
    files = {
        "NPPES_Data_Dissemination_Readme_v.2.pdf": b"%PDF",
        "NPPES_Data_Dissemination_October_2026.zip": b"the old form",
        "NPPES_Data_Dissemination_October_2026_V2.zip": providers,
        "NPPES_Data_Dissemination_September_2026_V2.zip": b"older",
        "NPPES_Data_Dissemination_Never_2026_V2.zip": b"no month",
        "NPPES_Data_Dissemination_102626_110126_Weekly_V2.zip": b"older",
        "NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip": providers,
        "NPPES_Data_Dissemination_122925_010426_Weekly_V2.zip": b"older, though its months are later",
        "NPPES_Deactivated_NPI_Report_110926_V2.zip": b"a workbook",
    }
    server.put(NPPES, page(*(f"./{name}" for name in files)))
    for name, body in files.items():
        server.put(f"/nppes/{name}", body)
    return server


def test_of_nppes_the_newest_weekly_file_is_fetched(nppes: SourcesServer, cli: FlaskCliRunner) -> None:
    assert fetch(cli, "nppes") == ["/nppes/NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip"]
    names = sorted(path.name for path in (sources_folder() / "nppes").glob("*.zip"))
    assert names[0] == "20261108-NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip"


def test_after_weeks_without_a_fetch_each_week_since_is_fetched(
    nppes: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner
) -> None:
    weeks = ["110926_111526", "111626_112226", "112326_112926"]
    files = [f"/nppes/NPPES_Data_Dissemination_{week}_Weekly_V2.zip" for week in weeks]
    first = fetch(cli, "nppes")
    page_before = nppes.pages[NPPES].body.decode()
    for file in files:
        nppes.put(file, zipped("npidata_pfile_20261102-20261108.csv", file, body=providers_csv(person())))
    nppes.put(NPPES, page(*reversed(files)) + page_before)
    sqlite_app.config["SOURCES_KEPT"] = 4
    assert fetch(cli, "nppes") == [*first, *files]
    assert fetch(cli, "nppes") == [*first, *files]
    assert [len(nppes.asked(file)) for file in (*first, *files)] == [2, 1, 1, 2]


def test_with_whole_the_newest_monthly_file_of_the_newer_form_is_fetched_too(
    nppes: SourcesServer, cli: FlaskCliRunner
) -> None:
    assert fetch(cli, "nppes", "--whole")[0] == "/nppes/NPPES_Data_Dissemination_October_2026_V2.zip"


def test_a_file_that_is_missing_leaves_the_others_of_its_source(nppes: SourcesServer, cli: FlaskCliRunner) -> None:
    del nppes.pages["/nppes/NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip"]
    done = cli.invoke(args=["sources", "fetch", "nppes", "--whole"])
    assert (done.exit_code, "404" in done.stderr) == (1, True)
    assert "nppes, monthly: " in done.stdout


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "is an empty page: try again later"),
        (page("about.html", "NPPES_Data_Dissemination_Readme.pdf"), "has no link to the weekly file"),
        ("<<<a href=>not a page", "has no link to the weekly file"),
    ],
)
def test_a_page_without_links_says_what_to_do(
    server: SourcesServer, cli: FlaskCliRunner, body: str, reason: str
) -> None:
    server.put(NPPES, body)
    said = fail(cli, "nppes")
    assert reason in said
    assert "read it with `flask import nppes`, or set SOURCE_NPPES_URL" in said


def test_a_link_into_a_private_network_is_not_followed(server: SourcesServer, cli: FlaskCliRunner) -> None:
    weekly = "NPPES_Data_Dissemination_110226_110826_Weekly_V2.zip"
    server.put(NPPES, page(f"http://[not an address/{weekly}", f"http://10.0.0.7/{weekly}"))
    assert "which is in a private network: not followed" in fail(cli, "nppes")
    assert [request.path for request in server.requests] == [NPPES]


def test_the_newest_version_of_the_taxonomy_that_exists_is_fetched(server: SourcesServer, cli: FlaskCliRunner) -> None:
    known, newer = nucc_csv(specialty()), nucc_csv(specialty(), specialty(code="2084N0400X"))
    server.put(NUCC.format(261), known)
    assert fetch(cli, "nucc") == [NUCC.format(261)]
    assert [request.path for request in server.requests] == [NUCC.format(270), NUCC.format(261)]
    server.put(NUCC.format(270), "<html>Page not found</html>")
    assert fetch(cli, "nucc") == [NUCC.format(261)]
    server.put(NUCC.format(270), newer)
    assert fetch(cli, "nucc") == [NUCC.format(261), NUCC.format(270)]
    del server.pages[NUCC.format(270)]
    assert "270.csv answered 404" in fail(cli, "nucc")  # rather than go back to an older version


@pytest.mark.parametrize(
    ("address", "today", "tried"),
    [
        ("https://a/t_241.csv", date(2026, 3, 1), ["261", "260", "251", "250", "241"]),
        ("https://a/t_261.csv", date(2026, 7, 1), ["270", "261"]),
        ("https://a/t_270.csv", date(2026, 7, 1), ["270"]),
        ("https://a/t_280.csv", date(2026, 7, 1), ["280"]),
    ],
)
def test_versions_are_tried_from_the_next_one_down_to_the_known(address: str, today: date, tried: list[str]) -> None:
    assert [each[-7:-4] for each in whole_files._versions(address, today)] == tried


def test_a_taxonomy_of_another_name_is_fetched_as_it_is(
    server: SourcesServer, sqlite_app: Flask, cli: FlaskCliRunner
) -> None:
    sqlite_app.config["SOURCE_NUCC_URL"] = f"{server.url}/taxonomy.csv"
    server.put("/taxonomy.csv", nucc_csv(specialty()))
    assert fetch(cli, "nucc") == ["/taxonomy.csv"]


def test_of_the_payment_limits_the_quarter_that_has_begun_and_the_next_are_fetched(
    server: SourcesServer, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in ("october-2026", "january-2027"):
        server.put(f"/files/{month}-asp-pricing-file.zip", zipped("asp pricing.csv", month, body=asp_csv(*five())))
    server.put(ASP, page(*(f"/files/{m}-asp-pricing-file.zip" for m in ("january-2027", "october-2026", "july-2026"))))
    assert fetch(cli, "cms-asp") == [
        "/files/october-2026-asp-pricing-file.zip",
        "/files/january-2027-asp-pricing-file.zip",
    ]
    monkeypatch.setattr(whole_files, "today_in_california", lambda: date(2027, 5, 1))
    assert len(fetch(cli, "cms-asp")) == 2


def test_of_the_payment_limits_the_prices_are_told_from_what_is_beside_them(
    server: SourcesServer, cli: FlaskCliRunner
) -> None:
    prices = zipped("section 508 version of October 2026 ASP Pricing File 090126.csv", body=asp_csv(*five()))
    server.put(
        ASP,
        "<a href='/files/zip/july-2026-asp-pricing-file.zip'>July 2026 ASP Pricing File (ZIP)</a>"
        "<a href='/files/zip/october-2026-noc-pricing-file.zip'>October 2026 NOC Pricing File (ZIP)</a>"
        "<a href='/files/zip/october-2026-ndc-hcpcs-crosswalk.zip'>October 2026 ASP NDC-HCPCS Crosswalk</a>"
        "<a href='/files/zip/prices-final.zip'>October 2026 Medicare Part B Payment Limit Files <i>(final)</i></a>"
        "<a href='/files/document/october-2026-asp-pricing.pdf'>October 2027 ASP</a>",
    )
    server.put("/files/zip/prices-final.zip", prices)
    assert fetch(cli, "cms-asp") == ["/files/zip/prices-final.zip"]
    server.put(ASP, page("/about"))
    assert "has no link to the zip of a quarter" in fail(cli, "cms-asp")


def test_the_file_of_clinicians_is_where_its_catalog_says(server: SourcesServer, cli: FlaskCliRunner) -> None:
    file = "/provider-data/sites/default/files/resources/69a7/DAC_NationalDownloadableFile.csv"
    server.answer(CLINICIANS, lambda query: {"distribution": [{"data": {"downloadURL": server.url + file}}]})
    server.put(file, ",".join(CLINICIAN_HEADER) + "\n")
    assert fetch(cli, "cms_clinicians", "--whole") == [file]
    server.answer(CLINICIANS, lambda query: {"distribution": []})
    assert "names no downloadURL" in fail(cli, "cms_clinicians", "--whole")
    server.answer(CLINICIANS, lambda query: b"<html>not JSON</html>")
    assert "did not answer in JSON but with “<html>not JSON</html>”" in fail(cli, "cms_clinicians", "--whole")


def test_a_publishers_words_cannot_steer_the_terminal(server: SourcesServer, cli: FlaskCliRunner) -> None:
    server.answer(CLINICIANS, lambda query: b"\x1b]0;owned\x07<html>")
    said = fail(cli, "cms_clinicians", "--whole")
    assert "did not answer in JSON but with “\N{REPLACEMENT CHARACTER}]0;owned" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_streets_and_the_rest_of_the_map_are_those_of_the_counties_around(
    server: SourcesServer, cli: FlaskCliRunner
) -> None:
    def shapefile(query: dict[str, list[str]]) -> bytes:
        return zipped(*(f"{Path(query['path'][0]).stem}{ending}" for ending in (".shp", ".shx", ".dbf", ".prj")))

    server.answer("/geo/tiger/TIGER2025/", shapefile)
    fetched = fetch(cli, "tiger", "--near", "Torrance, CA", "--radius", "8")
    asked = [request.path for request in server.requests if "PLACE" in request.path]
    assert asked == [f"/geo/tiger/TIGER{year}/PLACE/tl_{year}_06_place.zip" for year in (2026, 2025)]
    assert fetched == [
        "/geo/tiger/TIGER2025/ADDRFEAT/tl_2025_06037_addrfeat.zip",
        "/geo/tiger/TIGER2025/AREAWATER/tl_2025_06037_areawater.zip",
        "/geo/tiger/TIGER2025/PRISECROADS/tl_2025_06_prisecroads.zip",
        "/geo/tiger/TIGER2025/PLACE/tl_2025_06_place.zip",
    ]
    parts = db.session.scalars(select(FetchedFile.part).order_by(FetchedFile.id)).all()
    assert parts == ["addrfeat 06037", "areawater 06037", "prisecroads 06", "place 06"]


def test_a_zip_without_a_shapefile_is_no_street_file(server: SourcesServer, cli: FlaskCliRunner) -> None:
    server.answer("/geo/tiger/TIGER2025/", lambda query: zipped("readme.txt"))
    assert "it holds no .shp and no .shx and no .dbf" in fail(cli, "tiger", "--near", "90503", "--radius", "5")


def test_without_a_name_all_that_have_an_address_are_fetched_and_one_that_fails_leaves_the_others(
    nppes: SourcesServer, cli: FlaskCliRunner
) -> None:
    nppes.put(NUCC.format(261), nucc_csv(specialty()))
    done = cli.invoke(args=["sources", "fetch"])
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
        "nucc, taxonomy",
        "cms_services",
        "nppes, weekly",
        "cms_clinicians",
        "tiger",
    ]
    assert "tiger: left out. Say around which place, with --near" in done.stdout
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["leie", "medi_cal_suspended", "cms_asp"]
