"""Reads of providers, of the fees that they have posted, and of what Medicare pays for medicines."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from directory.extensions import db
from directory.providers.models import DEMONSTRATION, ClinicStatement, PaymentLimit, PostedFee, Provider, Specialty
from directory.providers.npi import has_form_of_npi
from directory.providers.offerings import LISTED_SPECIALTIES


def provider_with_facts(npi: str) -> Provider | None:
    """As `provider_of`, with all that its page shows."""
    return providers_with_facts([npi]).get(npi) if has_form_of_npi(npi) else None


def providers_with_facts(npis: Collection[str]) -> dict[str, Provider]:
    """The providers of `npis` that have a page, with all that it shows, in a fixed number of statements."""
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
        Provider.visit_details,
    )
    found = db.session.scalars(
        select(Provider)
        .where(Provider.npi.in_(npis), Provider.is_public)
        .options(*(selectinload(facts) for facts in shown))
    )
    return {provider.npi: provider for provider in found}


def specialty_names(codes: Collection[str]) -> dict[str, str]:
    """The names of the NUCC `codes` and of the listed ones; a code newer than the imported taxonomy has none."""
    imported = db.session.execute(select(Specialty.code, Specialty.display_name).where(Specialty.code.in_(codes)))
    return {**dict(imported.all()), **LISTED_SPECIALTIES}


def published_statement(npi: str) -> ClinicStatement | None:
    """What the clinic says of itself, as a moderator published it."""
    published = select(ClinicStatement).where(ClinicStatement.npi == npi, ClinicStatement.status == "published")
    return db.session.scalar(published.order_by(ClinicStatement.id.desc()).limit(1))


def provider_of(npi: str) -> Provider | None:
    """The provider of an NPI that was typed or stands in an address; None for an unknown or malformed one."""
    return db.session.get(Provider, npi) if has_form_of_npi(npi) else None


def public_provider_of(npi: str) -> Provider | None:
    """The provider whose page the NPI leads to: of a merged one its successor; None for a hidden or unknown one."""
    provider = provider_of(npi)
    if provider and provider.merged_into:
        provider = db.session.get(Provider, provider.merged_into)
    return provider if provider and provider.is_public else None


def successors_of(npis: Collection[str]) -> dict[str, str]:
    """Of those of `npis` that were merged: the NPI of the provider whom each went into."""
    merged = select(Provider.npi, Provider.merged_into).where(Provider.npi.in_(npis), Provider.merged_into.is_not(None))
    return {npi: into for npi, into in db.session.execute(merged) if into is not None}


class PageState(NamedTuple):
    """Whether a provider's pages are hidden, or the NPI to whose pages they lead."""

    is_hidden: bool
    merged_into: str | None


def page_state(npi: str) -> PageState:
    """How the pages of an NPI stand; an unknown one is neither hidden nor merged."""
    columns = select(Provider.hidden_at, Provider.merged_into).where(Provider.npi == npi)
    row = db.session.execute(columns).one_or_none() if has_form_of_npi(npi) else None
    if row is None:
        return PageState(False, None)
    return PageState(row.hidden_at is not None and row.merged_into is None, row.merged_into)


FeeKind = tuple[str, str | None]
"""A key of `offerings.FEES`, and the product of a price by the unit."""


@dataclass(frozen=True, slots=True)
class FeeRange:
    """The lowest and the highest fee of one kind that `providers` have posted, in US dollars."""

    low_usd: Decimal
    high_usd: Decimal
    providers: int
    is_demonstration: bool
    confirmed_on: date  # that of them which was confirmed longest ago


def fees_of(npi: str) -> dict[FeeKind, FeeRange]:
    """What one provider has posted, by kind."""
    return _ranges(PostedFee.npi == npi, is_demonstration=npi.startswith(DEMONSTRATION))


def fees_of_all(least_providers: int) -> dict[FeeKind, FeeRange]:
    """What providers have posted, of the kinds that at least so many have.

    Real fees and invented ones are never mixed: the invented count where there are not enough real ones.
    """
    invented = PostedFee.npi.startswith(DEMONSTRATION)
    found = _ranges(invented, is_demonstration=True) | {
        kind: fees for kind, fees in _ranges(~invented).items() if fees.providers >= least_providers
    }
    return {kind: fees for kind, fees in found.items() if fees.providers >= least_providers}


def _ranges(which: ColumnElement[bool], is_demonstration: bool = False) -> dict[FeeKind, FeeRange]:
    columns = (
        func.min(PostedFee.low_usd),
        func.max(PostedFee.high_usd),
        func.count(PostedFee.npi.distinct()),
        func.min(PostedFee.as_of),
    )
    rows = db.session.execute(
        select(PostedFee.fee, PostedFee.product, *columns)
        .join(Provider, Provider.npi == PostedFee.npi)
        .where(which, Provider.is_public)
        .group_by(PostedFee.fee, PostedFee.product)
    )
    return {
        (fee, product): FeeRange(low, high, number, is_demonstration, day)
        for fee, product, low, high, number, day in rows
    }


def newest_payment_limits(today: date) -> dict[str, PaymentLimit]:
    """By HCPCS code the limit of the newest quarter that has begun by `today`, of those that were imported."""
    begun = select(PaymentLimit).where(PaymentLimit.quarter_starts_on <= today)
    limits = db.session.scalars(begun.order_by(PaymentLimit.quarter_starts_on))
    return {limit.hcpcs_code: limit for limit in limits}
