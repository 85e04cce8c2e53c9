"""The tables of claims of a provider's page, and of reports that something on it is wrong."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model
from directory.providers.models import Provider


class Claim(Model):
    """A request to manage a provider's page: a code reaches the practice; the person who enters it speaks for it."""

    __tablename__ = "claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)  # of the link to the claim's own page
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[str] = mapped_column(String(100))  # "Office manager"
    email: Mapped[str] = mapped_column(String(254))
    way: Mapped[str] = mapped_column(String(10))  # phone or email
    sent_to: Mapped[str] = mapped_column(String(254))  # the published phone, or the address at the practice's domain
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))  # signed in, or made
    code_hash: Mapped[str | None] = mapped_column(String(64))
    code_until: Mapped[datetime | None]
    tries_left: Mapped[int] = mapped_column(default=5)
    called_by: Mapped[str | None] = mapped_column(String(120))
    called_at: Mapped[datetime | None]
    call_note: Mapped[str | None] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(
        String(10), default="waiting", index=True
    )  # waiting, confirmed, refused, expired
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    form_language: Mapped[str] = mapped_column(String(2), server_default="en", default="en")  # its letters are in it

    provider: Mapped[Provider] = relationship()


class InformationReport(Model):
    """A reader's word that something on a provider's page is wrong. Never shown in public."""

    __tablename__ = "information_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(20))  # a key of `reported.kinds.ABOUT`
    address_key: Mapped[str] = mapped_column(String(300), default="")  # of the practice location; empty for none
    right_value: Mapped[str | None] = mapped_column(Text)  # as the reader typed it
    known_from: Mapped[str] = mapped_column(String(20))  # a key of `reported.kinds.KNOWN_FROM`
    email: Mapped[str | None] = mapped_column(String(254))  # for the answer; deleted once it is sent
    form_language: Mapped[str] = mapped_column(String(2), default="en")  # the answer is in it
    network_hash: Mapped[str] = mapped_column(String(64))
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    reported_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(
        String(10), default="waiting", index=True
    )  # waiting, asked, corrected, answered, refused
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)  # what staff wrote with the decision
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)
