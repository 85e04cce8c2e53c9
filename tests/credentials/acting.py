"""Credentials for tests of the acts: claimed, submitted, found and decided as people do it."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from directory.credentials.actions import (
    enter_credential,
    expire,
    record_check,
    second_check,
    start_expiring,
    submit_credential,
    take_up,
)
from directory.credentials.checks import Check, CredentialSubmission, Method
from directory.credentials.kinds import CredentialKind
from directory.credentials.models import Credential, QualificationScore, Verification
from directory.credentials.status import NEGATIVE, CredentialStatus
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from directory.web.uploads import CleanFile
from tests import factories

CLINIC, FIRST, SECOND, THIRD = "account:901", "account:902", "account:903", "account:904"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TODAY = today_in_california()
LICENSE = CredentialSubmission(
    CredentialKind.LICENSE,
    "Medical Board of California",
    number="A 1234",
    state="CA",
    issued_on=TODAY - timedelta(days=20 * 365),
    expires_on=TODAY + timedelta(days=500),
)
FOUND = Check(
    CredentialStatus.VERIFIED,
    Method.LOOK_UP_PAGE,
    "Medical Board of California, license search",
    TODAY,
    number="A 1234",
    issued_on=LICENSE.issued_on,
    expires_on=LICENSE.expires_on,
)


def paper(content: bytes = PDF) -> CleanFile:
    return CleanFile(content, "application/pdf", ".pdf", hashlib.sha256(content).hexdigest())


def claimed(npi: str | None = None, submission: CredentialSubmission = LICENSE, actor: str = CLINIC) -> Credential:
    known_source("clinic")
    return enter_credential(actor, npi or factories.provider().npi, submission, source_key="clinic")


def submitted(npi: str | None = None, submission: CredentialSubmission = LICENSE) -> Credential:
    credential = claimed(npi, submission)
    submit_credential(CLINIC, credential, submission)
    return credential


def in_review(npi: str | None = None, submission: CredentialSubmission = LICENSE) -> Credential:
    credential = submitted(npi, submission)
    take_up(FIRST, credential)
    return credential


def found(credential: Credential, outcome: str = "verified", actor: str = FIRST, **values: Any) -> Verification:
    """What `actor` found, with a note where it needs one."""
    note = "The board lists none." if outcome in NEGATIVE else None
    check = replace(FOUND, **{"outcome": CredentialStatus(outcome), "note": note, **values})
    return record_check(actor, credential, check)


def brought_to(status: str, npi: str | None = None) -> Credential:
    """A license in that state, by acts alone."""
    if status == "claimed":
        return claimed(npi)
    if status == "submitted":
        return submitted(npi)
    credential = in_review(npi)
    if status in NEGATIVE:
        second_check(SECOND, found(credential, status), agrees=True)
    elif status != "in_review":
        found(credential)
    if status == "expiring":
        start_expiring(credential, "It lapses soon.", TODAY)
    if status == "expired":
        expire(credential, "It lapsed.")
    assert credential.status == status
    return credential


def score_of(npi: str) -> QualificationScore:
    score = db.session.get(QualificationScore, npi, populate_existing=True)
    assert score is not None
    return score
