"""The words of names: how they are split, which are the same name for short, and how they sound.

Everything here works on lower case without accents, as `name_words` makes it.
"""

import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from directory.places.names import plain
from directory.providers.names import words

MAX_WORD_LENGTH = 40
MIN_PREFIX = 3
"""Letters from which the beginning of a word finds it."""
MIN_MISTYPED = 4
"""Letters from which a word is also found by one wrong, missing, added or swapped letter."""
MIN_SOUNDS = 3
"""Consonants from which a word is also found by its sound."""
BY_SOUND = "~"
"""Before a sound in the index, so that it is no word."""

TITLES = words(
    "dr dra doctor doctora prof professor mr mrs ms md do phd dds dmd dpt pt np pa rn dc od mph facp faan jr sr ii iii"
)
"""What stands beside a name, and may be one: nobody has to have it."""
FILLERS = words("an and at by for in inc llc llp ltd of on or pc pllc the to")
"""What is not kept of a name."""
_APOSTROPHES = re.compile("['’‘`´ʼ]")
_NO_WORD = re.compile(r"[\W_]+")
_LETTERS = string.ascii_lowercase + string.digits

_SHORT_FOR = """
abigail abby gail; albert al bert; alexander alex alejandro sasha; alfred al fred; alice ali; allison alli ally;
amanda mandy; andrew andy drew andres; angela angie; ann anne anna ana annie; anthony tony antonio; arthur art;
barbara barb; benjamin ben benny; bradley brad; bernard bernie; caroline carolyn carol carrie; catherine katherine
kathryn cathy kathy kate katie kat; charles charlie chuck carlos; christina christine kristina chris tina; christopher
chris kit; clifford cliff; cynthia cindy; daniel dan danny; david dave; deborah debra deb debbie; dennis denny; donald
don donnie; dorothy dot dottie; douglas doug; edward ed eddie ted eduardo; edwin ed; eleanor ellie nora; elizabeth
elisabeth liz beth betty eliza lisa; emily em; eugene gene; francis frank; francisco paco pancho frank; frederick fred
freddy; gabriel gabe; gerald jerry; gregory greg; guadalupe lupe; guillermo memo william; harold hal harry; henry hank
harry; herbert herb; ignacio nacho; isabel isabella izzy; jacob jake; james jim jimmy jamie; jacqueline jackie; janet
jan; jeffrey geoffrey jeff geoff; jennifer jen jenny; jessica jess jessie; jesus chuy; john jon johnny jack juan;
jonathan jon; jose pepe joseph; joseph joe joey; joshua josh; judith judy; julia julie; kenneth ken kenny; kimberly
kim; kristen kristin kris; lawrence laurence larry; leonard len leo; leslie les; louis lou luis; margaret maggie meg
peggy marge; maria mary mari; martin marty; matthew matt mateo; maximilian max; melissa mel; michael mike mick mickey
miguel; mitchell mitch; mohammed mohammad muhammad mohamed; nancy nan; natalie nat; nathan nathaniel nate; nicholas
nick nicolas; pamela pam; patricia pat patty trish; patrick pat; paul pablo; peter pete pedro; philip phillip phil;
rachel rae; raymond ray ramon; rebecca becky; richard rick rich dick ricky ricardo; robert bob bobby rob robbie
roberto; roger rodger; ronald ron ronnie; rosario charo; russell russ; samantha sam; samuel sam sammy; sandra sandy;
sarah sara sally; sean shawn shaun; stephanie steph; stephen steven steve esteban; stewart stuart stu; susan sue
suzanne susie; teresa theresa terry; theodore ted theo; thomas tom tommy tomas; timothy tim; tyler ty; victor vic;
victoria vicky; vincent vince; virginia ginny; walter walt; william bill billy will liam; zachary zach
"""


def _short_names() -> dict[str, frozenset[str]]:
    others: dict[str, set[str]] = defaultdict(set)
    for group in _SHORT_FOR.split(";"):
        names = group.split()
        for name in names:
            others[name].update(names)
    return {name: frozenset(group - {name}) for name, group in others.items()}


SHORT_NAMES = _short_names()
"""By first name: those that people use for it, both ways (Bob, Robert; John, Juan)."""


def name_words(text: str) -> tuple[str, ...]:
    """The words of `text` in their order: "Ana M. de la Cruz-O’Brien" gives ana, m, de, la, cruz, obrien."""
    return tuple(word[:MAX_WORD_LENGTH] for word in _NO_WORD.split(plain(_APOSTROPHES.sub("", text))) if word)


def found_words(names: Iterable[str], last_name: str | None = None) -> frozenset[str]:
    """The words by which a provider with these `names` is found.

    With them, in one word, a last name of several ("delacruz") and the first two words of each name ("southbay").
    """
    found = {"".join(name_words(last_name or ""))[:MAX_WORD_LENGTH]}
    for name in names:
        split = [word for word in name_words(name) if word not in FILLERS]
        found.update((*split, "".join(split[:2])[:MAX_WORD_LENGTH]))
    return frozenset(found - {""})


def index_entries(
    name: str, credential_text: str | None, last_name: str | None, other_names: Iterable[str]
) -> frozenset[str]:
    """What the index keeps of a provider: its words, and its sounds with a mark before each."""
    own = name.removesuffix(f", {credential_text}") if credential_text else name
    found = found_words((own, *other_names), last_name)
    return found | {BY_SOUND + sound for sound in map(sound_of, found) if sound}


@lru_cache(maxsize=1000)
def mistyped(word: str) -> frozenset[str]:
    """All words one letter away: one wrong, missing, added, or swapped with its neighbor."""
    if len(word) < MIN_MISTYPED:
        return frozenset()
    splits = [(word[:index], word[index:]) for index in range(len(word) + 1)]
    found = {start + end[1:] for start, end in splits if end}
    found.update(start + end[1] + end[0] + end[2:] for start, end in splits if len(end) > 1)
    found.update(start + letter + end[1:] for start, end in splits if end for letter in _LETTERS)
    found.update(start + letter + end for start, end in splits for letter in _LETTERS)
    return frozenset(found - {word})


_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "s"),
        (r"ph", "f"),
        (r"gh(?=[^aeiouy]|$)", ""),
        (r"sch|sh", "s"),
        (r"t?ch", "C"),
        (r"dg(?=[eiy])|g(?=[eiy])", "j"),
        (r"c(?=[eiy])|z", "s"),
        (r"x", "ks"),
        (r"c?k|c|q", "k"),
        (r"v|w(?=[aeiouy])", "b"),
        (r"th", "t"),
        (r"^[aeiouyh]+", "A"),
        (r"[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65536)
def sound_of(word: str) -> str:
    """The consonants of `word` as they sound: "quintero", "kintaro" and "quntro" give one. Empty for short ones."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word if len(word) >= MIN_SOUNDS else ""


def joined_pairs(typed: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """`typed` with one pair of neighbors written as one: "o brien" is "obrien" too."""
    for index, (first, second) in enumerate(pairwise(typed)):
        yield (*typed[:index], first + second, *typed[index + 2 :])
