"""What a clinic fills in about its practice, and moderators about its words."""

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from directory.clinics.practice.facts import Facts, KnownFacts, Values
from directory.clinics.practice.statements import MAX_STATEMENT_LENGTH
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, WEEKDAYS
from directory.providers.websites import SENTENCE, checked_website
from directory.web.amounts import DollarsField
from directory.web.fields import AnswerField, AnswersField, ClockField, LineField, PlainTextField, TypedField

PRICED = [
    *((fee, None, words) for fee, words in FEES.items() if fee != "product_unit"),
    *(("product_unit", product, f"One unit of {words}") for product, words in PRODUCTS.items()),
]
"""What a fee may be posted for: its kind, its product, and what to call it."""
MAX_DETAIL_LENGTH = 160  # of the texts of `VisitDetails`
UNKNOWN = "Choose from the list."
MAX_USD = 99_999
DETAILS = ("step_free", "parking", "booking", "referral_needed")
WEB_ADDRESS = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|net|org|health|clinic|info|us)\b", re.IGNORECASE)
DOLLARS = f"Type dollars, such as 250 or 12.50, up to {MAX_USD:,}."


class WebsiteField(TypedField):
    """The address of a website, as it is kept."""

    sentence = SENTENCE

    def read(self, text: str) -> str:
        return checked_website(text)


class DetailField(LineField):
    """A line about the visit that readers see as typed: plain words without web addresses."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and WEB_ADDRESS.search(self.data):
            raise ValidationError("Remove the web address. Put it in the Website field.")


class FactsForm(BaseForm):  # type: ignore[misc]  # WTForms has no types
    """All facts of a practice as typed; at first as the directory knows them."""

    def __init__(self, known: KnownFacts, plans: Mapping[str, str], typed: MultiDict[str, str] | None = None) -> None:
        fields: dict[str, Any] = {
            "version": HiddenField(),  # of the facts that the page showed
            "accepting": AnswerField("Does the practice take new patients?", {True: "yes", False: "no"}, UNKNOWN),
            "step_free": AnswerField("Can patients come in without steps?", {True: "yes", False: "no"}, UNKNOWN),
            "parking": DetailField("Parking", MAX_DETAIL_LENGTH),
            "booking": DetailField("How to book", MAX_DETAIL_LENGTH),
            "referral_needed": AnswerField("Is a referral needed?", {True: "yes", False: "no"}, UNKNOWN),
            "products": AnswersField("Products", PRODUCTS, UNKNOWN),
            "services": AnswersField("Services", SERVICES, UNKNOWN),
            "languages": AnswersField("Languages spoken", LANGUAGES, UNKNOWN),
            "insurances": AnswersField("Insurance plans accepted", plans, UNKNOWN),
            "website": WebsiteField("Website"),
        }
        for number, name in enumerate(WEEKDAYS):
            fields[f"opens-{number}"] = ClockField(f"{name}, opens at")
            fields[f"closes-{number}"] = ClockField(f"{name}, closes at")
        for number, (_, _, words) in enumerate(PRICED):
            fields[f"low-{number}"] = DollarsField(f"{words}, from", DOLLARS, MAX_USD)
            fields[f"high-{number}"] = DollarsField(f"{words}, to", DOLLARS, MAX_USD)
        super().__init__(fields)
        self.process(typed, data=_as_typed(known))

    def validate(self) -> bool:
        """Whether the facts make sense, each field alone and those that belong together."""
        super().validate()
        for number in range(len(WEEKDAYS)):
            opens, closes = self[f"opens-{number}"], self[f"closes-{number}"]
            if opens.errors or closes.errors or opens.data is closes.data is None:
                continue
            if opens.data is None:
                opens.errors = ["Type when you open too, or leave both blank if you are closed."]
            elif closes.data is None:
                closes.errors = ["Type when you close too, or leave both blank if you are closed."]
            elif closes.data <= opens.data:
                closes.errors = ["That is before you open. Type when you close, such as 5 pm."]
        for number in range(len(PRICED)):
            low, high = self[f"low-{number}"], self[f"high-{number}"]
            if low.errors or high.errors or high.data is None:
                continue
            if low.data is None:
                low.errors = ["Type the lowest price too."]
            elif high.data < low.data:
                high.errors = ["That is less than the lowest price. Swap the two, or leave this blank."]
        return not self.errors

    @property
    def facts(self) -> Facts:
        """The facts as typed, once valid."""
        hours: Values = {}
        for number in range(len(WEEKDAYS)):
            if self[f"opens-{number}"].data is not None:
                hours[(number,)] = (self[f"opens-{number}"].data, self[f"closes-{number}"].data)
        fees: Values = {}
        for number, (fee, product, _) in enumerate(PRICED):
            low, high = self[f"low-{number}"].data, self[f"high-{number}"].data
            if low is not None:
                fees[(fee, product)] = (low, low if high is None else high)
        details = tuple(self[name].data for name in DETAILS)
        return {
            "visit_details": {} if all(detail is None for detail in details) else {(): details},
            "accepting": {} if self["accepting"].data is None else {(): (self["accepting"].data,)},
            "hours": hours,
            "fees": fees,
            "website": {(): (self["website"].data,)} if self["website"].data else {},
            **{
                name: {(key,): () for key in self[name].data}
                for name in ("products", "services", "languages", "insurances")
            },
        }


def _as_typed(known: KnownFacts) -> dict[str, Any]:
    """What the fields show of the facts that are known."""
    facts = known.facts
    shown: dict[str, Any] = {"version": known.version}
    for name in ("products", "services", "languages", "insurances"):
        shown[name] = [key for (key,) in facts[name]]
    for name in ("accepting", "website"):
        shown[name] = next((value for (value,) in facts[name].values()), None)
    shown |= dict(zip(DETAILS, facts["visit_details"].get((), (None,) * len(DETAILS)), strict=True))
    for (number,), (opens, closes) in facts["hours"].items():
        shown |= {f"opens-{number}": opens, f"closes-{number}": closes}
    for number, (fee, product, _) in enumerate(PRICED):
        low, high = facts["fees"].get((fee, product), (None, None))
        shown |= {f"low-{number}": low, f"high-{number}": None if high == low else high}
    return shown


class StatementForm(Form):  # type: ignore[misc]  # WTForms has no types
    text = PlainTextField(
        "About the practice", MAX_STATEMENT_LENGTH, sentence="Write something about the practice.", required=True
    )
