"""Tables of what a provider claims to be and to have done, and of what was verified."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.credentials.kinds import CredentialKind as CredentialKind
from directory.credentials.kinds import CredentialStatus as CredentialStatus
from directory.extensions import Model
from directory.providers.sources import Source, Sourced


class Credential(Sourced, Model):
    """A licence, board certification, fellowship or training that a provider holds or claims."""

    __tablename__ = "credential"
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(String(20))
    field: Mapped[str | None] = mapped_column(String(100))  # a key of rubric.BOARD_FIELDS or FELLOWSHIP_FIELDS, or free
    issuer: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str | None] = mapped_column(String(2))
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    status: Mapped[CredentialStatus] = mapped_column(String(20), default=CredentialStatus.CLAIMED)
    public_discipline: Mapped[bool] = mapped_column(default=False)

    source: Mapped[Source] = relationship(lazy="joined")
    verifications: Mapped[list["Verification"]] = relationship(
        cascade="all, delete-orphan", order_by="Verification.verified_at.desc()"
    )


class Verification(Model):
    """One act of checking a credential against its primary source."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)
    verified_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(40))  # bulk file, look-up page, letter, phone
    primary_source: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[CredentialStatus] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)


class ProcedureVolume(Sourced, Model):
    """Services of one HCPCS code that a provider billed to Medicare in one year, summed over places of service."""

    __tablename__ = "procedure_volume"
    __table_args__ = (UniqueConstraint("npi", "year", "hcpcs_code"),)
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    year: Mapped[int]
    hcpcs_code: Mapped[str] = mapped_column(String(5))
    services: Mapped[float]
    beneficiaries: Mapped[int | None]

    source: Mapped[Source] = relationship(lazy="joined")


class Exclusion(Sourced, Model):
    """An entry in the OIG LEIE that matches a provider; active until reinstated."""

    __tablename__ = "exclusion"
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    exclusion_type: Mapped[str] = mapped_column(String(20))
    excluded_on: Mapped[date]
    reinstated_on: Mapped[date | None]

    source: Mapped[Source] = relationship(lazy="joined")


class QualificationScore(Model):
    """The rubric's points for one provider, kept so that the search need not add them up again."""

    __tablename__ = "qualification_score"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    points: Mapped[float]  # 0 to 100
    awards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # one a line of the rubric: what for, or why not
    licence_verified: Mapped[bool]
    barred_for: Mapped[str | None] = mapped_column(String(200))  # why the provider is not ranked, in words
    computed_at: Mapped[datetime]
