"""What agrees and what differs between a subject elsewhere and a provider here, in words."""

from dataclasses import dataclass

from directory.reviews.external.provider_matching import Likeness

_NOT_SAID = "not given by both"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One line of the comparison; `agrees` is None when one of the two says nothing."""

    what: str
    words: str
    agrees: bool | None


def agreements(found: Likeness) -> list[Agreement]:
    """Name, address and phone, in this order."""
    return [_name(found.name), _address(found.address), _phone(found.phone)]


def _name(likeness: float) -> Agreement:
    words = "the same" if likeness == 1 else f"alike to {100 * likeness:.0f} of 100"
    return Agreement("Name", words, likeness == 1)


def _address(likeness: float | None) -> Agreement:
    if likeness is None:
        return Agreement("Address", _NOT_SAID, None)
    if likeness == 1:
        return Agreement("Address", "the same", True)
    if likeness == 0:
        return Agreement("Address", "another", False)
    return Agreement("Address", "partly the same", False)


def _phone(likeness: float | None) -> Agreement:
    if likeness is None:
        return Agreement("Phone", _NOT_SAID, None)
    return Agreement("Phone", "the same", True) if likeness else Agreement("Phone", "another", False)
