"""What a verifier compares, by the kind of credential."""

from directory.credentials.kinds import CredentialKind

POSSIBLE_EXCLUSION = (
    "Compare the whole name, with middle name, suffix and former names.",
    "Compare the date of birth. Where it is not known here, ask the practice, or try it in the OIG's search.",
    "Compare addresses, states and the kind of work with where and as what the provider was.",
    "A common name alone is no match. When in doubt, look in the OIG's search and ask a colleague.",
)
CHECKLISTS: dict[CredentialKind, tuple[str, ...]] = {
    CredentialKind.LICENSE: (
        "The name is this provider's: first, last and former names.",
        "State and number are those of the submission, and the license is of the right type (MD, DO, PT).",
        "The board says that it is active: not expired, surrendered, suspended, retired or on probation.",
        "The day of issue and the last day are noted as the board has them.",
        "Public actions, discipline and documents were opened and read.",
    ),
    CredentialKind.BOARD_CERTIFICATION: (
        "The name is this provider's, and the place fits where there are namesakes.",
        "The board is a member of the ABMS or the AOA, and the specialty is that of the submission.",
        "The certificate is in force, and it is said whether its holder takes part in continuing certification.",
        "First certification and last day are noted; a certificate for life has no last day.",
    ),
    CredentialKind.FELLOWSHIP: (
        "The program says that this person completed it; having begun it is not enough.",
        "The field is that of the submission, and the years fit the career.",
        "The program was accredited in those years, where there is accreditation in the field.",
        "A letter comes from the program itself, not from the provider.",
    ),
    CredentialKind.TRAINING: (
        "Who taught it says that this person completed it, and when.",
        "It covers the guidance that is claimed: EMG or ultrasound.",
        "A certificate of attendance alone is not a check: ask the issuer.",
    ),
    CredentialKind.DEA_REGISTRATION: (
        "Name, number and state of the registration are those of the submission.",
        "It is active, with the schedules that the work needs, and its last day is noted.",
        "Write the number down nowhere but here.",
    ),
    CredentialKind.MALPRACTICE_POLICY: (
        "The insurer confirms policy, insured person and dates.",
        "Limits for each claim and together are noted.",
        "Settled claims that the insurer names are noted.",
    ),
}
