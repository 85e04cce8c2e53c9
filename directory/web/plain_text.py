"""Text that people typed, made safe to keep: composed, with even line ends, without invisible characters.

Right-to-left letters need no controls to be read; controls that turn the direction can make a text show something
else than it says (Unicode Technical Report 36, section 2.5; Standard Annex 9, section 2).
"""

import re
import unicodedata
from dataclasses import dataclass

ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u200c", "\u200d"
BLACK_FLAG, EMOJI_VARIATION = "\U0001f3f4", "\ufe0f"
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MONGOLIAN_VARIATION = re.compile("[\u180b-\u180d\u180f]")
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff0-\ufffc\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ufe00-\ufe0f\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
"""What Unicode lists as Default_Ignorable_Code_Point; letters and signs that are drawn as nothing, such as the Hangul
fillers and the empty Braille pattern; the object replacement character; controls but for tab and line feed.
"""
BASES_OF_VARIATIONS = frozenset("0123456789#*‼⁉〰ℹ")
"""Signs that are no symbols by their category, and have an emoji's form."""
NEW_EMOJI = ("\U0001f000", "\U0001fbff")
"""Where Unicode puts new emoji, which this Python may not know yet."""
_LINE_END = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>|<!--")
"""What a browser would take for markup; "<3" and "a < b" are none."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so is run by spreadsheets as a formula."""

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
MAX_REGION_LENGTH = 6
_REGION = re.compile(f"\U0001f3f4[\U000e0020-\U000e007e]{{0,{MAX_REGION_LENGTH}}}[\U000e0020-\U000e007f]")
"""The black flag and the letters of a region, in tags: Scotland's flag up to the tag that ends it."""


@dataclass(frozen=True, slots=True)
class PlainText:
    text: str
    taken_out: int  # how many invisible characters


def plain_text(typed: str) -> PlainText:
    """`typed` in form NFC, lines ending in line feeds, without space around it and without invisible characters.

    Joiners and variation selectors stay where a script or an emoji needs them, and of blank lines in a row one. A text
    in which nothing can be seen is empty.
    """
    text = _LINE_END.sub("\n", typed).strip()
    kept, before = text, ""
    while kept != before:  # what goes may leave something behind that is not needed either
        before = kept
        kept = INVISIBLE.sub(lambda found: found[0] if _is_needed(found.string, found.start()) else "", before)
    if not any(map(_is_visible, kept)):
        return PlainText("", len(text))
    spaced = _BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", kept))
    return PlainText(spaced.strip(), len(text) - len(kept))


def without_invisible(typed: str) -> str:
    """`typed` on one line, for a value that is checked as a whole, such as an email address."""
    return " ".join(plain_text(typed).text.split())


def has_tags(text: str) -> bool:
    return bool(TAG.search(text))


def plain_cell(text: str) -> str:
    """`text` as a spreadsheet shows it and does not run it: an apostrophe stands before what begins like a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _is_needed(text: str, place: int) -> bool:
    character, before = text[place], text[place - 1 : place]
    if not before:
        return False
    if character in {ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER}:
        return _is_needed_joiner(text, place)
    if _VARIATION.match(character):
        return _is_pictograph(before) or before in BASES_OF_VARIATIONS or unicodedata.category(before) in {"Lo", "Sm"}
    if _MONGOLIAN_VARIATION.match(character):
        return _joins(before)
    return bool(
        _REGION.fullmatch(text, text.rfind(BLACK_FLAG, max(0, place - MAX_REGION_LENGTH - 1), place), place + 1)
    )


def _is_needed_joiner(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place + 1 : place + 2]
    if text[place] == ZERO_WIDTH_JOINER and (_is_pictograph(before) or before == EMOJI_VARIATION):
        return _is_pictograph(after)
    if INVISIBLE.match(before):
        return False
    end = place
    while INVISIBLE.match(text, end):  # two joiners in a row are one
        end += 1
    after = text[end : end + 1]
    if text[place] == ZERO_WIDTH_NON_JOINER and (before + after).isalnum():  # also "Botox" with a Persian ending
        return _joins(before) or _joins(after)
    return _joins(before) and (_joins(after) or unicodedata.combining(before) == VIRAMA)


def _joins(character: str) -> bool:
    names = unicodedata.name(character, "").replace("-", " ").split() if character else []
    return not JOINING_SCRIPTS.isdisjoint(names[:2])  # "EXTENDED ARABIC-INDIC DIGIT ONE" too


def _is_pictograph(character: str) -> bool:
    return bool(character) and (
        character in {"\u2194", "\u2195"}
        or unicodedata.category(character) == "So"
        or NEW_EMOJI[0] <= character <= NEW_EMOJI[1]  # skin tones among them
    )


def _is_visible(character: str) -> bool:
    """Whether it is a letter, a number, a sign or an emoji; marks need one of them to stand on."""
    return unicodedata.category(character)[0] in "LNPS" or _is_pictograph(character)
