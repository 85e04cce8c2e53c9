"""Which decisions are open on a review, and to which moderator. Nothing here looks at the stars."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from directory.reviews.moderation.waiting import Kind
from directory.reviews.policy import REFUSING
from directory.reviews.status import ReviewStatus

CHOICES_OF_REASON: dict[str, tuple[str, ...]] = {
    "reject": REFUSING,
    "propose_removal": REFUSING,
    "decline_appeal": REFUSING,
    "reject_edit": REFUSING,
    "decline_proof": ("unreadable", "not_a_patient"),
    "reject_reply": ("discloses_care", "personal_details", "abusive", "advertising", "not_about_care"),
}
"""Of these acts a moderator names the reason."""
FIXED_REASONS: dict[str, str] = {
    "publish": "fits",
    "decline_removal": "not_confirmed",
    "restore": "appeal_upheld",
    "keep": "report_unfounded",
    "apply_edit": "fits",
    "accept_proof": "fits",
    "publish_reply": "fits",
}
"""Of these acts the reason is always the same, but for an appeal; a removal has that of its proposal."""
EXPLAINED = frozenset({"reject", "remove", "decline_appeal", "reject_edit", "decline_proof", "reject_reply"})
"""Of these acts the person who wrote is told why."""

PROOF_FIRST = "Decide on the proof of visit first: it may answer your question."


class PastDecision(Protocol):
    """What is needed of a `Decision`."""

    @property
    def act(self) -> str: ...
    @property
    def moderator(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that is open on a review; `refusal` says why not to this moderator."""

    kind: Kind | None  # what of the review it decides; None for a removal that nobody asked for
    act: str
    refusal: str | None = None


def offers(
    status: ReviewStatus,
    kinds: Collection[Kind],
    past: Sequence[PastDecision],
    actor: str,
    moderators: Collection[str],
) -> list[Offer]:
    """What `actor` may decide on a review that waits for `kinds`, after the decisions `past`, the oldest first.

    `moderators` are all who may decide, as the audit log names them.
    """
    proof = PROOF_FIRST if Kind.PROOF in kinds else None
    found: list[Offer] = []
    if Kind.NEW in kinds:
        found += [Offer(Kind.NEW, "publish"), Offer(Kind.NEW, "reject", proof)]
    if Kind.APPEAL in kinds:
        refusers = _who_refused(past)
        own = actor in refusers and bool(set(moderators) - refusers)
        refusal = "You decided against this review, so another moderator decides about the appeal." if own else None
        granting = "restore" if status == ReviewStatus.REMOVED else "publish"
        found += [Offer(Kind.APPEAL, granting, refusal), Offer(Kind.APPEAL, "decline_appeal", refusal or proof)]
    if Kind.REMOVAL in kinds:
        own = actor == _last_proposer(past)
        refusal = "You proposed this removal, so another moderator confirms or declines it." if own else None
        found += [Offer(Kind.REMOVAL, "remove", refusal or proof), Offer(Kind.REMOVAL, "decline_removal", refusal)]
    if Kind.REPORT in kinds:
        found.append(Offer(Kind.REPORT, "keep"))
    if Kind.EDIT in kinds:
        found += [Offer(Kind.EDIT, "apply_edit"), Offer(Kind.EDIT, "reject_edit")]
    if Kind.PROOF in kinds:
        found += [Offer(Kind.PROOF, "accept_proof"), Offer(Kind.PROOF, "decline_proof")]
    if Kind.REPLY in kinds:
        found += [Offer(Kind.REPLY, "publish_reply"), Offer(Kind.REPLY, "reject_reply")]
    if status == ReviewStatus.PUBLISHED and Kind.REMOVAL not in kinds:
        found.append(Offer(Kind.REPORT if Kind.REPORT in kinds else None, "propose_removal"))
    return found


def _last_proposer(past: Sequence[PastDecision]) -> str | None:
    return next((decision.moderator for decision in reversed(past) if decision.act == "propose_removal"), None)


def _who_refused(past: Sequence[PastDecision]) -> set[str]:
    """Who brought about that the review is not shown."""
    refusers: set[str] = set()
    for decision in past:
        if decision.act in {"publish", "restore", "decline_removal"}:
            refusers.clear()
        elif decision.act in {"reject", "propose_removal", "remove", "decline_appeal"}:
            refusers.add(decision.moderator)
    return refusers
