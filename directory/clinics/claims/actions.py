"""What becomes of a claim until its code is entered: made, called about, refused, expired. Each act commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from directory.accounts.conflicts import refuse_conflict
from directory.accounts.keys import hash_of_key
from directory.audit.log import PROGRAM, record
from directory.clinics.claims.codes import hash_of_code, key_of_form, new_code
from directory.clinics.claims.domains import is_at
from directory.clinics.claims.letters import queue_code, queue_not_reached, queue_private_link, queue_refusal
from directory.clinics.claims.queries import (
    EMAIL,
    PHONE,
    letters_since,
    phone_to_call,
    published_domain,
    published_phones,
)
from directory.clinics.models import Claim
from directory.extensions import db

CODE_BY_MAIL = timedelta(hours=72)
CODE_BY_PHONE = timedelta(days=14)
LIFETIME = timedelta(days=30)  # of a claim that is not confirmed
LETTERS_A_DAY = 3  # to one address, since anybody can cause them by typing it
CLAIMANT = "claimant"


class ClaimError(ValueError):
    """An act that cannot be done. The message is a sentence, about the form's `field` if one is named."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who asks to speak for a provider, and how the practice is to be reached."""

    name: str
    position: str
    email: str
    phone: str | None = None  # one of the published ones
    practice_email: str | None = None  # at the practice's own domain, when no phone is named


def make_claim(npi: str, claimant: Claimant, form_key: str) -> None:
    """Keep the claim and queue its letters. The same form sent twice makes one. Raises `ClaimError`."""
    _check_way(npi, claimant)
    _check_letters(claimant)
    key = key_of_form(form_key)
    claim = Claim(
        npi=npi,
        key_hash=hash_of_key(key),
        name=claimant.name,
        position=claimant.position,
        email=claimant.email.lower(),
        way=PHONE if claimant.phone else EMAIL,
        sent_to=claimant.phone or (claimant.practice_email or "").lower(),
        made_at=datetime.now(UTC),
    )
    db.session.add(claim)
    try:
        db.session.flush()
    except IntegrityError:  # the form was sent before
        db.session.rollback()
        return
    queue_private_link(claim, key)
    if claim.way == EMAIL:
        code = new_code()
        claim.code_hash, claim.code_until = hash_of_code(claim, code), claim.made_at + CODE_BY_MAIL
        queue_code(claim, code)
    record(CLAIMANT, "make_claim", _subject(claim), after={"npi": npi, "way": claim.way})
    db.session.commit()


def start_call(claim_id: int, actor: str, seen: datetime | None) -> str:
    """Make the code that is told on the phone, in place of any before; only its hash is kept.

    `seen` is when the last call began, as the page showed it. Raises `ClaimError` and `ConflictOfInterestError`.
    """
    with _waiting_claim(claim_id, actor) as claim:
        phone = phone_to_call(claim)
        if claim.way != PHONE:
            raise ClaimError("The code of this claim went out by email, so there is nobody to call.")
        if phone is None:
            raise ClaimError("No phone of this practice is published any more, so nobody can be called.")
        if claim.called_at != seen and claim.called_by != actor:
            raise ClaimError("Somebody else has just called about this claim. See below what came of it.")
        code, now = new_code(), datetime.now(UTC)
        claim.sent_to, claim.called_by, claim.called_at, claim.call_note = phone, actor, now, None
        claim.code_hash, claim.code_until = hash_of_code(claim, code), now + CODE_BY_PHONE
        record(actor, "start_call", _subject(claim), after={"npi": claim.npi})
    return code


def note_no_answer(claim_id: int, actor: str, note: str | None) -> None:
    """Note that the call reached nobody; the code of that call is void.

    Raises `ClaimError` and `ConflictOfInterestError`.
    """
    with _waiting_claim(claim_id, actor) as claim:
        if claim.way != PHONE:
            raise ClaimError("The code of this claim went out by email, so nobody was called.")
        if claim.called_at is None or (claim.code_hash is None and claim.call_note):
            raise ClaimError("Start the call first.")
        claim.code_hash = claim.code_until = None
        claim.call_note = f"Could not reach anybody. {note or ''}".strip()
        queue_not_reached(claim)
        record(actor, "note_no_answer", _subject(claim), after={"npi": claim.npi})


def refuse_claim(claim_id: int, actor: str, reason: str) -> None:
    """End the claim, and tell the claimant why. Raises `ClaimError` and `ConflictOfInterestError`."""
    with _waiting_claim(claim_id, actor) as claim:
        claim.status, claim.decided_at, claim.call_note = "refused", datetime.now(UTC), reason
        claim.code_hash = claim.code_until = None
        queue_refusal(claim)
        record(
            actor,
            "refuse_claim",
            _subject(claim),
            before={"status": "waiting"},
            after={"status": "refused", "npi": claim.npi},
        )


def expire_claims() -> int:
    """End the claims that nobody confirmed within 30 days; returns how many. For the nightly job."""
    now = datetime.now(UTC)
    expired = db.session.scalars(
        update(Claim)
        .where(Claim.status == "waiting", Claim.made_at < now - LIFETIME)
        .values(status="expired", decided_at=now, code_hash=None, code_until=None)
        .returning(Claim.id)
    ).all()
    for claim_id in sorted(expired):
        record(PROGRAM, "expire_claim", f"claim:{claim_id}", before={"status": "waiting"}, after={"status": "expired"})
    db.session.commit()
    return len(expired)


def lock_claim(claim_id: int) -> Claim | None:
    """The claim read anew, kept from other writers until the transaction ends."""
    # An update that changes nothing, since SQLite knows no SELECT FOR UPDATE.
    db.session.execute(update(Claim).where(Claim.id == claim_id).values(npi=Claim.npi))
    return db.session.get(Claim, claim_id, populate_existing=True)


@contextmanager
def _waiting_claim(claim_id: int, actor: str) -> Iterator[Claim]:
    """The claim for an act of staff, which is committed, or not done at all."""
    try:
        claim = lock_claim(claim_id)
        if claim is None or claim.status != "waiting":
            raise ClaimError("This claim waits no longer. See below what became of it.")
        refuse_conflict(actor, claim.npi)
        yield claim
        db.session.commit()
    finally:
        db.session.rollback()  # after a commit there is nothing to take back


def _check_way(npi: str, claimant: Claimant) -> None:
    if claimant.phone:
        if claimant.phone not in published_phones(npi):
            raise ClaimError("That number is not published any more. Choose again.", "way")
        return
    domain = published_domain(npi)
    if domain is None:
        raise ClaimError("No website of this practice is known, so no code can go out by email.", "way")
    if not is_at(claimant.practice_email or "", domain):
        raise ClaimError(
            f"The code can only go to an address at the practice's own domain, one that ends in @{domain}.",
            "practice_email",
        )


def _check_letters(claimant: Claimant) -> None:
    since = datetime.now(UTC) - timedelta(days=1)
    for field in ("email", "practice_email"):
        address = getattr(claimant, field)
        if address and letters_since(address.lower(), since) >= LETTERS_A_DAY:
            raise ClaimError("That address got several of our letters today. Look there, or wait a day.", field)


def _subject(claim: Claim) -> str:
    return f"claim:{claim.id}"
