"""Adding a provider by hand."""

from collections.abc import Mapping, Sequence

from directory.audit.log import record
from directory.extensions import db
from directory.providers.actions import place_again
from directory.providers.contact import address_key
from directory.providers.corrections import (
    LOCATION_FIELDS,
    PROVIDER_FIELDS,
    CorrectionError,
    checked_value,
    why_doubtful,
)
from directory.providers.models import ORGANIZATION, PERSON, PracticeLocation, Provider, ProviderSpecialty
from directory.providers.names import PARTS_OF_A_PERSONS_NAME, shown_name
from directory.providers.npi import why_not_an_npi
from directory.providers.placing import note_unplaced
from directory.providers.recomputing import recompute
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from directory.web.refusals import ValidationFailedError


def add_provider(
    actor: str, npi: str, names: Mapping[str, str], specialties: Sequence[str], address: Mapping[str, str]
) -> Provider:
    """Add a provider whom staff looked up themselves.

    `names` are fields of `PROVIDER_FIELDS`, either those of a person or an organization_name; `address` those of
    `LOCATION_FIELDS` but its point. The first of `specialties` is the primary one.

    Raises `ValidationFailedError` with a sentence by the name of each field.
    """
    today, source = today_in_california(), known_source("staff")
    is_organization = bool(names.get("organization_name"))
    provider = Provider(
        npi=npi, entity_type=ORGANIZATION if is_organization else PERSON, source_key=source.key, as_of=today
    )
    location = PracticeLocation(
        npi=npi, address_key="", country="US", is_primary=True, source_key=source.key, as_of=today, state=""
    )
    faults: dict[str, str] = {}
    if wrong := why_not_an_npi(npi):
        faults["npi"] = f"{wrong[:1].upper()}{wrong[1:]}. Copy it from the NPI registry."
    elif db.session.get(Provider, npi) is not None:
        faults["npi"] = f"NPI {npi} is in the directory already."
    for row, fields, texts in ((provider, PROVIDER_FIELDS, names), (location, LOCATION_FIELDS, address)):
        for field in sorted(fields, key=lambda field: field != "state"):  # by which a ZIP is read
            if field in texts:
                try:
                    setattr(row, field, checked_value(field, texts[field], row) or None)
                except CorrectionError as error:
                    faults[field] = str(error)
    if not specialties:
        faults["specialty"] = "Choose at least one specialty."
    if not faults and (doubt := why_doubtful("postal_code", vars(location) | {"latitude": None, "longitude": None})):
        faults["postal_code"] = doubt
    if faults:
        raise ValidationFailedError(faults)
    line_2, code = location.line_2 or "", location.postal_code or ""
    location.address_key = address_key(location.line_1, line_2, location.city, location.state, code[:5], "")
    place_again(location, ())
    if location.latitude is None:
        raise ValidationFailedError({"postal_code": "We couldn’t find this address. Check the ZIP code and the city."})
    provider.name = provider.organization_name or shown_name(
        *(getattr(provider, part) for part in PARTS_OF_A_PERSONS_NAME)
    )
    provider.locations = [location]
    provider.specialties = [
        ProviderSpecialty(specialty_code=code, is_primary=code == specialties[0], source_key=source.key, as_of=today)
        for code in dict.fromkeys(specialties)
    ]
    db.session.add(provider)
    recompute([npi])
    note_unplaced(location)
    record(actor, "add_provider", f"provider:{npi}", after={"name": provider.name, "specialties": list(specialties)})
    return provider
