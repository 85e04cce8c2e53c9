"""What the form asks for each kind of credential, in the words of that kind."""

from dataclasses import dataclass, field

from directory.credentials.kinds import CredentialKind
from directory.credentials.rubric import BOARD_FIELDS, FELLOWSHIP_FIELDS, GUIDANCE_FIELDS

OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindWords:
    """Labels of the form for one kind. What is None is not asked for; a number that is asked for may be required."""

    meaning: str  # what a person finds under this kind
    issuer: str
    issued_on: str
    number: str | None = None
    number_required: bool = False
    expires_on: str | None = None
    fields: dict[str, str] = field(default_factory=dict)  # those of the rubric, in words
    issuer_hint: str = ""
    paper: str = "a letter or certificate"  # what usually shows it


KIND_WORDS = {
    CredentialKind.LICENSE: KindWords(
        meaning="to practice, from a state’s board",
        issuer="Board that issued it",
        issuer_hint="For example Medical Board of California.",
        issued_on="First issued",
        number="License number",
        number_required=True,
        expires_on="Valid until",
        paper="a copy of the license or of the board’s page",
    ),
    CredentialKind.BOARD_CERTIFICATION: KindWords(
        meaning="in a specialty or subspecialty, from a certifying board",
        issuer="Certifying board",
        issuer_hint="For example American Board of Psychiatry and Neurology.",
        issued_on="First certified",
        number="Certificate number",
        expires_on="Valid until",
        fields={**BOARD_FIELDS, **FELLOWSHIP_FIELDS},
        paper="the certificate",
    ),
    CredentialKind.FELLOWSHIP: KindWords(
        meaning="completed after residency, at a hospital or university",
        issuer="Hospital or university",
        issued_on="Completed",
        fields=FELLOWSHIP_FIELDS,
        paper="the certificate, or a letter from the program",
    ),
    CredentialKind.TRAINING: KindWords(
        meaning="such as a course in guidance by EMG or ultrasound",
        issuer="Who gave the training",
        issued_on="Completed",
        fields=GUIDANCE_FIELDS,
        paper="the certificate of the course",
    ),
    CredentialKind.DEA_REGISTRATION: KindWords(
        meaning="to prescribe controlled medicines; its number is never shown to readers",
        issuer="Issuer",
        issuer_hint="Drug Enforcement Administration.",
        issued_on="Issued",
        number="Registration number",
        number_required=True,
        expires_on="Valid until",
        paper="the registration certificate",
    ),
    CredentialKind.MALPRACTICE_POLICY: KindWords(
        meaning="current insurance; its policy number is never shown to readers",
        issuer="Insurer",
        issued_on="Coverage began",
        number="Policy number",
        number_required=True,
        expires_on="Covered until",
        paper="the insurer’s certificate",
    ),
}
