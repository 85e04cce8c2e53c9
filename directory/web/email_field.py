"""The field for an email address."""

import re
import unicodedata
from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from wtforms import Form
from wtforms.validators import ValidationError

from directory.web.fields import TypedField
from directory.web.mail_addresses import meant_domain
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import Words

MAX_ADDRESS_LENGTH = 254
_PASTED = re.compile(r"(?:[^<>@]*<)?(?:mailto:)?[\"“]?([^<>\"“”]*)[\"”]?>?", re.IGNORECASE)
"""An address as it is copied from a link or a letter: "mailto:pat@example.org", "Pat <pat@example.org>"."""


class AddressField(TypedField):
    """An email address, as it is to be written to. It asks once whether a well-known domain was meant.

    A page that asked sends what it asked about as a second value, and the `suggestion` as a third when that was chosen.
    """

    sentence: Words = _l("Type your email address, such as name@example.org.")
    suggestion = ""
    asked_about = ""

    def process_formdata(self, typed: Sequence[str]) -> None:
        texts = [text for text in typed if isinstance(text, str)]
        address, self.asked_about, chosen = [*texts, "", "", ""][:3]
        self.raw_data = [chosen or address]
        super().process_formdata(self.raw_data)

    def clean(self, typed: str) -> str:
        text = unicodedata.normalize("NFKC", super().clean(typed))  # full-width letters are the same mailbox
        pasted = _PASTED.fullmatch(text)
        return pasted[1].strip() if pasted else text

    def read(self, text: str) -> str:
        address = _checked_address(text)
        local_part, _, domain = text.rpartition("@")
        meant = meant_domain(domain) if len(text) <= MAX_ADDRESS_LENGTH else None
        self.suggestion = _checked_address(f"{local_part}@{meant}") if meant else ""
        if not address:
            wrong = gettext("That doesn’t look like an email address.")
            raise ValueError(f"{wrong} {self._question() if self.suggestion else self.sentence}")
        return address

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and self.suggestion and self.clean(self.asked_about) != self.clean(self.shown):
            right = gettext("If it is correct, send it again.")
            raise ValidationError(f"{self._question()} {right}")

    def _question(self) -> str:
        return gettext("Did you mean %(domain)s?", domain=self.suggestion.rpartition("@")[2])


def _checked_address(text: str) -> str:
    """The address in its usual spelling; empty for what cannot be one."""
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return ""
    return address if len(address) <= MAX_ADDRESS_LENGTH else ""
