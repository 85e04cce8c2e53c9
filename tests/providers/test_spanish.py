"""A provider's page in Spanish: facts and their sources in words, names and what people wrote as they are."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from flask import Flask

from directory.credentials.kinds import FIELDS
from directory.credentials.models import (
    Credential,
    CredentialKind,
    CredentialStatus,
    MedicareEnrollment,
    MedicareGroup,
    MedicareYear,
    Verification,
)
from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.models import (
    AcceptingNewPatients,
    ClinicStatement,
    InsurancePlan,
    OfficeHours,
    OtherName,
    PostedFee,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
    Website,
)
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES
from tests import factories
from tests.in_spanish import english_in, texts_of

FACT = {"source_key": "demo", "as_of": factories.DAY}
TODAY = date.today()  # noqa: DTZ011 (any day will do)


def with_everything() -> Provider:
    """A provider of whom every kind of fact is known, and some credential in every state."""
    provider = factories.provider(enumerated_on=date(2006, 5, 23), deactivated_on=date(2026, 1, 5))
    npi = provider.npi
    for precision in ("zip", "city", "street", "address", "none"):
        factories.location(npi, factories.TORRANCE, precision=precision)
    db.session.add(InsurancePlan(key="medicare", name="Medicare"))
    db.session.flush()
    db.session.add_all(
        (
            *(OtherName(npi=npi, kind=kind, name=f"Ada {kind}", **FACT) for kind in "345"),
            *(ProviderLanguage(npi=npi, language=code, **FACT) for code in LANGUAGES),
            *(ProviderProduct(npi=npi, product=product, **FACT) for product in PRODUCTS),
            *(ProviderService(npi=npi, service=service, **FACT) for service in SERVICES),
            *(PostedFee(npi=npi, fee=fee, low_usd=Decimal(180), high_usd=Decimal(260), **FACT) for fee in FEES),
            *(OfficeHours(npi=npi, weekday=day, opens_at=time(8, 30), closes_at=time(17), **FACT) for day in range(7)),
            ProviderInsurance(npi=npi, plan_key="medicare", **FACT),
            AcceptingNewPatients(npi=npi, accepting=True, **FACT),
            Website(npi=npi, url="https://www.example.org", **FACT),
            ProviderSpecialty(npi=npi, specialty_code="0000000000", license_number="A1", license_state="CA", **FACT),
            MedicareEnrollment(
                npi=npi, medical_school="OTHER", graduation_year=1999, accepts_assignment="M", telehealth=True, **FACT
            ),
            MedicareGroup(npi=npi, org_pac_id="1", name="Example Group", members=3, **FACT),
            MedicareYear(npi=npi, year=TODAY.year - 2, **FACT),
        )
    )
    credentials(npi)
    factories.volume(npi, year=TODAY.year - 3)
    factories.volume(npi, year=TODAY.year - 3, hcpcs_code="J0585")
    factories.exclusion(npi, waived_in="CA", confirmed_by="two people")
    factories.exclusion(npi, entry_key="other", reinstated_on=date(2025, 3, 4))
    rescore_qualification(npi)
    db.session.commit()
    db.session.expire_all()
    return provider


def credentials(npi: str) -> None:
    fields = iter(list(FIELDS) * 2)
    for kind in CredentialKind:
        for status in CredentialStatus:
            credential = factories.license(
                npi, public_discipline=status == CredentialStatus.EXPIRED, verified_until=date(2026, 1, 1)
            )
            credential.kind, credential.status, credential.number = kind, status, "A 1"
            credential.issuer = "Example Board"  # a name without words that the check takes for English
            credential.field = next(fields, None)
            check(credential)


def check(credential: Credential) -> None:
    db.session.add(
        Verification(
            credential_id=credential.id,
            verified_at=datetime(2026, 1, 2, tzinfo=UTC),
            checked_on=date(2026, 1, 2),
            method="look-up page",
            primary_source="Medical Board of California",
            outcome=credential.status,
        )
    )


def page(app: Flask, npi: str) -> str:
    answer = app.test_client().get(f"/es/providers/{npi}")
    assert answer.status_code == 200
    return answer.text


def test_no_english_is_left(sqlite_app: Flask) -> None:
    assert english_in(page(sqlite_app, with_everything().npi)) == []


def test_what_nobody_has_said_is_said_in_spanish(sqlite_app: Flask) -> None:
    bare = factories.provider(at=None, specialties=())
    db.session.commit()
    assert english_in(page(sqlite_app, bare.npi)) == []


@pytest.mark.parametrize(
    "fact",
    [
        "Neurología (NUCC",
        "Nombre anterior Ada 4",
        "desde el 23 de mayo de 2006",
        "Lunes a domingo 8:30 a.",
        "Español",
        "Ultrasonido como guía",
        "Puede que acepte lo que paga Medicare como pago completo",
        "Datos de demostración (inventados), 2 de enero de 2026",
        "Certificación de especialidad en",
        "Licencia de California (",
        "Sin clasificar: con exclusión de la OIG desde el 1 de enero de 2025; licencia de California",
        "3 miembros",
    ],
)
def test_facts_are_in_spanish_words(sqlite_app: Flask, fact: str) -> None:
    assert fact in " ".join(texts_of(page(sqlite_app, with_everything().npi))).replace("( ", "(")


def test_names_of_sources_and_what_people_wrote_are_marked_or_kept(sqlite_app: Flask) -> None:
    npi = factories.provider(name="Ada of the Sea, MD").npi
    factories.license(npi)
    said = {"text": "We treat the neck.", "written_by": "somebody", "written_at": datetime.now(UTC)}
    db.session.add(ClinicStatement(npi=npi, status="published", **said))
    db.session.commit()
    text = page(sqlite_app, npi)
    assert '<span lang="en">Medical Board of California (invented)</span>' in text
    assert "We treat the neck." in text
    assert "Informado por el consultorio" in text
