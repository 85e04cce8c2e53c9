"""What CMS's files say of a provider beside the volumes, for the provider's page. None of it is scored."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from directory.credentials.models import MedicareEnrollment, MedicareGroup, MedicareYear, ProcedureVolume
from directory.credentials.rubric import NECK_TREATMENT
from directory.extensions import db
from directory.web.phrases import N_

ASSIGNMENT = {
    "Y": N_("Accepts what Medicare pays as full payment"),
    "M": N_("May accept what Medicare pays as full payment: ask before the visit"),
}


@dataclass(frozen=True, slots=True)
class MedicareFacts:
    """The parts of the page that come from CMS. `enrollment` is None when its file does not list the provider."""

    enrollment: MedicareEnrollment | None
    groups: list[MedicareGroup]
    suppressed: list[MedicareYear]  # years whose file has the provider and no count of neck treatments, newest first
    assignment: str | None  # in words, of `ASSIGNMENT`

    @property
    def is_known(self) -> bool:
        return self.enrollment is not None or bool(self.groups)


def medicare_of(npi: str, volumes: Iterable[ProcedureVolume]) -> MedicareFacts:
    """What CMS says of one provider. `volumes` are all of theirs."""
    enrollment = db.session.get(MedicareEnrollment, npi)
    counted = {volume.year for volume in volumes if volume.hcpcs_code == NECK_TREATMENT}
    listed = db.session.scalars(select(MedicareYear).where(MedicareYear.npi == npi).order_by(MedicareYear.year.desc()))
    return MedicareFacts(
        enrollment=enrollment,
        groups=list(
            db.session.scalars(
                select(MedicareGroup)
                .where(MedicareGroup.npi == npi)
                .order_by(MedicareGroup.name, MedicareGroup.org_pac_id)
            )
        ),
        suppressed=[year for year in listed if year.year not in counted],
        assignment=ASSIGNMENT.get(enrollment.accepts_assignment or "") if enrollment else None,
    )
