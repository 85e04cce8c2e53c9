"""What a clinic's reply may not say: that a person is a patient, or anything about their care. Pure.

It is strict: whatever it refuses can be said in general terms, and `TEMPLATE` passes. A moderator reads what passes.
"""

import re
from collections.abc import Iterator

from directory.reviews.replies import reply_patterns as patterns
from directory.reviews.screening.personal_details import TextFinding, find_details, is_a_name, one_spaced, shortened

MAX_REPLY_LENGTH = 2_000  # characters
TEMPLATE = (
    "Thank you for taking the time to write. The law on privacy keeps us from saying in public whether anyone has been "
    "to our practice, and from discussing anybody’s health. We read every comment and use it to do better. Anyone who "
    "would like to talk with us can call our office and ask for the practice manager."
)
"""A reply that passes the check."""
SENTENCES: dict[str, str] = {
    "patient": "Take out “{}”: it shows that the writer is, or is not, a patient. A practice may not confirm either.",
    "care": "Take out “{}”: a practice may not tell of anybody’s care, even where the review does.",
    "dose": "Take out “{}”: a dose is part of somebody’s care.",
    "when": "Take out “{}”: it can tell when somebody was there.",
    "name": "Take out the name in “{}”: it can tell who the writer is.",
    "phone": "Take out the phone number “{}”: the practice’s own stands on its page already.",
    "email": "Take out the email address “{}”: ask people to call the office instead.",
    "link": "Take out the link “{}”: replies show none.",
}
"""By kind of finding; the other kinds keep the sentences of `personal_details`."""

Candidates = Iterator[tuple[int, int, str, str]]
"""Start, end, kind, and a sentence where `SENTENCES` has none."""


def check_reply(text: str, provider_name: str, author: str | None = None) -> list[TextFinding]:
    """What keeps `text` from being published, in its order, each with a sentence that says what to take out and why.

    `author` is the name that stands at the review; a reply may not repeat it.
    """
    plain, places = one_spaced(text)
    details = [finding for finding in find_details(plain, provider_name) if finding.kind != "third_party_health"]
    candidates = [*_disclosures(plain), *_names(plain, author)]
    candidates += [(finding.start, finding.end, finding.kind, finding.sentence) for finding in details]
    found: list[TextFinding] = []
    end_of_last = 0
    for start, end, kind, sentence in sorted(candidates, key=lambda each: (each[0], -each[1])):
        if start >= end_of_last:
            excerpt = shortened(plain[start:end])
            told = SENTENCES[kind].format(excerpt) if kind in SENTENCES else sentence
            found.append(TextFinding(kind, excerpt, places[start], places[end - 1] + 1, told))
            end_of_last = end
    return found


def _disclosures(plain: str) -> Candidates:
    for kind, several in (
        ("care", patterns.CARE_TOLD),
        ("patient", patterns.PATIENT),
        ("dose", (patterns.DOSE,)),
        ("when", patterns.WHEN),
    ):
        for pattern in several:
            for match in pattern.finditer(plain):
                yield *match.span(), kind, ""


def _names(plain: str, author: str | None) -> Candidates:
    """People who are greeted, and the words of the writer's name."""
    for match in patterns.GREETED.finditer(plain):
        if is_a_name(match["name"]):
            yield *match.span(), "name", ""
    for word in re.findall(r"[^\W\d_]{3,60}", author or ""):
        if word[0].isupper() and is_a_name(word) and word not in TEMPLATE:
            for match in re.finditer(rf"\b{re.escape(word)}\b", plain):
                yield *match.span(), "name", ""
