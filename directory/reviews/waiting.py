"""Why a review waits for a moderator."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a review waits. One review may wait for several reasons."""

    NEW = "new"
    APPEAL = "appeal"
    EDIT = "edit"
    REPORT = "report"
    REMOVAL = "removal"
    PROOF = "proof"
    REPLY = "reply"


KINDS: dict[Kind, str] = {
    Kind.NEW: "new review",
    Kind.APPEAL: "appeal",
    Kind.EDIT: "change by the writer",
    Kind.REPORT: "reported by readers",
    Kind.REMOVAL: "removal proposed",
    Kind.PROOF: "proof of visit",
    Kind.REPLY: "reply of the clinic",
}
