"""The states of a credential: every act from every state, as people would draw it on paper."""

import pytest

from directory.credentials.status import (
    ACT_OF_OUTCOME,
    MOVES,
    NEGATIVE,
    STANDINGS,
    CredentialAct,
    CredentialStatus,
    state_after,
)
from directory.web.refusals import InvalidTransitionError

ENDS = {
    "submit_credential": "submitted",
    "take_up_credential": "in_review",
    "verify_credential": "verified",
    "could_not_verify_credential": "could_not_verify",
    "reject_credential": "rejected",
    "revoke_credential": "revoked",
    "credential_expiring": "expiring",
    "expire_credential": "expired",
}
ALLOWED = {
    "claimed": {"submit_credential", "take_up_credential"},
    "submitted": {"submit_credential", "take_up_credential"},
    "in_review": {
        "verify_credential",
        "could_not_verify_credential",
        "reject_credential",
        "revoke_credential",
    },
    "verified": {
        "verify_credential",
        "could_not_verify_credential",
        "reject_credential",
        "revoke_credential",
        "credential_expiring",
        "expire_credential",
    },
    "expiring": {
        "verify_credential",
        "could_not_verify_credential",
        "reject_credential",
        "revoke_credential",
        "expire_credential",
    },
    "could_not_verify": {"submit_credential", "take_up_credential"},
    "rejected": {"submit_credential", "take_up_credential"},
    "expired": {"submit_credential", "take_up_credential", "revoke_credential"},
    "revoked": {"submit_credential", "take_up_credential"},
}


def test_every_state_and_every_act_stands_in_the_table() -> None:
    assert ALLOWED.keys() == {str(status) for status in CredentialStatus} == {str(status) for status in STANDINGS}
    assert ENDS.keys() == {str(act) for act in CredentialAct} == {str(act) for act in MOVES}


@pytest.mark.parametrize("status", CredentialStatus)
@pytest.mark.parametrize("act", CredentialAct)
def test_an_act_leads_where_the_table_says_or_is_refused(act: CredentialAct, status: CredentialStatus) -> None:
    if act in ALLOWED[status]:
        assert state_after(act, status) == ENDS[act]
    else:
        with pytest.raises(InvalidTransitionError, match=f"is {STANDINGS[status]}, so that cannot be done"):
            state_after(act, status)


def test_nothing_is_verified_but_from_a_review_or_anew() -> None:
    starts, _ = MOVES[CredentialAct.VERIFY]
    assert starts == {CredentialStatus.IN_REVIEW, CredentialStatus.VERIFIED, CredentialStatus.EXPIRING}


def test_each_outcome_of_a_check_is_the_act_that_leads_to_it() -> None:
    assert ACT_OF_OUTCOME.keys() == NEGATIVE | {CredentialStatus.VERIFIED}
    assert all(MOVES[act][1] == outcome for outcome, act in ACT_OF_OUTCOME.items())
