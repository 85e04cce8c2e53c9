"""Reviews that is in moderation, each for one reason."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from directory.extensions import db
from directory.providers.sources import known_source
from directory.reviews.models import (
    Decision,
    ReplyVersion,
    Review,
    ReviewEdit,
    ReviewReply,
    ReviewReport,
    ReviewSignal,
    ReviewStatus,
    Submission,
)
from directory.reviews.writing.content import content_of
from tests import factories

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def written(status: ReviewStatus = ReviewStatus.PENDING, *, at: datetime = START, **values: Any) -> Review:
    """A review written on this site, confirmed at `at`; `submission` holds further values of its submission."""
    known_source("site")
    submission = values.pop("submission", {})
    npi = values.pop("npi", None) or factories.provider().npi
    review = factories.review(
        npi, **{"source_key": "site", "status": status, "created_at": at, "text": "They took their time.", **values}
    )
    number = next(_numbers)
    review.submission = Submission(
        **{
            "npi": npi,
            "form_key": f"form {number}",
            "email_hash": f"hash {number}",
            "network_hash": "network",
            "year": at.year,
            "submitted_at": at,
            "confirmed_at": at,
            "link_key": "key",
            **submission,
        }
    )
    db.session.flush()
    return review


def decided(review: Review, act: str, moderator: str = "account:901", reason: str = "abusive", **values: Any) -> Review:
    """`review` after one more decision."""
    defaults = {"decided_at": START + timedelta(days=1)}
    review.decisions.append(Decision(act=act, reason=reason, moderator=moderator, **{**defaults, **values}))
    db.session.flush()
    return review


def appealed(status: ReviewStatus = ReviewStatus.PENDING, moderator: str = "account:901", **values: Any) -> Review:
    """A review that `moderator` decided against, and whose writer appealed afterward."""
    review = written(
        status, submission={"appeal": "It was my own treatment.", "appealed_at": START + timedelta(days=2)}, **values
    )
    return decided(review, "remove" if status is ReviewStatus.REMOVED else "reject", moderator)


def edited(**values: Any) -> Review:
    """A published review whose writer asks for another text and two stars."""
    review = written(ReviewStatus.PUBLISHED, published_at=START, **values)
    changed = content_of(review) | {"text": "It went less well than I thought.", "rating": 2, "pain": 4}
    review.edits.append(ReviewEdit(content=changed, submitted_at=START + timedelta(days=3)))
    db.session.flush()
    return review


def reported(review: Review | None = None, network: str = "a", **values: Any) -> Review:
    """A published review that a reader reported."""
    review = review or written(ReviewStatus.PUBLISHED, published_at=START)
    number = next(_numbers)
    defaults = {"reason": "abusive", "form_key": f"report {number}", "reported_at": START + timedelta(days=4)}
    review.reports.append(ReviewReport(network_hash=network, **{**defaults, **values}))
    db.session.flush()
    return review


def proposed(moderator: str = "account:901", reason: str = "abusive") -> Review:
    """A published review whose removal `moderator` proposed."""
    return decided(reported(), "propose_removal", moderator, reason, decided_at=START + timedelta(days=5))


def with_proof(name: str = "0123456789abcdef0123456789abcdef.pdf", **values: Any) -> Review:
    """A published review whose proof of visit was not looked at yet."""
    return written(ReviewStatus.PUBLISHED, published_at=START, submission={"proof_file": name}, **values)


def replied() -> Review:
    """A published review with a clinic's reply that waits."""
    review = written(ReviewStatus.PUBLISHED, published_at=START)
    review.reply = ReviewReply(
        versions=[
            ReplyVersion(text="Thank you for writing.", written_by="account:950", written_at=START + timedelta(days=6))
        ]
    )
    db.session.flush()
    return review


def noticed(review: Review, *kinds: str) -> Review:
    """`review` with a signal of each of `kinds`, by default of a burst."""
    for kind in kinds or ("burst",):
        review.signals.append(ReviewSignal(kind=kind, sentence="Many reviews came in on one day."))
    db.session.flush()
    return review
