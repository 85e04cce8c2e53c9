"""The states of a credential and the acts that move it from one to the next. No other moves exist.

claimed -> submitted -> in review -> verified, could not verify or rejected; verified -> expiring -> expired; verified
or expiring -> revoked. What did not stay verified may be submitted and taken up anew. What rests on a board's file
alone goes back to claimed when the file was wrong, or no longer has it.
"""

from enum import StrEnum

from directory.web.phrases import N_
from directory.web.refusals import InvalidTransitionError


class CredentialStatus(StrEnum):
    CLAIMED = "claimed"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VERIFIED = "verified"
    EXPIRING = "expiring"
    COULD_NOT_VERIFY = "could_not_verify"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


STANDINGS = {
    CredentialStatus.CLAIMED: N_("claimed, not verified"),
    CredentialStatus.SUBMITTED: N_("submitted, not verified yet"),
    CredentialStatus.IN_REVIEW: N_("being verified"),
    CredentialStatus.VERIFIED: N_("verified"),
    CredentialStatus.EXPIRING: N_("verified"),
    CredentialStatus.COULD_NOT_VERIFY: N_("could not be verified"),
    CredentialStatus.REJECTED: N_("not confirmed by the issuer"),
    CredentialStatus.EXPIRED: N_("expired"),
    CredentialStatus.REVOKED: N_("revoked"),
}
COUNTING = frozenset({CredentialStatus.VERIFIED, CredentialStatus.EXPIRING})
"""What the rubric counts."""
NEGATIVE = frozenset({CredentialStatus.COULD_NOT_VERIFY, CredentialStatus.REJECTED, CredentialStatus.REVOKED})
"""Outcomes of a check that need a second verifier."""

_S = CredentialStatus


class CredentialAct(StrEnum):
    SUBMIT = "submit_credential"
    TAKE_UP = "take_up_credential"
    VERIFY = "verify_credential"
    COULD_NOT_VERIFY = "could_not_verify_credential"
    REJECT = "reject_credential"
    REVOKE = "revoke_credential"
    START_EXPIRING = "credential_expiring"
    EXPIRE = "expire_credential"
    WITHDRAW = "withdraw_verification"


_OPEN_AGAIN = frozenset({_S.COULD_NOT_VERIFY, _S.REJECTED, _S.EXPIRED, _S.REVOKED})

MOVES: dict[CredentialAct, tuple[frozenset[CredentialStatus], CredentialStatus]] = {
    CredentialAct.SUBMIT: (_OPEN_AGAIN | {_S.CLAIMED, _S.SUBMITTED}, _S.SUBMITTED),
    CredentialAct.TAKE_UP: (_OPEN_AGAIN | {_S.CLAIMED, _S.SUBMITTED}, _S.IN_REVIEW),
    CredentialAct.VERIFY: (COUNTING | {_S.IN_REVIEW}, _S.VERIFIED),
    CredentialAct.COULD_NOT_VERIFY: (COUNTING | {_S.IN_REVIEW}, _S.COULD_NOT_VERIFY),
    CredentialAct.REJECT: (COUNTING | {_S.IN_REVIEW}, _S.REJECTED),
    CredentialAct.REVOKE: (COUNTING | {_S.IN_REVIEW, _S.EXPIRED}, _S.REVOKED),
    CredentialAct.START_EXPIRING: (frozenset({_S.VERIFIED}), _S.EXPIRING),
    CredentialAct.EXPIRE: (COUNTING, _S.EXPIRED),
    CredentialAct.WITHDRAW: (COUNTING, _S.CLAIMED),
}
"""From which states each act leads, and to which."""
ACT_OF_OUTCOME = {
    _S.VERIFIED: CredentialAct.VERIFY,
    _S.COULD_NOT_VERIFY: CredentialAct.COULD_NOT_VERIFY,
    _S.REJECTED: CredentialAct.REJECT,
    _S.REVOKED: CredentialAct.REVOKE,
}
"""The act that a check with that outcome is."""


def state_after(act: CredentialAct, current: CredentialStatus) -> CredentialStatus:
    """The state that `act` leads to from `current`. Raises `InvalidTransitionError` where `MOVES` has no such move."""
    starts, end = MOVES[act]
    if current not in starts:
        raise InvalidTransitionError(f"This credential is {STANDINGS[current]}, so that cannot be done with it now.")
    return end
