"""The signed keys in a writer's links. A key says which review it is for and nothing else; it is never in a path.

`Submission.link_key` is in every key, so that a new one makes all the old links void.
"""

from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer

from directory.reviews.models import Submission
from directory.web.languages import ENGLISH, current_language


class Purpose(StrEnum):
    """What a key is good for; one of another purpose does not pass."""

    SENT = "sent"  # the page after sending; its holder may ask for the mail again
    CONFIRM = "confirm"  # the mail to the address that is to be confirmed
    MINE = "mine"  # the writer's own page of the review


class WriterLinkError(Exception):
    """A key that is no good."""


class KeyExpiredError(WriterLinkError):
    """A key that was good once; it still says for which review."""

    def __init__(self, review_id: int, link_key: str) -> None:
        super().__init__(review_id, link_key)
        self.review_id, self.link_key = review_id, link_key


def make_key(purpose: Purpose, submission: Submission) -> str:
    """The key for one purpose; always the same, but for the one that expires, which holds when it was made."""
    return str(_serializer(purpose).dumps([submission.review_id, submission.link_key]))


def open_key(purpose: Purpose, key: str) -> tuple[int, str]:
    """The id of the review and the link key within `key`.

    Raises `KeyExpiredError`, or `WriterLinkError` for an altered one.
    """
    expires = {"max_age": current_app.config["REVIEW_CONFIRM_HOURS"] * 3600} if purpose is Purpose.CONFIRM else {}
    serializer = _serializer(purpose)
    try:
        review_id, link_key = serializer.loads(key, **expires)
    except SignatureExpired as error:
        review_id, link_key = serializer.loads(key)
        raise KeyExpiredError(review_id, link_key) from error
    except BadSignature as error:
        raise WriterLinkError from error
    return review_id, link_key


def confirm_link(submission: Submission) -> str:
    """The whole address that confirms the review, in the language of the moment."""
    return _address("writing.confirm", make_key(Purpose.CONFIRM, submission))


def private_link(submission: Submission) -> str:
    """The whole address of the writer's own page, in the language of the moment."""
    return _address("writing.mine", make_key(Purpose.MINE, submission))


def _address(endpoint: str, key: str) -> str:
    path = current_app.url_map.bind("").build(endpoint, {"key": key})  # without the host of the request at hand
    language = current_language()
    start = "" if language == ENGLISH else f"/{language.code}"
    return f"{current_app.config['SITE_URL']}{start}{path}"


def _serializer(purpose: Purpose) -> URLSafeSerializer | URLSafeTimedSerializer:
    kind = URLSafeTimedSerializer if purpose is Purpose.CONFIRM else URLSafeSerializer
    return kind(current_app.config["SECRET_KEY"], salt=f"review-{purpose}")
