"""Codes of the second factor that work once, also when two requests bring the same code at the same moment."""

from flask_security import MfRecoveryCodesUtil, Totp
from passlib.totp import TotpMatch
from sqlalchemy import update

from directory.accounts.models import Account
from directory.extensions import db


def lock_account(account: Account) -> None:
    """Read the account's row anew and keep other writers from it until the transaction ends."""
    # An update that changes nothing, since SQLite knows no SELECT FOR UPDATE.
    db.session.execute(update(Account).where(Account.id == account.id).values(email=Account.email))
    db.session.refresh(account)


class OneUseTotp(Totp):
    """Refuses a code of the time step of the last one that it took, or of an earlier step."""

    def verify_totp(self, token: str, totp_secret: str, user: Account, window: int = 0) -> bool:  # type: ignore[override]  # our accounts are its users
        lock_account(user)
        if totp_secret != user.tf_totp_secret:
            user.tf_last_counter = None  # a new authenticator app: the old one's codes say nothing about its own
        return super().verify_totp(token, totp_secret, user, window)  # type: ignore[arg-type]  # our accounts are its users

    def get_last_counter(self, user: Account) -> int | None:  # type: ignore[override]  # our accounts are its users
        return user.tf_last_counter

    def set_last_counter(self, user: Account, tmatch: TotpMatch) -> None:  # type: ignore[override]  # our accounts are its users
        user.tf_last_counter = tmatch.counter


class OneUseRecoveryCodes(MfRecoveryCodesUtil):
    """Checks a recovery code against what is stored at that moment; the caller deletes it before the commit."""

    def check_recovery_code(self, user: Account, code: str) -> bool:  # type: ignore[override]  # our accounts are its users
        lock_account(user)
        return super().check_recovery_code(user, code.strip().lower())  # type: ignore[arg-type]  # our accounts are its users

    def delete_recovery_code(self, user: Account, code: str) -> bool:  # type: ignore[override]  # our accounts are its users
        return super().delete_recovery_code(user, code.strip().lower())  # type: ignore[arg-type]  # our accounts are its users
