"""The code of a claim is entered: an account comes to speak for the provider."""

from datetime import UTC, datetime
from enum import StrEnum

from directory.accounts.actions import account_of, create_account
from directory.accounts.models import Account
from directory.accounts.representing import speak_for, tell_representatives
from directory.accounts.roles import CLINIC
from directory.audit.log import record
from directory.clinics.claims.actions import CLAIMANT
from directory.clinics.claims.codes import is_code_of
from directory.clinics.claims.letters import queue_confirmed, words_for_others
from directory.clinics.models import Claim
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import lock_row


class Entered(StrEnum):
    """What came of a code."""

    CONFIRMED = "confirmed"
    SIGN_IN = "sign in"  # it is right; the claim's address has an account
    PASSWORD = "password"  # noqa: S105 (it is right; the address has no account yet, so a password is to be chosen)
    WRONG = "wrong"


def enter_code(claim: Claim, code: str, account: Account | None, password: str | None = None) -> Entered:
    """Take the eight digits of `code` for the signed-in `account`, or for a new one with `password`.

    A right code alone changes nothing until there is an account to attach it to. The fifth wrong one voids the claim.
    Raises `InvalidTransitionError`, and `AccountError` for a password that will not do.
    """
    if account is not None and account.is_staff:
        raise InvalidTransitionError("Accounts of staff speak for no provider. Sign out, then open this page again.")
    lock_row(claim)
    if claim.status == "confirmed" and account is not None and claim.account_id == account.id:
        return Entered.CONFIRMED  # a second click
    _check_open(claim)
    if not is_code_of(claim, code):
        _count_wrong_code(claim)
        return Entered.WRONG
    if account is None and account_of(claim.email) is not None:
        return Entered.SIGN_IN
    if account is None and not password:
        return Entered.PASSWORD
    _attach(claim, account or _new_account(claim, password or ""))
    return Entered.CONFIRMED


def _check_open(claim: Claim) -> None:
    if claim.status != "waiting":
        raise InvalidTransitionError("This claim waits no longer, so it takes no code.")
    if claim.code_hash is None or claim.code_until is None:
        raise InvalidTransitionError("No code of this claim is out yet. Wait until we have called the practice.")
    if claim.code_until < datetime.now(UTC):
        raise InvalidTransitionError(
            "That code is too old. Make a new claim to get another."
            if claim.way == "email"
            else "That code is too old. We will call the practice again with another."
        )


def _count_wrong_code(claim: Claim) -> None:
    claim.tries_left -= 1
    after = {"npi": claim.npi, "tries_left": claim.tries_left}
    record(CLAIMANT, "enter_wrong_code", f"claim:{claim.id}", after=after)
    if claim.tries_left <= 0:
        claim.status, claim.decided_at = "refused", datetime.now(UTC)
        claim.code_hash = claim.code_until = None
        claim.call_note = "Five wrong codes were entered."


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
