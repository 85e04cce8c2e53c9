"""Reads of providers for pages."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.providers.models import ClinicStatement, Provider, Specialty
from directory.providers.npi import has_form_of_npi
from directory.providers.offerings import TREATING_SPECIALTIES


def provider_with_facts(npi: str) -> Provider | None:
    """As `provider_of`, with all that its page shows."""
    return providers_with_facts([npi]).get(npi) if has_form_of_npi(npi) else None


def providers_with_facts(npis: Collection[str]) -> dict[str, Provider]:
    """Those of `npis` that there are, with all that pages show, in a number of statements that does not grow."""
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
        Provider.website,
        Provider.hours,
    )
    found = db.session.scalars(
        select(Provider).where(Provider.npi.in_(npis)).options(*(selectinload(facts) for facts in shown))
    )
    return {provider.npi: provider for provider in found}


def specialty_names(codes: Collection[str]) -> dict[str, str]:
    """The names of the NUCC `codes` and of the treating ones; a code newer than the imported taxonomy has none."""
    imported = db.session.execute(select(Specialty.code, Specialty.display_name).where(Specialty.code.in_(codes)))
    return {**TREATING_SPECIALTIES, **dict(imported.all())}


def published_statement(npi: str) -> ClinicStatement | None:
    """What the clinic says of itself, as a moderator published it."""
    published = select(ClinicStatement).where(ClinicStatement.npi == npi, ClinicStatement.status == "published")
    return db.session.scalar(published.order_by(ClinicStatement.id.desc()).limit(1))


def provider_of(npi: str) -> Provider | None:
    """The provider whose NPI was typed or stands in an address; None for what is no NPI too."""
    return db.session.get(Provider, npi) if has_form_of_npi(npi) else None
