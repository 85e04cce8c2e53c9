"""What the marks of the comparison say, row by row, in the language of the page."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from directory.search.compare.differences import Kind, Mark
from directory.web.phrases import listed

MAX_POINTS = {Kind.BEST: _l("most points"), Kind.TIED: _l("most points, together with another")}
MIN_FEE = {
    Kind.BEST: _l("lowest"),
    Kind.TIED: _l("lowest, together with another"),
    Kind.CHANCE: _l("starts lowest, but the ranges overlap"),
}
PHRASES: Mapping[str, Mapping[Kind, LazyString]] = {
    "distance": {
        Kind.BEST: _l("nearest"),
        Kind.TIED: _l("nearest, together with another"),
        Kind.ROUGH: _l("nearest, but an address here is placed only roughly, so the order may be wrong"),
    },
    "points": MAX_POINTS,
    "line": MAX_POINTS,
    "credentials": {
        Kind.ONLY: _l("only one with this verified: %(what)s"),
        Kind.ONLY_KNOWN: _l("only one with this verified: %(what)s"),
    },
    "rating": {
        Kind.BEST: _l("highest estimate"),
        Kind.TIED: _l("highest estimate, together with another"),
        Kind.CHANCE: _l("highest estimate, but the intervals overlap, so the difference may be chance"),
    },
    "onset": {
        Kind.BEST: _l("soonest"),
        Kind.TIED: _l("soonest, together with another"),
        Kind.CHANCE: _l("soonest, but the answers overlap, so the difference may be chance"),
    },
    "relief": {
        Kind.BEST: _l("largest share"),
        Kind.TIED: _l("largest share, together with another"),
        Kind.CHANCE: _l("largest share, but the intervals overlap, so the difference may be chance"),
    },
    "weeks": {
        Kind.BEST: _l("longest"),
        Kind.TIED: _l("longest, together with another"),
        Kind.CHANCE: _l("longest, but the answers overlap, so the difference may be chance"),
    },
    "pain": {
        Kind.BEST: _l("least pain"),
        Kind.TIED: _l("least pain, together with another"),
        Kind.CHANCE: _l("least pain, but the answers overlap, so the difference may be chance"),
    },
    "accepting": {
        Kind.ONLY: _l("only one that accepts new patients"),
        Kind.ONLY_KNOWN: _l("only one known to accept new patients"),
    },
    "products": {Kind.ONLY: _l("only one with %(what)s"), Kind.ONLY_KNOWN: _l("only one known to have %(what)s")},
    "services": {Kind.ONLY: _l("only one with %(what)s"), Kind.ONLY_KNOWN: _l("only one known to have %(what)s")},
    "languages": {
        Kind.ONLY: _l("only one that speaks %(what)s"),
        Kind.ONLY_KNOWN: _l("only one known to speak %(what)s"),
    },
    "insurance": {
        Kind.ONLY: _l("only one that takes %(what)s"),
        Kind.ONLY_KNOWN: _l("only one known to take %(what)s"),
    },
    "fee": MIN_FEE,
}
"""By row, without what follows a colon in its key ("fee:consultation")."""


def in_words(row: str, mark: Mark, names: Mapping[str, str]) -> str:
    """What `mark` says in the row of that key; `names` of the values that it names."""
    phrase = str(PHRASES[row.partition(":")[0]][mark.kind])
    if not mark.values:
        return phrase
    named = sorted(gettext(names.get(value, value)) for value in mark.values)
    return phrase % {"what": listed(named)}
