"""The questions of a review and the answers offered: key in the database, words on the page in its language."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

Words = dict[str, LazyString]

RELIEF: Words = {
    "none": lazy_pgettext("relief", "none"),
    "little": lazy_pgettext("relief", "a little"),
    "half": lazy_pgettext("relief", "about half"),
    "most": lazy_pgettext("relief", "most"),
    "all": lazy_pgettext("relief", "all"),
}
SIDE_EFFECTS: Words = {
    "none": lazy_pgettext("side effects", "none"),
    "trouble_swallowing": _l("trouble swallowing"),
    "neck_weakness": _l("neck weakness"),
    "dry_mouth": _l("dry mouth"),
    "site_pain": _l("pain at the site"),
    "headache": _l("headache"),
    "other": lazy_pgettext("side effects", "other"),
}
WAITS: Words = {
    "week": _l("up to a week"),
    "month": _l("up to a month"),
    "three_months": _l("one to three months"),
    "longer": _l("more than three months"),
}
"""For an appointment."""
GUIDANCE: Words = {
    "emg": _l("EMG"),
    "ultrasound": _l("ultrasound"),
    "neither": _l("neither"),
    "unknown": _l("I don’t know"),
}
PAID: Words = {
    "nothing": _l("nothing"),
    "under_100": _l("under $100"),
    "100_499": _l("$100 to $499"),
    "500_999": _l("$500 to $999"),
    "1000_1999": _l("$1,000 to $1,999"),
    "2000_more": _l("$2,000 or more"),
}
"""Out of the patient's own pocket for one visit."""
TIES: Words = {
    "none": _l("None. I was treated there, that is all."),
    "works_there": _l("I work there, or worked there."),
    "family": _l("I am family or a friend of someone who works there."),
    "rewarded": _l("I was given or promised something for this review."),
    "competitor": _l("I work for another provider."),
}
"""What binds the writer to the clinic (16 CFR 465.5)."""

MAX_TEXT_LENGTH = 5_000  # characters
MAX_AUTHOR_LENGTH = 60
MAX_ONSET_DAYS = 90
MAX_WEEKS = 60
