"""The code of a claim is entered: an account comes to speak for the provider. Commits, also for a wrong code."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum

from directory.accounts.actions import account_of, create_account
from directory.accounts.models import Account
from directory.accounts.representing import speak_for, tell_representatives
from directory.accounts.roles import CLINIC
from directory.audit.log import record
from directory.clinics.claims.actions import CLAIMANT, ClaimError, lock_claim
from directory.clinics.claims.codes import is_code_of
from directory.clinics.claims.letters import queue_confirmed, words_for_others
from directory.clinics.models import Claim
from directory.extensions import db


class Entered(StrEnum):
    """What a right code leads to."""

    CONFIRMED = "confirmed"
    SIGN_IN = "sign in"  # the claim's address has an account
    PASSWORD = "password"  # noqa: S105 (it has none yet, so a password is to be chosen)


def enter_code(claim_id: int, code: str, account: Account | None, password: str | None = None) -> Entered:
    """Take the eight digits of `code` for the signed-in `account`, or for a new one with `password`.

    A right code alone changes nothing until there is an account to attach it to. The fifth wrong one voids the claim.
    Raises `ClaimError`, and `AccountError` for a password that will not do.
    """
    if account is not None and account.is_staff:
        raise ClaimError("Accounts of staff speak for no provider. Sign out, then open this page again.")
    with _one_transaction():
        claim = lock_claim(claim_id)
        if claim is None:
            raise ClaimError("This claim is no longer here.")
        if claim.status == "confirmed" and account is not None and claim.account_id == account.id:
            return Entered.CONFIRMED  # a second click
        _check_open(claim)
        if not is_code_of(claim, code):
            _take_a_try(claim)
        if account is None and account_of(claim.email) is not None:
            return Entered.SIGN_IN
        if account is None and not password:
            return Entered.PASSWORD
        _attach(claim, account or _new_account(claim, password or ""))
        db.session.commit()
    return Entered.CONFIRMED


def _check_open(claim: Claim) -> None:
    if claim.status != "waiting":
        raise ClaimError("This claim waits no longer, so it takes no code.")
    if claim.code_hash is None or claim.code_until is None:
        raise ClaimError("No code of this claim is out yet. Wait until we have called the practice.")
    if claim.code_until < datetime.now(UTC):
        raise ClaimError(
            "That code is too old. Make a new claim to get another."
            if claim.way == "email"
            else "That code is too old. We will call the practice again with another."
        )


def _take_a_try(claim: Claim) -> None:
    """Count a wrong code, commit, and raise `ClaimError`."""
    claim.tries_left -= 1
    left = claim.tries_left
    record(CLAIMANT, "enter_wrong_code", f"claim:{claim.id}", after={"npi": claim.npi, "tries_left": left})
    if left <= 0:
        claim.status, claim.decided_at = "refused", datetime.now(UTC)
        claim.code_hash = claim.code_until = None
        claim.call_note = "Five wrong codes were entered."
    db.session.commit()
    if left <= 0:
        raise ClaimError("That was the fifth wrong code, so this claim is void. You can make a new one.")
    raise ClaimError(f"That code is wrong. You have {left} {'try' if left == 1 else 'tries'} left.", "code")


def _new_account(claim: Claim, password: str) -> Account:
    return create_account(CLAIMANT, claim.email, password, [CLINIC], claim.name, [claim.npi])


def _attach(claim: Claim, account: Account) -> None:
    subject, text = words_for_others(claim)
    tell_representatives(claim.npi, subject, text, but=account)
    speak_for(account, claim.npi)
    claim.status, claim.decided_at, claim.account_id = "confirmed", datetime.now(UTC), account.id
    claim.code_hash = claim.code_until = None
    queue_confirmed(claim, account.email)
    record(
        f"account:{account.id}",
        "confirm_claim",
        f"claim:{claim.id}",
        before={"status": "waiting"},
        after={"status": "confirmed", "npi": claim.npi, "account": account.id},
    )


@contextmanager
def _one_transaction() -> Iterator[None]:
    try:
        yield
    finally:
        db.session.rollback()  # after a commit there is nothing to take back
