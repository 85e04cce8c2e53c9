"""The index of an invented county, made once."""

from pathlib import Path

import pytest

from directory.places.streets import finding
from directory.places.streets.making import look_into, make_index
from tests.places.streets.invented_county import InventedCounty, invent_county
from tests.places.streets.tiger import write_addrfeat


@pytest.fixture(scope="session")
def county() -> InventedCounty:
    return invent_county()


@pytest.fixture(scope="session")
def street_zip(county: InventedCounty, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's zip, as the Census Bureau publishes one."""
    return write_addrfeat(tmp_path_factory.mktemp("tiger"), county.rows)


@pytest.fixture(scope="session")
def street_index(street_zip: Path) -> Path:
    target = street_zip.with_name("streets.sqlite3")
    make_index([look_into(street_zip)], target)
    return target


@pytest.fixture
def streets(street_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Addresses are placed by the county's index."""
    monkeypatch.setattr(finding, "_file", street_index)
    return street_index
