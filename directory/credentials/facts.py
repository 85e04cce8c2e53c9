"""What is known of one provider's qualifications: the plain values that the rubric takes."""

from dataclasses import dataclass
from datetime import date

from directory.credentials.kinds import CredentialKind
from directory.credentials.status import COUNTING, CredentialStatus


@dataclass(frozen=True, slots=True)
class HeldCredential:
    """A credential that a provider holds or claims. `source` and `as_of`: where and when it was checked."""

    kind: CredentialKind
    status: CredentialStatus
    field: str | None = None
    issuer: str = ""
    state: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None  # the last day on which it holds
    verified_until: date | None = None  # the last day on which its check counts; None when that has no end
    public_discipline: bool = False
    source: str | None = None
    as_of: date | None = None
    was_verified: bool = False  # by some check, so that `expires_on` is what a source said
    discipline_known: bool = True  # False: it rests on a list that says nothing of discipline

    def counts_on(self, today: date) -> bool:
        """Whether it was verified, has not expired by `today`, and was not checked too long ago."""
        ends = [end for end in (self.expires_on, self.verified_until) if end is not None]
        return self.status in COUNTING and all(end >= today for end in ends)

    def check_lapsed_on(self, today: date) -> bool:
        """Whether by `today` only its check is too old, while the credential itself may well hold."""
        holds = self.expires_on is None or self.expires_on >= today
        return holds and self.verified_until is not None and self.verified_until < today


@dataclass(frozen=True, slots=True)
class BilledVolume:
    """Services of one HCPCS code billed to Medicare in one year, and where and when we read it."""

    year: int
    hcpcs_code: str
    services: float
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class ExclusionEntry:
    """An entry of a list of exclusions, active until `reinstated_on`. It has begun when its day is not known."""

    excluded_on: date | None
    reinstated_on: date | None = None
    source_key: str | None = None  # of the list

    def active_on(self, today: date) -> bool:
        has_begun = self.excluded_on is None or self.excluded_on <= today
        return has_begun and (self.reinstated_on is None or self.reinstated_on > today)
