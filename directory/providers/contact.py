"""Addresses, ZIPs and phone numbers as pages show them."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from directory.providers.names import ROMAN_NUMERALS, capitalize, is_mixed, one_line, ordinal, words

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

    from directory.providers.models import PracticeLocation

TERRITORIES = frozenset({"AS", "GU", "MP", "PR", "VI"})
"""Parts of the United States that some files give as countries."""

_LEADING_ZEROS = {
    **dict.fromkeys(("AE", "CT", "MA", "ME", "NH", "NJ", "NY", "RI", "VT"), 1),
    **dict.fromkeys(("PR", "VI"), 2),
}
"""With how many zeros ZIPs of a state may start."""
_NORTH_AMERICAN_NUMBER = re.compile(r"(?!(\d)\1{9})[2-9][0-8]\d[2-9]\d{6}")
"""More than phonenumbers holds possible, less than it holds valid: area codes that are newer than the library pass.
No area code has a 9 in its middle, and ten times one digit stands for an unknown number.
"""
_FROM_ABROAD = re.compile(r"^(?:011|00)[\s-]*(?=[1-9](?:\D*\d){9})|^(?=52(?:\D*\d){10}(?!\d))")
"""How people here dial other countries; twelve digits that begin with 52 are a Mexican number."""
_MEXICAN_MOBILE = re.compile(r"^\+52\D*1(?=(?:\D*\d){10})")
_MEXICAN_PREFIX = re.compile(r"^(?:\+52\D*1|0(?:1|44|45))(?=(?:\D*\d){10})")
"""With what was dialed before ten digits in Mexico until 2019."""
_EXTENSION = re.compile(
    r"(?P<number>.*\d)(?!\s*/\s*\d)[\s,;:/(.-]*(?:(?:ext(?:ensi[oó]n|n)?|x|e|p|opt(?:ion)?|opción|int|no|num(?:ber)?|press|dial|#)[\s.:#]*)*"
    r"(?<=[^\d])(?P<extension>\d{1,8})[\s)#]*",
    re.IGNORECASE,
)
"""Extensions in spellings that phonenumbers does not know: "(310) 555-0100 (22)", "... opt. 2". What follows a slash
is another number's end.
"""
MAX_PHONE_LENGTH = 40
MAX_EXTENSION = 8
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


def phone_number(text: str, country: str = "US") -> "PhoneNumber | None":
    """The number that `text` is where it is dialed in `country`, with its extension; None for what is no number.

    A number without a country's code is the country's own, unless only the United States have such a number.
    """
    from phonenumbers import is_possible_number

    home = "US" if is_united_states(country) else country
    text = _FROM_ABROAD.sub("+", one_line(text))
    text = (_MEXICAN_PREFIX if home == "MX" else _MEXICAN_MOBILE).sub("+52", text)
    found = [number for region in dict.fromkeys((home, "US")) if (number := _parsed(text, region))]
    whole = next((number for number in found if _is_whole(number)), None)
    return whole or next((each for each in found if each.country_code != 1 and is_possible_number(each)), None)


def _parsed(text: str, region: str) -> "PhoneNumber | None":
    from phonenumbers import NumberParseException, parse

    try:
        number: PhoneNumber = parse(text, region)
        if region == "US" and not _is_whole(number) and (found := _EXTENSION.fullmatch(text)):
            number = parse(found["number"], region)
            number.extension = found["extension"]
    except NumberParseException:
        return None
    return number


def _is_whole(number: "PhoneNumber") -> bool:
    from phonenumbers import is_valid_number

    if number.country_code == 1:
        return _NORTH_AMERICAN_NUMBER.fullmatch(str(number.national_number)) is not None
    return is_valid_number(number)


def phone(text: str, extension: str = "", country: str = "US") -> str | None:
    """ "(310) 555-0100 ext. 22", or "+52 664 634 1234" where either end is abroad.

    What is no number stays as it is abroad, whose numbers we know less well, and is None here.
    """
    from phonenumbers import PhoneNumberFormat, format_number

    number = phone_number(text, country)
    if number is None:
        is_foreign = not is_united_states(country) and any(character.isdigit() for character in text)
        return one_line(text)[:MAX_PHONE_LENGTH] if is_foreign else None
    number.extension = re.sub(r"\D", "", extension)[:MAX_EXTENSION] or number.extension
    is_here = number.country_code == 1 and is_united_states(country)
    return format_number(number, PhoneNumberFormat.NATIONAL if is_here else PhoneNumberFormat.INTERNATIONAL)


def address_key(*parts: str) -> str:
    """What makes two spellings one address: the source's own words, folded, in the order given."""
    return " ".join(" ".join(parts).casefold().split())[:300]


def directions_url(location: "PracticeLocation") -> str:
    """The address at which Google Maps shows the way there from wherever its reader is."""
    place = [location.line_1, location.city, f"{location.state} {location.postal_code or ''}".strip()]
    if not is_united_states(location.country):
        place.append(location.country)
    return "https://www.google.com/maps/dir/?" + urlencode({"api": 1, "destination": ", ".join(place)})
