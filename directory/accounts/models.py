"""Tables of people who sign in. Column names that start with tf_, mf_ and fs_ are those that Flask-Security expects."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.roles import STAFF, is_allowed
from directory.extensions import Model
from directory.providers.models import Provider

if TYPE_CHECKING:
    # The mixins declare `id: int`, which mypy cannot join with `Mapped[int]`.
    class UserBase: ...

    class RoleBase: ...

    class PasskeyBase: ...
else:
    UserBase, RoleBase, PasskeyBase = UserMixin, RoleMixin, WebAuthnMixin


class AccountRole(Model):
    """That an account has a role."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"), primary_key=True)


class Role(Model, RoleBase):
    """One of `roles.ROLES`."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)


class Account(Model, UserBase):
    """One person who signs in with an address, a password, and an authenticator app or a passkey."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(100))
    password: Mapped[str] = mapped_column(String(255))  # its argon2 hash
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)  # is in sessions; a new one ends them
    tf_primary_method: Mapped[str | None] = mapped_column(String(20))  # "authenticator" once it is set up
    tf_totp_secret: Mapped[str | None] = mapped_column(String(500))  # sealed; see keys.py
    tf_last_counter: Mapped[int | None]  # the time step of the last code that was taken, so that none works twice
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))  # sealed, one use each
    fs_webauthn_user_handle: Mapped[str] = mapped_column(String(64), unique=True)  # names it to passkeys
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]  # last

    roles: Mapped[list[Role]] = relationship(secondary=AccountRole.__table__, order_by=Role.name)
    webauthn: Mapped[list["Passkey"]] = relationship(cascade="all, delete-orphan", order_by="Passkey.id")
    represented: Mapped[list["Representative"]] = relationship(
        cascade="all, delete-orphan", order_by="Representative.npi"
    )

    @property
    def role_names(self) -> set[str]:
        return {role.name for role in self.roles}

    @property
    def is_staff(self) -> bool:
        return bool(self.role_names & STAFF)

    def may(self, *roles: str) -> bool:
        """Whether the account may do what asks for one of `roles`."""
        return is_allowed(self.role_names, set(roles))

    @property
    def has_authenticator_app(self) -> bool:
        return bool(self.tf_totp_secret and self.tf_primary_method)

    @property
    def has_second_factor(self) -> bool:
        return self.has_authenticator_app or bool(self.webauthn)


class Representative(Model):
    """That an account speaks for a provider, once that is confirmed."""

    __tablename__ = "representative"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True, index=True)
    confirmed_at: Mapped[datetime | None]

    provider: Mapped[Provider] = relationship()


class Passkey(Model, PasskeyBase):
    """A passkey (WebAuthn) of an account. Column names are those that Flask-Security expects."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))


class SignedInSession(Model):
    """One sign-in that has not ended. The cookie holds a random key, of which this row has the hash."""

    __tablename__ = "signed_in_session"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # to within some minutes
    device: Mapped[str] = mapped_column(String(200))  # the browser and system, as the person would name them


class Invitation(Model):
    """A letter that lets its reader make an account with the roles that it names."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    roles: Mapped[list[str]] = mapped_column(JSON)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[str] = mapped_column(String(120))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class ConflictOfInterest(Model):
    """That a member of staff has something to do with a provider and may not act on it."""

    __tablename__ = "conflict_of_interest"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True, index=True)
    what: Mapped[str] = mapped_column(String(300))  # "My sister works there."
    declared_at: Mapped[datetime]

    provider: Mapped[Provider] = relationship()
