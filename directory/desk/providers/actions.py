"""What staff do about providers on their pages: who may, and that nobody else was quicker."""

from collections.abc import Collection, Mapping

from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.actions import (
    correct_fields,
    hide_provider,
    set_website,
    show_provider_again,
    undo_correction,
)
from directory.providers.corrections import LOCATION_FIELDS, PROVIDER_FIELDS, CorrectionError
from directory.providers.merging import merge_providers, plan_merge, undo_merge
from directory.providers.models import ORGANIZATION, PracticeLocation, Provider, ProviderMerge
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
    location = location_of(provider, location_id) if location_id else None
    now = field_values(location or provider)
    others = {field: now[field] for field, text in changed.items() if now[field] not in (seen[field], text)}
    if others:
        raise FieldsChangedError(others)
    left = {field: text for field, text in changed.items() if now[field] != text}
    correct_fields(actor, npi, left, reason, location.address_key if location else None, confirmed)


def location_of(provider: Provider, location_id: int) -> PracticeLocation:
    """Raises `InvalidTransitionError` when the provider has it no more."""
    found = next((each for each in provider.locations if each.id == location_id), None)
    if found is None:
        raise InvalidTransitionError("This practice location is no longer here.")
    return found


def take_back_correction(actor: str, npi: str, correction_id: int) -> str:
    """Undo a correction; returns the field. Raises `RefusalError`."""
    lock_row(db.session.get_one(Provider, npi))
    refuse_ineligible(actor, npi)
    try:
        return undo_correction(actor, npi, correction_id).field
    except CorrectionError as error:
        raise RefusalError(str(error)) from error


def change_website(actor: str, npi: str, url: str, reason: str) -> None:
    """Raises `RefusalError`, and `CorrectionError` for what is no website."""
    refuse_ineligible(actor, npi)
    set_website(actor, npi, url, reason)


def hide(actor: str, npi: str, reason: str) -> None:
    refuse_ineligible(actor, npi)
    hide_provider(actor, npi, reason)


def show_again(actor: str, npi: str, reason: str) -> None:
    refuse_ineligible(actor, npi)
    show_provider_again(actor, npi, reason)


def merge(actor: str, npi: str, into_npi: str, digest: str, reason: str) -> None:
    """Merge as the page with that digest said. Raises `RefusalError`, and `EditConflictError` where more would move."""
    for each in (npi, into_npi):
        refuse_ineligible(actor, each)
    plan = plan_merge(npi, into_npi)
    if plan.digest != digest:
        raise EditConflictError
    merge_providers(actor, plan, reason)


def take_apart(actor: str, merge_id: int, reason: str) -> int:
    """Undo a merge; returns how many rows could not go back. Raises `RefusalError`."""
    undone = db.session.get_one(ProviderMerge, merge_id)
    for each in (undone.npi, undone.into_npi):
        refuse_ineligible(actor, each)
    return undo_merge(actor, undone, reason)
