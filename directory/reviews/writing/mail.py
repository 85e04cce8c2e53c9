"""The mail that writers of reviews get: short, plain, each link on a line of its own.

A letter is in the language of the form that was sent, or of the page on which it was asked for, and so is the page that
its link opens.
"""

from collections.abc import Sequence

from flask import current_app
from limits import RateLimitItemPerDay

from directory.extensions import limiter
from directory.mail.outbox import queue_mail
from directory.reviews.models import Submission
from directory.reviews.writing.links import Purpose, writer_link
from directory.web.languages import in_language
from directory.web.messages import gettext

MAX_A_DAY = 3
"""Mails with links to one address that anybody can cause by typing it."""
_LIMIT = RateLimitItemPerDay(MAX_A_DAY)
_COUNTED_AS = "review-mail"


def may_be_mailed(email_hash: str) -> bool:
    """Whether the address with that hash can get one more mail today."""
    return not limiter.enabled or limiter.limiter.test(_LIMIT, _COUNTED_AS, email_hash)


def queue_confirmation(submission: Submission) -> None:
    """Ask the address to confirm the review, unless it got too many mails today."""
    if not submission.email or not _count(submission.email_hash):
        return
    hours = f"{current_app.config['REVIEW_CONFIRM_HOURS']:g}"
    with in_language(submission.review.form_language):
        _queue(
            submission.email,
            gettext("Confirm your review"),
            gettext(
                "Someone, we hope you, wrote a review of %(provider)s and gave this email address.",
                provider=_name(submission),
            ),
            gettext("To confirm it, open this link and press the button:"),
            writer_link(Purpose.CONFIRM, submission),
            gettext("The link works for %(hours)s hours. Until then, no one sees the review.", hours=hours),
            gettext(
                "Didn’t write it? You don’t need to do anything: it will never be shown, and it is deleted after "
                "30 days."
            ),
        )


def queue_private_link(submission: Submission, address: str) -> None:
    """Send the writer's own link once the review is confirmed."""
    with in_language(submission.review.form_language):
        _queue(
            address,
            gettext("Your private link to your review"),
            gettext(
                "Thank you. Your review of %(provider)s is confirmed and in moderation.",
                provider=_name(submission),
            ),
            gettext("Use this link to check its status, change it or delete it:"),
            writer_link(Purpose.MINE, submission),
            gettext("Keep it private: anyone who has it can do the same. We have not kept your email address."),
        )


def queue_link_of_earlier(earlier: Submission, address: str, language: str) -> bool:
    """Send the link of the writer's review of the same provider and year; False when the address got too many mails.

    `language` is that of the form that they sent now.
    """
    if not _count(earlier.email_hash):
        return False
    with in_language(language):
        _queue(
            address,
            gettext("The review that you wrote earlier"),
            gettext(
                "You already reviewed %(provider)s this year. This is your private link to that review:",
                provider=_name(earlier),
            ),
            writer_link(Purpose.MINE, earlier),
            gettext("Keep it private: anyone who has it can change or delete the review."),
        )
    return True


def queue_all_links(submissions: Sequence[Submission], address: str, language: str) -> None:
    """Send the private links of all `submissions` of one address, unless it got too many mails today.

    `language` is that of the page on which they were asked for.
    """
    if not submissions or not _count(submissions[0].email_hash):
        return
    with in_language(language):
        _queue(
            address,
            gettext("Your private links to your reviews"),
            gettext("Someone, we hope you, asked for the links to the reviews written with this email address."),
            *(f"{_name(submission)}:\n{writer_link(Purpose.MINE, submission)}" for submission in submissions),
            gettext("Keep them private: anyone who has one can change or delete that review."),
        )


def _queue(address: str, subject: str, *paragraphs: str) -> None:
    queue_mail(address, subject, "\n\n".join(paragraphs) + "\n")


def _name(submission: Submission) -> str:
    return " ".join(submission.review.provider.name.split())


def _count(email_hash: str) -> bool:
    return not limiter.enabled or limiter.limiter.hit(_LIMIT, _COUNTED_AS, email_hash)
