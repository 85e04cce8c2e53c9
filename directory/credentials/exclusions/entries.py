"""Which entries of the lists are about which providers: by their NPI, or perhaps by their name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select

from directory.credentials.exclusions.lists import list_words
from directory.credentials.exclusions.models import BirthDate, Exclusion, ListedExclusion
from directory.credentials.kinds import CredentialKind
from directory.credentials.licenses.records import number_key
from directory.credentials.models import Credential
from directory.credentials.name_keys import business_key, person_keys, same_given_names
from directory.extensions import db
from directory.providers.models import ORGANIZATION, OtherName, PracticeLocation, Provider, ProviderSpecialty


@dataclass(frozen=True, slots=True)
class EntryFit:
    """An entry that may be about a provider, and in what they agree, in words."""

    npi: str
    entry: ListedExclusion
    fits: str


def entries_by_key(keys: Collection[str]) -> dict[str, ListedExclusion]:
    """These entries, as far as their lists still have them."""
    return {entry.key: entry for entry in entries(ListedExclusion.key.in_(keys))} if keys else {}


def entries_by_name(npis: Collection[str], today: date) -> list[EntryFit]:
    """Active entries that may be about one of these providers, though their NPI does not say so.

    The names agree, and so does the date of birth or a license number, or else the state of the entry or of its list is
    one in which the provider practices or holds a license. A date of birth that both have and that differs, or the NPI
    of another provider here, says that the entry is about another person.
    """
    known = _known_by_name(npis)
    of_no_provider_here = or_(ListedExclusion.npi.is_(None), ~exists().where(Provider.npi == ListedExclusion.npi))
    alike = [
        (provider, entry)
        for entry in entries(
            ListedExclusion.name_key.in_(known), of_no_provider_here, is_active(ListedExclusion, today)
        )
        for provider in known[entry.name_key]
        if provider.entity_type == ORGANIZATION
        or same_given_names(provider.first_name, provider.middle_name, entry.first_name, entry.middle_name)
    ]
    about = {provider.npi for provider, _ in alike}
    births = dict(db.session.execute(select(BirthDate.npi, BirthDate.born_on).where(BirthDate.npi.in_(about))).all())
    states, licenses = _states(about), _licenses(about)
    fits = (
        (provider, entry, _agreement(provider, entry, births.get(provider.npi), states[provider.npi], licenses))
        for provider, entry in alike
    )
    return [EntryFit(provider.npi, entry, agreement) for provider, entry, agreement in fits if agreement]


def is_active(model: type[ListedExclusion | Exclusion], today: date) -> ColumnElement[bool]:
    """Those that no reinstatement has ended by `today`."""
    return or_(model.reinstated_on.is_(None), model.reinstated_on > today)


def entries(*conditions: ColumnElement[bool]) -> Iterable[ListedExclusion]:
    """Entries as the database has them now: imports change them without the session's knowing."""
    rows = select(ListedExclusion).where(*conditions).order_by(ListedExclusion.key)
    return db.session.scalars(rows.execution_options(populate_existing=True))


def _agreement(
    provider: Row[*tuple[Any, ...]],
    entry: ListedExclusion,
    born_on: date | None,
    states: set[str],
    licenses: Mapping[str, Collection[str]],
) -> str | None:
    """In what a provider and an entry of the same name agree, in words; None when it is not enough."""
    what = "the name of the business" if provider.entity_type == ORGANIZATION else "last and first name"
    held = {key for number in (entry.license_numbers or "").split(",") if (key := number_key(number))}
    license = next((number for number in licenses[provider.npi] if number_key(number) in held), None)
    if born_on and entry.born_on:
        if born_on != entry.born_on:
            return None
        what += ", and date of birth"
    elif license:
        what += f", and the license number {license}"
    elif (state := entry.state or list_words(entry.source_key).state) and state in states:
        what += f", and {state} as a state of practice or license"
    else:
        return None
    return f"{what}; the entry gives an NPI that is not here, {entry.npi}" if entry.npi else what


def _known_by_name(npis: Collection[str]) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    """The providers by each key under which an entry may have them."""
    known: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    further = _other_names(npis)
    for row in db.session.execute(
        select(
            Provider.npi,
            Provider.entity_type,
            Provider.first_name,
            Provider.middle_name,
            Provider.last_name,
            Provider.organization_name,
        ).where(Provider.npi.in_(npis))
    ):
        if row.entity_type == ORGANIZATION:
            keys = {business_key(name) for name in (row.organization_name, *further[row.npi])}
        else:
            keys = person_keys(row.last_name, row.first_name, row.middle_name)
        for key in keys - {""}:
            known[key].append(row)
    return known


def _other_names(npis: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for npi, name in db.session.execute(select(OtherName.npi, OtherName.name).where(OtherName.npi.in_(npis))):
        found[npi].append(name)
    return found


def _licenses(npis: Collection[str]) -> dict[str, list[str]]:
    """The numbers of licenses that each of them holds or claims."""
    found: dict[str, list[str]] = defaultdict(list)
    for npi, number in db.session.execute(
        select(Credential.npi, Credential.number)
        .where(Credential.npi.in_(npis), Credential.kind == CredentialKind.LICENSE)
        .union(select(ProviderSpecialty.npi, ProviderSpecialty.license_number).where(ProviderSpecialty.npi.in_(npis)))
    ):
        if number:
            found[npi].append(number)
    return found


def _states(npis: Collection[str]) -> dict[str, set[str]]:
    """The states in which each of them practices or holds or claims a license."""
    found: dict[str, set[str]] = defaultdict(set)
    for npi, state in db.session.execute(
        select(PracticeLocation.npi, PracticeLocation.state)
        .where(PracticeLocation.npi.in_(npis))
        .union(
            select(ProviderSpecialty.npi, ProviderSpecialty.license_state).where(ProviderSpecialty.npi.in_(npis)),
            select(Credential.npi, Credential.state).where(
                Credential.npi.in_(npis), Credential.kind == CredentialKind.LICENSE
            ),
        )
    ):
        if state:
            found[npi].add(state.upper())
    return found
