"""Deciding who is meant by a review from elsewhere, when no program can. The caller opens the transaction."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select, update

from directory.accounts.conflicts import has_conflict
from directory.audit.log import record
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, Provider
from directory.providers.sources import Source, SourceKind
from directory.reviews.estimating import estimate_ratings
from directory.reviews.external.provider_matching import Candidate
from directory.reviews.external.queries import WAITING, subject_key
from directory.reviews.external.source_terms import terms_of
from directory.reviews.external.subjects import Subject
from directory.reviews.external.upserting import Content, ExternalReview, upsert_average, upsert_reviews
from directory.reviews.models import DoubtfulMatch
from directory.web.refusals import ConflictOfInterestError, InvalidTransitionError


def average_id(subject: Subject) -> str:
    """What stands for a review's id when a source's average of the subject waits."""
    return f"average:{hashlib.sha256(subject.key.encode()).hexdigest()}"


def hold_for_decision(
    subject: Subject, source_key: str, review_id: str, content: Content, candidates: Sequence[Candidate]
) -> None:
    """Let a review or average wait until a person says whom `subject` means. `content` is within the source's terms."""
    waiting = db.session.scalar(
        select(DoubtfulMatch).where(DoubtfulMatch.source_key == source_key, DoubtfulMatch.source_review_id == review_id)
    )
    if waiting is None:
        waiting = DoubtfulMatch(source_key=source_key, source_review_id=review_id)
        db.session.add(waiting)
    if waiting.status != WAITING:
        waiting.opened_at = datetime.now(UTC)
    waiting.status, waiting.npi, waiting.decided_at = WAITING, None, None
    waiting.subject = {"name": subject.name, "address": subject.address, "phone": subject.phone, "key": subject.key}
    waiting.content = content
    waiting.candidates = [{"npi": each.npi, "score": round(each.score, 3)} for each in candidates]


def decide_match(match_id: int, npi: str | None, actor: str) -> None:
    """Say that the subject of this match is `npi`, or nobody here; for all that waits of the same subject.

    What waited is published, or dismissed. Raises `RefusalError`.
    """
    match = db.session.get(DoubtfulMatch, match_id)
    if match is None:
        raise InvalidTransitionError("This review is no longer here.")
    if any(has_conflict(actor, each["npi"]) for each in match.candidates):
        raise ConflictOfInterestError(
            "You have a conflict of interest with one of these providers, so someone else has to decide."
        )
    source = db.session.get_one(Source, match.source_key)
    if npi is not None:
        _check(match, source, npi)
    status = "matched" if npi else "dismissed"
    decided = db.session.scalars(
        update(DoubtfulMatch)
        .where(DoubtfulMatch.source_key == match.source_key, subject_key == match.subject["key"])
        .where(DoubtfulMatch.status == WAITING)
        .values(status=status, npi=npi, decided_at=datetime.now(UTC))
        .returning(DoubtfulMatch)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    if not decided:
        raise InvalidTransitionError(f"“{match.subject['name']}” was already decided, by someone else or a moment ago.")
    if npi:
        _publish(decided, source, npi)
    record(
        actor,
        "match_provider" if npi else "dismiss_match",
        f"doubtful_match:{match_id}",
        before={"status": WAITING},
        after={"status": status, "npi": npi, "matches": sorted(row.id for row in decided)},
    )


def _check(match: DoubtfulMatch, source: Source, npi: str) -> None:
    if npi not in {each["npi"] for each in match.candidates}:
        raise InvalidTransitionError("Choose one of the providers shown, or none of them.")
    if db.session.get(Provider, npi) is None:
        raise InvalidTransitionError(f"The provider with NPI {npi} is no longer in the directory. Choose another one.")
    if npi.startswith(DEMONSTRATION) != (source.kind == SourceKind.DEMONSTRATION):
        raise InvalidTransitionError(
            "An invented review belongs to an invented provider, and a real one to a real provider."
        )


def _publish(decided: Sequence[DoubtfulMatch], source: Source, npi: str) -> None:
    terms = terms_of(source)
    reviews = []
    for row in decided:
        if row.content["kind"] == "average":
            upsert_average(npi, row.source_key, row.content)
        else:
            has_link = bool(source.url)
            reviews.append(ExternalReview(npi, row.source_key, row.source_review_id, row.content, terms, has_link))
    upserted = upsert_reviews(reviews, detects=True)
    estimate_ratings({npi, *upserted.npis})
