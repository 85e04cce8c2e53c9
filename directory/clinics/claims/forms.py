"""What a claimant and the staff who call fill in."""

import re
import secrets
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField
from wtforms.validators import ValidationError

from directory.clinics.claims.actions import Claimant
from directory.clinics.claims.codes import DIGITS, digits_of
from directory.clinics.claims.queries import EMAIL
from directory.clinics.practice.forms import WebsiteField
from directory.desk.deciding import DecisionForm
from directory.web.forms import AddressField, AnswerField, LineField, PlainTextField, TickField, TypedField

MAX_NAME_LENGTH = 100
MAX_NOTE_LENGTH = 300
MAX_KEY_LENGTH = 64
_LINK = re.compile(r"://|\bwww\.|@|\w\.(?:com|org|net|info|io|ru|cn)\b", re.IGNORECASE)


class LetterLineField(LineField):
    """Words that stand in letters to other people, so no address may be among them."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and _LINK.search(self.data):
            raise ValidationError("Leave out addresses of sites and of email.")


class ClaimForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A claim as typed, by the ways that the provider offers: published phones, and a domain if one is known."""

    form_key = HiddenField()  # tells a second sending of the same form
    name = LetterLineField("Your name", MAX_NAME_LENGTH, sentence="Type your name.", required=True)
    position = LetterLineField(
        "Your position at the practice",
        MAX_NAME_LENGTH,
        sentence="Type your position, such as office manager.",
        required=True,
    )
    email = AddressField("Your email address", required=True)
    way = AnswerField("How shall the code reach the practice?", {}, "Choose how the code reaches you.", required=True)
    practice_email = AddressField("The address at the practice's domain")
    may_speak = TickField(
        "I may speak for this provider",
        "Check the box to confirm that you may speak for this provider, or leave the page.",
        required=True,
    )

    def __init__(self, phones: dict[str, str], domain: str | None, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.phones = {re.sub(r"\D", "", phone): phone for phone in phones}
        ways = {
            digits: f"By a call: we call {phone} in {phones[phone]}, the published number"
            for digits, phone in self.phones.items()
        }
        if domain:
            ways = {EMAIL: f"By email, at once: to an address that ends in @{domain}", **ways}
        self.way.answers, self.way.words = {way: way for way in ways}, ways
        self.domain = domain
        self.process(typed)
        if not self.form_key.data or len(self.form_key.data) > MAX_KEY_LENGTH:
            self.form_key.data = secrets.token_urlsafe(24)

    def validate(self, extra_validators: Any = None) -> bool:
        by_mail = self.way.data == EMAIL
        self.practice_email.required = by_mail
        if not by_mail:
            self.practice_email.process_errors = []
        self.practice_email.sentence = f"Type the address to which the code goes; it ends in @{self.domain}."
        return bool(super().validate(extra_validators))

    @property
    def claimant(self) -> Claimant:
        """Who claims, once valid."""
        by_mail = self.way.data == EMAIL
        return Claimant(
            self.name.data,
            self.position.data,
            self.email.data,
            None if by_mail else self.phones[self.way.data],
            self.practice_email.data if by_mail else None,
        )


class CodeField(TypedField):
    """The eight digits of a code; anything else is no try."""

    def read(self, text: str) -> str:
        digits = digits_of(text)
        if digits is None:
            raise ValueError(self.sentence)
        return digits


class CodeForm(Form):  # type: ignore[misc]  # WTForms has no types
    code = CodeField("The code", f"Type the {DIGITS} digits of the code.", required=True)


class CallForm(DecisionForm):
    """`called_at` is when the last call began, as the page showed it."""

    called_at = HiddenField()

    @property
    def called_at_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.called_at.data or "")
        except ValueError:
            return None


class NoAnswerForm(DecisionForm):
    note = PlainTextField("Note for staff", MAX_NOTE_LENGTH)


class ClaimRefusalForm(DecisionForm):
    """Why a claim is refused; the claimant reads it."""

    reason = PlainTextField(
        "Reason, for the claimant to read",
        MAX_NOTE_LENGTH,
        sentence="Type the reason; the claimant reads it.",
        required=True,
    )


class PracticeWebsiteForm(DecisionForm):
    website = WebsiteField("Website of the practice", required=True)
