"""Rows for tests: each function adds one, with plain values for what the test does not name. Invented people all."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from directory.credentials.exclusions.models import Exclusion
from directory.credentials.models import Credential, CredentialKind, CredentialStatus, ProcedureVolume
from directory.extensions import db
from directory.providers.models import PERSON, PracticeLocation, Provider, ProviderSpecialty
from directory.providers.sources import known_source
from directory.reviews.models import Review

_numbers = itertools.count(1)
DAY = date(2026, 1, 2)
NEUROLOGY = "2084N0400X"
TORRANCE = (33.8358, -118.3406)


def check_digit(first_nine: str) -> str:
    """The NPI's last digit: Luhn over the number prefixed with 80840."""
    digits = [int(digit) for digit in "80840" + first_nine]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[::-2])
    return str(-(doubled + sum(digits[-2::-2])) % 10)


def npi() -> str:
    """A new invented NPI with the right check digit."""
    first_nine = f"9{next(_numbers):08d}"
    return first_nine + check_digit(first_nine)


def provider(
    *, specialties: tuple[str, ...] = (NEUROLOGY,), at: tuple[float, float] | None = TORRANCE, **values: Any
) -> Provider:
    """A person with one practice location at `at` (latitude, longitude); none when `at` is None."""
    known_source("demo")
    number = next(_numbers)
    row = Provider(
        **{
            "npi": npi(),
            "entity_type": PERSON,
            "name": f"Ada Example {number}, MD",
            "first_name": "Ada",
            "last_name": f"Example {number}",
            "credential_text": "MD",
            "source_key": "demo",
            "as_of": DAY,
            **values,
        }
    )
    db.session.add(row)
    row.specialties = [
        ProviderSpecialty(specialty_code=code, is_primary=index == 0, source_key="demo", as_of=DAY)
        for index, code in enumerate(specialties)
    ]
    db.session.flush()
    if at is not None:
        location(row.npi, at)
    return row


def location(npi: str, at: tuple[float, float], **values: Any) -> PracticeLocation:
    number = next(_numbers)
    row = PracticeLocation(
        **{
            "npi": npi,
            "address_key": f"{number} example street",
            "line_1": f"{number} Example Street",
            "city": "Torrance",
            "state": "CA",
            "postal_code": "90503",
            "phone": "(310) 555-0100",
            "latitude": at[0],
            "longitude": at[1],
            "precision": "point",
            "source_key": "demo",
            "as_of": DAY,
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def license(npi: str, **values: Any) -> Credential:
    """A verified, active California license."""
    return _add(
        Credential,
        npi=npi,
        kind=CredentialKind.LICENSE,
        issuer="Medical Board of California (invented)",
        state="CA",
        issued_on=date(2010, 1, 1),
        expires_on=date(2030, 1, 1),
        status=CredentialStatus.VERIFIED,
        source_key="demo",
        as_of=DAY,
        **values,
    )


def volume(npi: str, **values: Any) -> ProcedureVolume:
    defaults = {"year": 2023, "hcpcs_code": "64616", "services": 40.0, "beneficiaries": 15}
    return _add(ProcedureVolume, npi=npi, source_key="demo", as_of=DAY, **{**defaults, **values})


def exclusion(npi: str, **values: Any) -> Exclusion:
    defaults = {"exclusion_type": "1128a1", "excluded_on": date(2025, 1, 1), "source_key": "demo"}
    return _add(Exclusion, npi=npi, as_of=DAY, **{**defaults, **values})


def review(npi: str, rating: float = 5.0, **values: Any) -> Review:
    defaults = {
        "source_key": "demo",
        "source_review_id": f"r{next(_numbers)}",
        "created_at": datetime(2026, 1, 2, tzinfo=UTC),
    }
    return _add(Review, npi=npi, rating=rating, **{**defaults, **values})


def _add(table: type, **values: Any) -> Any:
    row = table(**values)
    db.session.add(row)
    db.session.flush()
    return row
