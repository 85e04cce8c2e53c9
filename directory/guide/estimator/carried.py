"""Figures that were filled in for an earlier choice do not pass for those of a new one.

The form sends along, in `before`, what it was shown with. A figure that nobody touched since, and that belongs to a
choice which has changed, is dropped; what the reader typed in the same step stays.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from directory.guide.estimator.filled_in import DEPENDENT, GROUPS

BEFORE = "before"
MAX_TEXT_LENGTH = 40  # of a figure worth remembering: a longer one is none
MAX_BEFORE_LENGTH = 2_000
_DEPENDENT = {chooser: [name for group in groups for name in GROUPS[group]] for chooser, groups in DEPENDENT.items()}
_REMEMBERED = tuple(dict.fromkeys((*_DEPENDENT, *(name for names in _DEPENDENT.values() for name in names))))


def remembered(shown: Mapping[str, str]) -> str:
    """What `before` holds of the texts in the form."""
    named = [(name, shown[name]) for name in _REMEMBERED if name in shown]
    return urlencode([(name, text) for name, text in named if len(text) <= MAX_TEXT_LENGTH])


def stale(typed: Mapping[str, str]) -> set[str]:
    """The names of the figures in `typed` that are left from an earlier choice."""
    text = typed.get(BEFORE, "")
    before = dict(parse_qsl(text, keep_blank_values=True)) if len(text) <= MAX_BEFORE_LENGTH else {}
    changed = [chooser for chooser in _DEPENDENT if typed.get(chooser, before.get(chooser)) != before.get(chooser)]
    return {
        name
        for chooser in changed
        if chooser in before
        for name in _DEPENDENT[chooser]
        if name in typed and typed[name] == before.get(name)
    }
