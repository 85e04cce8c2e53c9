"""Corrections by staff on their pages: who may, and that no one else was quicker."""

from collections.abc import Collection, Mapping

from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.actions import correct_fields, undo_correction
from directory.providers.corrections import LOCATION_FIELDS, PROVIDER_FIELDS, CorrectionError
from directory.providers.models import ORGANIZATION, PracticeLocation, Provider
from directory.web.refusals import InvalidTransitionError, RefusalError
from directory.web.transaction import EditConflictError, lock_row


class FieldsChangedError(EditConflictError):
    """Another person changed fields that were typed anew: `now` has what they hold."""

    def __init__(self, now: dict[str, str]) -> None:
        super().__init__()
        self.now = now


def field_values(row: Provider | PracticeLocation) -> dict[str, str]:
    """What the fields that staff may correct hold, as text; without those that this kind of provider has not."""
    if isinstance(row, PracticeLocation):
        fields: Collection[str] = LOCATION_FIELDS
    elif row.entity_type == ORGANIZATION:
        fields = ("organization_name",)
    else:
        fields = [field for field in PROVIDER_FIELDS if field != "organization_name"]
    values = {field: getattr(row, field) for field in fields}
    return {field: "" if value is None else str(value) for field, value in values.items()}


def edit_fields(
    actor: str,
    npi: str,
    location_id: int | None,
    changed: Mapping[str, str],
    seen: Mapping[str, str],
    reason: str,
    confirmed: Collection[str],
) -> None:
    """Correct the `changed` fields of a provider, or of one of its locations. `seen` is what they held on the page.

    Raises `FieldsChangedError`, `RefusalError`, `ValidationFailedError` and `DoubtfulFieldsError`.
    """
    provider = lock_row(db.session.get_one(Provider, npi))
    refuse_ineligible(actor, npi)
    location = next((each for each in provider.locations if each.id == location_id), None)
    if location_id and location is None:
        raise InvalidTransitionError("This practice location is no longer here.")
    now = field_values(location or provider)
    others = {field: now[field] for field, text in changed.items() if now[field] not in (seen[field], text)}
    if others:
        raise FieldsChangedError(others)
    left = {field: text for field, text in changed.items() if now[field] != text}
    correct_fields(actor, npi, left, reason, location.address_key if location else None, confirmed)


def take_back_correction(actor: str, npi: str, correction_id: int) -> str:
    """Undo a correction; returns the field. Raises `RefusalError`."""
    lock_row(db.session.get_one(Provider, npi))
    refuse_ineligible(actor, npi)
    try:
        return undo_correction(actor, npi, correction_id).field
    except CorrectionError as error:
        raise RefusalError(str(error)) from error
