"""Tables of the lists of excluded providers, and of whom their entries are about."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model
from directory.providers.models import Provider, WhenMerged
from directory.providers.sources import Sourced

WAITING, PROPOSED, CONFIRMED, DISMISSED, GONE = "waiting", "proposed", "confirmed", "dismissed", "gone"
UNDECIDED = frozenset({WAITING, PROPOSED})


class Exclusion(Sourced, Model):
    """An entry of a list (the OIG's, Medi-Cal's) that matches a provider; active until reinstated."""

    __tablename__ = "exclusion"
    when_merged = WhenMerged.STAY
    __table_args__ = (UniqueConstraint("npi", "entry_key"),)
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    exclusion_type: Mapped[str | None] = mapped_column(String(20))  # the OIG's; None where the list gives none
    excluded_on: Mapped[date | None]  # None where the list gives none that can be read
    reinstated_on: Mapped[date | None]
    waived_in: Mapped[str | None] = mapped_column(String(60))  # states in which the OIG lets the provider bill
    confirmed_by: Mapped[str | None] = mapped_column(String(250))  # the actors who matched it by name; None: by its NPI
    entry_key: Mapped[str | None] = mapped_column(String(64))  # of the entry, which may be gone


class ListedExclusion(Sourced, Model):
    """A row of a list as last read. All are kept, so that a provider who is added later is checked too.

    A row that gives several NPIs is one entry for each.
    """

    __tablename__ = "listed_exclusion"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # as `imports/exclusions/exclusion_list.py` makes it
    npi: Mapped[str | None] = mapped_column(String(10), index=True)
    name_key: Mapped[str] = mapped_column(String(200), index=True)  # `name_key` in the same module
    last_name: Mapped[str | None] = mapped_column(String(100))
    first_name: Mapped[str | None] = mapped_column(String(100))
    middle_name: Mapped[str | None] = mapped_column(String(100))
    business_name: Mapped[str | None] = mapped_column(String(200))
    other_names: Mapped[str | None] = mapped_column(String(300))
    license_numbers: Mapped[str | None] = mapped_column(String(100))  # as the list writes them, without their boards
    general: Mapped[str | None] = mapped_column(String(100))
    specialty: Mapped[str | None] = mapped_column(String(100))
    born_on: Mapped[date | None]
    address: Mapped[str | None] = mapped_column(String(500))
    city: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[str | None] = mapped_column(String(2))
    postal_code: Mapped[str | None] = mapped_column(String(10))
    exclusion_type: Mapped[str | None] = mapped_column(String(20))
    excluded_on: Mapped[date | None]
    reinstated_on: Mapped[date | None]
    waived_on: Mapped[date | None]
    waiver_state: Mapped[str | None] = mapped_column(String(60))


class PossibleExclusion(Model):
    """An entry of a list whose name fits a provider but whose NPI does not say so: people decide."""

    __tablename__ = "possible_exclusion"
    when_merged = WhenMerged.STAY
    __table_args__ = (UniqueConstraint("npi", "entry_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    entry_key: Mapped[str] = mapped_column(String(64), index=True)
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)  # the row as it was found
    fits: Mapped[str] = mapped_column(String(200))  # in what they agree, in words
    status: Mapped[str] = mapped_column(String(10), default=WAITING)  # or another of the above
    proposed_by: Mapped[str | None] = mapped_column(String(120))  # who says that it is the same person
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    provider: Mapped[Provider] = relationship()


class BirthDate(Model):
    """A provider's date of birth, for telling namesakes in the lists apart. Staff alone see it."""

    __tablename__ = "birth_date"

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    born_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(String(120))
    entered_at: Mapped[datetime]
