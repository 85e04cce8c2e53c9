"""What a report of wrong information may be about, how its sender knows, and what may become of it.

The keys are stored, so they never change.
"""

from directory.web.messages import lazy_gettext as _l

PHONE, ADDRESS, NAME, ACCEPTING, GONE = "phone", "address", "name", "accepting", "gone"
ABOUT = {
    PHONE: _l("Phone number"),
    ADDRESS: _l("Address"),
    "hours": _l("Office hours"),
    ACCEPTING: _l("Accepting new patients"),
    "insurance": _l("Insurance"),
    NAME: _l("Name"),
    "specialty": _l("Specialty"),
    GONE: _l("No longer practices here"),
    "other": _l("Something else"),
}
ABOUT_A_LOCATION = frozenset({PHONE, ADDRESS})
KNOWN_FROM = {
    "called": _l("I called or went there"),
    "told": _l("The practice told me"),
    "website": _l("The practice’s website says so"),
    "works_there": _l("I work there"),
    "other": _l("Another way"),
}
REFUSALS = {
    "not_confirmed": _l("We couldn’t confirm it, so the page stays as it is."),
    "is_right": _l("We checked, and the page is correct."),
    "not_about": _l("It is not about the facts on the page. To report a review, use “Report” next to it."),
    "unclear": _l("We couldn’t tell what is wrong. You can report it again with more detail."),
}
"""Why a report changes nothing, as its sender reads it."""
WAITING, ASKED = "waiting", "asked"
CORRECTED, ANSWERED, REFUSED = "corrected", "answered", "refused"
