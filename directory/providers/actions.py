"""Changes to what the directory says of a provider."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from directory.audit.log import record
from directory.extensions import db
from directory.places.actions import locate_text
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
from directory.providers.placing import line_of, note_unplaced, one_line
from directory.providers.sources import known_source
from directory.providers.websites import checked_website
from directory.web.days import today_in_california
from directory.web.plain_text import without_invisible
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import lock_row

PLACING_FIELDS = ("line_1", "line_2", "city", "state", "postal_code", *MAX_DEGREES)


class DoubtfulFieldsError(ValidationFailedError):
    """Values that may be right, and are taken once a person confirmed each: `faults` says what is odd."""


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
    correction = _correct_field(actor, provider, location, field, value, reason, confirmed=confirmed)
    if location is not None and field in PLACING_FIELDS:
        place_again(location, provider.corrections)
    return correction


def correct_fields(
    actor: str, npi: str, values: Mapping[str, str], reason: str, address_key: str | None, confirmed: Collection[str]
) -> None:
    """Set fields of the provider, or of its location with that key, together; odd ones only if they are `confirmed`.

    Raises `ValidationFailedError`, and `DoubtfulFieldsError` where all that is left to ask is what is odd.
    """
    provider = db.session.get_one(Provider, npi)
    location = None if address_key is None else _location(provider, address_key)
    faults: dict[str, str] = {}
    for field in sorted(values, key=lambda field: field != "state"):  # by which a ZIP is read
        try:
            _correct_field(actor, provider, location, field, values[field], reason, confirmed=True)
        except CorrectionError as error:
            faults[field] = str(error)
    if faults:
        raise ValidationFailedError(faults)
    if location is not None and values.keys() & set(PLACING_FIELDS):
        place_again(location, provider.corrections)  # before the point is compared with the ZIP
    after = _columns(location or provider)
    doubts = {field: doubt for field in values if field not in confirmed and (doubt := why_doubtful(field, after))}
    if doubts:
        raise DoubtfulFieldsError(doubts)


def _correct_field(
    actor: str,
    provider: Provider,
    location: PracticeLocation | None,
    field: str,
    value: str,
    reason: str,
    *,
    confirmed: bool,
) -> StaffCorrection:
    check_kind(field, provider)
    checked = checked_value(field, value, location or provider)
    key = location.address_key if location else ""
    row: Provider | PracticeLocation = location or provider
    before = _columns(row)
    known = {each.field: each for each in provider.corrections if each.address_key == key}
    texts = {each.field: each.value for each in known.values()} | {field: checked}
    after = with_corrections(before, texts)
    if not confirmed and (doubt := why_doubtful(field, after)):
        raise DoubtfulCorrectionError(doubt)
    correction = known.get(field)
    if correction is None:
        correction = StaffCorrection(address_key=key, field=field, imported_value=as_imported(before[field]))
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
        f"provider:{provider.npi}",
        before=where | {field: before[field]},
        after=where | {field: getattr(row, field)},
        reason=correction.reason,
    )
    return correction


def _columns(row: Provider | PracticeLocation) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def undo_correction(actor: str, npi: str, correction_id: int, reason: str = "") -> StaffCorrection:
    """Let the imported value stand again where staff corrected it; a point goes back as a whole.

    Raises `CorrectionError` when the correction is gone.
    """
    provider = db.session.get(Provider, npi)
    undone = next((each for each in provider.corrections if each.id == correction_id), None) if provider else None
    if provider is None or undone is None:
        raise CorrectionError("That correction was undone already.")
    location = _location(provider, undone.address_key) if undone.address_key else None
    row: Provider | PracticeLocation = location or provider
    before = getattr(row, undone.field)
    together = set(MAX_DEGREES) if undone.field in MAX_DEGREES else {undone.field}
    for each in [each for each in provider.corrections if each.address_key == undone.address_key]:
        if each.field in together:
            imported = each.imported_value
            value = float(imported) if each.field in MAX_DEGREES and imported is not None else imported
            setattr(row, each.field, value)
            provider.corrections.remove(each)
    if location is None and "name" not in {each.field for each in provider.corrections if not each.address_key}:
        parts = (getattr(provider, part) for part in PARTS_OF_A_PERSONS_NAME)
        provider.name = provider.organization_name or shown_name(*parts)
    if location is not None and together & set(PLACING_FIELDS):
        place_again(location, provider.corrections)
    where = {"address": undone.address_key} if location else {}
    db.session.flush()
    record(
        actor,
        "undo_correction",
        f"provider:{npi}",
        before=where | {undone.field: before},
        after=where | {undone.field: getattr(row, undone.field)},
        reason=without_invisible(reason),
    )
    return undone


def as_imported(value: object) -> str | None:
    """An imported value as a correction keeps it."""
    return None if value is None else str(value)


def place_again(location: PracticeLocation, corrections: Iterable[StaffCorrection]) -> None:
    """Move a location's point to where its address lies, unless staff set the point themselves.

    One that cannot be placed keeps its point.
    """
    set_by_staff = {each.field for each in corrections if each.address_key == location.address_key}
    if set_by_staff & set(MAX_DEGREES):
        return
    place = locate_text(one_line(line_of(location)))
    if place is None:
        return
    location.latitude, location.longitude = place.point
    location.precision = place.precision
    is_corrected = bool(set_by_staff & set(PLACING_FIELDS))  # an import then leaves the point alone
    location.located_by = "staff" if is_corrected else place.located_by
    if location.id:
        note_unplaced(location)


def hide_provider(actor: str, npi: str, reason: str) -> None:
    """Take a provider's page down: no search, list or sitemap names it. Raises `InvalidTransitionError`."""
    provider = lock_row(db.session.get_one(Provider, npi))
    if provider.hidden_at is not None:
        raise InvalidTransitionError("This provider is hidden already.")
    provider.hidden_at, provider.hidden_reason = datetime.now(UTC), reason
    record(actor, "hide_provider", f"provider:{npi}", after={"hidden": True}, reason=reason)


def show_provider_again(actor: str, npi: str, reason: str = "") -> None:
    """Bring a hidden provider's page back. Raises `InvalidTransitionError`."""
    provider = lock_row(db.session.get_one(Provider, npi))
    if provider.hidden_at is None:
        raise InvalidTransitionError("This provider is shown already.")
    provider.hidden_at = provider.hidden_reason = None
    record(actor, "show_provider_again", f"provider:{npi}", after={"hidden": False}, reason=reason)


def set_website(actor: str, npi: str, url: str, reason: str = "") -> Website:
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
    after = {"website": checked}
    record(actor, "set_website", f"provider:{npi}", before={"website": before}, after=after, reason=reason)
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
    if "name" not in corrected and corrected.keys() & {*PARTS_OF_A_PERSONS_NAME, "organization_name"}:
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
