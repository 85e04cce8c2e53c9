"""National Provider Identifiers: ten digits of which the last one checks the others."""

from functools import lru_cache

LUHN_PREFIX = "80840"
"""Health cards of the United States start so; the check digit counts it in."""


def check_digit(first_nine: str) -> str:
    """The tenth digit: Luhn over the nine, prefixed with 80840."""
    digits = [int(digit) for digit in LUHN_PREFIX + first_nine]
    doubled = sum(2 * digit - 9 * (digit > 4) for digit in digits[::-2])
    return str(-(doubled + sum(digits[-2::-2])) % 10)


@lru_cache(maxsize=100)  # files have many rows of one provider
def why_not_an_npi(text: str) -> str | None:
    """Why `text` is no real NPI, in words; None when it is one."""
    if not text:
        return "the NPI is empty"
    if not has_form_of_npi(text):
        return f"the NPI {text[:20]!r} is not 10 digits"
    if text[0] not in "12":
        return f"the NPI {text} does not start with 1 or 2"
    if check_digit(text[:9]) != text[9]:
        return f"the NPI {text} has a wrong check digit"
    return None


def has_form_of_npi(text: str) -> bool:
    """Whether `text` is ten digits, whatever the last one."""
    return len(text) == 10 and text.isascii() and text.isdigit()
