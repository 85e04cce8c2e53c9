"""Changes to what the directory says of a provider."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import PracticeLocation, Provider, StaffCorrection, Website
from directory.providers.names import PARTS_OF_A_PERSONS_NAME, shown_name
from directory.providers.sources import known_source
from directory.providers.websites import checked_website
from directory.web.days import today_in_california

PROVIDER_FIELDS = (
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "name_suffix",
    "credential_text",
    "organization_name",
)
LOCATION_FIELDS = ("line_1", "line_2", "city", "state", "postal_code", "phone", "latitude", "longitude")
_NEVER_EMPTY = frozenset({"name", "line_1", "city", "state", "latitude", "longitude"})
_MAX_DEGREES = {"latitude": 90.0, "longitude": 180.0}


class CorrectionError(ValueError):
    """A correction that makes no sense; the message says what to do instead."""


def correct_provider(
    actor: str, npi: str, field: str, value: str, reason: str, address_key: str = ""
) -> StaffCorrection:
    """Set a field at once and for good: later imports leave it alone.

    `address_key` names the practice location for a location's field; it may be empty when there is only one.
    An empty `value` clears a field that may be empty. Raises `CorrectionError`.
    """
    provider = db.session.get(Provider, npi)
    if provider is None:
        raise CorrectionError(f"There is no provider with NPI {npi}.")
    if not reason.strip():
        raise CorrectionError("Give the reason for the correction.")
    location = _location(provider, address_key) if field in LOCATION_FIELDS else None
    if location is None and (field not in PROVIDER_FIELDS or address_key):
        allowed = ", ".join(LOCATION_FIELDS if address_key else (*PROVIDER_FIELDS, *LOCATION_FIELDS))
        raise CorrectionError(f"There is no field {field} to correct. Use one of: {allowed}.")
    _check(field, value.strip(), Provider if location is None else PracticeLocation)
    key = location.address_key if location else ""
    correction = db.session.scalar(
        select(StaffCorrection).where(
            StaffCorrection.npi == npi, StaffCorrection.address_key == key, StaffCorrection.field == field
        )
    )
    if correction is None:
        correction = StaffCorrection(npi=npi, address_key=key, field=field)
        db.session.add(correction)
    correction.value, correction.reason, correction.corrected_at = value.strip(), reason.strip(), datetime.now(UTC)
    db.session.flush()
    corrections = {row.field: row.value for row in provider.corrections if row.address_key == key} | {
        field: correction.value
    }
    row: Provider | PracticeLocation = location or provider
    before = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    for name, corrected in with_corrections(before, corrections).items():
        setattr(row, name, corrected)
    if field == "phone":
        row.as_of = today_in_california()
    db.session.flush()
    where = {"address": key} if key else {}
    record(
        actor,
        "correct_provider",
        f"provider:{npi}",
        before=where | {field: before[field]},
        after=where | {field: getattr(row, field)},
        reason=correction.reason,
    )
    return correction


def set_website(actor: str, npi: str, url: str) -> Website:
    """Say, as staff who looked it up, which website is the practice's. Raises `CorrectionError`.

    Mail at its domain counts as the practice's, so it must not be taken from the person who claims the page.
    """
    if db.session.get(Provider, npi) is None:
        raise CorrectionError(f"There is no provider with NPI {npi}.")
    try:
        checked = checked_website(url)
    except ValueError as error:
        raise CorrectionError(str(error)) from error
    source = known_source("staff")
    website = db.session.get(Website, npi)
    before = website and website.url
    if website is None:
        website = Website(npi=npi)
        db.session.add(website)
    website.url, website.source_key = checked, source.key
    website.as_of = today_in_california()
    record(actor, "set_website", f"provider:{npi}", before={"website": before}, after={"website": checked})
    return website


def with_corrections(values: Mapping[str, Any], corrections: Mapping[str, str]) -> dict[str, Any]:
    """A provider's or a location's `values` with those that staff corrected, by field, in their place.

    The name as shown follows its corrected parts, and a corrected point counts as exact.
    """
    corrected = {field: float(text) if field in _MAX_DEGREES else text or None for field, text in corrections.items()}
    merged = {**values, **corrected}
    if "name" not in corrected and corrected.keys() & set(PROVIDER_FIELDS):
        merged["name"] = merged["organization_name"] or shown_name(*(merged[part] for part in PARTS_OF_A_PERSONS_NAME))
    if _MAX_DEGREES.keys() & corrected.keys():
        merged["precision"], merged["located_by"] = "point", "staff"
    return merged


def _location(provider: Provider, address_key: str) -> PracticeLocation:
    known = {location.address_key: location for location in provider.locations}
    if address_key in known:
        return known[address_key]
    if not address_key and len(known) == 1:
        return next(iter(known.values()))
    listed = "; ".join(f"“{key}”" for key in known) or "none"
    raise CorrectionError(f"Say which practice location with --address. {provider.npi} has: {listed}.")


def _check(field: str, value: str, table: type[Provider] | type[PracticeLocation]) -> None:
    if field in _NEVER_EMPTY and not value:
        raise CorrectionError(f"The field {field} cannot be empty.")
    if field in _MAX_DEGREES:
        try:
            degrees = float(value)
        except ValueError:
            degrees = math.nan
        if not abs(degrees) <= _MAX_DEGREES[field]:
            raise CorrectionError(f"{value!r} is no {field}: give degrees up to {_MAX_DEGREES[field]:.0f}.")
        return
    most = table.__table__.c[field].type.length  # type: ignore[attr-defined]  # a text column, by the fields above
    if len(value) > most:
        raise CorrectionError(f"That is too long: {field} takes at most {most} characters.")
