"""Text that people typed, made safe to keep: composed, with even line ends, without invisible characters.

Right-to-left letters need no controls to be read; controls that turn the direction can make a text show something
else than it says (Unicode Technical Report 36, section 2.5; Standard Annex 9, section 2).
"""

import re
import unicodedata
from dataclasses import dataclass

ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u200c", "\u200d"
BLACK_FLAG, EMOJI_VARIATION = "\U0001f3f4", "\ufe0f"
INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
"""Soft hyphen, zero-width and bidirectional characters, tags, and controls but for tab and line feed."""
TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>|<!--")
"""What a browser would take for markup; "<3" and "a < b" are none."""

JOINING_SCRIPTS = frozenset(
    (
        *("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC"),
        *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM"),
        *("SINHALA", "KHMER", "MYANMAR", "TIBETAN", "BALINESE", "JAVANESE"),
    )
)
"""Scripts in which a joiner between letters changes how they are read, as Unicode names their characters."""
VIRAMA = 9
"""The combining class of the sign after which an Indic word may end with a joiner."""
MAX_REGION_LENGTH = 7
"""Tags after the black flag: up to six letters of a region and the one that ends them."""


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str
    taken_out: int  # how many invisible characters


def plain_text(typed: str) -> PlainText:
    """`typed` in form NFC, lines ending in line feeds, without space around it and without invisible characters.

    Joiners stay where a script or an emoji needs them.
    """
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    kept = INVISIBLE.sub(lambda found: found[0] if _is_needed(text, found.start()) else "", text)
    return PlainText(unicodedata.normalize("NFC", kept).strip(), len(text) - len(kept))


def without_invisible(typed: str) -> str:
    """`typed` on one line, for a value that is checked as a whole, such as an email address."""
    return " ".join(plain_text(typed).text.split())


def has_tags(text: str) -> bool:
    return bool(TAG.search(text))


def _is_needed(text: str, place: int) -> bool:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if character in {ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER} and before:
        if _joins(before):
            return _joins(after) or unicodedata.combining(before) == VIRAMA
        return character == ZERO_WIDTH_JOINER and _is_pictograph(before) and _is_pictograph(after)
    if character >= "\U000e0020":  # the letters of a region's flag, such as Scotland's
        return BLACK_FLAG in text[max(0, place - MAX_REGION_LENGTH) : place]
    return False


def _joins(character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").partition(" ")[0] in JOINING_SCRIPTS


def _is_pictograph(character: str) -> bool:
    return bool(character) and (
        character in {EMOJI_VARIATION, "\u2194", "\u2195"}
        or unicodedata.category(character) == "So"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
    )
