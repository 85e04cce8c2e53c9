"""Tables of providers, their practice locations, specialties and what they offer, and of what Medicare pays."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, func
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.extensions import Model
from directory.providers.sources import Confirmed, Sourced
from directory.providers.websites import checked_website

PERSON = 1
ORGANIZATION = 2
DEMONSTRATION = "9"
"""What the NPIs of invented providers start with; real ones start with 1 or 2."""


class WhenMerged(StrEnum):
    """What becomes of a table's rows when their provider is merged into another one: a model's `when_merged`."""

    MOVE = "move"  # all that the other one does not have; the default
    MOVE_TOGETHER = "move together"  # where the other one has none
    STAY = "stay"


class Provider(Sourced, Model):
    """A person (NPI entity type 1) or organization (type 2) that gives care."""

    __tablename__ = "provider"
    ranked = True

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    entity_type: Mapped[int]
    name: Mapped[str] = mapped_column(String(300), index=True)  # as shown: "Ana M. de la Cruz, MD"
    first_name: Mapped[str | None] = mapped_column(String(100))
    middle_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    name_suffix: Mapped[str | None] = mapped_column(String(20))
    credential_text: Mapped[str | None] = mapped_column(String(100))  # "MD, PhD" as claimed, never verified
    organization_name: Mapped[str | None] = mapped_column(String(200))
    gender: Mapped[str | None] = mapped_column(String(1))  # of a person: a key of `offerings.GENDERS`
    enumerated_on: Mapped[date | None]
    deactivated_on: Mapped[date | None]
    hidden_at: Mapped[datetime | None]  # when staff took the page down
    hidden_reason: Mapped[str | None] = mapped_column(String(500))  # for staff alone
    merged_into: Mapped[str | None] = mapped_column(String(10), index=True)  # the NPI that this one's page leads to

    other_names: Mapped[list["OtherName"]] = relationship(cascade="all, delete-orphan", order_by="OtherName.name")
    locations: Mapped[list["PracticeLocation"]] = relationship(
        cascade="all, delete-orphan", order_by="PracticeLocation.id"
    )
    specialties: Mapped[list["ProviderSpecialty"]] = relationship(
        cascade="all, delete-orphan",
        order_by="(ProviderSpecialty.is_primary.desc(), ProviderSpecialty.specialty_code)",
    )
    languages: Mapped[list["ProviderLanguage"]] = relationship(cascade="all, delete-orphan")
    insurances: Mapped[list["ProviderInsurance"]] = relationship(cascade="all, delete-orphan")
    products: Mapped[list["ProviderProduct"]] = relationship(cascade="all, delete-orphan")
    services: Mapped[list["ProviderService"]] = relationship(cascade="all, delete-orphan")
    accepting: Mapped["AcceptingNewPatients | None"] = relationship(cascade="all, delete-orphan")
    website: Mapped["Website | None"] = relationship(cascade="all, delete-orphan")
    hours: Mapped[list["OfficeHours"]] = relationship(cascade="all, delete-orphan", order_by="OfficeHours.weekday")
    visit_details: Mapped["VisitDetails | None"] = relationship(cascade="all, delete-orphan")
    fees: Mapped[list["PostedFee"]] = relationship(cascade="all, delete-orphan", order_by="PostedFee.id")
    corrections: Mapped[list["StaffCorrection"]] = relationship(cascade="all, delete-orphan")

    @property
    def is_demonstration(self) -> bool:
        return self.npi.startswith(DEMONSTRATION)

    @hybrid_property
    def is_public(self) -> bool:
        """Whether it has a page of its own: neither hidden nor merged into another one."""
        return self.hidden_at is None and self.merged_into is None

    @is_public.inplace.expression
    @classmethod
    def _is_public(cls) -> ColumnElement[bool]:
        return cls.hidden_at.is_(None) & cls.merged_into.is_(None)


class OtherName(Sourced, Model):
    """Another name of a provider: doing business as (3), former (4), other (5)."""

    __tablename__ = "other_name"
    __table_args__ = (UniqueConstraint("npi", "kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(1))
    name: Mapped[str] = mapped_column(String(300))


class PracticeLocation(Confirmed, Model):
    """One address at which a provider sees patients."""

    __tablename__ = "practice_location"
    __table_args__ = (
        UniqueConstraint("npi", "address_key"),
        Index("ix_practice_location_point", "latitude", "longitude"),
    )
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    address_key: Mapped[str] = mapped_column(String(300))  # the source's own spelling, folded: the same address again
    is_primary: Mapped[bool] = mapped_column(default=False)
    line_1: Mapped[str] = mapped_column(String(200))
    line_2: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(40))
    postal_code: Mapped[str | None] = mapped_column(String(10))  # "90503" or "90503-1234"
    country: Mapped[str] = mapped_column(String(2), default="US")
    phone: Mapped[str | None] = mapped_column(String(40))  # "(310) 555-0100 ext. 22", "+52 664 634 1234"
    latitude: Mapped[float | None]  # degrees north
    longitude: Mapped[float | None]  # degrees east
    precision: Mapped[str] = mapped_column(String(10), default="none")  # as of `Place`
    located_by: Mapped[str | None] = mapped_column(String(40))  # which geocoder gave the point

    @property
    def address(self) -> str:
        """The whole address in one line."""
        code = f"{self.state} {self.postal_code or ''}".strip()
        return ", ".join(filter(None, (self.line_1, self.line_2, self.city, code)))

    @hybrid_property
    def placing_address(self) -> str:
        """What the point depends on, in one line."""
        return f"{self.line_1}, {self.line_2 or ''}, {self.city}, {self.state} {(self.postal_code or '')[:5]}"

    @placing_address.inplace.expression
    @classmethod
    def _placing_address(cls) -> ColumnElement[str]:
        zip_code = func.substr(func.coalesce(cls.postal_code, ""), 1, 5)
        line_2 = func.coalesce(cls.line_2, "")
        return cls.line_1 + ", " + line_2 + ", " + cls.city + ", " + cls.state + " " + zip_code

    @staticmethod
    def merge_key(row: Mapping[str, Any]) -> tuple[str, ...] | None:
        """House number and ZIP: by these two spellings of one address are known, when providers are merged."""
        number, code = row["line_1"].split(" ")[0], (row["postal_code"] or "")[:5]
        return (number, code) if number[:1].isdigit() and code else None


class UnplacedAddress(Model):
    """That an address was looked up and not found on a street, so that its ZIP or city stands for it."""

    __tablename__ = "unplaced_address"

    location_id: Mapped[int] = mapped_column(
        ForeignKey("practice_location.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    address: Mapped[str] = mapped_column(String(600))  # the location's `placing_address` then
    looked_up_in: Mapped[str] = mapped_column(String(80))  # the edition of the streets, and the outside geocoder
    reason: Mapped[str] = mapped_column(String(20))  # a `WhyUnplaced`
    looked_up_at: Mapped[datetime]


class Specialty(Sourced, Model):
    """A code of the NUCC Health Care Provider Taxonomy."""

    __tablename__ = "specialty"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(200))


class ProviderSpecialty(Sourced, Model):
    """A specialty that a provider has declared, with the license number given for it (a claim until verified).

    The code may be newer than the taxonomy that was imported, so it is no foreign key.
    """

    __tablename__ = "provider_specialty"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    specialty_code: Mapped[str] = mapped_column(String(10), primary_key=True, index=True)
    is_primary: Mapped[bool] = mapped_column(default=False)
    license_number: Mapped[str | None] = mapped_column(String(40))
    license_state: Mapped[str | None] = mapped_column(String(2))


class InsurancePlan(Model):
    """A plan or payer that providers may accept."""

    __tablename__ = "insurance_plan"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class ProviderInsurance(Confirmed, Model):
    __tablename__ = "provider_insurance"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    plan_key: Mapped[str] = mapped_column(ForeignKey("insurance_plan.key"), primary_key=True)

    plan: Mapped[InsurancePlan] = relationship(lazy="joined")


class ProviderLanguage(Sourced, Model):
    """A language spoken at the practice: an ISO 639-1 code, named in `offerings.LANGUAGES`."""

    __tablename__ = "provider_language"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)


class ProviderProduct(Sourced, Model):
    """A botulinum toxin product offered: a key of `offerings.PRODUCTS`."""

    __tablename__ = "provider_product"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    product: Mapped[str] = mapped_column(String(20), primary_key=True)


class ProviderService(Sourced, Model):
    """A service offered around the injection: a key of `offerings.SERVICES`."""

    __tablename__ = "provider_service"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)


class AcceptingNewPatients(Confirmed, Model):
    __tablename__ = "accepting_new_patients"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    accepting: Mapped[bool]


class PostedFee(Confirmed, Model):
    """A fee that the provider has published, in US dollars: a key of `offerings.FEES`."""

    __tablename__ = "posted_fee"
    when_merged = WhenMerged.MOVE_TOGETHER

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    fee: Mapped[str] = mapped_column(String(20))
    product: Mapped[str | None] = mapped_column(String(20))
    low_usd: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    high_usd: Mapped[Decimal] = mapped_column(Numeric(10, 2))


class PaymentLimit(Sourced, Model):
    """The payment limit (average sales price + 6 %) of one HCPCS code from the first day of one quarter."""

    __tablename__ = "payment_limit"

    hcpcs_code: Mapped[str] = mapped_column(String(5), primary_key=True)  # "J0585"
    quarter_starts_on: Mapped[date] = mapped_column(primary_key=True)
    dosage_units: Mapped[int]  # 1, 5, 100
    limit_usd: Mapped[Decimal] = mapped_column(Numeric(12, 3))  # for the dosage, not for one unit


class Website(Sourced, Model):
    """The practice's own site. An address of mail at its domain is the practice's."""

    __tablename__ = "website"

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(String(300))

    @property
    def link(self) -> str | None:
        """The address, checked again as when it was typed; None for what leads to no website."""
        try:
            return checked_website(self.url)
        except ValueError:
            return None


class OfficeHours(Confirmed, Model):
    """When the practice is open on one day of the week, in local time."""

    __tablename__ = "office_hours"
    ranked = True
    when_merged = WhenMerged.MOVE_TOGETHER

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)  # 0 is Monday
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class VisitDetails(Confirmed, Model):
    """What a patient has to know to get there and to get an appointment; None where nobody said."""

    __tablename__ = "visit_details"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    step_free: Mapped[bool | None]  # from the street to the room, by ramp or elevator too
    parking: Mapped[str | None] = mapped_column(String(160))
    booking: Mapped[str | None] = mapped_column(String(160))
    referral_needed: Mapped[bool | None]


class ClinicStatement(Model):
    """What a clinic says of itself in its own words. Shown once a moderator has published it."""

    __tablename__ = "clinic_statement"
    when_merged = WhenMerged.MOVE_TOGETHER

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(
        String(10), default="pending"
    )  # pending, published, rejected, replaced, withdrawn
    written_by: Mapped[str] = mapped_column(String(120))
    written_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(120))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(300))  # why not: a key of `clinics.practice.statements.REASONS`
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class StaffCorrection(Model):
    """A value that staff set in place of an imported one; imports leave it alone.

    `address_key` names the practice location that it is about, and is empty for the provider's own fields.
    """

    __tablename__ = "staff_correction"
    __table_args__ = (UniqueConstraint("npi", "address_key", "field"),)
    moves_with = ("practice_location", "address_key")

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    address_key: Mapped[str] = mapped_column(String(300), default="")
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(String(300))
    imported_value: Mapped[str | None] = mapped_column(String(300))  # what stands there again without the correction
    reason: Mapped[str] = mapped_column(String(500))
    corrected_at: Mapped[datetime]


class ProviderMerge(Model):
    """That staff merged a provider into another one: what moved, so that it can go back."""

    __tablename__ = "provider_merge"
    when_merged = WhenMerged.STAY

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    into_npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    merged_by: Mapped[str] = mapped_column(String(120))  # the actor as the audit log names it
    merged_at: Mapped[datetime]
    moved: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # as `merging.py` writes them
    undone_by: Mapped[str | None] = mapped_column(String(120))
    undone_at: Mapped[datetime | None]
