"""Which records of the boards' files are of the license that a credential names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import number_key
from directory.credentials.models import Credential, LicenseRecord
from directory.extensions import db
from directory.web.chunks import chunks

MAX_AT_ONCE = 500  # values in one statement


@dataclass(frozen=True, slots=True)
class SubmittedLicense:
    """State and number of a license as last claimed."""

    state: str
    number: str

    @property
    def key(self) -> tuple[str, str]:
        return self.state, number_key(self.number)


def license_of(state: str | None, number: str | None, submission: Mapping[str, Any] | None) -> SubmittedLicense | None:
    """State and number as claimed, else as in force; None when either is not known."""
    submission = submission or {}
    license = SubmittedLicense(submission.get("state") or state or "", submission.get("number") or number or "")
    return license if license.state and license.key[1] else None


def records_of(credential: Credential) -> Sequence[LicenseRecord]:
    """What the boards' files have under the state and number that was submitted; nothing for no license."""
    if credential.kind != CredentialKind.LICENSE:
        return []
    license = license_of(credential.state, credential.number, credential.submission)
    return records_by_key([license]).get(license.key, []) if license else []


def records_by_key(licenses: Iterable[SubmittedLicense]) -> dict[tuple[str, str], list[LicenseRecord]]:
    """The records of each license, by its key."""
    keys = sorted({license.key for license in licenses})
    found: dict[tuple[str, str], list[LicenseRecord]] = defaultdict(list)
    for some in chunks(keys, MAX_AT_ONCE):
        for record in db.session.scalars(
            select(LicenseRecord)
            .where(
                LicenseRecord.state.in_({state for state, _ in some}),
                LicenseRecord.number_key.in_({number for _, number in some}),
            )
            .options(lazyload(LicenseRecord.source))  # a handful of sources, and thousands of records
            .order_by(LicenseRecord.id)
        ):
            found[record.state, record.number_key].append(record)
    return found
