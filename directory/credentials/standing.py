"""Whether a provider may be ranked at all, and if not, why, in words."""

from collections.abc import Iterable
from datetime import date

from directory.credentials.facts import ExclusionEntry, HeldCredential
from directory.credentials.kinds import COUNTING, CredentialKind, CredentialStatus

HOME_STATE = "CA"


def barred_for(credentials: Iterable[HeldCredential], exclusions: Iterable[ExclusionEntry], today: date) -> str | None:
    """Why the provider may not be ranked on `today`, in words; `None` when it may.

    An active exclusion bars. So does a licence that is known not to be active (expired, revoked, or not found by its
    board), unless a verified and active one in the same state or in `HOME_STATE` stands beside it. A licence that is
    only claimed, or that nobody could check, neither bars nor counts.
    """
    reasons = [
        f"excluded by the OIG since {in_words(entry.excluded_on)}"
        for entry in sorted(exclusions, key=lambda entry: entry.excluded_on)
        if entry.active_on(today)
    ]
    licences = [credential for credential in credentials if credential.kind == CredentialKind.LICENCE]
    active_states = {licence.state for licence in licences if licence.counts_on(today)}
    if HOME_STATE not in active_states:
        for licence in sorted(licences, key=lambda licence: licence.expires_on or date.min):
            trouble = _trouble_with(licence, today)
            if trouble and (licence.state is None or licence.state not in active_states):
                reasons.append(trouble)
    return "; ".join(dict.fromkeys(reasons)) or None


def licence_name(state: str | None) -> str:
    """What a licence of that state (its two letters) is called."""
    return {HOME_STATE: "California licence", None: "state licence"}.get(state, f"{state} licence")


def in_words(day: date) -> str:
    """January 2, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def _trouble_with(licence: HeldCredential, today: date) -> str | None:
    name = licence_name(licence.state)
    if licence.status == CredentialStatus.REVOKED:
        return f"{name} revoked"
    if licence.status == CredentialStatus.REJECTED:
        return f"{name} not confirmed by {licence.issuer or 'the board'}"
    lapsed = licence.expires_on is not None and licence.expires_on < today
    if licence.check_lapsed_on(today):
        return None  # nobody knows that it is not active
    could_not_renew = licence.status == CredentialStatus.COULD_NOT_VERIFY and licence.was_verified
    if licence.status == CredentialStatus.EXPIRED or (lapsed and (licence.status in COUNTING or could_not_renew)):
        return f"{name} expired" + (f" on {in_words(licence.expires_on)}" if licence.expires_on and lapsed else "")
    return None
