"""Changes to what the directory says of a provider."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from directory.audit.log import record
from directory.extensions import db
from directory.providers.corrections import (
    LOCATION_FIELDS,
    MAX_DEGREES,
    PROVIDER_FIELDS,
    CorrectionError,
    DoubtfulCorrectionError,
    check_kind,
    checked_value,
    why_doubtful,
)
from directory.providers.models import (
    AcceptingNewPatients,
    PracticeLocation,
    Provider,
    StaffCorrection,
    Website,
)
from directory.providers.names import PARTS_OF_A_PERSONS_NAME, shown_name
from directory.providers.sources import known_source
from directory.providers.websites import checked_website
from directory.web.days import today_in_california
from directory.web.plain_text import without_invisible


def correct_provider(
    actor: str, npi: str, field: str, value: str, reason: str, address_key: str = "", *, confirmed: bool = False
) -> StaffCorrection:
    """Set a field at once and for good: later imports leave it alone.

    `address_key` names the practice location for a location's field; it may be empty when there is only one.
    An empty `value` clears a field that may be empty. Raises `CorrectionError`; of its kinds
    `DoubtfulCorrectionError` unless a person has `confirmed` what is odd.
    """
    provider = db.session.get(Provider, npi)
    if provider is None:
        raise CorrectionError(f"There is no provider with NPI {npi}.")
    reason = without_invisible(reason)
    if not reason:
        raise CorrectionError("Give the reason for the correction.")
    location = _location(provider, address_key) if field in LOCATION_FIELDS else None
    if location is None and (field not in PROVIDER_FIELDS or address_key):
        allowed = ", ".join(LOCATION_FIELDS if address_key else (*PROVIDER_FIELDS, *LOCATION_FIELDS))
        raise CorrectionError(f"There is no field {field} to correct. Use one of: {allowed}.")
    check_kind(field, provider)
    checked = checked_value(field, value, location or provider)
    key = location.address_key if location else ""
    row: Provider | PracticeLocation = location or provider
    before = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    known = {each.field: each for each in provider.corrections if each.address_key == key}
    texts = {each.field: each.value for each in known.values()} | {field: checked}
    after = with_corrections(before, texts)
    if not confirmed and (doubt := why_doubtful(field, after)):
        raise DoubtfulCorrectionError(doubt)
    correction = known.get(field)
    if correction is None:
        correction = StaffCorrection(address_key=key, field=field)
        provider.corrections.append(correction)
    correction.value, correction.reason, correction.corrected_at = checked, reason, datetime.now(UTC)
    for name, corrected in after.items():
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


def set_accepting(actor: str, npi: str, accepting: bool, reason: str) -> AcceptingNewPatients:
    """Say, as staff who asked, whether the provider takes new patients. Confirmed today."""
    source = known_source("staff")
    known = db.session.get(AcceptingNewPatients, npi)
    before = known and known.accepting
    if known is None:
        known = AcceptingNewPatients(npi=npi)
        db.session.add(known)
    known.accepting, known.source_key, known.as_of = accepting, source.key, today_in_california()
    after = {"accepting": accepting}
    record(actor, "set_accepting", f"provider:{npi}", before={"accepting": before}, after=after, reason=reason)
    return known


def with_corrections(values: Mapping[str, Any], corrections: Mapping[str, str]) -> dict[str, Any]:
    """A provider's or a location's `values` with those that staff corrected, by field, in their place.

    The name as shown follows its corrected parts, and a corrected point counts as exact.
    """
    corrected = {field: float(text) if field in MAX_DEGREES else text or None for field, text in corrections.items()}
    merged = {**values, **corrected}
    if "name" not in corrected and corrected.keys() & set(PROVIDER_FIELDS):
        merged["name"] = merged["organization_name"] or shown_name(*(merged[part] for part in PARTS_OF_A_PERSONS_NAME))
    if MAX_DEGREES.keys() & corrected.keys():
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
