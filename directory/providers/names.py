"""Names of people and organizations in proper case, as pages show them.

Registries keep them in capitals. Text that already mixes capitals and small letters is left as it is: its writer
chose the case.
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
_PARTICLES = words("da das de del della den der dos bin ibn het la las los ten ter van von y")
# Alone before a name these are written large by most families here: La Rosa, Los Banos, Van Dyke.
_ONLY_BESIDE_A_PARTICLE = words("den der het la las los ten ter van")
PARTS_OF_A_PERSONS_NAME = ("first_name", "middle_name", "last_name", "name_suffix", "credential_text")
"""As `shown_name` takes them."""
_SUFFIXES = {"JR": "Jr.", "SR": "Sr.", "JUNIOR": "Jr.", "SENIOR": "Sr.", "MD": "MD", "PHD": "PhD"}
_NO_NAME = frozenset(
    ("NMN", "NMI", "NONE", "NULL", "NA", "N/A", "UNK", "UNKNOWN", "BLANK", "NO MIDDLE", "NO MIDDLE NAME",
     "NO MIDDLE INITIAL", "NOT APPLICABLE", "NOT PROVIDED")
)  # fmt: skip
"""What stands in place of a middle name or suffix that there is not."""

SMALL_WORDS = words("and at by de del for in of on or the to")
_ABBREVIATED = words(
    "BLDG BLVD CNTR CO CORP CTR CTRS DR DRS FT GRP HLTH HWY INC JR LN LTD MGMT MGT MR MRS MT PKWY RD SR ST STS SVC "
    "SVCS WM"
)
_DEGREES_IN_FIRM_NAMES = {"PHD": "PhD", "PHARMD": "PharmD", "PSYD": "PsyD"}
_ACRONYMS = words(
    "AAA ABA ABC ADHD AHMC AIDS ALS APC APMC APRN ARNP CA CHLA CHOC COPD CPAP CRNA CT DBA DMD DME DO ECG ECMO EEG EKG "
    "EMDR EMG EMR EMS ENT EP ER GI GLA GYN HCA HIV HMO ICU IPA IV IVF LA-USC LAC LAC+USC LAC/USC LLC LLLP LLP LP MD "
    "MOB MRA MRI NE NICU NYC NYU OB OB-GYN OBGYN OC OCD OD OHSU OT PA PC PET-CT PET/CT PICU PIH PLC PLLC PM&R PSC PT "
    "SC SE TBI TIA UAB UC UCI UCLA UCR UCSD UCSF UIC UMMC UNC UPMC US USA USC UT UVA UW VA VAMC VNA YMCA YWCA"
)
_STATES = words("AK AL AR AZ GA HI IA ID IL LA MA MI MO OH OK OR UT WA WI")
"""Of the states' abbreviations those that are words too: acronyms behind "of" and at the end, as in "Pain of LA"."""
_PARTS_OF_TOWN = words("downtown e. east greater north south w. west")
"""Before which "La" stands for Los Angeles."""


def person_name(text: str, *, family: bool = False) -> str:
    """One part of a person's name in proper case; `family` for the last name, which may start with a particle."""
    text = re.sub(r" ?- ?", "-", one_line(text).replace("`", "'")).strip(" ,-")
    text = re.sub(r"(?<=\w\w)\.(?=\w\w)", ". ", re.sub(r"\b([OD])' (?=\w)", r"\1'", text))  # ST.JOHN, O' BRIEN
    if is_mixed(text):
        return text
    if family:  # O BRIEN, D ANGELO, MC DONALD
        text = re.sub(r"^(MC) (?=\w{3})", r"\1", re.sub(r"^([OD]) (?=\w{3})", r"\1'", text, flags=re.I), flags=re.I)
    parts = text.split(" ")
    return " ".join(_person_word(parts, index, family) for index in range(len(parts)))


def middle_name(text: str) -> str | None:
    """A middle name or initial in proper case; None for what says that there is none, such as "NMN"."""
    name = person_name(text).lstrip(" .,;:*-'").rstrip(" ,;:*-'")
    upper = name.upper()
    if not any(character.isalpha() for character in name) or upper.strip("().") in _NO_NAME:
        return None
    if not is_mixed(text):
        name = re.sub(r"^De(l?) (?=\w)", r"de\1 ", name)  # del Carmen
    return re.sub(r"\b(?:II|III|IV)$", lambda found: found[0].upper(), name, flags=re.IGNORECASE)


def _person_word(parts: list[str], index: int, family: bool) -> str:
    word = parts[index]
    last = len(parts) - 1
    if index and family and word.upper().rstrip(".") in _SUFFIXES:
        return _SUFFIXES[word.upper().rstrip(".")]
    if index and family and (word.upper() in ROMAN_NUMERALS or ordinal(word)):
        return ordinal(word) or word.upper()
    if index < last and (family or index) and _is_particle(parts, index):
        return word.lower()
    unspoken = word.isalpha() and (not set("AEIOUY") & set(word.upper()) or word.upper().endswith("J"))
    if not family and len(word) == 2 and unspoken and word.upper() not in _ABBREVIATED:
        return word.upper()  # initials: JP, TJ, AJ
    return capitalize(word)


def _is_particle(parts: list[str], index: int) -> bool:
    word = parts[index].lower()
    if word not in _ONLY_BESIDE_A_PARTICLE:
        return word in _PARTICLES
    following = parts[index + 1].lower() if index + 2 < len(parts) else ""
    before = parts[index - 1].lower() if index else ""
    return before in _PARTICLES or (word == "van" and following in _PARTICLES)


def name_suffix(text: str) -> str | None:
    """ "JR" -> "Jr.", "III" -> "III"."""
    suffix = one_line(text).strip(" ,-*").replace(".", "").upper()
    if not suffix or suffix in _NO_NAME:
        return None
    return _SUFFIXES.get(suffix) or ordinal(suffix) or (suffix if set(suffix) <= set("IVX") else capitalize(suffix))


def shown_name(
    first: str | None, middle: str | None, last: str | None, suffix: str | None, credentials: str | None
) -> str:
    """A person's name as pages show it: "Ana M. de la Cruz, MD", "John Smith Jr., DO".

    What two of the parts say stands once: a first name "Mary Ann" has the middle name in it, "Smith Jr." the suffix.
    """
    given, between, family = ((part or "").split() for part in (first, middle, last))
    if _ends_with(given, between) or (len(family) > len(between) and _ends_with(family[: len(between)], between)):
        between = []
    generation = (suffix or "").split()
    if _ends_with(family, generation):
        generation = []
    initials = [f"{word}." if len(word) == 1 and word.isalpha() else word for word in (*given, *between)]
    name = " ".join([*initials, *family, *generation])
    return f"{name}, {credentials}" if credentials else name


def _ends_with(words: list[str], others: list[str]) -> bool:
    """Whether the last of `words` are `others`; case and periods do not matter."""
    ending, wanted = ([word.casefold().strip(".,") for word in each] for each in (words[-len(others) :], others))
    return bool(wanted) and ending == wanted


def organization_name(text: str) -> str:
    """An organization's name in proper case: "UCLA Medical Center", "Smith & Sons of Torrance, LLC"."""
    text = one_line(text)
    if is_mixed(text):
        return text
    shown = [_organization_word(word, index == 0) for index, word in enumerate(text.split(" "))]
    for index in range(1, len(shown)):
        before, word = shown[index - 1].lower(), shown[index]
        if before == "de" and word in {"La", "Las", "Los"}:
            shown[index] = word.lower()
        elif word == "La" and (before in _PARTS_OF_TOWN or shown[index + 1 : index + 2] == ["County"]):
            shown[index] = "LA"
        elif word.upper().rstrip(",") in _STATES and (before == "of" or word.endswith(",") or index == len(shown) - 1):
            shown[index] = word.upper()
    return " ".join(shown)


def _organization_word(word: str, first: bool) -> str:
    if word.upper().rstrip(",") in _ACRONYMS:
        return word.upper()
    return "".join(_organization_piece(piece, first) for piece in re.split(r"([-/(),:;@&])", word))


def _organization_piece(piece: str, first: bool) -> str:
    upper = piece.upper()
    bare = upper.rstrip(".")
    if upper in _ACRONYMS or bare in _ACRONYMS or bare in ROMAN_NUMERALS or re.fullmatch(r"([A-Z]\.)+[A-Z]?", upper):
        return upper
    if bare in _DEGREES_IN_FIRM_NAMES:
        return _DEGREES_IN_FIRM_NAMES[bare]
    if bare.isalpha() and len(bare) <= 5 and not set("AEIOUY") & set(bare) and bare not in _ABBREVIATED:
        return upper  # it has no vowel to say it with, so it is spelled: CVS, JFK, BJC
    if not first and piece.lower() in SMALL_WORDS:
        return piece.lower()
    return ordinal(piece) or capitalize(piece)


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
