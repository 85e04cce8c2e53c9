"""What is usually written to somebody whose review, change, proof or reply is refused. Moderators may change it.

The words are in the language of the moment: whoever asks for them does so in that of the reader (`in_language`).
"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OPENINGS: dict[str, LazyString] = {
    "reject": _l("We did not publish your review."),
    "remove": _l("Two moderators agreed to take your review down."),
    "decline_appeal": _l("We read your review and your appeal once more, and the decision stands."),
    "reject_edit": _l("We did not publish your change. Your review stays as it was."),
    "decline_proof": _l("We could not take your file as a proof of your visit. Your review does not need one."),
    "reject_reply": _l("We did not publish your reply."),
}

WHY: dict[str, LazyString] = {
    "not_a_patient": _l("We show reviews of the writer’s own treatment there. We could not see that it is one."),
    "undisclosed_tie": _l("Somebody who is tied to the clinic or to a competitor has to say so in the review."),
    "rewarded": _l("We do not show reviews for which something was given or promised."),
    "duplicate": _l("It says what another review of yours says already."),
    "copied": _l("Its text is that of another review. Please write in your own words."),
    "personal_details": _l("It holds details of other people, names of staff, or contact details. Leave them out."),
    "abusive": _l("It insults, threatens or discriminates. What happened to you can be told without that."),
    "not_about_care": _l("It is not about the care given there."),
    "advertising": _l("It advertises something."),
    "unreadable": _l("We could not read it."),
    "legal_order": _l("A court or an authority ordered it."),
    "discloses_care": _l("A reply may not say that the writer is a patient, or anything about their care."),
}

CLOSINGS: dict[str, LazyString] = {
    "reject": _l("The stars that you gave played no part. Your private link says what you can do now."),
    "remove": _l("The stars that you gave played no part. Your private link says what you can do now."),
    "reject_edit": _l("You can send another change at any time."),
    "reject_reply": _l("You can send another reply at any time."),
}


def usual_words(act: str, reason: str) -> str:
    """The message for `act` with `reason`, both as `policy` names them."""
    return " ".join(str(words) for words in (OPENINGS[act], WHY[reason], CLOSINGS.get(act)) if words)
