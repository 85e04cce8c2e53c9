"""The published reasons of moderation. Each decision is stored with the key of one; the same bar holds for every star.

The sentences are in the language of the page that shows them, or of the letter.
"""

from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from directory.web.messages import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Reason:
    """`sentence` stands on the page of the rules. `told` is what the writer is told; a moderator may change it."""

    sentence: LazyString
    told: LazyString | None = None
    refuses_reviews: bool = False  # a review, or a change of one, may be rejected or removed for it


REASONS: dict[str, Reason] = {
    "fits": Reason(_l("It follows the rules.")),
    "not_a_patient": Reason(
        _l("The writer was not a patient there or with one, or the review is not about that treatment."),
        _l(
            "We publish reviews by patients and by people who cared for or went with them. We couldn’t tell that this "
            "is one."
        ),
        refuses_reviews=True,
    ),
    "undisclosed_tie": Reason(
        _l("The writer has an undisclosed connection to the clinic or a competitor."),
        _l("A writer with a connection to the clinic or a competitor has to disclose it in the review."),
        refuses_reviews=True,
    ),
    "rewarded": Reason(
        _l("Something was given or promised for it."),
        _l("We don’t publish reviews for which something was given or promised."),
        refuses_reviews=True,
    ),
    "duplicate": Reason(
        _l("It repeats another review by the same person."),
        _l("It repeats another review you wrote."),
        refuses_reviews=True,
    ),
    "copied": Reason(
        _l("The text is copied from another review."),
        _l("Its text is copied from another review. Please write in your own words."),
        refuses_reviews=True,
    ),
    "personal_details": Reason(
        _l("It includes personal or health details about other people, names of staff, or contact details."),
        _l("It includes details about other people, names of staff, or contact details. Leave them out."),
        refuses_reviews=True,
    ),
    "abusive": Reason(
        _l("It insults, threatens or discriminates."),
        _l("It insults, threatens or discriminates. You can tell what happened without that."),
        refuses_reviews=True,
    ),
    "not_about_care": Reason(
        _l("It is not about the care given there."), _l("It is not about the care given there."), refuses_reviews=True
    ),
    "advertising": Reason(_l("It advertises something."), _l("It advertises something."), refuses_reviews=True),
    "unreadable": Reason(_l("It can’t be read."), _l("We couldn’t read it."), refuses_reviews=True),
    "legal_order": Reason(
        _l("A court or government agency ordered it."),
        _l("A court or government agency ordered it."),
        refuses_reviews=True,
    ),
    "appeal_upheld": Reason(_l("The writer’s appeal was upheld.")),
    "not_confirmed": Reason(_l("The second moderator disagreed.")),
    "report_unfounded": Reason(_l("A reader reported it, and it follows the rules.")),
    "discloses_care": Reason(
        _l("A reply can’t say that the writer is a patient, or anything about their care."),
        _l("A reply can’t say that the writer is a patient, or anything about their care."),
    ),
}
"""Every decision names one of these. None of them looks at the stars."""

REFUSING = tuple(key for key, reason in REASONS.items() if reason.refuses_reviews)

REPORTS: dict[str, LazyString] = {
    "not_a_patient": _l("The writer was not a patient there or with one."),
    "undisclosed_tie": _l("The writer has a connection to the clinic or a competitor."),
    "copied": _l("The text is copied."),
    "personal_details": _l("It includes details about other people, or contact details."),
    "abusive": _l("It insults, threatens or discriminates."),
    "not_about_care": _l("It is not about the care given there."),
    "advertising": _l("It advertises something."),
    "other": _l("Something else."),
}
"""Why a reader may report a review."""
