"""The published rules of moderation: why a review may be refused, and what is done with one. One bar for every star.

The sentences are in the language of the page that shows them.
"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

REASONS: dict[str, LazyString] = {
    "fits": _l("It keeps the rules."),
    "not_a_patient": _l("The writer was not treated there, or does not write about their own treatment."),
    "undisclosed_tie": _l("The writer is tied to the clinic or to a competitor and did not say so."),
    "rewarded": _l("Something was given or promised for it."),
    "duplicate": _l("It says what another review by the same person says already."),
    "copied": _l("The text is copied from another review."),
    "personal_details": _l("It holds personal or health details of other people, names of staff, or contact details."),
    "abusive": _l("It insults, threatens or discriminates."),
    "not_about_care": _l("It is not about the care given there."),
    "advertising": _l("It advertises something."),
    "unreadable": _l("It cannot be read."),
    "legal_order": _l("A court or an authority ordered it."),
    "appeal_upheld": _l("The writer’s appeal was right."),
    "not_confirmed": _l("The second moderator did not agree."),
    "report_unfounded": _l("A reader reported it, and it keeps the rules."),
    "discloses_care": _l("A reply may not say that the writer is a patient, or anything about their care."),
}
"""Every decision names one of these."""

REFUSING = (
    "not_a_patient",
    "undisclosed_tie",
    "rewarded",
    "duplicate",
    "copied",
    "personal_details",
    "abusive",
    "not_about_care",
    "advertising",
    "unreadable",
    "legal_order",
)
"""Reasons for rejecting or removing a review; none of them looks at the stars."""

REPORTS: dict[str, LazyString] = {
    "not_a_patient": _l("The writer was not treated there."),
    "undisclosed_tie": _l("The writer is tied to the clinic or to a competitor."),
    "copied": _l("The text is copied."),
    "personal_details": _l("It holds details of other people, or contact details."),
    "abusive": _l("It insults, threatens or discriminates."),
    "not_about_care": _l("It is not about the care given there."),
    "advertising": _l("It advertises something."),
    "other": _l("Something else."),
}
"""Why a reader may report a review."""

ACTS: dict[str, str] = {
    "publish": "published",
    "reject": "rejected",
    "propose_removal": "removal proposed",
    "remove": "removed",
    "decline_removal": "removal declined",
    "restore": "published again",
    "decline_appeal": "appeal declined",
    "keep": "kept after a report",
    "apply_edit": "change published",
    "reject_edit": "change rejected",
    "accept_proof": "visit verified",
    "decline_proof": "proof of visit not accepted",
    "publish_reply": "reply published",
    "reject_reply": "reply rejected",
}
"""What moderators do, as a decision names it; only their own pages, which are in English, show it."""

MODERATORS_FOR_REMOVAL = 2
