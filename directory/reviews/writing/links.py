"""The signed keys in a writer's links. A key says which review it is for and nothing else; it is never in a path.

`Submission.link_key` is in every key, so that a new one makes all the old links void.
"""

from enum import StrEnum

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer

from directory.extensions import db
from directory.reviews.models import Submission
from directory.web.languages import whole_address


class Purpose(StrEnum):
    """What a key is good for; one of another purpose does not pass. Its value salts the signature, so it stays."""

    SENT = "sent"  # the page after sending; its holder may ask for the mail again
    CONFIRM = "confirm"  # the mail to the address that is to be confirmed
    MINE = "mine"  # the writer's own page of the review


PAGES = {
    Purpose.SENT: "writing.acknowledge_review",
    Purpose.CONFIRM: "writing.confirm",
    Purpose.MINE: "writing.show_own_review",
}
"""The page that a key opens."""


class WriterLinkError(Exception):
    """A link that does not work, and why: `kind` is "altered", "void", "gone" or "expired"."""

    def __init__(self, kind: str, submission: Submission | None = None) -> None:
        super().__init__(kind)
        self.kind, self.submission = kind, submission


def make_key(purpose: Purpose, submission: Submission) -> str:
    """The key for one purpose; always the same, but for the one that expires, which holds when it was made."""
    return str(_serializer(purpose).dumps([submission.review_id, submission.link_key]))


def submission_of_key(purpose: Purpose, key: str) -> Submission:
    """The submission that a link is for. Raises `WriterLinkError`; of an expired one it still says for which."""
    expires = {"max_age": current_app.config["REVIEW_CONFIRM_HOURS"] * 3600} if purpose is Purpose.CONFIRM else {}
    serializer, is_expired = _serializer(purpose), False
    try:
        review_id, link_key = serializer.loads(key, **expires)
    except SignatureExpired:
        review_id, link_key = serializer.loads(key)
        is_expired = True
    except BadSignature as error:
        raise WriterLinkError("altered") from error
    submission = db.session.get(Submission, review_id)
    if submission is None:
        raise WriterLinkError("gone")
    if submission.link_key != link_key:
        raise WriterLinkError("void")  # a newer link took its place
    if is_expired:
        raise WriterLinkError("expired", submission)
    return submission


def writer_link(purpose: Purpose, submission: Submission) -> str:
    """The whole address of the page for one purpose, in the language of the moment."""
    urls = current_app.url_map.bind("")  # without the host of the request at hand
    path = urls.build(PAGES[purpose], {"key": make_key(purpose, submission)})
    return whole_address(path)


def _serializer(purpose: Purpose) -> URLSafeSerializer | URLSafeTimedSerializer:
    kind = URLSafeTimedSerializer if purpose is Purpose.CONFIRM else URLSafeSerializer
    return kind(current_app.config["SECRET_KEY"], salt=f"review-{purpose}")
