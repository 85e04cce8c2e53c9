"""Whether a provider may be ranked at all, and if not, why, in words.

What is stored, mailed and shown to staff is in English; the provider's page says it in its own language.
"""

from collections.abc import Iterable
from datetime import date

from directory.credentials.facts import ExclusionEntry, HeldCredential
from directory.credentials.kinds import COUNTING, CredentialKind, CredentialStatus
from directory.web.phrases import N_, Phrase

HOME_STATE = "CA"


def bars(
    credentials: Iterable[HeldCredential], exclusions: Iterable[ExclusionEntry], today: date
) -> tuple[Phrase, ...]:
    """Why the provider may not be ranked on `today`; nothing when it may.

    An active exclusion bars. So does a licence that is known not to be active (expired, revoked, or not found by its
    board), unless a verified and active one in the same state or in `HOME_STATE` stands beside it. A licence that is
    only claimed, or that nobody could check, neither bars nor counts.
    """
    reasons = [
        Phrase(N_("excluded by the OIG since %(day)s"), {"day": entry.excluded_on})
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
    return tuple({reason.english: reason for reason in reasons}.values())


def in_english(reasons: Iterable[Phrase]) -> str | None:
    """The reasons as one text, in English; `None` when there are none."""
    return "; ".join(reason.english for reason in reasons) or None


def licence_name(state: str | None) -> Phrase:
    """What a licence of that state (its two letters) is called."""
    if state is None:
        return Phrase(N_("state licence"))
    return (
        Phrase(N_("California licence")) if state == HOME_STATE else Phrase(N_("%(state)s licence"), {"state": state})
    )


def in_words(day: date) -> str:
    """January 2, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def _trouble_with(licence: HeldCredential, today: date) -> Phrase | None:
    name = licence_name(licence.state)
    if licence.status == CredentialStatus.REVOKED:
        return Phrase(N_("%(licence)s revoked"), {"licence": name})
    if licence.status == CredentialStatus.REJECTED:
        issuer = licence.issuer or Phrase(N_("the board"))
        return Phrase(N_("%(licence)s not confirmed by %(issuer)s"), {"licence": name, "issuer": issuer})
    lapsed = licence.expires_on is not None and licence.expires_on < today
    if licence.check_lapsed_on(today):
        return None  # nobody knows that it is not active
    could_not_renew = licence.status == CredentialStatus.COULD_NOT_VERIFY and licence.was_verified
    if licence.status == CredentialStatus.EXPIRED or (lapsed and (licence.status in COUNTING or could_not_renew)):
        if licence.expires_on and lapsed:
            return Phrase(N_("%(licence)s expired on %(day)s"), {"licence": name, "day": licence.expires_on})
        return Phrase(N_("%(licence)s expired"), {"licence": name})
    return None
