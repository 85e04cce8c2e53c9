"""The states of a credential: what may lead to which."""

from directory.credentials.status import (
    ACT_OF_OUTCOME,
    MOVES,
    NEGATIVE,
    CredentialAct,
    CredentialStatus,
)


def test_nothing_is_verified_but_from_a_review_or_anew() -> None:
    starts, _ = MOVES[CredentialAct.VERIFY]
    assert starts == {CredentialStatus.IN_REVIEW, CredentialStatus.VERIFIED, CredentialStatus.EXPIRING}


def test_each_outcome_of_a_check_is_the_act_that_leads_to_it() -> None:
    assert ACT_OF_OUTCOME.keys() == NEGATIVE | {CredentialStatus.VERIFIED}
    assert all(MOVES[act][1] == outcome for outcome, act in ACT_OF_OUTCOME.items())
