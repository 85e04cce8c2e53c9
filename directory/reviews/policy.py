"""The published rules of moderation: why a review may be refused, and what is done with one. One bar for every star."""

REASONS: dict[str, str] = {
    "fits": "It keeps the rules.",
    "not_a_patient": "The writer was not treated there, or does not write about their own treatment.",
    "undisclosed_tie": "The writer is tied to the clinic or to a competitor and did not say so.",
    "rewarded": "Something was given or promised for it.",
    "duplicate": "It says what another review by the same person says already.",
    "copied": "The text is copied from another review.",
    "personal_details": "It holds personal or health details of other people, names of staff, or contact details.",
    "abusive": "It insults, threatens or discriminates.",
    "not_about_care": "It is not about the care given there.",
    "advertising": "It advertises something.",
    "unreadable": "It cannot be read.",
    "legal_order": "A court or an authority ordered it.",
    "appeal_upheld": "The writer’s appeal was right.",
    "not_confirmed": "The second moderator did not agree.",
    "report_unfounded": "A reader reported it, and it keeps the rules.",
    "discloses_care": "A reply may not say that the writer is a patient, or anything about their care.",
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

REPORTS: dict[str, str] = {
    "not_a_patient": "The writer was not treated there.",
    "undisclosed_tie": "The writer is tied to the clinic or to a competitor.",
    "copied": "The text is copied.",
    "personal_details": "It holds details of other people, or contact details.",
    "abusive": "It insults, threatens or discriminates.",
    "not_about_care": "It is not about the care given there.",
    "advertising": "It advertises something.",
    "other": "Something else.",
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
"""What moderators do, as a decision names it."""

MODERATORS_FOR_REMOVAL = 2
