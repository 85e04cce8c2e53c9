"""Forms of staff about providers. `PROVIDER_FIELDS` and `LOCATION_FIELDS` have a field each, by its own name."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from directory.providers.offerings import LISTED_SPECIALTIES
from directory.web.fields import AnswerField, LineField, PlainTextField
from directory.web.forms import FaultyForm

MAX_LENGTH = 300
MAX_REASON_LENGTH = 500
LABELS = {
    "name": "Name as shown",
    "first_name": "First name",
    "middle_name": "Middle name or initial",
    "last_name": "Last name",
    "name_suffix": "Suffix",
    "credential_text": "Degrees and titles",
    "organization_name": "Name of the organization",
    "gender": "Gender",
    "line_1": "Street address",
    "line_2": "Suite or floor",
    "city": "City",
    "state": "State",
    "postal_code": "ZIP",
    "phone": "Phone",
    "latitude": "Latitude",
    "longitude": "Longitude",
}
HINTS = {
    "name": "Leave it as it is to build it from the parts below.",
    "name_suffix": "Jr., Sr., II or III.",
    "credential_text": "Such as MD, PhD. As claimed, not verified.",
    "gender": "F, M or X, as in the NPI registry; blank if not listed.",
    "state": "Two letters, such as CA.",
    "postal_code": "Such as 90503.",
    "phone": "Such as (310) 555-0100 ext. 22.",
    "latitude": "Only where the marker is in the wrong place. Degrees north, such as 33.8358.",
    "longitude": "Degrees, such as -118.3406.",
}


class ShownFields(FaultyForm):
    """A field for each of `LABELS`, with the values that the page was made with; the page sends these back too."""

    name = LineField(LABELS["name"], MAX_LENGTH)
    first_name = LineField(LABELS["first_name"], MAX_LENGTH)
    middle_name = LineField(LABELS["middle_name"], MAX_LENGTH)
    last_name = LineField(LABELS["last_name"], MAX_LENGTH)
    name_suffix = LineField(LABELS["name_suffix"], MAX_LENGTH)
    credential_text = LineField(LABELS["credential_text"], MAX_LENGTH)
    organization_name = LineField(LABELS["organization_name"], MAX_LENGTH)
    gender = LineField(LABELS["gender"], MAX_LENGTH)
    line_1 = LineField(LABELS["line_1"], MAX_LENGTH)
    line_2 = LineField(LABELS["line_2"], MAX_LENGTH)
    city = LineField(LABELS["city"], MAX_LENGTH)
    state = LineField(LABELS["state"], MAX_LENGTH)
    postal_code = LineField(LABELS["postal_code"], MAX_LENGTH)
    phone = LineField(LABELS["phone"], MAX_LENGTH)
    latitude = LineField(LABELS["latitude"], MAX_LENGTH)
    longitude = LineField(LABELS["longitude"], MAX_LENGTH)

    def fill(self, values: Mapping[str, str], sent: MultiDict[str, str] | None) -> None:
        """`values` are what the fields hold now; fields that are not among them are taken out."""
        for name in LABELS.keys() - values.keys():
            del self[name]
        self.fields = list(values)
        self.process(sent, **({} if sent else values))
        self.shown = {name: sent.get(f"shown-{name}", text) if sent else text for name, text in values.items()}

    @property
    def changed(self) -> dict[str, str]:
        """What was typed into the fields that do not hold what the page was made with."""
        typed = {name: self[name].data or "" for name in self.fields}
        return {name: text for name, text in typed.items() if text != self.shown[name]}


class ReasonForm(FaultyForm):
    """Why something is done."""

    reason = PlainTextField(
        "Reason",
        MAX_REASON_LENGTH,
        sentence="Say why, such as “called the practice”. It is kept in the log.",
        required=True,
    )


class FieldsForm(ReasonForm, ShownFields):
    """The fields of a provider or of one location."""

    def __init__(self, values: Mapping[str, str], sent: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.fill(values, sent)
        self.confirmed = set(sent.getlist("confirmed")) if sent else set()
        self.doubts: dict[str, str] = {}


class WebsiteForm(ReasonForm):
    """The address of the practice's own site."""

    url = LineField("Website", MAX_LENGTH)


KINDS_OF_PROVIDER = {"person": "A person", "organization": "An organization"}
PARTS = ("first_name", "middle_name", "last_name", "credential_text")
ADDRESS = ("line_1", "line_2", "city", "state", "postal_code", "phone")


class AddForm(FaultyForm):
    """A provider that staff type in."""

    kind = AnswerField("Who it is", KINDS_OF_PROVIDER, "Choose a person or an organization.", required=True)
    npi = LineField("NPI", MAX_LENGTH)
    first_name = LineField(LABELS["first_name"], MAX_LENGTH)
    middle_name = LineField(LABELS["middle_name"], MAX_LENGTH)
    last_name = LineField(LABELS["last_name"], MAX_LENGTH)
    credential_text = LineField(LABELS["credential_text"], MAX_LENGTH)
    organization_name = LineField(LABELS["organization_name"], MAX_LENGTH)
    specialty = AnswerField("Primary specialty", LISTED_SPECIALTIES, "Choose the primary specialty.", required=True)
    other_specialty = AnswerField("Another specialty", {"": "None", **LISTED_SPECIALTIES}, "Choose from the list.")
    line_1 = LineField(LABELS["line_1"], MAX_LENGTH)
    line_2 = LineField(LABELS["line_2"], MAX_LENGTH)
    city = LineField(LABELS["city"], MAX_LENGTH)
    state = LineField(LABELS["state"], MAX_LENGTH, default="CA")
    postal_code = LineField(LABELS["postal_code"], MAX_LENGTH)
    phone = LineField(LABELS["phone"], MAX_LENGTH)

    def __init__(self, sent: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.process(sent, **({} if sent else {"kind": "person"}))

    @property
    def names(self) -> dict[str, str]:
        parts = ("organization_name",) if self.kind.data == "organization" else PARTS
        return {name: self[name].data or "" for name in parts}

    @property
    def address(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ADDRESS}

    @property
    def specialties(self) -> list[str]:
        return [code for code in (self.specialty.data, self.other_specialty.data) if code]


def in_words(sentence: str) -> str:
    """A sentence about fields, with their labels in place of their names."""
    for name in sorted(LABELS, key=len, reverse=True):
        if "_" in name:
            sentence = sentence.replace(name, LABELS[name].lower())
    return sentence
