"""Addresses, ZIPs and phone numbers as pages show them."""

import re
from typing import TYPE_CHECKING

from directory.providers.names import ROMAN_NUMERALS, capitalize, is_mixed, one_line, ordinal, words

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Parts of the United States that some files give as countries."""

_LEADING_ZEROS = {
    **dict.fromkeys(("AE", "CT", "MA", "ME", "NH", "NJ", "NY", "RI", "VT"), 1),
    **dict.fromkeys(("PR", "VI"), 2),
}
"""With how many zeros ZIPs of a state may start."""
_UNITED_STATES_NUMBER = re.compile(r"[2-9]\d{2}[2-9]\d{6}")
"""More than phonenumbers holds possible, less than it holds valid: area codes that are newer than the library pass."""
_DIRECTIONS = frozenset({"N", "S", "E", "W", "NE", "NW", "SE", "SW"})
_SMALL_WORDS = frozenset({"and", "at", "de", "del", "of", "the"})
_AFTER_DE = frozenset({"la", "las", "los"})
_ACRONYMS = words("AFB APO CMR DPO FPO ENT ER ICU LLC MD MOB MSC PC PLLC PO UC UCI UCLA UCSD UCSF UPMC US USC VA")
_NUMBERED_ROADS = frozenset({"CR", "FM", "RR", "SR", "US", "TH"})


def is_united_states(country: str) -> bool:
    return country in {"", "US"} or country in TERRITORIES


def address_line(text: str) -> str | None:
    """A line of an address, or a city, in proper case: "2nd Ave NE Ste 5B", "PO Box 12". None when empty."""
    text = re.sub(r"^P\.? ?O\.? BOX\b", "PO BOX", one_line(text), flags=re.IGNORECASE)
    if not text or is_mixed(text.removeprefix("PO BOX")):
        return text.replace("PO BOX", "PO Box") or None
    parts = text.split(" ")
    return " ".join(_address_word(parts, index) for index in range(len(parts)))


def _address_word(parts: list[str], index: int) -> str:
    word = parts[index]
    upper, small = word.upper(), word.lower()
    bare = upper.strip(".,()#")
    before = parts[index - 1].lower() if index else ""
    following = parts[index + 1] if index + 1 < len(parts) else ""
    if bare in _DIRECTIONS or bare in _ACRONYMS or (index and bare in ROMAN_NUMERALS):
        return upper
    if bare in _NUMBERED_ROADS and following[:1].isdigit():
        return upper
    after_number = before[-1:].isdigit()
    if index and not after_number and (small in _SMALL_WORDS or (small in _AFTER_DE and before == "de")):
        return small
    as_ordinal = ordinal(word.rstrip(","))
    if as_ordinal:
        return as_ordinal + word[len(as_ordinal) :]
    if any(character.isdigit() for character in word):
        return upper  # 5B, C-40, #200
    return capitalize(word)


def postal_code(text: str, state: str, country: str = "US") -> str | None:
    """ "90503" or "90503-1234"; zeros lost in front are put back where the state has such ZIPs.

    Other countries' codes stay as they are. None when the text is no postal code.
    """
    text = one_line(text).upper()
    if not is_united_states(country):
        return text[:10] or None
    digits = text.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        return None
    whole = 5 if len(digits) <= 5 else 9
    if 0 < whole - len(digits) <= _LEADING_ZEROS.get(state, 0):
        digits = digits.zfill(whole)
    if len(digits) == 9 and digits[5:] == "0000":
        digits = digits[:5]
    if digits == "00000" or len(digits) not in {5, 9}:
        return None
    return digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"


def united_states_number(text: str) -> "PhoneNumber | None":
    """The number that `text` is; None for what is no number of the United States."""
    from phonenumbers import NumberParseException, parse

    try:
        number: PhoneNumber = parse(text, "US")
    except NumberParseException:
        return None
    is_whole = number.country_code == 1 and _UNITED_STATES_NUMBER.fullmatch(str(number.national_number))
    return number if is_whole else None


def phone(text: str, extension: str = "", country: str = "US") -> str | None:
    """ "(310) 555-0100", with its extension when there is one. Numbers of other countries stay as they are."""
    from phonenumbers import PhoneNumberFormat, format_number

    text = one_line(text)
    if not is_united_states(country):
        return text[:30] if any(character.isdigit() for character in text) else None
    number = united_states_number(text)
    if number is None:
        return None
    number.extension = re.sub(r"\D", "", extension)[:8] or number.extension
    return format_number(number, PhoneNumberFormat.NATIONAL)


def address_key(*parts: str) -> str:
    """What makes two spellings one address: the source's own words, folded, in the order given."""
    return " ".join(" ".join(parts).casefold().split())[:300]
