"""The invented world: its sources say the same of it, in forms that the imports read."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from directory.imports.licenses.layout import read_layout
from directory.places.distance import miles_between
from directory.places.streets import finding
from directory.places.streets.making import look_into, make_index
from directory.providers.npi import why_not_an_npi
from tests.imports.importer import run_import, said_by
from tests.imports.published import written
from tests.imports.sources.world import AWAY_ZIPS, HOSPITAL_ZIP, NECK, OTHERS, World
from tests.imports.sources.world_answers import answer_to
from tests.imports.sources.world_files import content_at, license_lists, nppes_zip, nucc_file

BASE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def asked(world: World, **params: str) -> list[str]:
    """The NPIs on one page of the registry's answer."""
    query = "&".join(f"{name}={value}" for name, value in {"version": "2.1", "limit": "200", **params}.items())
    return [result["number"] for result in answer_to(world, "/api/", query, BASE)["results"]]


def test_a_seed_makes_the_same_world_again(world: World) -> None:
    assert World().providers == world.providers
    assert len(world.providers) == 3000
    assert not any(map(why_not_an_npi, world.providers))


def test_the_registry_answers_pages_until_it_is_full(world: World) -> None:
    pages = [
        asked(world, postal_code=f"{HOSPITAL_ZIP[:3]}*", taxonomy_description="Neurology", skip=str(skip))
        for skip in range(0, 1200, 200)
    ]
    assert [len(page) for page in pages] == [200] * 6
    assert max(Counter(npi for page in pages for npi in page).values()) == 1
    refused = answer_to(world, "/api/", "version=2.1&postal_code=905*&limit=200&skip=1200", BASE)
    assert "Skip" in refused["Errors"][0]["description"]


def test_the_registry_knows_one_number_and_every_location(world: World) -> None:
    elsewhere = next(each for each in world.providers.values() if len(each.addresses) > 1)
    assert asked(world, number=elsewhere.npi) == [elsewhere.npi]
    assert elsewhere.npi in asked(world, postal_code=elsewhere.addresses[1].postal_code, address_purpose="LOCATION")
    elsewhere.is_active = False
    gone = answer_to(world, "/api/", f"version=2.1&number={elsewhere.npi}", BASE)
    assert gone["Errors"][0]["number"] == "15"
    elsewhere.is_active = True


def test_some_inject_necks_whatever_their_specialty(world: World) -> None:
    assert any(each.injects_necks and each.specialties[0] in OTHERS for each in world.providers.values())
    catalog = answer_to(world, "/v1-1-data.json", "", BASE)
    url = catalog["dataset"][-1]["distribution"][0]["accessURL"].removeprefix(BASE)
    query = f"filter[HCPCS_Cd]={NECK}&filter[Rndrng_Prvdr_State_Abrvtn]=CA"
    rows = answer_to(world, url, f"{query}&size=5000&offset=0", BASE)
    assert answer_to(world, f"{url}/stats", query, BASE)["found_rows"] == len(rows) > 100


def test_its_files_are_read(world: World, app: Flask, tmp_path: Path) -> None:
    small = World(count=60)
    assert said_by(run_import(app, "nucc", written(tmp_path, "nucc_taxonomy_261.csv", nucc_file(small)), "--json"))
    path = written(tmp_path, "NPPES.zip", nppes_zip(small))
    said = said_by(run_import(app, "nppes", path, "--locations", path, "--other-names", path, "--json"))
    assert (said["rejected"], said["files"][0]["added"]) == (0, 60)
    for name, content in license_lists(small).items():
        if name.startswith("Physician"):
            said = said_by(
                run_import(app, "licenses", written(tmp_path, name, content), "--layout", "california", "--json")
            )
            assert said["rejected"] == 0
    assert read_layout("california").source_key


def test_every_address_around_is_on_a_street_of_the_census_bureau(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fips in ("06037", "06059"):
        content = content_at(world, f"/geo/tiger/TIGER2025/ADDRFEAT/tl_2025_{fips}_addrfeat.zip", "", "")
        assert content
        (tmp_path / f"{fips}.zip").write_bytes(content)
    target = tmp_path / "streets.sqlite3"
    make_index([look_into(path) for path in tmp_path.glob("*.zip")], target)
    monkeypatch.setattr(finding, "_file", target)
    addresses = [provider.addresses[0] for provider in world.providers.values()]
    for address in [each for each in addresses if each.street.zip not in AWAY_ZIPS][:100]:
        street = address.street
        place = finding.locate_street(f"{address.line_1}, {street.city}, {street.state} {street.zip}")
        assert place is not None
        assert place.precision == "address"
        assert miles_between(place.point, address.point) < 0.02
