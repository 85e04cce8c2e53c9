"""Who may decide what: two moderators for a removal, another one for an appeal, the proof first, stars unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.models import Decision, ReviewStatus
from directory.reviews.moderation.offers import ACTS, WaitKind, open_acts, usual_message
from directory.reviews.reasons import REASONS, REFUSING

ADA, BEN, CLEO = "account:1", "account:2", "account:3"


def decided(act: str, moderator: str) -> Decision:
    return Decision(act=act, moderator=moderator)


def acts_for(
    actor: str,
    status: ReviewStatus,
    *kinds: WaitKind,
    past: tuple[Decision, ...] = (),
    moderators: tuple[str, ...] = (ADA, BEN),
) -> dict[str, bool]:
    """The acts that are offered, and whether `actor` may take them."""
    return {offer.act: offer.refusal is None for offer in open_acts(status, kinds, past, actor, moderators)}


def test_a_new_review_is_published_or_rejected() -> None:
    assert acts_for(ADA, ReviewStatus.PENDING, WaitKind.NEW) == {"publish": True, "reject": True}


def test_a_published_review_can_only_be_proposed_for_removal() -> None:
    assert acts_for(ADA, ReviewStatus.PUBLISHED) == {"propose_removal": True}
    assert acts_for(ADA, ReviewStatus.PUBLISHED, WaitKind.REPORT) == {"keep": True, "propose_removal": True}


def test_who_proposed_a_removal_cannot_confirm_or_decline_it() -> None:
    past = (decided("propose_removal", BEN), decided("decline_removal", ADA), decided("propose_removal", ADA))
    own = acts_for(ADA, ReviewStatus.PUBLISHED, WaitKind.REMOVAL, past=past)
    other = acts_for(BEN, ReviewStatus.PUBLISHED, WaitKind.REMOVAL, past=past)
    assert own == {"remove": False, "decline_removal": False}
    assert other == {"remove": True, "decline_removal": True}


def test_not_even_the_only_moderator_removes_alone() -> None:
    past = (decided("propose_removal", ADA),)
    assert acts_for(ADA, ReviewStatus.PUBLISHED, WaitKind.REMOVAL, past=past, moderators=(ADA,))["remove"] is False


def test_an_appeal_is_decided_by_somebody_who_did_not_decide_before() -> None:
    past = (decided("reject", ADA),)
    assert acts_for(ADA, ReviewStatus.PENDING, WaitKind.APPEAL, past=past) == {
        "publish": False,
        "decline_appeal": False,
    }
    assert acts_for(BEN, ReviewStatus.PENDING, WaitKind.APPEAL, past=past) == {"publish": True, "decline_appeal": True}
    removed = (decided("propose_removal", ADA), decided("remove", BEN))
    everybody = (ADA, BEN, CLEO)
    for actor, may in ((ADA, False), (BEN, False), (CLEO, True)):
        found = acts_for(actor, ReviewStatus.REMOVED, WaitKind.APPEAL, past=removed, moderators=everybody)
        assert found == {"restore": may, "decline_appeal": may}


def test_where_there_is_nobody_else_the_same_moderator_decides_the_appeal() -> None:
    past = (decided("reject", ADA),)
    assert acts_for(ADA, ReviewStatus.PENDING, WaitKind.APPEAL, past=past, moderators=(ADA,))["publish"]


def test_a_decision_that_was_reversed_does_not_bar_from_the_next_appeal() -> None:
    past = (decided("reject", ADA), decided("publish", BEN), decided("propose_removal", BEN), decided("remove", CLEO))
    assert acts_for(ADA, ReviewStatus.REMOVED, WaitKind.APPEAL, past=past)["restore"]


def test_nothing_is_refused_before_the_proof_was_looked_at() -> None:
    assert acts_for(ADA, ReviewStatus.PENDING, WaitKind.NEW, WaitKind.PROOF) == {
        "publish": True,
        "reject": False,
        "accept_proof": True,
        "decline_proof": True,
    }
    past = (decided("propose_removal", BEN),)
    assert not acts_for(ADA, ReviewStatus.PUBLISHED, WaitKind.REMOVAL, WaitKind.PROOF, past=past)["remove"]
    assert not acts_for(BEN, ReviewStatus.REJECTED, WaitKind.APPEAL, WaitKind.PROOF)["decline_appeal"]


@given(
    st.sampled_from(ReviewStatus),
    st.sets(st.sampled_from(WaitKind)),
    st.lists(st.builds(decided, st.sampled_from(sorted(ACTS)), st.sampled_from([ADA, BEN, CLEO]))),
    st.sampled_from([ADA, BEN, CLEO]),
)
def test_whatever_came_before_no_review_goes_by_one_moderator(
    status: ReviewStatus, kinds: set[WaitKind], past: list[Decision], actor: str
) -> None:
    found = {offer.act: offer.refusal for offer in open_acts(status, kinds, past, actor, {ADA, BEN, CLEO})}
    proposers = [decision.moderator for decision in past if decision.act == "propose_removal"]
    if "remove" in found and found["remove"] is None:
        assert actor not in proposers[-1:]
    assert found.keys() <= ACTS.keys()


def test_every_act_has_its_reasons_and_every_refusal_its_usual_words(subtests: pytest.Subtests) -> None:
    for act in sorted(ACTS):
        with subtests.test(act=act):
            assert {*ACTS[act].reasons, ACTS[act].reason} <= REASONS.keys()
            for reason in (ACTS[act].reasons or REFUSING) if ACTS[act].is_explained else ():
                assert REASONS[reason].told
                assert usual_message(act, reason)


def test_every_reason_fits_its_column() -> None:
    assert max(map(len, REASONS)) <= Decision.__table__.c.reason.type.length
