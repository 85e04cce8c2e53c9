"""Why a review waits for a moderator, what may be decided then, and by whom. Nothing here looks at the stars."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel.speaklater import LazyString

from directory.reviews.models import Decision, ReviewStatus
from directory.reviews.reasons import REASONS, REFUSING
from directory.web.messages import lazy_gettext as _l
from directory.web.refusals import InvalidTransitionError, RefusalError, SelfApprovalError


class WaitKind(StrEnum):
    """Why a review waits. One review may wait for several reasons."""

    NEW = "new"
    APPEAL = "appeal"
    EDIT = "edit"
    REPORT = "report"
    REMOVAL = "removal"
    PROOF = "proof"
    REPLY = "reply"


WAIT_KINDS: dict[WaitKind, LazyString] = {
    WaitKind.NEW: _l("new review"),
    WaitKind.APPEAL: _l("appeal"),
    WaitKind.EDIT: _l("change by the writer"),
    WaitKind.REPORT: _l("reported by readers"),
    WaitKind.REMOVAL: _l("proposed for removal"),
    WaitKind.PROOF: _l("proof of visit"),
    WaitKind.REPLY: _l("reply of the clinic"),
}

PROOF_REASONS = ("unreadable", "not_a_patient")
REPLY_REASONS = ("discloses_care", "personal_details", "abusive", "advertising", "not_about_care")
MODERATORS_FOR_REMOVAL = 2
OWN_REFUSAL = "You decided against this review, so another moderator decides about the appeal."
OWN_PROPOSAL = "You proposed this removal, so another moderator confirms or declines it."
PROOF_FIRST = "Decide on the proof of visit first. It may answer your question."
_STARS_PLAYED_NO_PART = _l(
    "The number of stars you gave was not a factor. Your private link shows what you can do now."
)


@dataclass(frozen=True, slots=True)
class ReviewAct:
    """What a moderator does. Only their own pages, which are in English, show `button` and `done`."""

    button: str
    done: str  # "published"
    event: str = ""  # as the audit log names it, of an act that changes the status or the reports alone
    status: ReviewStatus | None = None  # that the review changes to
    answers_reports: bool = False
    reasons: tuple[str, ...] = ()  # keys of `REASONS`, of which the moderator names one
    reason: str = "fits"  # where they name none; an appeal, and a removal that was proposed, have their own
    opening: LazyString | None = None  # of the message to the writer; None where none is sent
    closing: LazyString | None = None

    @property
    def is_explained(self) -> bool:
        """Whether the person who wrote is told why."""
        return self.opening is not None


ACTS: dict[str, ReviewAct] = {
    "publish": ReviewAct("Publish", "published", "publish_review", ReviewStatus.PUBLISHED),
    "reject": ReviewAct(
        "Reject",
        "rejected",
        "reject_review",
        ReviewStatus.REJECTED,
        reasons=REFUSING,
        opening=_l("We didn’t publish your review."),
        closing=_STARS_PLAYED_NO_PART,
    ),
    "propose_removal": ReviewAct("Propose its removal", "proposed for removal", "propose_removal", reasons=REFUSING),
    "remove": ReviewAct(
        "Confirm the removal",
        "removed",
        "remove_review",
        ReviewStatus.REMOVED,
        answers_reports=True,
        opening=_l("Two moderators agreed to remove your review."),
        closing=_STARS_PLAYED_NO_PART,
    ),
    "decline_removal": ReviewAct(
        "Decline: it stays", "removal declined", "decline_removal", answers_reports=True, reason="not_confirmed"
    ),
    "restore": ReviewAct(
        "Publish it again", "published again", "restore_review", ReviewStatus.PUBLISHED, reason="appeal_upheld"
    ),
    "decline_appeal": ReviewAct(
        "Decline the appeal",
        "appeal declined",
        reasons=REFUSING,
        opening=_l("We read your review and your appeal again. The decision has not changed."),
    ),
    "keep": ReviewAct(
        "Keep it published", "kept after a report", "keep_review", answers_reports=True, reason="report_unfounded"
    ),
    "apply_edit": ReviewAct("Publish the change", "change published"),
    "reject_edit": ReviewAct(
        "Reject the change",
        "change rejected",
        reasons=REFUSING,
        opening=_l("We didn’t publish your change. Your review stays as it was."),
        closing=_l("You can send another change at any time."),
    ),
    "accept_proof": ReviewAct("Accept: the visit is verified", "visit verified"),
    "decline_proof": ReviewAct(
        "Decline the proof",
        "proof of visit not accepted",
        reasons=PROOF_REASONS,
        opening=_l("We couldn’t accept your file as proof of your visit. Your review doesn’t need one."),
    ),
    "publish_reply": ReviewAct("Publish the reply", "reply published"),
    "reject_reply": ReviewAct(
        "Reject the reply",
        "reply rejected",
        reasons=REPLY_REASONS,
        opening=_l("We didn’t publish your reply."),
        closing=_l("You can send another reply at any time."),
    ),
}
"""By the name that a decision stores."""


@dataclass(frozen=True, slots=True)
class OpenAct:
    """An act that is open on a review; `refusal` says why not to this moderator."""

    kind: WaitKind | None  # what of the review it decides; None for a removal that no reader asked for
    act: str
    refusal: RefusalError | None = None


def open_acts(
    status: ReviewStatus,
    kinds: Collection[WaitKind],
    past: Sequence[Decision],
    actor: str,
    moderators: Collection[str],
) -> list[OpenAct]:
    """What `actor` may decide on a review that waits for `kinds`, after the decisions `past`, the oldest first.

    `moderators` are all who may decide, as the audit log names them.
    """
    proof = InvalidTransitionError(PROOF_FIRST) if WaitKind.PROOF in kinds else None
    found: list[OpenAct] = []
    if WaitKind.NEW in kinds:
        found += [OpenAct(WaitKind.NEW, "publish"), OpenAct(WaitKind.NEW, "reject", proof)]
    if WaitKind.APPEAL in kinds:
        refusers = _who_refused(past)
        own = actor in refusers and bool(set(moderators) - refusers)
        refusal = SelfApprovalError(OWN_REFUSAL) if own else None
        granting = "restore" if status == ReviewStatus.REMOVED else "publish"
        found += [
            OpenAct(WaitKind.APPEAL, granting, refusal),
            OpenAct(WaitKind.APPEAL, "decline_appeal", refusal or proof),
        ]
    if WaitKind.REMOVAL in kinds:
        proposers = [decision.moderator for decision in past if decision.act == "propose_removal"]
        refusal = SelfApprovalError(OWN_PROPOSAL) if actor in proposers[-1:] else None
        found += [
            OpenAct(WaitKind.REMOVAL, "remove", refusal or proof),
            OpenAct(WaitKind.REMOVAL, "decline_removal", refusal),
        ]
    for kind, acts in {
        WaitKind.REPORT: ("keep",),
        WaitKind.EDIT: ("apply_edit", "reject_edit"),
        WaitKind.PROOF: ("accept_proof", "decline_proof"),
        WaitKind.REPLY: ("publish_reply", "reject_reply"),
    }.items():
        found += [OpenAct(kind, act) for act in acts if kind in kinds]
    if status == ReviewStatus.PUBLISHED and WaitKind.REMOVAL not in kinds:
        found.append(OpenAct(WaitKind.REPORT if WaitKind.REPORT in kinds else None, "propose_removal"))
    return found


def _who_refused(past: Sequence[Decision]) -> set[str]:
    """The moderators by whose decisions the review is not shown."""
    refusers: set[str] = set()
    for decision in past:
        if decision.act in {"publish", "restore", "decline_removal"}:
            refusers.clear()
        elif decision.act in {"reject", "propose_removal", "remove", "decline_appeal"}:
            refusers.add(decision.moderator)
    return refusers


def usual_message(act: str, reason: str) -> str:
    """What is usually written to the person whose text an act refuses, in the language of the moment."""
    words = (ACTS[act].opening, REASONS[reason].told, ACTS[act].closing)
    return " ".join(str(each) for each in words if each)
