"""Reads of providers for pages."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.providers.models import Provider, Specialty


def provider_with_facts(npi: str) -> Provider | None:
    """The provider with all that its page shows, in a number of statements that does not grow with the facts."""
    shown = (
        Provider.other_names,
        Provider.locations,
        Provider.specialties,
        Provider.languages,
        Provider.insurances,
        Provider.products,
        Provider.services,
        Provider.accepting,
        Provider.fees,
    )
    return db.session.scalar(
        select(Provider).where(Provider.npi == npi).options(*(selectinload(facts) for facts in shown))
    )


def specialty_names(codes: list[str]) -> dict[str, str]:
    """The NUCC display name of each of the `codes` that the taxonomy in the database knows."""
    statement = select(Specialty.code, Specialty.display_name).where(Specialty.code.in_(codes))
    return {row.code: row.display_name for row in db.session.execute(statement)}
