"""Reads of claims, and of the ways by which a provider can be claimed."""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from directory.accounts.keys import hash_of_key
from directory.accounts.models import Account
from directory.accounts.work import Waiting
from directory.clinics.models import Claim
from directory.desk.queue import waiting_since
from directory.extensions import db
from directory.providers.models import PracticeLocation, Website
from directory.providers.websites import practice_domain

EMAIL, PHONE = "email", "phone"


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
    """The domain of the practice's mail, by a website that another source than the clinic named."""
    website = db.session.get(Website, npi)
    return practice_domain(website.url) if website and website.source_key != "clinic" else None


def claim_of_key(key: str) -> Claim | None:
    """The claim whose private link has `key`."""
    return db.session.scalar(select(Claim).where(Claim.key_hash == hash_of_key(key))) if key else None


def letters_since(address: str, since: datetime) -> int:
    """How many claims made `since` caused a letter to `address`."""
    reached = or_(Claim.email == address, and_(Claim.way == EMAIL, Claim.sent_to == address))
    return db.session.scalar(select(func.count()).select_from(Claim).where(reached, Claim.made_at >= since)) or 0


def claims_to_call(_account: Account) -> Waiting:
    """The claims that wait for a call of staff."""
    return waiting_since(Claim.made_at, Claim.status == "waiting", has_to_be_called())


def phone_to_call(claim: Claim) -> str | None:
    """The number that the claimant chose if it is still published, else another published one; None without any."""
    phones = published_phones(claim.npi)
    return claim.sent_to if claim.sent_to in phones else next(iter(phones), None)


def has_to_be_called() -> ColumnElement[bool]:
    """That a waiting claim has no code that works, and gets one by a call."""
    return and_(Claim.way == PHONE, or_(Claim.code_hash.is_(None), Claim.code_until < datetime.now(UTC)))
