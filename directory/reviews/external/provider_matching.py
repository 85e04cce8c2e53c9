"""Who is meant: the provider here that a subject elsewhere is most likely to be.

    score = name * (0.5 + 0.35 * address + 0.15 * phone)

`name`, `address` and `phone` are how alike the two are, 0 to 1, each the best over all names and practice locations
of the provider (`subjects.py` has their formulas). What either side does not say counts `UNKNOWN`: neither for nor
against. The name multiplies, so that two people in one house stay two people.

A subject is certainly the best provider when its score is at least `CERTAIN` and `MARGIN` above the second; a person
decides among the best few from `DOUBTFUL` up; below that no provider here is meant. `docs/importing-reviews.md` shows
on an invented test set how the thresholds were chosen.

Only providers that share a block with the subject are scored: a phone, a house number with ZIP, a ZIP with the first
two letters of a word of the name, or two words of the name. Blocks of more than `MAX_IN_A_BLOCK` are left out.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

from directory.reviews.external.subjects import (
    Address,
    Name,
    Subject,
    address_likeness,
    address_of,
    name_likeness,
    name_of,
    phone_of,
)

CERTAIN = 0.82
MARGIN = 0.10
DOUBTFUL = 0.50
UNKNOWN = 0.5
MAX_CANDIDATES = 5
MAX_IN_A_BLOCK = 500
_BASE, _ADDRESS, _PHONE = 0.5, 0.35, 0.15


@dataclass(frozen=True, slots=True)
class Traits:
    """What a provider or a subject is known by."""

    names: tuple[Name, ...]
    addresses: tuple[Address, ...] = ()
    phones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike a subject and a provider are, each 0 to 1; None for what either does not say."""

    name: float
    address: float | None
    phone: float | None

    @property
    def score(self) -> float:
        address = UNKNOWN if self.address is None else self.address
        phone = UNKNOWN if self.phone is None else self.phone
        return self.name * (_BASE + _ADDRESS * address + _PHONE * phone)


@dataclass(frozen=True, slots=True)
class Candidate:
    npi: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """Who a subject may be, the best first: the first one if it `is_certain`, or one of several, or nobody here."""

    candidates: tuple[Candidate, ...]
    is_certain: bool


def traits_of(names: Iterable[str], addresses: Iterable[str], phones: Iterable[str]) -> Traits:
    """Traits from texts as written; empty ones say nothing."""
    read = [address_of(text) for text in addresses]
    return Traits(
        names=tuple(dict.fromkeys(name_of(text) for text in names if text.strip())),
        addresses=tuple(dict.fromkeys(address for address in read if address.zip or address.number)),
        phones=frozenset(filter(None, map(phone_of, phones))),
    )


def traits_of_subject(subject: Subject) -> Traits:
    return traits_of([subject.name], [subject.address], [subject.phone])


def likeness(subject: Traits, provider: Traits) -> Likeness:
    """How alike they are: the best of all pairs of names, addresses and phones."""
    addresses = [
        found
        for one in subject.addresses
        for other in provider.addresses
        if (found := address_likeness(one, other)) is not None
    ]
    known_phones = bool(subject.phones and provider.phones)
    return Likeness(
        name=max((name_likeness(one, other) for one in subject.names for other in provider.names), default=0.0),
        address=max(addresses, default=None),
        phone=float(bool(subject.phones & provider.phones)) if known_phones else None,
    )


def blocks_of(traits: Traits) -> set[str]:
    """The blocks that a provider or subject stands in."""
    zips = {address.zip for address in traits.addresses if address.zip}
    blocks = {f"phone {phone}" for phone in traits.phones}
    blocks |= {f"house {address.number} {address.zip}" for address in traits.addresses if address.number}
    for name in traits.names:
        words = sorted(set(name.words))
        blocks |= {f"start {code} {word[:2]}" for code in zips for word in words}
        blocks |= {f"words {one} {other}" for one, other in combinations(words, 2)} or {
            f"word {each}" for each in words
        }
    return blocks


class MatchIndex:
    """Providers by their blocks, for many subjects. Only blocks of `wanted` are kept when it is given."""

    def __init__(self, providers: Iterable[tuple[str, Traits]], wanted: Collection[str] | None = None) -> None:
        self._traits: dict[str, Traits] = {}
        self._blocks: dict[str, list[str]] = defaultdict(list)
        for npi, traits in providers:
            shared = [block for block in blocks_of(traits) if wanted is None or block in wanted]
            for block in shared:
                self._blocks[block].append(npi)
            if shared:
                self._traits[npi] = traits

    def match(self, subject: Subject) -> Match:
        """Who is meant by `subject`."""
        traits = traits_of_subject(subject)
        members = (self._blocks.get(block, ()) for block in blocks_of(traits))
        near = {npi for npis in members if len(npis) <= MAX_IN_A_BLOCK for npi in npis}
        return judge(Candidate(npi, likeness(traits, self._traits[npi]).score) for npi in near)


def judge(candidates: Iterable[Candidate]) -> Match:
    """The best of scored candidates, and whether the first is certain."""
    ranked = sorted((each for each in candidates if each.score >= DOUBTFUL), key=lambda each: (-each.score, each.npi))
    scores = [each.score for each in ranked] + [0.0, 0.0]
    is_certain = scores[0] >= CERTAIN and scores[0] - scores[1] >= MARGIN
    return Match(tuple(ranked[:MAX_CANDIDATES]), is_certain)
