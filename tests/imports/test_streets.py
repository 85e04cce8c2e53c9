"""`flask import streets`: the index of streets is made whole or stays as it was, and tells what it holds."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.imports.models import ImportRun
from directory.places.streets.finding import locate_street
from directory.places.streets.index import counties_in
from tests.imports.importer import run_import, said_by
from tests.places.streets.invented_county import InventedCounty, invent_county
from tests.places.streets.tiger import AddressRange, write_addrfeat

LINE = ((-118.35, 33.83), (-118.34, 33.83))
HERE = AddressRange("Elm St", LINE, ("100", "198"), ("101", "199"), "90503", "90503", "E", "O")
THERE = AddressRange("Oak St", ((-117.91, 33.83), (-117.9, 33.83)), ("2", "98"), ("1", "99"), "92805", "92805")
ELM, OAK = "150 Elm St, Torrance, CA 90503", "50 Oak St, Anaheim, CA 92805"


@pytest.fixture(scope="module")
def small_county() -> InventedCounty:
    return invent_county(("90503", "90717"), streets_a_zip=10)


@pytest.fixture
def index(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app keeps its index and its map."""
    file = tmp_path / "instance" / "streets.sqlite3"
    monkeypatch.setitem(app.config, "STREETS_FILE", str(file))
    monkeypatch.setitem(app.config, "MAP_FILE", str(file.with_suffix(".pmtiles")))
    monkeypatch.setattr("directory.places.streets.finding._file", file)
    return file


def members(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(path: Path, contents: dict[str, bytes]) -> None:
    with ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


@pytest.mark.postgresql
def test_a_county_is_read_and_told_of(app: Flask, index: Path, tmp_path: Path, small_county: InventedCounty) -> None:
    path = write_addrfeat(tmp_path, small_county.rows)
    done = run_import(app, "streets", str(path))
    assert f"{len(small_county.rows):,} read, {len(small_county.rows):,} added" in done.stdout
    assert "of Los Angeles County, CA (2025): 0.1 MB." in done.stdout
    house = small_county.houses[7]
    assert locate_street(f"{house.number} {house.street}, {house.city}, CA {house.zip}")
    run = db.session.scalars(select(ImportRun)).one()
    assert (run.source_key, run.status, run.added) == ("tiger", "done", len(small_county.rows))
    assert run.as_of
    told = app.test_cli_runner().invoke(args=["sources", "status"]).stdout
    assert "in the index of streets: Los Angeles County, CA (2025, " in told
    assert "The map holds " in done.stdout
    assert index.with_suffix(".pmtiles").stat().st_size > 1000


def test_the_same_file_again_changes_nothing(app: Flask, index: Path, tmp_path: Path) -> None:
    path = str(write_addrfeat(tmp_path, [HERE]))
    assert said_by(run_import(app, "streets", path, "--json"))["added"] == 1
    before = (index.stat().st_mtime_ns, index.with_suffix(".pmtiles").stat().st_mtime_ns)
    again = said_by(run_import(app, "streets", path, "--json"))
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert (index.stat().st_mtime_ns, index.with_suffix(".pmtiles").stat().st_mtime_ns) == before


def test_another_county_is_added_to_those_before(app: Flask, index: Path, tmp_path: Path) -> None:
    first, second = write_addrfeat(tmp_path, [HERE]), write_addrfeat(tmp_path, [THERE], "06059")
    run_import(app, "streets", str(first))
    done = run_import(app, "streets", str(second))
    assert "Los Angeles County, CA (2025), Orange County, CA (2025)" in done.stdout
    assert "The map was not drawn again: that takes the zips of Los Angeles County, CA in the same call." in done.stdout
    assert locate_street(ELM)
    assert locate_street(OAK)
    assert "The map holds 2 lines of roads" in run_import(app, "streets", str(first), str(second)).stdout


def test_a_new_edition_replaces_its_county_alone(app: Flask, index: Path, tmp_path: Path) -> None:
    run_import(app, "streets", str(write_addrfeat(tmp_path, [HERE])), str(write_addrfeat(tmp_path, [THERE], "06059")))
    run_import(app, "streets", str(write_addrfeat(tmp_path, [THERE], "06037", 2026)))
    assert [(each.fips, each.edition) for each in counties_in(index)] == [("06037", 2026), ("06059", 2025)]
    assert locate_street(ELM) is None
    assert locate_street(OAK)


@pytest.mark.filterwarnings("ignore:Declared file size")  # pyshp tells of a file that is cut
@pytest.mark.parametrize("broken", ["cut", "member cut", "no zip", "other files", "no column", "no numbers", "twice"])
def test_a_file_that_cannot_be_read_leaves_the_index_as_it_was(
    app: Flask, index: Path, tmp_path: Path, broken: str
) -> None:
    run_import(app, "streets", str(write_addrfeat(tmp_path / "old", [HERE])))
    before = index.read_bytes()
    path = write_addrfeat(tmp_path, [THERE] * 500, leave_out="ZIPL" if broken == "no column" else "")
    paths, says = [str(path)], "download it again"
    if broken == "cut":
        path.write_bytes(path.read_bytes()[:2000])
    elif broken == "member cut":
        write_members(path, {name: content[: len(content) // 2] for name, content in members(path).items()})
    elif broken == "no zip":
        path.write_text("<html>busy</html>")
    elif broken == "other files":
        write_members(path, {name.replace("addrfeat", "place"): content for name, content in members(path).items()})
        says = "use TIGER/Line's ADDRFEAT zips"
    elif broken == "no column":
        says = "lacks the columns ZIPL"
    elif broken == "no numbers":
        write_addrfeat(tmp_path, [AddressRange("Elm St", LINE)])
        says = "holds no street with house numbers"
    else:
        paths, says = [*paths, str(write_addrfeat(tmp_path / "again", [THERE]))], "are both of Los Angeles County, CA"
    done = run_import(app, "streets", *paths)
    assert done.exit_code == 1
    assert says in done.stderr
    assert "Nothing was changed." in done.stderr
    assert "Traceback" not in done.output
    assert index.read_bytes() == before
    assert [each.name for each in index.parent.iterdir() if each.suffix == ".part"] == []


def test_a_disk_that_is_full_leaves_the_index_as_it_was(
    app: Flask, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_import(app, "streets", str(write_addrfeat(tmp_path / "old", [HERE])))
    before = index.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = run_import(app, "streets", str(write_addrfeat(tmp_path, [THERE])))
    assert "No space left on device" in done.stderr
    assert index.read_bytes() == before
    assert [each.name for each in index.parent.iterdir() if each.suffix == ".part"] == []


def test_what_a_killed_import_left_behind_goes_with_the_next(app: Flask, index: Path, tmp_path: Path) -> None:
    index.parent.mkdir()
    left = index.with_name(f"{index.name}-abc.part")
    left.write_bytes(b"half an index")
    run_import(app, "streets", str(write_addrfeat(tmp_path, [HERE])))
    assert locate_street(ELM)
    assert not left.exists()


def test_a_line_that_is_nowhere_on_earth_leaves_the_index_as_it_was(app: Flask, index: Path, tmp_path: Path) -> None:
    for x in (float("nan"), 1e9):
        nowhere = AddressRange("Elm St", [(x, 33.8), (x, 33.9)], ("1", "9"), ("2", "8"), "90503", "9050A")
        done = run_import(app, "streets", str(write_addrfeat(tmp_path, [HERE, nowhere])))
        assert done.exit_code == 1
        assert "is damaged" in done.stderr
        assert not index.exists()


def test_what_cannot_be_read_is_left_out_and_counted(app: Flask, index: Path, tmp_path: Path) -> None:
    odd = AddressRange("Elm Ave", LINE, ("12-1", "14-9"), ("1", "9"), "90503", "90503")
    nameless = AddressRange("", LINE, ("1", "9"), ("2", "8"), "90503", "90503")
    done = run_import(app, "streets", str(write_addrfeat(tmp_path, [HERE, odd, nameless])))
    assert "3 read, 2 added, 0 changed, 0 unchanged, 1 skipped" in done.stdout
    assert "1 range of house numbers was left out" in done.stdout
    assert "such as 12-1 to 14-9." in done.stdout


def test_an_index_of_another_layout_is_made_anew(app: Flask, index: Path, tmp_path: Path) -> None:
    index.parent.mkdir()
    index.write_bytes(b"not an index")
    assert locate_street(ELM) is None
    run_import(app, "streets", str(write_addrfeat(tmp_path, [HERE])))
    assert locate_street(ELM)
