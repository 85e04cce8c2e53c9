"""Signals about a review: the kinds, how much each weighs in the queue, and from when on it counts.

Signals sort the queue and explain. They decide nothing, and the public never sees them. Pure.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from math import exp, lgamma, log
from typing import NamedTuple

from directory.places.names import plain
from directory.providers.names import words
from directory.web.mail_addresses import FREE_MAIL


class SignalKind(NamedTuple):
    words: str
    strength: int  # how far up it brings a review in the queue: a judgment, not a measurement


KINDS = {
    "same_text": SignalKind("same text as another review", 8),
    "near_text": SignalKind("near-duplicate text", 5),
    "own_domain": SignalKind("address of the clinic", 8),
    "tie": SignalKind("connection disclosed", 6),
    "network": SignalKind("several from one network", 4),
    "burst": SignalKind("many at once", 4),
    "personal_details": SignalKind("personal details", 3),
    "language": SignalKind("other language", 1),
    "new_address": SignalKind("first review from this address", 1),
}

BURST_WINDOW = timedelta(days=7)
BURST_BASE = timedelta(days=364)
"""The year before the window, from which the usual rate is taken."""
MIN_BURST = 4  # three friends may have had the same good week
MIN_USUAL = 0.25  # reviews a week; a provider with no history gets one a month on trust
BURST_CHANCE = 0.001
"""A burst is what the usual rate would bring less often than this, if reviews came by themselves (Poisson)."""
GOOD_FROM, BAD_TO = 4.0, 2.0  # stars; both tones are watched alike

NETWORK_WINDOW = timedelta(hours=24)
MIN_NETWORK = 3
"""Reviews from one network in that time. A household or an office is one network, so two may be a couple."""

THROWAWAY_MAIL = words(
    "mailinator.com guerrillamail.com 10minutemail.com temp-mail.org yopmail.com trashmail.com sharklasers.com "
    "getnada.com dispostable.com maildrop.cc throwawaymail.com mohmal.com"
)
"""Addresses for a few minutes. Some people use them for their privacy, so it is only said."""
MIN_NAME = 5  # letters of a name that a domain must hold; shorter ones are in many words
GENERAL_WORDS = words(
    "associates botox california center centre clinic clinics group health healthcare institute medical medicine "
    "neurology office pain physical physicians practice rehabilitation services south specialists spine therapy "
    "torrance wellness"
)
"""Words that many clinics share; a domain that holds one of them alone is not the clinic's for that."""
SECOND_LEVEL = words("ac co com edu gob gov net org")


def tone_of(rating: float) -> str | None:
    """ "good", "bad" or, in between, None."""
    if rating >= GOOD_FROM:
        return "good"
    return "bad" if rating <= BAD_TO else None


def is_burst(count: int, usual_a_week: float) -> bool:
    """Whether `count` reviews of one tone within `BURST_WINDOW` are more than the usual rate explains."""
    rate = max(usual_a_week, MIN_USUAL)
    if count < max(MIN_BURST, rate):
        return False
    below = sum(exp(number * log(rate) - rate - lgamma(number + 1)) for number in range(count))
    return 1 - below < BURST_CHANCE


def domain_of(email: str) -> str:
    """The domain as it is registered: "jo@mail.example.co.uk" -> "example.co.uk". Empty when there is none."""
    labels = email.rpartition("@")[2].strip().strip(".").casefold().split(".")
    if len(labels) < 2:
        return ""
    is_national = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if is_national else -2 :])


def resembles(domain: str, names: Sequence[str]) -> str | None:
    """The first of `names`, of a provider or a clinic, that `domain` was made of; None when there is none.

    A name was used if the domain's first label holds one of its words of `MIN_NAME` letters that is not general,
    two of its words whatever they are, a shorter family name beside "dr" or "md", or nothing but its initials.
    """
    label = domain.partition(".")[0].replace("-", "")
    if not label or domain in FREE_MAIL or domain in THROWAWAY_MAIL:
        return None
    return next((name for name in names if _made_of(label, _words(name))), None)


def _made_of(label: str, words: list[str]) -> bool:
    held = {word for word in words if len(word) > 2 and word in label}
    if any(len(word) >= MIN_NAME and word not in GENERAL_WORDS for word in held) or len(held) > 1:
        return True
    if any(label in {f"dr{word}", f"{word}md", f"doctor{word}", f"dr{word}md"} for word in held):
        return True
    initials = "".join(word[0] for word in words)
    return len(initials) > 2 and label == initials


def _words(name: str) -> list[str]:
    """ "Ana de la Cruz, MD" -> ["ana", "de", "la", "cruz"]: what stands before the comma, without accents."""
    return re.findall(r"[a-z0-9]+", plain(name.partition(",")[0]))
