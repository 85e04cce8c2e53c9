"""Bulk writes of what a file says."""

import pytest
from flask import Flask

from directory.credentials.models import MedicareEnrollment, MedicareYear
from directory.extensions import db
from directory.imports.merge import Merge, delete_missing, stored_rows, write
from directory.providers import revision
from directory.providers.revision import changed_since, current_revision
from tests import factories


def test_bulk_writes_tell_the_search_where_it_ranks_by_the_table(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    before = current_revision()
    row = {"npi": npi, "source_key": "demo", "as_of": factories.DAY}
    write(MedicareYear, Merge(inserts=[{**row, "year": 2023}]))
    db.session.commit()
    assert changed_since(before) == {npi}
    write(MedicareYear, Merge(updates=[(stored_rows(MedicareYear)[0], {"year": 2024})]))
    db.session.commit()
    assert changed_since(before + 1) == {npi}
    delete_missing(MedicareYear, ())
    db.session.commit()
    assert changed_since(before + 2) == {npi}
    write(MedicareEnrollment, Merge(inserts=[row]))
    write(MedicareYear, Merge())
    db.session.commit()
    assert current_revision() == before + 3


def test_an_import_of_many_providers_names_none(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "MAX_NAMED", 1)
    npis = [factories.provider().npi for _ in range(2)]
    db.session.commit()
    before = current_revision()
    for npi in npis:
        row = {"npi": npi, "year": 2023, "source_key": "demo", "as_of": factories.DAY}
        write(MedicareYear, Merge(inserts=[row]))
    assert db.session.info[revision.RANKED] == {revision.EVERYTHING}
    db.session.commit()
    assert changed_since(before) is None
