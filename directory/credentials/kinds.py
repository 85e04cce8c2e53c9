"""The kinds of credentials, and what differs between them. A new kind is a member of `CredentialKind` and a `Kind`.

Words are in English here; pages for readers write the label and the fields with `translated`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from directory.credentials import primary_sources
from directory.credentials.primary_sources import LookUp
from directory.web.phrases import N_

BOARD_FIELDS = {
    "neurology": N_("neurology"),
    "physical_medicine": N_("physical medicine & rehabilitation"),
    "pain_medicine": N_("pain medicine"),
}
FELLOWSHIP_FIELDS = {
    "movement_disorders": N_("movement disorders"),
    "neuromuscular_medicine": N_("neuromuscular medicine"),
    "clinical_neurophysiology": N_("clinical neurophysiology"),
}
GUIDANCE_FIELDS = {"emg_guidance": N_("EMG guidance"), "ultrasound_guidance": N_("ultrasound guidance")}
FIELDS = {**BOARD_FIELDS, **FELLOWSHIP_FIELDS, **GUIDANCE_FIELDS}
OTHER_FIELD = "other"  # as forms name a field that none of these is


class CredentialKind(StrEnum):
    LICENSE = "license"
    BOARD_CERTIFICATION = "board_certification"
    FELLOWSHIP = "fellowship"
    TRAINING = "training"
    DEA_REGISTRATION = "dea_registration"
    MALPRACTICE_POLICY = "malpractice_policy"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of credential. Of the form's labels, what is None is not asked for."""

    label: str
    reverify_days: int  # for how long after a check it stays verified
    checklist: tuple[str, ...]  # what a verifier compares
    meaning: str  # what a person finds under this kind
    issuer: str
    issued_on: str
    number: str | None = None
    number_required: bool = False
    number_is_private: bool = False  # readers are not shown it: others could prescribe, or claim, with it
    expires_on: str | None = None
    fields: dict[str, str] = field(default_factory=dict)  # those of `FIELDS` that it may be in
    issuer_hint: str = ""
    paper: str = "a letter or certificate"  # what usually shows it
    look_ups: Callable[[str | None, str | None], tuple[LookUp, ...]] = primary_sources.of_none  # by state and field

    @property
    def in_sentence(self) -> str:
        """The English label within a sentence: "license", "DEA registration"."""
        return self.label if self.label.split()[0].isupper() else self.label.lower()


KINDS: dict[CredentialKind, Kind] = {
    CredentialKind.LICENSE: Kind(
        label=N_("License"),
        reverify_days=365,
        meaning="to practice, from a state’s board",
        issuer="Board that issued it",
        issuer_hint="For example Medical Board of California.",
        issued_on="First issued",
        number="License number",
        number_required=True,
        expires_on="Valid until",
        paper="a copy of the license or of the board’s page",
        look_ups=primary_sources.of_license,
        checklist=(
            "The name is this provider's: first, last and former names.",
            "State and number are those of the submission, and the license is of the right type (MD, DO, PT).",
            "The board says that it is active: not expired, surrendered, suspended, retired or on probation.",
            "The day of issue and the last day are noted as the board has them.",
            "Public actions, discipline and documents were opened and read.",
        ),
    ),
    CredentialKind.BOARD_CERTIFICATION: Kind(
        label=N_("Board certification"),
        reverify_days=365,
        meaning="in a specialty or subspecialty, from a certifying board",
        issuer="Certifying board",
        issuer_hint="For example American Board of Psychiatry and Neurology.",
        issued_on="First certified",
        number="Certificate number",
        expires_on="Valid until",
        fields={**BOARD_FIELDS, **FELLOWSHIP_FIELDS},
        paper="the certificate",
        look_ups=primary_sources.of_certificate,
        checklist=(
            "The name is this provider's, and the place fits where there are namesakes.",
            "The board is a member of the ABMS or the AOA, and the specialty is that of the submission.",
            "The certificate is in force, and it is said whether its holder takes part in continuing certification.",
            "First certification and last day are noted; a certificate for life has no last day.",
        ),
    ),
    CredentialKind.FELLOWSHIP: Kind(
        label=N_("Fellowship"),
        reverify_days=1095,  # what was completed stays so; NCQA asks for all again every three years
        meaning="completed after residency, at a hospital or university",
        issuer="Hospital or university",
        issued_on="Completed",
        fields=FELLOWSHIP_FIELDS,
        paper="the certificate, or a letter from the program",
        look_ups=primary_sources.of_fellowship,
        checklist=(
            "The program says that this person completed it; having begun it is not enough.",
            "The field is that of the submission, and the years fit the career.",
            "The program was accredited in those years, where there is accreditation in the field.",
            "A letter comes from the program itself, not from the provider.",
        ),
    ),
    CredentialKind.TRAINING: Kind(
        label=N_("Training"),
        reverify_days=1095,
        meaning="such as a course in guidance by EMG or ultrasound",
        issuer="Who gave the training",
        issued_on="Completed",
        fields=GUIDANCE_FIELDS,
        paper="the certificate of the course",
        checklist=(
            "Who taught it says that this person completed it, and when.",
            "It covers the guidance that is claimed: EMG or ultrasound.",
            "A certificate of attendance alone is not a check: ask the issuer.",
        ),
    ),
    CredentialKind.DEA_REGISTRATION: Kind(
        label=N_("DEA registration"),
        reverify_days=365,
        meaning="to prescribe controlled medicines; its number is never shown to readers",
        issuer="Issuer",
        issuer_hint="Drug Enforcement Administration.",
        issued_on="Issued",
        number="Registration number",
        number_required=True,
        expires_on="Valid until",
        paper="the registration certificate",
        number_is_private=True,
        look_ups=primary_sources.of_dea_registration,
        checklist=(
            "Name, number and state of the registration are those of the submission.",
            "It is active, with the schedules that the work needs, and its last day is noted.",
            "Write the number down nowhere but here.",
        ),
    ),
    CredentialKind.MALPRACTICE_POLICY: Kind(
        label=N_("Malpractice insurance"),
        reverify_days=365,
        meaning="current insurance; its policy number is never shown to readers",
        issuer="Insurer",
        issued_on="Coverage began",
        number="Policy number",
        number_required=True,
        expires_on="Covered until",
        paper="the insurer’s certificate",
        number_is_private=True,
        checklist=(
            "The insurer confirms policy, insured person and dates.",
            "Limits for each claim and together are noted.",
            "Settled claims that the insurer names are noted.",
        ),
    ),
}
