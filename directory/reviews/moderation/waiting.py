"""Why a review waits for a moderator."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Kind(StrEnum):
    """Why a review waits. One review may wait for several reasons."""

    NEW = "new"
    APPEAL = "appeal"
    EDIT = "edit"
    REPORT = "report"
    REMOVAL = "removal"
    PROOF = "proof"
    REPLY = "reply"


KINDS: dict[Kind, LazyString] = {
    Kind.NEW: _l("new review"),
    Kind.APPEAL: _l("appeal"),
    Kind.EDIT: _l("change by the writer"),
    Kind.REPORT: _l("reported by readers"),
    Kind.REMOVAL: _l("removal proposed"),
    Kind.PROOF: _l("proof of visit"),
    Kind.REPLY: _l("reply of the clinic"),
}
