"""Which records of the boards' files are of the licence that a credential claims."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from directory.credentials.kinds import CredentialKind
from directory.credentials.licence_records import number_key
from directory.credentials.models import Credential, LicenceRecord
from directory.extensions import db

MOST_AT_ONCE = 500  # values in one statement


@dataclass(frozen=True, slots=True)
class ClaimedLicence:
    """State and number of a licence as last claimed."""

    state: str
    number: str

    @property
    def key(self) -> tuple[str, str]:
        return self.state, number_key(self.number)


def licence_of(state: str | None, number: str | None, claim: Mapping[str, Any] | None) -> ClaimedLicence | None:
    """State and number as claimed, else as in force; None when either is not known."""
    claim = claim or {}
    licence = ClaimedLicence(claim.get("state") or state or "", claim.get("number") or number or "")
    return licence if licence.state and licence.key[1] else None


def records_of(credential: Credential) -> Sequence[LicenceRecord]:
    """What the boards' files have under the state and number that the credential claims; nothing for no licence."""
    if credential.kind != CredentialKind.LICENCE:
        return []
    licence = licence_of(credential.state, credential.number, credential.claim)
    return records_by_key([licence]).get(licence.key, []) if licence else []


def records_by_key(licences: Iterable[ClaimedLicence]) -> dict[tuple[str, str], list[LicenceRecord]]:
    """The records of each licence, by its key."""
    keys = sorted({licence.key for licence in licences})
    found: dict[tuple[str, str], list[LicenceRecord]] = defaultdict(list)
    for start in range(0, len(keys), MOST_AT_ONCE):
        some = keys[start : start + MOST_AT_ONCE]
        for record in db.session.scalars(
            select(LicenceRecord)
            .where(
                LicenceRecord.state.in_({state for state, _ in some}),
                LicenceRecord.number_key.in_({number for _, number in some}),
            )
            .options(lazyload(LicenceRecord.source))  # a handful of sources, and thousands of records
            .order_by(LicenceRecord.id)
        ):
            found[record.state, record.number_key].append(record)
    return found
