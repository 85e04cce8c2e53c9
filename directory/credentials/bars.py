"""Whether a provider may be ranked at all, and if not, why: a code, which is stored, and words for pages. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from directory.credentials.exclusions.lists import list_words
from directory.credentials.facts import ExclusionEntry, HeldCredential
from directory.credentials.kinds import CredentialKind
from directory.credentials.status import COUNTING, CredentialStatus
from directory.web.phrases import N_, Phrase

HOME_STATE = "CA"
EXCLUDED, REVOKED, NOT_CONFIRMED, EXPIRED = "excluded", "license_revoked", "license_not_confirmed", "license_expired"


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a provider may not be ranked."""

    code: str  # one of the above
    words: Phrase

    def __str__(self) -> str:
        """In the language of the page."""
        return str(self.words)


def bars(credentials: Iterable[HeldCredential], exclusions: Iterable[ExclusionEntry], today: date) -> tuple[Bar, ...]:
    """Why the provider may not be ranked on `today`; nothing when it may.

    An active exclusion bars. So does a license that is known not to be active (expired, revoked, or not found by its
    board), unless a verified and active one in the same state or in `HOME_STATE` stands beside it. A license that is
    only claimed, or that could not be checked, neither bars nor counts.
    """
    reasons = [
        Bar(EXCLUDED, _why_excluded(entry))
        for entry in sorted(exclusions, key=lambda entry: entry.excluded_on or date.min)
        if entry.active_on(today)
    ]
    licenses = [credential for credential in credentials if credential.kind == CredentialKind.LICENSE]
    active_states = {license.state for license in licenses if license.counts_on(today)}
    if HOME_STATE not in active_states:
        for license in sorted(licenses, key=lambda license: license.expires_on or date.min):
            bar = _bar_of(license, today)
            if bar and (license.state is None or license.state not in active_states):
                reasons.append(bar)
    return tuple({reason.words.english: reason for reason in reasons}.values())


def license_name(state: str | None) -> Phrase:
    """What a license of that state (its two letters) is called."""
    if state is None:
        return Phrase(N_("state license"))
    return (
        Phrase(N_("California license")) if state == HOME_STATE else Phrase(N_("%(state)s license"), {"state": state})
    )


def _why_excluded(entry: ExclusionEntry) -> Phrase:
    words = list_words(entry.source_key)
    return Phrase(words.since, {"day": entry.excluded_on}) if entry.excluded_on else Phrase(words.undated)


def _bar_of(license: HeldCredential, today: date) -> Bar | None:
    name = license_name(license.state)
    if license.status == CredentialStatus.REVOKED:
        return Bar(REVOKED, Phrase(N_("%(license)s revoked"), {"license": name}))
    if license.status == CredentialStatus.REJECTED:
        issuer = license.issuer or Phrase(N_("the board"))
        return Bar(
            NOT_CONFIRMED, Phrase(N_("%(license)s not confirmed by %(issuer)s"), {"license": name, "issuer": issuer})
        )
    lapsed = license.expires_on is not None and license.expires_on < today
    if license.check_lapsed_on(today):
        return None  # it may still be active
    could_not_renew = license.status == CredentialStatus.COULD_NOT_VERIFY and license.was_verified
    if license.status == CredentialStatus.EXPIRED or (lapsed and (license.status in COUNTING or could_not_renew)):
        if license.expires_on and lapsed:
            message = N_("%(license)s expired on %(day)s")
            return Bar(EXPIRED, Phrase(message, {"license": name, "day": license.expires_on}))
        return Bar(EXPIRED, Phrase(N_("%(license)s expired"), {"license": name}))
    return None
