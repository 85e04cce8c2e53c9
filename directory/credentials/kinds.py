"""The kinds of credentials and the states that one can be in."""

from enum import StrEnum


class CredentialKind(StrEnum):
    LICENCE = "licence"
    BOARD_CERTIFICATION = "board_certification"
    FELLOWSHIP = "fellowship"
    TRAINING = "training"


class CredentialStatus(StrEnum):
    CLAIMED = "claimed"
    VERIFIED = "verified"
    COULD_NOT_VERIFY = "could_not_verify"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"
