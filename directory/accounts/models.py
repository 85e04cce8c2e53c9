"""Tables of people who sign in. Column names that start with tf_, mf_ and fs_ are those that Flask-Security expects."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.roles import STAFF
from directory.extensions import Model

if TYPE_CHECKING:
    # The mixins declare `id: int`, which mypy cannot join with `Mapped[int]`.
    class UserBase: ...

    class RoleBase: ...
else:
    UserBase, RoleBase = UserMixin, RoleMixin


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
    """One person who signs in with an address, a password and an authenticator app."""

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
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]  # last

    roles: Mapped[list[Role]] = relationship(secondary=AccountRole.__table__, order_by=Role.name)
    represented: Mapped[list["Representative"]] = relationship(
        cascade="all, delete-orphan", order_by="Representative.npi"
    )

    @property
    def role_names(self) -> set[str]:
        return {role.name for role in self.roles}

    @property
    def is_staff(self) -> bool:
        return bool(self.role_names & STAFF)

    @property
    def has_second_factor(self) -> bool:
        return bool(self.tf_totp_secret and self.tf_primary_method)


class Representative(Model):
    """That an account speaks for a provider, once that is confirmed."""

    __tablename__ = "representative"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True, index=True)
    confirmed_at: Mapped[datetime | None]
