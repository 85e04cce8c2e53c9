"""The kinds of credentials, the states that one can be in, how it is checked, and for how long a check counts.

Words are in English here; the provider's page writes them with `translated`.
"""

from enum import StrEnum

from directory.web.phrases import N_


class CredentialKind(StrEnum):
    LICENSE = "license"
    BOARD_CERTIFICATION = "board_certification"
    FELLOWSHIP = "fellowship"
    TRAINING = "training"
    DEA_REGISTRATION = "dea_registration"
    MALPRACTICE_POLICY = "malpractice_policy"


class CredentialStatus(StrEnum):
    CLAIMED = "claimed"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VERIFIED = "verified"
    EXPIRING = "expiring"
    COULD_NOT_VERIFY = "could_not_verify"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Method(StrEnum):
    """How a credential was checked against its primary source."""

    BULK_FILE = N_("bulk file")
    LOOK_UP_PAGE = N_("look-up page")
    LETTER = N_("letter")
    PHONE = N_("phone")


KINDS = {
    CredentialKind.LICENSE: N_("License"),
    CredentialKind.BOARD_CERTIFICATION: N_("Board certification"),
    CredentialKind.FELLOWSHIP: N_("Fellowship"),
    CredentialKind.TRAINING: N_("Training"),
    CredentialKind.DEA_REGISTRATION: N_("DEA registration"),
    CredentialKind.MALPRACTICE_POLICY: N_("Malpractice insurance"),
}
PRIVATE_NUMBERS = frozenset({CredentialKind.DEA_REGISTRATION, CredentialKind.MALPRACTICE_POLICY})
"""Kinds whose number readers are not shown: others could prescribe, or claim, with it."""
STANDINGS = {
    CredentialStatus.CLAIMED: N_("claimed, not verified"),
    CredentialStatus.SUBMITTED: N_("submitted, not verified yet"),
    CredentialStatus.IN_REVIEW: N_("being verified"),
    CredentialStatus.VERIFIED: N_("verified"),
    CredentialStatus.EXPIRING: N_("verified"),
    CredentialStatus.COULD_NOT_VERIFY: N_("could not be verified"),
    CredentialStatus.REJECTED: N_("not confirmed by the issuer"),
    CredentialStatus.EXPIRED: N_("expired"),
    CredentialStatus.REVOKED: N_("revoked"),
}
COUNTING = frozenset({CredentialStatus.VERIFIED, CredentialStatus.EXPIRING})
"""What the rubric counts."""
NEGATIVE = frozenset({CredentialStatus.COULD_NOT_VERIFY, CredentialStatus.REJECTED, CredentialStatus.REVOKED})
"""Outcomes of a check that need a second verifier."""

MAX_CHECK_AGE_DAYS = 120  # before the decision: NCQA credentialing, from 1 July 2025
NOTICE_DAYS = 30  # before a credential or its verification lapses
REVERIFY_DAYS = {
    CredentialKind.LICENSE: 365,
    CredentialKind.BOARD_CERTIFICATION: 365,
    CredentialKind.FELLOWSHIP: 1095,  # what was completed stays so; NCQA asks for all again every three years
    CredentialKind.TRAINING: 1095,
    CredentialKind.DEA_REGISTRATION: 365,
    CredentialKind.MALPRACTICE_POLICY: 365,
}
"""For how many days after a check a credential of the kind stays verified."""
