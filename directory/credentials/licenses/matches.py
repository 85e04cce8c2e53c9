"""Licenses beside the records of the boards' files: which records are of a license, and which agree with it exactly."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import lazyload

from directory.credentials.checks import faults_of_age
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import number_key
from directory.credentials.models import Credential, LicenseRecord
from directory.credentials.name_keys import PersonName, names_agree
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.chunks import chunks
from directory.web.days import today_in_california
from directory.web.pagination import Pages

MAX_AT_ONCE = 500  # values in one statement
MATCHES_A_PAGE = 50  # as many as are confirmed at once
TO_CONFIRM = (CredentialStatus.CLAIMED, CredentialStatus.SUBMITTED)


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


@dataclass(frozen=True, slots=True)
class ExactMatch:
    """A claimed license and the one record that agrees with it."""

    credential_id: int
    record: LicenseRecord


def exact_matches() -> list[ExactMatch]:
    """All of them, in the order in which they were claimed."""
    return _matched(_claimed())


def page_of_matches(number: int) -> tuple[Pages, Sequence[ExactMatch]]:
    """A page of them; one beyond the last is the last. All are compared for it: 0.5 s for 5,000 of them."""
    matches = exact_matches()
    pages = Pages.nearest(number, MATCHES_A_PAGE, len(matches))
    return pages, matches[pages.skipped : pages.last_entry]


def exact_match_of(credential_id: int) -> ExactMatch | None:
    """The match of one credential as things stand now; None when it is none."""
    found = _matched(_claimed().where(Credential.id == credential_id))
    return found[0] if found else None


def credentials_of(ids: Collection[int]) -> dict[int, tuple[Credential, Provider]]:
    """The credentials with these ids that are still there, each with its provider."""
    rows = db.session.execute(
        select(Credential, Provider)
        .join(Provider, Provider.npi == Credential.npi)
        .where(Credential.id.in_(ids))
        .options(lazyload(Credential.source), lazyload(Provider.source))
    )
    return {credential.id: (credential, provider) for credential, provider in rows}


def agrees_exactly(record: LicenseRecord, today: date) -> bool:
    """Whether a record speaks for its holder: active, not lapsed, no public actions, read lately enough."""
    lapsed = record.expires_on is not None and record.expires_on < today
    return (
        record.active
        and not record.revoked
        and not lapsed
        and not (record.public_actions or "").strip()
        and not faults_of_age(record.as_of, today)
    )


def _claimed() -> Select[Any]:
    """Licenses that no verifier has taken up; plain columns, for there may be thousands."""
    return (
        select(
            Credential.id,
            Credential.state,
            Credential.number,
            Credential.submission,
            Provider.first_name,
            Provider.last_name,
        )
        .join(Provider, Provider.npi == Credential.npi)
        .where(Credential.kind == CredentialKind.LICENSE, Credential.status.in_(TO_CONFIRM))
        .order_by(Credential.id)
    )


def _matched(claimed: Select[Any]) -> list[ExactMatch]:
    """Those of whom one record alone bears the name under state and number, and agrees. Two need a person's eyes."""
    rows = db.session.execute(claimed).all()
    licenses = {row.id: license for row in rows if (license := license_of(row.state, row.number, row.submission))}
    records = records_by_key(licenses.values())
    today = today_in_california()
    matches = []
    for row in rows:
        license = licenses.get(row.id)
        name = PersonName(row.first_name or "", row.last_name or "")
        under_key = records.get(license.key, []) if license else []
        named = [record for record in under_key if names_agree(name, record.name)]
        if len(named) == 1 and agrees_exactly(named[0], today):
            matches.append(ExactMatch(row.id, named[0]))
    return matches
