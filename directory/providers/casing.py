"""Proper case for text that a registry keeps in capitals: the rules that names and addresses share.

Text that already mixes capitals and small letters is left as it is: its writer chose the case.
"""

import re
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    """The words of `text`, for long lists of them."""
    return frozenset(text.split())


APOSTROPHES = "'’`"
ROMAN_NUMERALS = frozenset({"II", "III", "IV", "VI", "VII", "VIII", "IX"})
# Where "Mac" is a prefix. A list, because Machado, Mack, Macias and Macey have none.
_AFTER_MAC = words(
    "adam alister allister alpine andrew arthur askill aulay auley beth bride cabe callum carthy caskill clure "
    "conald connell corkle cormack cormick crae daniel dermott diarmid donald donell donnell dougal dougall "
    "dowell duff eachern ewan ewen farlan farlane fadyen gillivray gowan gregor guire innes innis intosh intyre "
    "isaac iver kay kechnie kenna kenzie kie killop kinlay kinley kinney kinnon lachlan laren laughlin lean leay "
    "leish lellan lennan leod mahon manus master mhuirich millan mullen murray nab nair nally namara naughton "
    "neal neil neill nicol nider phail phee pherson quarrie queen rae ritchie sween swain taggart tavish vane vey "
    "vicar vittie whirter williams william"
)
_WORD_PARTS = re.compile(rf"([^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)*)")
_ORDINAL = re.compile(r"^(\d+)(ST|ND|RD|TH)$", re.IGNORECASE)


def is_mixed(text: str) -> bool:
    """Whether `text` has both capitals and small letters, so that its writer chose the case of each."""
    return text != text.upper() and text != text.lower()


def one_line(text: str) -> str:
    """`text` without spaces around it and with single ones inside."""
    return " ".join(text.split())


@lru_cache(maxsize=50_000)
def capitalize(word: str) -> str:
    """A name's or ordinary word in proper case: McDonald, O'Neil, Smith-Jones, MacArthur, Children's."""
    return _WORD_PARTS.sub(lambda match: _capitalize_part(match.group()), word)


def ordinal(word: str) -> str | None:
    """ "2ND" -> "2nd"; None for what is no ordinal."""
    match = _ORDINAL.match(word)
    return match[1] + match[2].lower() if match else None


def _capitalize_part(part: str) -> str:
    pieces = re.split(rf"([{APOSTROPHES}])", part)
    first = True
    for index in range(0, len(pieces), 2):
        piece = pieces[index]
        # "Children's", "Don't": a lone letter that closes the word stays small
        pieces[index] = piece.lower() if not first and len(piece) == 1 else _capitalize_piece(piece)
        first = False
    return "".join(pieces)


def _capitalize_piece(piece: str) -> str:
    small = piece.lower()
    if small.startswith("mc") and len(small) > 3:
        return "Mc" + small[2:].capitalize()
    if small.startswith("mac") and small[3:] in _AFTER_MAC:
        return "Mac" + small[3:].capitalize()
    return small.capitalize()
