"""Titles behind the names of people, as their holders write them."""

import re
from itertools import takewhile

from directory.providers.names import SMALL_WORDS, capitalize, is_mixed, one_line, words

_SPELLINGS = {
    spelling.upper(): spelling
    for spelling in words(
        "PhD PsyD PharmD EdD AuD DrPH DNSc DSc ScD MEd EdM EdS BPharm MPhil MSEd MBBCh LicAc DipAc DPhil MSc BSc RPh "
        "LAc DrNP MBChB CPed PsyS LMHCs"
    )
} | {"PAC": "PA-C", "FNPC": "FNP-C", "FNPBC": "FNP-BC"}
_CREDENTIALS = words(
    "MD DO DC DDS DMD DPM DPT OD DVM PA NP RN LPN CNM CNS CRNA CRNP APRN ARNP FNP ANP PNP PT OT MPT MS MA MSN BSN "
    "MPH MBA MBBS MHA JD RD LCSW LMFT LPC LMHC MFT DNP FAAN FACS FACP FACC FAAPMR FAAP OTR PTA"
)
_BEFORE_OTHERS = ("MD", "DO", "DDS", "DMD")
"""Degrees that others are written right behind: MDPHD."""
_FELLOW = re.compile(r"F[A-Z]{3,5}")
_LETTERS = re.compile(r"(?:AB|F)(?!AMILY|ELLOW)[A-Z]{2,5}|[^AEIOUY]+")
"""Of boards and fellows, among words: "ABPN Certified"."""
_NOT_A_CREDENTIAL = words("NONE N/A NA NULL DR MR MRS INC LLC PLLC")
_NOT_YET = words("CANDIDATE STUDENT")
_SPACED = re.compile(r"\b(PH|PSY|PHARM|ED|AU|[A-Z]) (?=[A-Z]\b)", re.IGNORECASE)
_WRITTEN_OUT = words(
    "ARTS BOARD CLINIC DEGREE DENTAL DENTIST DOCTOR FAMILY FELLOW HEALTH INTERN LICENSE MASTER MEDICAL MENTAL MIDWIFE "
    "NURSE NURSING PUBLIC RETIRED SCIENCE SOCIAL SPEECH STATE STUDENT SURGEON SURGERY THERAPY TRAINER WORKER"
)


def credential_text(text: str) -> str | None:
    """Titles as their holders write them: "M.D.,PHD" -> "MD, PhD". None when there are none."""
    text = re.sub(r"(?<=[A-Z]N|NP|NS)[ .](?=BC\b)", "-", text)
    text = re.sub(r"(?<=[A-Za-z]{2})\.(?=[A-Za-z]{2})", ",", text).replace(".", "")
    text = re.sub(r"\b([FM]RC[PS]) \(", r"\1(", text)  # of a country: FRCP(C), MRCP(UK)
    text = re.sub(r"(?<!RC[PS])\((\w\w[^()]*)\)", r",\1,", re.sub(r" +- +(?=\w{3})", ",", one_line(text)))
    text = re.sub(r"\b([A-Z])[-,](?=[A-Z]\b)", r"\1", re.sub(r" *([-/]) *", r"\1", text))  # M-D
    text = re.sub(r"(PM) ?& ?(R)\b", r"\1&\2", text)
    text = re.sub(r"(?<=\w\w) (?=[AC]\b)", "-", _SPACED.sub(r"\1", text))  # PA-C, CCC-A
    text = re.sub(r"(?<=CCC) (?=SLP\b)", "-", text)
    text = re.sub(r"\b(MB)[ ,/]*(BS|B?CHB?)\b", r"\1\2", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(OTR|COTA) L\b", r"\1/L", text, flags=re.IGNORECASE)
    titles = [title for part in re.split(r"[,;:+]|(?<!PM)&|\bAND\b(?=.*\w)", text) for title in _titles(part.split())]
    return ", ".join(dict.fromkeys(title for title in titles if title.upper() not in _NOT_A_CREDENTIAL)) or None


def _titles(words: list[str]) -> list[str]:
    """The titles that `words` without a comma are: "MD PHD" are two, "Doctor of Physical Therapy" is one."""
    words = [word for word in words if any(character.isalpha() for character in word)]
    if not any(map(_is_written_out, words)):
        return [title for word in words for title in _known_titles(word) or [word if is_mixed(word) else word.upper()]]
    before = list(takewhile(_known_titles, words))
    after = list(takewhile(_known_titles, reversed(words[len(before) :])))[::-1]
    rest = words[len(before) : len(words) - len(after)]
    if rest[-1].lower() in SMALL_WORDS:  # "Doctor of PT"
        rest, after = rest + after, []
    if before and rest[0].upper() in _NOT_YET:  # "MD Candidate"
        rest = [before.pop(), *rest]
    return [*_titles(before), " ".join(map(_credential_word, rest)), *_titles(after)]


def _known_titles(word: str) -> list[str]:
    """The titles that `word` is made of: "PHD", "MD/PHD", "MDPHD". None when it is no title that we know."""
    upper = word.upper()
    if upper in _CREDENTIALS or upper in _SPELLINGS:
        return [_SPELLINGS.get(upper, upper)]
    if not upper.isalpha():
        sides = [_known_titles(side) if side.isalpha() else [] for side in re.split("[/-]", upper)]
        return [title for side in sides for title in side] if all(sides) else []
    for degree in _BEFORE_OTHERS:
        rest = upper.removeprefix(degree)
        if rest != upper and (others := [rest] if _FELLOW.fullmatch(rest) else _known_titles(rest)):
            return [degree, *others]
    return []


def _is_written_out(word: str) -> bool:
    """Whether it is a word, as in "Doctor of Physical Therapy", and not letters that stand for words."""
    if _known_titles(word):
        return False
    longest = max(map(len, re.findall(r"[^\W\d_]+", word)))
    return is_mixed(word) or longest > 7 or word.upper() in _WRITTEN_OUT or word.lower() in SMALL_WORDS


def _credential_word(word: str) -> str:
    upper = word.upper()
    if known := _known_titles(word):
        return "/".join(known)
    if is_mixed(word):
        return word
    if word.lower() in SMALL_WORDS:
        return word.lower()
    return upper if len(word) < 4 or _LETTERS.fullmatch(upper) else capitalize(word)
