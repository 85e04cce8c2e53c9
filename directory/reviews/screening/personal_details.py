"""Finds what a text should not tell in public: contact details, record numbers, names of staff, the health of others.

Pure: text in, findings out. It only points things out; a person decides. Words of English and Spanish are known.
The sentences are in the language of the page; outside of a request they are in English.
Each pattern takes at most a bounded number of steps from each place, so the time grows as the text's length does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from directory.places.names import plain
from directory.providers.names import words
from directory.reviews.screening import detail_patterns as patterns
from directory.web.messages import lazy_gettext as _l

KINDS: dict[str, str] = {
    "email": "email address",
    "record_number": "number of a record, or a birth date",
    "link": "link",
    "phone": "phone number",
    "address": "home address",
    "staff_name": "name of staff",
    "third_party_health": "health of another person",
}
"""In the order in which they are looked for: what one kind has claimed is not looked at again."""
SENTENCES: dict[str, LazyString] = {
    "email": _l("Remove the email address “%(excerpt)s”: reviews are public."),
    "record_number": _l(
        "Remove “%(excerpt)s”: with a record number or a birth date, others could find out who you are."
    ),
    "link": _l("Remove the link “%(excerpt)s”: other sites can change after we read the review."),
    "phone": _l("Remove the phone number “%(excerpt)s”: reviews are public."),
    "address": _l("Remove the address “%(excerpt)s”: reviews are public."),
    "staff_name": _l("Remove the name in “%(excerpt)s” and say what the person does instead, such as “the nurse”."),
    "third_party_health": _l("Remove “%(excerpt)s”: another person’s health is private."),
}
MAX_EXCERPT_LENGTH = 80  # characters
PHONES_TRIED = 1_000
DIGITS_AFTER_NUMBER_WORD = 3  # "case no. 2" is a count, "case no. 20417" a number of a record
DIGITS_WITHOUT_NUMBER_WORD = 5
NOT_NAMES = words(
    "a an and any are as at be been both but by did do does each even every everybody everyone first for from "
    "gave get good got great had has have he her here hers hi him his how however i if in instead is it its just "
    "last later let like made me meanwhile most my never next no nobody none not now of ok okay on once one only "
    "or our overall perhaps maybe she so some someone somebody sometimes soon still such than that the their them "
    "then there these they this those though to today told too two unless unlike until very was we went were what "
    "when where whether which while who whoever whole why will with without would yes yesterday you your also "
    "although always after afterward afterwards again another anyway all because before besides between despite "
    "during since under over well ask asked call called check come dear feel felt give hello kudos kept look love "
    "loved met need near nothing tried try think please props saw see seeing seen send show sit speak spoke talk "
    "talked tell thank thanked thanks wait waited waiting walk walked want watch el la los las un una uno y o "
    "pero con sin de del al en es era fue mi su sus muy que se si sí ella él ellos yo tu usted cuando porque como "
    "siempre nunca gracias también además hasta desde entre luego después antes aunque solo todo todos toda todas "
    "este esta ese esa monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december lunes martes miércoles jueves viernes sábado domingo "
    "christmas thanksgiving botox dysport xeomin myobloc daxxify medicare medicaid medi-cal emg ultrasound mri "
    "covid dystonia parkinson yelp google facebook instagram torrance california redondo lomita carson american "
    "spanish english español inglés god jesus america practitioner practitioners assistant assistants nurse "
    "nurses doctor doctors dr receptionist staff office desk front manager managers team reception billing clinic "
    "hospital center centre department medical neurology neurologist rude nice kind kindly friendly lovely "
    "awesome excellent amazing wonderful terrible horrible best worst pleasant helpful people folks ladies girls "
    "guys women men lady woman man person patient patients parking service services smile smiles attitude chaos "
    "experience communication question questions problem problems trouble mistake mistakes visit visits "
    "appointment appointments insurance paperwork phone phones music coffee water children kids hours time times"
)
"""Capitalized words beside a title or a role that are no names: how sentences begin, days, medicines, places."""
LY_NAMES = words(
    "ally beverly billy carly daly elly emily holly kelly kimberly lily molly nelly polly sally shelly willy"
)
"""Names that end as adverbs do; other words in -ly are none."""

PUBLIC_NAME_KINDS = frozenset(KINDS) - {"staff_name", "third_party_health"}
"""What a name that is shown may not hold; it is a name, and may be anybody's."""
MANY_DIGITS = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,30}")
"""A number of seven digits or more, which in a name is a phone or a record."""
MAY_HOLD_DETAILS = re.compile(r"[\d@/]|\w\.\w|\b(?:at|arroba|cero|zero|one|uno)\b", re.IGNORECASE)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One personal detail: `text[start:end]`, shortened as `excerpt`, and the sentence that says what to do."""

    kind: str  # a key of `KINDS`
    excerpt: str
    start: int
    end: int
    sentence: str


def find_details(text: str, provider_name: str, *, by_caregiver: bool = False) -> list[TextFinding]:
    """What `text` tells that it should not, in its order. The provider may be named, others who work there not.

    A caregiver tells of the patient's health, so of relatives it is not pointed out; of other patients it is.
    """
    spaced, places = one_spaced(text)
    taken = bytearray(len(spaced))
    spans_by_kind = {
        "email": _spans(spaced, patterns.EMAIL, patterns.SPOKEN_EMAIL),
        "record_number": _record_numbers(spaced),
        "link": _links(spaced),
        "phone": _phones(spaced),
        "address": _spans(spaced, patterns.HOME_ADDRESS, group="found"),
        "staff_name": _staff_names(spaced, _name_parts(provider_name)),
        "third_party_health": _spans(
            spaced, *(patterns.HEALTH_OF_STRANGERS if by_caregiver else patterns.HEALTH_OF_OTHERS)
        ),
    }
    found = []
    for kind in KINDS:
        for start, end in spans_by_kind[kind]:
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\x01" * (end - start)
            excerpt = shortened(spaced[start:end])
            sentence = str(SENTENCES[kind]) % {"excerpt": excerpt}
            found.append(TextFinding(kind, excerpt, places[start], places[end - 1] + 1, sentence))
    return sorted(found, key=lambda finding: finding.start)


def details_in_name(name: str) -> list[Span]:
    """Where a name that is to be shown holds an address, a number or a link, in its order."""
    if not MAY_HOLD_DETAILS.search(name):
        return []
    found = [(each.start, each.end) for each in find_details(name, "") if each.kind in PUBLIC_NAME_KINDS]
    numbers = [match.span() for match in MANY_DIGITS.finditer(name)]
    return sorted(found + [(start, end) for start, end in numbers if not any(a < end and start < b for a, b in found)])


def public_name(name: str | None) -> str | None:
    """`name` without what `details_in_name` finds in it; None when no letter is left of it."""
    kept = name or ""
    for start, end in reversed(details_in_name(kept)):
        kept = f"{kept[:start]} {kept[end:]}"
    if kept == name:
        return name or None
    kept = re.sub(r"\s+(?=[,;.])", "", re.sub(r"[(\[<]\s*[)\]>]", " ", kept))
    kept = " ".join(kept.split()).strip(" ,;:|/-–—()[]<>")
    return kept if any(character.isalpha() for character in kept) else None


def one_spaced(text: str) -> tuple[str, list[int]]:
    """`text` with one space for each run of white space, and for each of its characters the place in `text`."""
    places = [
        place
        for place, character in enumerate(text)
        if not (character.isspace() and place and text[place - 1].isspace())
    ]
    return "".join(" " if text[place].isspace() else text[place] for place in places), places


def shortened(text: str) -> str:
    return text if len(text) <= MAX_EXCERPT_LENGTH else text[: MAX_EXCERPT_LENGTH - 1] + "…"


def is_a_name(word: str) -> bool:
    """Whether a capitalized word can be taken for a person's name."""
    plain = word.casefold().removesuffix("'s").removesuffix("’s").rstrip("'’-")
    if plain in NOT_NAMES or not plain[:1].isalpha() or len(plain) < 2:
        return False
    return plain in LY_NAMES or not plain.endswith("ly")


def _spans(text: str, *several: patterns.LazyPattern, group: int | str = 0) -> Iterator[Span]:
    return (match.span(group) for pattern in several for match in pattern.finditer(text))


def _record_numbers(text: str) -> Iterator[Span]:
    yield from _spans(text, patterns.SOCIAL_SECURITY, patterns.BIRTH_DATE)
    for pattern, least in (
        (patterns.RECORD_NUMBER, DIGITS_AFTER_NUMBER_WORD),
        (patterns.NUMBER_OF_RECORD, DIGITS_AFTER_NUMBER_WORD),
        (patterns.MEDICAL_RECORD_NUMBER, DIGITS_AFTER_NUMBER_WORD),
        (patterns.BARE_RECORD_NUMBER, DIGITS_WITHOUT_NUMBER_WORD),
    ):
        for match in pattern.finditer(text):
            if sum(character.isdigit() for character in match["found"]) >= least:
                yield match.span()


def _links(text: str) -> Iterator[Span]:
    for start, end in _spans(text, patterns.LINK):
        yield start, start + len(text[start:end].rstrip(".,;:!?)]’'\""))
    yield from _spans(text, patterns.HANDLE)


def _phones(text: str) -> Iterator[Span]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    for number in PhoneNumberMatcher(text, "US", Leniency.VALID, PHONES_TRIED):
        yield number.start, number.end
    yield from _spans(text, patterns.LOCAL_PHONE, group="found")
    yield from _spans(text, patterns.SPELLED_PHONE)


def _staff_names(text: str, own: frozenset[str]) -> Iterator[Span]:
    for pattern in patterns.AFTER_TITLE:
        for match in pattern.finditer(text):
            name = match["name"].split()
            if is_a_name(name[0]) and not _name_parts(match["name"]) <= own:
                second = len(name) > 1 and is_a_name(name[1])
                yield match.start(), match.end("name") if second else match.start("name") + len(name[0])
    for pattern in (*patterns.BEFORE_ROLE, patterns.AT_DESK):
        for match in pattern.finditer(text):
            name = match["name"].split()
            may_be_the_provider = pattern is not patterns.AT_DESK and _name_parts(match["name"]) <= own
            if is_a_name(name[-1]) and not may_be_the_provider:
                first = len(name) == 1 or is_a_name(name[0])
                yield match.start() if first else match.end("name") - len(name[-1]), match.end()


def _name_parts(name: str) -> frozenset[str]:
    """The words of a name without accents, case and possessive: "José O’Neil’s" -> {"jose", "o’neil"}."""
    parts = (part.replace("'", "’").removesuffix("’s").strip("’") for part in re.split(r"[\s,.-]+", plain(name)))
    return frozenset(part for part in parts if part)
