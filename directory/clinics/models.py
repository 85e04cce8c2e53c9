"""The table of claims: requests to manage a provider's page."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
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

    provider: Mapped[Provider] = relationship()
