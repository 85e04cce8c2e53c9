"""License numbers in NPPES become claims of people, once each, and go with the number unless somebody acted on them."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.credentials.exclusions.models import ListedExclusion
from directory.credentials.models import Credential, QualificationScore, VerificationTask
from directory.credentials.status import CredentialStatus
from directory.extensions import db
from directory.providers.sources import known_source
from directory.web.phrases import read_phrase
from tests import factories
from tests.imports.importer import Importer
from tests.imports.published import deactivated, organization, person, providers_csv, real_npi

ANA = real_npi(1)


@pytest.fixture
def nppes(app: Flask, tmp_path: Path) -> Importer:
    return Importer(app, tmp_path, "nppes", providers_csv, "npidata_pfile.csv")


def claims(npi: str = ANA) -> list[tuple[str | None, str | None, str]]:
    rows = db.session.scalars(select(Credential).where(Credential.npi == npi).order_by(Credential.number))
    return [(row.state, row.number, row.status) for row in rows]


def test_a_license_number_becomes_a_claim_with_a_task_and_counts_for_nothing(nppes: Importer) -> None:
    nppes(person())
    credential = db.session.scalars(select(Credential)).one()
    assert claims() == [("CA", "A12345", "claimed")]
    assert (credential.issuer, credential.source_key, credential.entered_by) == (
        "California licensing board",
        "nppes",
        "program",
    )
    assert credential.submission is not None
    assert (credential.submission["number"], credential.submission["state"], credential.submission["kind"]) == (
        "A12345",
        "CA",
        "license",
    )
    task = db.session.scalars(select(VerificationTask)).one()
    assert (task.kind, task.credential_id, task.sentence) == (
        "claimed",
        credential.id,
        "California license claimed in NPPES.",
    )
    score = db.session.get(QualificationScore, ANA)
    assert score is not None
    assert (score.points, read_phrase(score.awards[0]["why"]).english) == (0, "claimed, not verified")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act != "import_file")).one()
    assert (event.actor, event.act, event.after) == ("program", "enter_licenses", {"entered": 1, "withdrawn": 0})


def test_one_license_written_in_several_ways_is_claimed_once(nppes: Importer) -> None:
    nppes(
        person(
            taxonomy_2="208100000X",
            license_2="A 012345",
            license_state_2="CA",
            taxonomy_3="2084N0600X",
            license_3="777",
            license_state_3="NV",
            taxonomy_4="2084P2900X",
            license_4="PENDING",
            license_state_4="CA",
        )
    )
    assert claims() == [("NV", "777", "claimed"), ("CA", "A12345", "claimed")]


def test_organizations_and_numbers_without_a_state_claim_nothing(nppes: Importer) -> None:
    nppes(organization(1), person(2, license_state_1=""), person(3, license_state_1="ZZ"))
    assert db.session.scalar(select(func.count()).select_from(Credential)) == 0


def test_the_same_file_again_claims_nothing_more(nppes: Importer) -> None:
    nppes(person())
    assert nppes(person())["unchanged"] == 1
    assert len(claims()) == 1
    assert db.session.scalar(select(func.count()).where(AuditEvent.act == "enter_licenses")) == 1


def test_a_license_that_is_held_already_is_not_claimed_again(nppes: Importer) -> None:
    known_source("staff")
    factories.provider(npi=ANA)
    factories.license(ANA, number="A-012345")
    db.session.commit()
    nppes(person())
    assert claims() == [("CA", "A-012345", "verified")]


@pytest.mark.postgresql
def test_a_claim_goes_with_its_number_unless_somebody_acted_on_it(nppes: Importer) -> None:
    nppes(person(1), person(2))
    submitted = db.session.scalars(select(Credential).where(Credential.npi == real_npi(2))).one()
    submitted.status, submitted.submitted_by = CredentialStatus.SUBMITTED, "account:7"
    db.session.commit()
    nppes(person(1, license_1="A999"), person(2, license_1=""))
    assert claims() == [("CA", "A999", "claimed")]
    assert claims(real_npi(2)) == [("CA", "A12345", "submitted")]
    assert db.session.scalar(select(func.count()).select_from(VerificationTask)) == 2


def test_claims_stay_when_the_provider_is_deactivated(nppes: Importer) -> None:
    nppes(person())
    nppes(deactivated())
    assert len(claims()) == 1


def test_a_new_provider_is_matched_with_the_list_of_exclusions_in_the_same_import(nppes: Importer) -> None:
    known_source("leie")
    db.session.add(
        ListedExclusion(
            key="k1",
            npi=ANA,
            name_key="delacruz|ana",
            last_name="DE LA CRUZ",
            first_name="ANA",
            exclusion_type="1128a1",
            excluded_on=factories.DAY,
            source_key="leie",
            as_of=factories.DAY,
        )
    )
    db.session.commit()
    nppes(person())
    score = db.session.get(QualificationScore, ANA)
    assert score is not None
    assert score.barred_for == "excluded"
