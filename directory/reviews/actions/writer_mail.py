"""The mail that writers of reviews get: short, plain, each link on a line of its own. The caller commits."""

from collections.abc import Sequence

from flask import current_app
from limits import RateLimitItemPerDay

from directory.extensions import limiter
from directory.mail.outbox import queue_mail
from directory.reviews.models import Submission
from directory.reviews.writer_links import confirm_link, private_link

MOST_A_DAY = 3
"""Mails with links to one address that anybody can cause by typing it."""
_LIMIT = RateLimitItemPerDay(MOST_A_DAY)
_COUNTED_AS = "review-mail"


def may_be_mailed(email_hash: str) -> bool:
    """Whether the address with that hash can get one more mail today."""
    return not limiter.enabled or limiter.limiter.test(_LIMIT, _COUNTED_AS, email_hash)


def queue_confirmation(submission: Submission) -> bool:
    """Ask the address to confirm the review; False when it got too many mails today."""
    if not submission.email or not _count(submission.email_hash):
        return False
    hours = f"{current_app.config['REVIEW_CONFIRM_HOURS']:g}"
    queue_mail(
        submission.email,
        "Confirm your review",
        f"Somebody, you we hope, wrote a review of {_name(submission)} and gave this address.\n\n"
        "To confirm it, open this link and press the button:\n\n"
        f"{confirm_link(submission)}\n\n"
        f"The link works for {hours} hours. Until then nobody sees the review.\n\n"
        "You did not write it? Then do nothing: it is never shown, and it is deleted after 30 days.\n",
    )
    return True


def queue_private_link(submission: Submission, address: str) -> None:
    """Send the writer's own link once the review is confirmed."""
    queue_mail(
        address,
        "Your private link to your review",
        f"Thank you. Your review of {_name(submission)} is confirmed and waits for a moderator.\n\n"
        "This link shows where it stands. There you can change or delete it:\n\n"
        f"{private_link(submission)}\n\n"
        "Keep it to yourself: whoever has it can do the same. We have not kept your address.\n",
    )


def queue_link_of_earlier(submission: Submission, address: str) -> bool:
    """Send the link of the writer's review of the same provider and year; False when the address got too many mails."""
    if not _count(submission.email_hash):
        return False
    queue_mail(
        address,
        "The review that you wrote earlier",
        f"You have reviewed {_name(submission)} this year already. This is your private link to that review:\n\n"
        f"{private_link(submission)}\n\n"
        "Keep it to yourself: whoever has it can change or delete the review.\n",
    )
    return True


def queue_all_links(submissions: Sequence[Submission], email_hash: str, address: str) -> bool:
    """Send the private links of all `submissions`; False when the address got too many mails."""
    if not submissions or not _count(email_hash):
        return False
    links = "\n\n".join(f"{_name(submission)}:\n{private_link(submission)}" for submission in submissions)
    queue_mail(
        address,
        "Your private links to your reviews",
        "Somebody, you we hope, asked for the links to the reviews that were written with this address.\n\n"
        f"{links}\n\n"
        "Keep them to yourself: whoever has one can change or delete that review.\n",
    )
    return True


def _name(submission: Submission) -> str:
    return " ".join(submission.review.provider.name.split())


def _count(email_hash: str) -> bool:
    return not limiter.enabled or limiter.limiter.hit(_LIMIT, _COUNTED_AS, email_hash)
