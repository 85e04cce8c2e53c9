"""License numbers that NPPES carries, as submissions: what a provider declared there, until it is verified."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from directory.audit.log import PROGRAM
from directory.credentials.bars import license_name
from directory.credentials.checks import CredentialSubmission
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import number_key
from directory.credentials.models import Credential, Evidence, Verification, VerificationTask
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind, open_key
from directory.extensions import db
from directory.imports.merge import stored_rows
from directory.places.names import STATES
from directory.providers.models import PERSON, Provider, ProviderSpecialty

_License = tuple[str, str, str]  # NPI, state, number_key


class SubmissionsChanged(NamedTuple):
    """How many submissions came and went, and of which providers."""

    added: int
    removed: int
    npis: set[str]


def submit_declared_licenses(npis: Collection[str], source_key: str) -> SubmissionsChanged:
    """Bring the submissions of these providers to the license numbers of their specialties from that source.

    A license that is known already, from any source, is not submitted again. A submission that no person touched goes
    when the source no longer has its number. The caller scores anew.
    """
    declared = _declared(npis, source_key)
    known: set[_License] = set()
    gone: dict[int, str] = {}
    touched = _touched(npis)
    for row in stored_rows(Credential, Credential.npi.in_(npis), Credential.kind == CredentialKind.LICENSE):
        license = (row["npi"], row["state"] or "", number_key(row["number"]))
        ours = row["source_key"] == source_key and row["entered_by"] == PROGRAM and row["id"] not in touched
        if ours and row["status"] == CredentialStatus.CLAIMED and license not in declared:
            gone[row["id"]] = row["npi"]
        else:
            known.add(license)
    new = {license: declared[license] for license in declared if license not in known}
    if gone:
        db.session.execute(delete(Credential).where(Credential.id.in_(gone)))
    if new:
        _add(new, source_key)
    return SubmissionsChanged(len(new), len(gone), {*gone.values(), *(license[0] for license in new)})


def _declared(npis: Collection[str], source_key: str) -> dict[_License, tuple[str, date]]:
    """The number as written and its day, of each license that a person's specialties name."""
    specialty = ProviderSpecialty
    rows = db.session.execute(
        select(specialty.npi, specialty.license_state, specialty.license_number, specialty.as_of)
        .join(Provider, Provider.npi == specialty.npi)
        .where(
            specialty.npi.in_(npis),
            specialty.source_key == source_key,
            specialty.license_number.is_not(None),
            specialty.license_state.in_(STATES),
            Provider.entity_type == PERSON,
            Provider.merged_into.is_(None),
        )
        .order_by(specialty.npi, specialty.is_primary.desc(), specialty.specialty_code)
    )
    declared: dict[_License, tuple[str, date]] = {}
    for row in rows:
        key = number_key(row.license_number)
        if key:
            declared.setdefault((row.npi, row.license_state, key), (row.license_number, row.as_of))
    return declared


def _touched(npis: Collection[str]) -> set[int]:
    """Credentials with a check, evidence or submission."""
    of_these = Credential.npi.in_(npis)
    return {
        *db.session.scalars(select(Verification.credential_id).join(Credential).where(of_these)),
        *db.session.scalars(select(Evidence.credential_id).join(Credential).where(of_these)),
        *db.session.scalars(select(Credential.id).where(of_these, Credential.submitted_by.is_not(None))),
    }


def _add(new: dict[_License, tuple[str, date]], source_key: str) -> None:
    rows = []
    for (npi, state, _), (number, as_of) in new.items():
        submission = asdict(
            CredentialSubmission(CredentialKind.LICENSE, f"{STATES[state]} licensing board", number=number, state=state)
        )
        rows.append(
            {
                "npi": npi,
                **submission,
                "submission": submission,
                "status": CredentialStatus.CLAIMED,
                "public_discipline": False,
                "entered_by": PROGRAM,
                "source_key": source_key,
                "as_of": as_of,
                "version": 1,
            }
        )
    added = db.session.execute(insert(Credential).returning(Credential.id, Credential.npi, Credential.state), rows)
    db.session.execute(
        insert(VerificationTask),
        [
            {
                "kind": TaskKind.CLAIMED,
                "npi": row.npi,
                "credential_id": row.id,
                "open_key": open_key(TaskKind.CLAIMED, Credential.__tablename__, row.id),
                "sentence": f"{_capital(license_name(row.state).english)} claimed in NPPES.",
                "opened_at": datetime.now(UTC),
            }
            for row in added
        ],
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
