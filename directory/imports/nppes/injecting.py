"""Who injects necks by Medicare's files and is not in the directory yet: NPPES brings them in, with their volumes."""

from collections.abc import Collection

import numpy as np
from sqlalchemy import delete, insert, select

from directory.credentials.models import MedicareYear, ProcedureVolume, UnlistedVolume
from directory.extensions import db
from directory.imports.merge import stored_rows
from directory.imports.reading.npis import NpiSet
from directory.providers.revision import note_search_change


def injecting_npis() -> NpiSet:
    """Those of whom Medicare's files have neck injections."""
    npis = db.session.scalars(select(UnlistedVolume.npi).distinct())
    return NpiSet(np.array([int(npi) for npi in npis], np.int64))


def take_volumes(npis: Collection[str]) -> set[str]:
    """Give providers who came into the directory what they billed, as kept until now. Returns whose facts changed.

    The caller scores anew.
    """
    rows = stored_rows(UnlistedVolume, UnlistedVolume.npi.in_(npis)) if npis else []
    if not rows:
        return set()
    years = {(row["npi"], row["year"]): row for row in rows}
    db.session.execute(insert(ProcedureVolume), [dict(row) for row in rows])
    listed = ("npi", "year", "source_key", "as_of")
    db.session.execute(insert(MedicareYear), [{name: row[name] for name in listed} for row in years.values()])
    came = {row["npi"] for row in rows}
    db.session.execute(delete(UnlistedVolume).where(UnlistedVolume.npi.in_(came)))
    note_search_change(came)
    return came
