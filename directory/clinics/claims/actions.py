"""What becomes of a claim: made, called about, refused, expired, or confirmed by its code."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import update

from directory.accounts.actions import account_of, create_account
from directory.accounts.keys import hash_of_key
from directory.accounts.models import Account
from directory.accounts.representing import speak_for, tell_representatives
from directory.accounts.roles import CLINIC
from directory.audit.log import PROGRAM, record
from directory.clinics.claims import letters
from directory.clinics.claims.queries import (
    EMAIL,
    PHONE,
    claim_of_key,
    letters_since,
    phone_to_call,
    published_domain,
)
from directory.clinics.models import Claim
from directory.desk.eligibility import refuse_ineligible
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.websites import is_at
from directory.web.hmac_hash import keyed_hash
from directory.web.languages import ENGLISH, in_language
from directory.web.messages import gettext
from directory.web.phrases import N_
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import lock_row

CODE_BY_MAIL = timedelta(hours=72)
CODE_BY_PHONE = timedelta(days=14)
LIFETIME = timedelta(days=30)  # of a claim that is not confirmed
LETTERS_A_DAY = 3  # to one address, since anybody can cause them by typing it
CLAIMANT = "claimant"


class CodeResult(StrEnum):
    """What came of a code."""

    CONFIRMED = "confirmed"
    SIGN_IN = "sign in"  # it is right; the claim's address has an account
    PASSWORD = "password"  # noqa: S105 (it is right; the address has no account yet, so a password is to be chosen)
    WRONG = "wrong"


def make_claim(claim: Claim, form_key: str) -> None:
    """Keep the claim as it was typed, and queue its letters. Raises `ValidationFailedError`.

    The key of its link is made from `form_key`, so that the same form sent twice makes one.
    """
    key = keyed_hash("claim_key", form_key)
    lock_row(db.session.get_one(Provider, claim.npi))
    if claim_of_key(key) is not None:
        return
    _check_addresses(claim)
    claim.key_hash, claim.made_at = hash_of_key(key), datetime.now(UTC)
    db.session.add(claim)
    db.session.flush()
    letters.queue_private_link(claim, key)
    if claim.way == EMAIL:
        letters.queue_code(claim, _make_code(claim, claim.made_at + CODE_BY_MAIL))
    record(CLAIMANT, "make_claim", _subject(claim), after={"npi": claim.npi, "way": claim.way})


def start_call(claim: Claim, actor: str, seen: datetime | None) -> str:
    """Make the code that is told on the phone, in place of any before; gives it in two groups.

    `seen` is when the last call began, as the page showed it. Raises `RefusalError`.
    """
    _lock_waiting(claim, actor)
    phone = phone_to_call(claim)
    if claim.way != PHONE:
        raise InvalidTransitionError("The code for this claim went out by email, so there is no one to call.")
    if phone is None:
        raise InvalidTransitionError("This practice no longer has a published phone number, so no one can be called.")
    if claim.called_at != seen and claim.called_by != actor:
        raise InvalidTransitionError("Someone else just called about this claim. See the result below.")
    now = datetime.now(UTC)
    claim.sent_to, claim.called_by, claim.called_at, claim.call_note = phone, actor, now, None
    code = _make_code(claim, now + CODE_BY_PHONE)
    record(actor, "start_call", _subject(claim), after={"npi": claim.npi})
    return code


def note_no_answer(claim: Claim, actor: str, note: str | None) -> None:
    """Note that a call was not answered; the code of that call is void. Raises `RefusalError`."""
    _lock_waiting(claim, actor)
    if claim.way != PHONE:
        raise InvalidTransitionError("The code for this claim went out by email, so no one was called.")
    if claim.called_at is None or (claim.code_hash is None and claim.call_note):
        raise InvalidTransitionError("Start the call first.")
    claim.code_hash = claim.code_until = None
    claim.call_note = f"Couldn’t reach anyone. {note or ''}".strip()
    letters.queue_not_reached(claim)
    record(actor, "note_no_answer", _subject(claim), after={"npi": claim.npi})


def refuse_claim(claim: Claim, actor: str, reason: str) -> None:
    """End the claim, and tell the claimant why. Raises `RefusalError`."""
    _lock_waiting(claim, actor)
    claim.call_note = reason
    _end(claim, "refused")
    letters.queue_refusal(claim)
    after = {"status": "refused", "npi": claim.npi}
    record(actor, "refuse_claim", _subject(claim), before={"status": "waiting"}, after=after)


def enter_code(claim: Claim, code: str, account: Account | None, password: str | None = None) -> CodeResult:
    """Take the eight digits of `code` for the signed-in `account`, or for a new one with `password`.

    A right code alone changes nothing until there is an account to attach it to. The fifth wrong one voids the claim.
    Raises `InvalidTransitionError`, and `AccountError` for a password that will not do.
    """
    if account is not None and account.is_staff:
        raise InvalidTransitionError(
            gettext("Staff accounts can’t represent a provider. Sign out, then open this page again.")
        )
    lock_row(claim)
    if claim.status == "confirmed" and account is not None and claim.account_id == account.id:
        return CodeResult.CONFIRMED  # a second click
    _check_open(claim)
    if not hmac.compare_digest(claim.code_hash or "", _hash_of_code(claim, code)):
        _count_wrong_code(claim)
        return CodeResult.WRONG
    if account is None and account_of(claim.email) is not None:
        return CodeResult.SIGN_IN
    if account is None and not password:
        return CodeResult.PASSWORD
    if account is None:
        account = create_account(CLAIMANT, claim.email, password or "", [CLINIC], claim.name, [claim.npi])
    _attach(claim, account)
    return CodeResult.CONFIRMED


def expire_claims() -> int:
    """End the claims that were not confirmed within 30 days; returns how many. For the nightly job."""
    now = datetime.now(UTC)
    expired = db.session.scalars(
        update(Claim)
        .where(Claim.status == "waiting", Claim.made_at < now - LIFETIME)
        .values(status="expired", decided_at=now, code_hash=None, code_until=None)
        .returning(Claim.id)
    ).all()
    for claim_id in sorted(expired):
        record(PROGRAM, "expire_claim", f"claim:{claim_id}", before={"status": "waiting"}, after={"status": "expired"})
    return len(expired)


def _lock_waiting(claim: Claim, actor: str) -> None:
    lock_row(claim)
    if claim.status != "waiting":
        raise InvalidTransitionError("This claim is closed. See the result below.")
    refuse_ineligible(actor, claim.npi)


def _make_code(claim: Claim, until: datetime) -> str:
    """Make the claim's code, and keep its hash alone. Gives it as it is read aloud: "1234 5678"."""
    code = f"{secrets.randbelow(10**8):08d}"
    claim.code_hash, claim.code_until = _hash_of_code(claim, code), until
    return f"{code[:4]} {code[4:]}"


def _hash_of_code(claim: Claim, code: str) -> str:
    """What is stored of the code of `claim`. The same code of another claim has another hash."""
    return keyed_hash("claim_code", f"{claim.key_hash}:{code}")


def _check_addresses(claim: Claim) -> None:
    """Let a code go out by email only to the practice's own domain, and few letters a day to any address."""
    addresses = {"email": claim.email}
    if claim.way == EMAIL:
        addresses["practice_email"] = claim.sent_to
        domain = published_domain(claim.npi) or ""
        if not is_at(claim.sent_to, domain):
            sentence = gettext(
                "The code can only go to an address at the practice’s own domain, one that ends in @%(domain)s.",
                domain=domain,
            )
            raise ValidationFailedError({"practice_email": sentence})
    since = datetime.now(UTC) - timedelta(days=1)
    for field, address in addresses.items():
        if letters_since(address, since) >= LETTERS_A_DAY:
            sentence = gettext("We already sent several emails to that address today. Check its inbox, or wait a day.")
            raise ValidationFailedError({field: sentence})


def _check_open(claim: Claim) -> None:
    if claim.status != "waiting":
        raise InvalidTransitionError(gettext("This claim is closed, so it can’t accept a code."))
    if claim.code_hash is None or claim.code_until is None:
        raise InvalidTransitionError(gettext("This claim has no code yet. Wait until we call the practice."))
    if claim.code_until < datetime.now(UTC):
        raise InvalidTransitionError(
            gettext("That code has expired. Make a new claim to get another one.")
            if claim.way == EMAIL
            else gettext("That code has expired. We will call the practice again with another.")
        )


def _count_wrong_code(claim: Claim) -> None:
    claim.tries_left -= 1
    after = {"npi": claim.npi, "tries_left": claim.tries_left}
    record(CLAIMANT, "enter_wrong_code", _subject(claim), after=after)
    if claim.tries_left <= 0:
        claim.call_note = N_("Five wrong codes were entered.")
        _end(claim, "refused")


def _attach(claim: Claim, account: Account) -> None:
    with in_language(ENGLISH.code):  # theirs is not known
        tell_representatives(claim.npi, *letters.words_for_others(claim), but=account)
    speak_for(account, claim.npi)
    claim.account_id = account.id
    _end(claim, "confirmed")
    letters.queue_confirmed(claim, account.email)
    after = {"status": "confirmed", "npi": claim.npi, "account": account.id}
    record(f"account:{account.id}", "confirm_claim", _subject(claim), before={"status": "waiting"}, after=after)


def _end(claim: Claim, status: str) -> None:
    claim.status, claim.decided_at = status, datetime.now(UTC)
    claim.code_hash = claim.code_until = None


def _subject(claim: Claim) -> str:
    return f"claim:{claim.id}"
