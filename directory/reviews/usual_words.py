"""What is usually written to somebody whose review, change, proof or reply is refused. Moderators may change it."""

OPENINGS: dict[str, str] = {
    "reject": "We did not publish your review.",
    "remove": "Two moderators agreed to take your review down.",
    "decline_appeal": "We read your review and your appeal once more, and the decision stands.",
    "reject_edit": "We did not publish your change. Your review stays as it was.",
    "decline_proof": "We could not take your file as a proof of your visit. Your review does not need one.",
    "reject_reply": "We did not publish your reply.",
}

WHY: dict[str, str] = {
    "not_a_patient": "We show reviews of the writer’s own treatment there. We could not see that it is one.",
    "undisclosed_tie": "Somebody who is tied to the clinic or to a competitor has to say so in the review.",
    "rewarded": "We do not show reviews for which something was given or promised.",
    "duplicate": "It says what another review of yours says already.",
    "copied": "Its text is that of another review. Please write in your own words.",
    "personal_details": "It holds details of other people, names of staff, or contact details. Leave them out.",
    "abusive": "It insults, threatens or discriminates. What happened to you can be told without that.",
    "not_about_care": "It is not about the care given there.",
    "advertising": "It advertises something.",
    "unreadable": "We could not read it.",
    "legal_order": "A court or an authority ordered it.",
    "discloses_care": "A reply may not say that the writer is a patient, or anything about their care.",
}

CLOSINGS: dict[str, str] = {
    "reject": "The stars that you gave played no part. Your private link says what you can do now.",
    "remove": "The stars that you gave played no part. Your private link says what you can do now.",
    "reject_edit": "You can send another change at any time.",
    "reject_reply": "You can send another reply at any time.",
}


def usual_words(act: str, reason: str) -> str:
    """The message for `act` with `reason`, both as `policy` names them."""
    return " ".join(filter(None, (OPENINGS[act], WHY[reason], CLOSINGS.get(act))))
