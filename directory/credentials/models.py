"""Tables of what a provider claims to be and to have done, and of what was verified."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.accounts.models import Account
from directory.credentials.checks import CredentialSubmission
from directory.credentials.exclusions.models import PossibleExclusion
from directory.credentials.kinds import CredentialKind as CredentialKind
from directory.credentials.status import CredentialStatus as CredentialStatus
from directory.extensions import Model
from directory.providers.models import Provider, WhenMerged
from directory.providers.sources import Source, Sourced
from directory.web.days import read_day


class Credential(Sourced, Model):
    """What a provider holds or claims. The columns are what is in force; `submission` is what was said last."""

    __tablename__ = "credential"
    __table_args__ = (Index("ix_credential_status_expires_on", "status", "expires_on"),)
    ranked = True

    id: Mapped[int] = mapped_column(primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    kind: Mapped[CredentialKind] = mapped_column(String(20))
    field: Mapped[str | None] = mapped_column(String(100))  # a key of kinds.FIELDS, or free
    issuer: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str | None] = mapped_column(String(2))
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    status: Mapped[CredentialStatus] = mapped_column(String(20), default=CredentialStatus.CLAIMED)
    public_discipline: Mapped[bool] = mapped_column(default=False)
    verified_until: Mapped[date | None]  # the last day on which its newest check counts; None: it has no end
    submission: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # the values of the last submission
    answer: Mapped[str | None] = mapped_column(Text)  # what the clinic said to a check that went against it
    entered_by: Mapped[str] = mapped_column(String(120), default="program")  # the actor who claimed it
    submitted_by: Mapped[str | None] = mapped_column(String(120))  # the actor who submitted it last
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    verifications: Mapped[list["Verification"]] = relationship(
        cascade="all, delete-orphan",
        order_by="(Verification.verified_at.desc(), Verification.id.desc())",
        back_populates="credential",
    )
    evidence: Mapped[list["Evidence"]] = relationship(
        cascade="all, delete-orphan", order_by="Evidence.id", back_populates="credential"
    )

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return f"credential:{self.id}"

    @property
    def newest_check(self) -> "Verification | None":
        """The newest one that counts: none that waits for a second verifier."""
        return next((check for check in self.verifications if check.state == "final"), None)

    @property
    def last_submission(self) -> CredentialSubmission:
        """The values of the last submission; of the row where it was never submitted or entered by hand."""
        said = self.submission or {}
        return CredentialSubmission(
            kind=CredentialKind(self.kind),
            issuer=said.get("issuer", self.issuer),
            field=said.get("field", self.field),
            number=said.get("number", self.number),
            state=said.get("state", self.state),
            issued_on=read_day(said["issued_on"]) if "issued_on" in said else self.issued_on,
            expires_on=read_day(said["expires_on"]) if "expires_on" in said else self.expires_on,
        )


class Verification(Model):
    """One act of checking a credential against its primary source. It counts while `state` is final."""

    __tablename__ = "verification"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)
    verified_at: Mapped[datetime]  # when it was recorded
    checked_on: Mapped[date]  # when the verifier looked
    method: Mapped[str] = mapped_column(String(40))  # a `Method`
    primary_source: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[CredentialStatus] = mapped_column(String(20))
    contact: Mapped[str | None] = mapped_column(String(200))  # with whom, on the phone
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id", ondelete="SET NULL"))
    note: Mapped[str | None] = mapped_column(Text)
    seen: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # number, dates and discipline as the source has them
    board_file_id: Mapped[int | None] = mapped_column(ForeignKey("board_file.id"))  # the file that shows it
    recorded_by: Mapped[str] = mapped_column(String(120), default="program")
    state: Mapped[str] = mapped_column(String(10), default="final")  # `waiting` for a second one, declined, withdrawn
    second_by: Mapped[str | None] = mapped_column(String(120))
    second_at: Mapped[datetime | None]
    second_note: Mapped[str | None] = mapped_column(Text)

    credential: Mapped[Credential] = relationship(back_populates="verifications")
    board_file: Mapped["BoardFile | None"] = relationship()


class Evidence(Model):
    """A file that shows a credential, kept in EVIDENCE_DIR under a random name. Staff alone may read it."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)
    file: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40))
    size_bytes: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))  # the name that it came with, for people to read
    added_by: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]

    credential: Mapped[Credential] = relationship(back_populates="evidence")


class VerificationTask(Model):
    """Work that waits at the verifier's desk until it is closed."""

    __tablename__ = "verification_task"
    __table_args__ = (Index("ix_verification_task_closed_at_kind", "closed_at", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # a `tasks.TaskKind`
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), index=True)
    credential_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)
    verification_id: Mapped[int | None] = mapped_column(ForeignKey("verification.id", ondelete="CASCADE"))
    possible_exclusion_id: Mapped[int | None] = mapped_column(
        ForeignKey("possible_exclusion.id", ondelete="CASCADE"), index=True
    )
    open_key: Mapped[str | None] = mapped_column(String(80), unique=True)  # so that it is open once; None when closed
    sentence: Mapped[str] = mapped_column(String(500))  # why it is here
    opened_at: Mapped[datetime]
    due_on: Mapped[date | None]
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    told_at: Mapped[datetime | None]  # when verifiers were written to about it
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(120))

    provider: Mapped[Provider] = relationship()
    holder: Mapped[Account | None] = relationship()
    credential: Mapped[Credential | None] = relationship()
    verification: Mapped[Verification | None] = relationship()
    possible_exclusion: Mapped[PossibleExclusion | None] = relationship()


class BoardFile(Model):
    """One file of a board's list as it was read: the evidence of the licenses that it shows."""

    __tablename__ = "board_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"), index=True)
    board: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    run_id: Mapped[int]  # of the import that read it
    names_discipline: Mapped[bool] = mapped_column(default=False)  # whether the list has a column of public actions

    source: Mapped[Source] = relationship()


class RuleSuspension(Model):
    """A time in which no license is verified from one board's list, since a person found one of its to be wrong."""

    __tablename__ = "rule_suspension"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_key: Mapped[str] = mapped_column(ForeignKey("source.key"))
    in_force: Mapped[str | None] = mapped_column(String(40), unique=True)  # the source's key; None once lifted
    is_general: Mapped[bool]  # whether what was verified from the list before stopped counting
    credential_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id", ondelete="SET NULL"))
    suspended_at: Mapped[datetime]
    suspended_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(120))
    lift_reason: Mapped[str | None] = mapped_column(Text)

    source: Mapped[Source] = relationship()
    credential: Mapped[Credential | None] = relationship()


class LicenseRecord(Sourced, Model):
    """What a state board's public file says of one license: kept for the licenses of providers of this directory."""

    __tablename__ = "license_record"
    __table_args__ = (UniqueConstraint("state", "number_key", "license_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(2))
    number: Mapped[str] = mapped_column(String(40))  # as the board writes it
    number_key: Mapped[str] = mapped_column(String(40))  # `licenses.records.number_key` of it
    license_type: Mapped[str] = mapped_column(String(100), default="")
    profession: Mapped[str | None] = mapped_column(String(30))  # a `Profession`; None: the layout does not say
    board: Mapped[str] = mapped_column(String(200))
    board_status: Mapped[str] = mapped_column(String(100))  # in the board's words
    active: Mapped[bool]
    revoked: Mapped[bool] = mapped_column(default=False)
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    name: Mapped[str] = mapped_column(String(300))
    city: Mapped[str | None] = mapped_column(String(100))
    county: Mapped[str | None] = mapped_column(String(100))
    public_actions: Mapped[str | None] = mapped_column(Text)
    board_file_id: Mapped[int | None] = mapped_column(ForeignKey("board_file.id"))  # None: read before these were kept

    board_file: Mapped[BoardFile | None] = relationship()


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


class UnlistedVolume(Sourced, Model):
    """A volume of a provider who injects necks by Medicare's file and is not in the directory.

    An import of NPPES takes these providers whatever specialty they declare, and their volumes with them.
    """

    __tablename__ = "unlisted_volume"

    npi: Mapped[str] = mapped_column(String(10), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    hcpcs_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    services: Mapped[float]
    beneficiaries: Mapped[int | None]


class MedicareYear(Sourced, Model):
    """That a provider stands in Medicare's file of services of one year, with whatever codes."""

    __tablename__ = "medicare_year"
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)


class MedicareEnrollment(Sourced, Model):
    """What CMS's Doctors & Clinicians file says of a provider."""

    __tablename__ = "medicare_enrollment"

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    medical_school: Mapped[str | None] = mapped_column(String(200))
    graduation_year: Mapped[int | None]
    accepts_assignment: Mapped[str | None] = mapped_column(String(1))  # Y always, M sometimes
    telehealth: Mapped[bool | None]


class MedicareGroup(Sourced, Model):
    """A group practice that a provider bills Medicare with."""

    __tablename__ = "medicare_group"

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    org_pac_id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    members: Mapped[int | None]


class QualificationScore(Model):
    """The rubric's points for one provider, kept so that the search need not add them up again."""

    __tablename__ = "qualification_score"
    when_merged = WhenMerged.STAY
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    points: Mapped[float]  # 0 to 100
    awards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # one a line of the rubric: what for, or why not
    license_verified: Mapped[bool]
    barred_for: Mapped[str | None] = mapped_column(String(200))  # codes of `bars`, with commas: why it is not ranked
