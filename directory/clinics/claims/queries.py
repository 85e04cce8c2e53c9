"""Reads of claims, and of the ways by which a provider can be claimed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from directory.accounts.keys import hash_of_key
from directory.clinics.claims.domains import practice_domain
from directory.clinics.models import Claim
from directory.extensions import db
from directory.providers.models import PracticeLocation, Website

MAX_DECIDED = 20
EMAIL, PHONE = "email", "phone"


@dataclass(frozen=True, slots=True)
class ClaimQueue:
    """The staff's list of claims, each part from the oldest on, but the decided ones from the newest."""

    to_call: Sequence[Claim]
    waiting_for_code: Sequence[Claim]
    decided: Sequence[Claim]


def published_phones(npi: str) -> dict[str, str]:
    """The practice's phones by the number, each with the city of its location; none that the clinic gave itself."""
    locations = db.session.execute(
        select(PracticeLocation.phone, PracticeLocation.city)
        .where(PracticeLocation.npi == npi, PracticeLocation.source_key != "clinic")
        .order_by(PracticeLocation.is_primary.desc(), PracticeLocation.id.desc())
    )
    phones: dict[str, str] = {}
    for phone, city in locations:
        if phone:
            phones.setdefault(phone, city)
    return phones


def published_domain(npi: str) -> str | None:
    """The domain of the practice's mail, by a website that somebody else than the clinic named."""
    website = db.session.get(Website, npi)
    return practice_domain(website.url) if website and website.source_key != "clinic" else None


def claim_of_key(key: str) -> Claim | None:
    """The claim whose private link has `key`."""
    return db.session.scalar(select(Claim).where(Claim.key_hash == hash_of_key(key))) if key else None


def letters_since(address: str, since: datetime) -> int:
    """How many claims made `since` caused a letter to `address`."""
    reached = or_(Claim.email == address, and_(Claim.way == EMAIL, Claim.sent_to == address))
    return db.session.scalar(select(func.count()).select_from(Claim).where(reached, Claim.made_at >= since)) or 0


def claim_queue() -> ClaimQueue:
    now = datetime.now(UTC)
    claims = select(Claim).options(joinedload(Claim.provider))
    waiting = claims.where(Claim.status == "waiting").order_by(Claim.made_at, Claim.id)
    decided = claims.where(Claim.status != "waiting", Claim.decided_at >= now - timedelta(days=90))
    return ClaimQueue(
        db.session.scalars(waiting.where(_has_to_be_called(now))).all(),
        db.session.scalars(waiting.where(~_has_to_be_called(now))).all(),
        db.session.scalars(decided.order_by(Claim.decided_at.desc(), Claim.id.desc()).limit(MAX_DECIDED)).all(),
    )


def count_to_call() -> int:
    """How many claims wait for a call of staff."""
    waiting = select(func.count()).select_from(Claim).where(Claim.status == "waiting")
    return db.session.scalar(waiting.where(_has_to_be_called(datetime.now(UTC)))) or 0


def phone_to_call(claim: Claim) -> str | None:
    """The number that the claimant chose if it is still published, else another published one; None without any."""
    phones = published_phones(claim.npi)
    return claim.sent_to if claim.sent_to in phones else next(iter(phones), None)


def _has_to_be_called(now: datetime) -> ColumnElement[bool]:
    no_code = or_(Claim.code_hash.is_(None), Claim.code_until < now)
    return and_(Claim.way == PHONE, no_code)
