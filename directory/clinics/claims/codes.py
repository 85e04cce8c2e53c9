"""The secrets of a claim: the key in the claimant's link, and the code that reaches the practice."""

import hmac
import re
import secrets

from directory.clinics.models import Claim
from directory.web.hmac_hash import keyed_hash

DIGITS = 8


def key_of_form(form_key: str) -> str:
    """The key of the claim that a form makes: the same form makes the same one, which this site alone can tell."""
    return keyed_hash("claim_key", form_key)


def new_code() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def hash_of_code(claim: Claim, code: str) -> str:
    """What is stored of the code of `claim`. The same code of another claim has another hash."""
    return keyed_hash("claim_code", f"{claim.key_hash}:{code}")


def is_code_of(claim: Claim, code: str) -> bool:
    """Whether `code` is the one that was sent, found out in a time that does not depend on how much is right."""
    return claim.code_hash is not None and hmac.compare_digest(claim.code_hash, hash_of_code(claim, code))


def digits_of(typed: str) -> str | None:
    """The code in what was typed, which may have spaces or dashes; None when it cannot be one."""
    digits = re.sub(r"[\s-]", "", typed)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def in_groups(code: str) -> str:
    """ "12345678" -> "1234 5678", to be read aloud."""
    return f"{code[:4]} {code[4:]}"
