"""The forms of a writer. Every mistake has its sentence; `problems` leads from the head of the page to the field."""

import hmac
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from flask_wtf.file import FileField
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import Form, HiddenField
from wtforms.validators import ValidationError

from directory.reviews.questions import (
    CAREGIVER,
    GUIDANCE,
    MAX_AUTHOR_LENGTH,
    MAX_ONSET_DAYS,
    MAX_TEXT_LENGTH,
    MAX_WEEKS,
    PAID,
    RELIEF,
    SIDE_EFFECTS,
    TIES,
    WAITS,
    WRITTEN_AS,
    YES_OR_NO,
)
from directory.reviews.screening.personal_details import TextFinding, details_in_name, find_details
from directory.reviews.writing.content import OUTCOME_FIELDS, REVIEW_FIELDS
from directory.web.days import last_months, today_in_california
from directory.web.email_field import AddressField
from directory.web.fields import (
    AnswerField,
    AnswersField,
    CountField,
    LineField,
    PlainTextField,
    TickField,
    TypedField,
)
from directory.web.filters import month as month_name
from directory.web.forms import LimitedForm
from directory.web.hmac_hash import keyed_hash
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.uploads import UploadError, keep_file, read_upload

MAX_APPEAL_LENGTH = 2_000
MAX_YEARS_AGO = 5  # of a visit
MAX_PROOF_BYTES = 5 * 1024 * 1024
STARS = {number: str(number) for number in range(1, 6)}
PAIN = {number: str(number) for number in range(11)} | {0: _l("0, no pain"), 10: _l("10, the worst pain")}
FROM_LIST = _l("Choose one of the answers, or leave it blank.")


class MonthField(TypedField):
    """A month of the last years, as its first day; the one that is stored is offered too, however long ago it was."""

    sentence = _l("Choose the month of your visit.")

    def read(self, text: str) -> date:
        year, _, number = text.partition("-")
        try:
            chosen = date(int(year), int(number), 1)
        except ValueError:
            raise ValueError(str(self.sentence)) from None
        offered = self._offered()
        if chosen > offered[0]:
            raise ValueError(gettext("That month is in the future. Choose the month of your last visit."))
        if chosen not in offered:
            raise ValueError(
                gettext(
                    "We take reviews of visits in the last %(years)s years, so that they reflect current care.",
                    years=MAX_YEARS_AGO,
                )
            )
        return chosen

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        chosen = self.shown[:7]
        months = [(f"{month:%Y-%m}", month_name(month), f"{month:%Y-%m}" == chosen) for month in self._offered()]
        return [("", gettext("Choose a month"), not chosen), *months]

    def _offered(self) -> list[date]:
        """The months that may be chosen, the latest first."""
        months = last_months(12 * MAX_YEARS_AGO + 1, today_in_california())
        return [*months, self.object_data] if self.object_data and self.object_data < months[-1] else months


class PublicNameField(LineField):
    """The name that stands beside a review, or nothing."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and details_in_name(self.data):
            raise ValidationError(
                gettext(
                    "Everyone can read this name. Leave out email addresses, phone numbers and links, or "
                    "leave it blank."
                )
            )


class ContentForm(LimitedForm):
    """What a review says. `provider_name` may be named in the text; other personal details are pointed out once."""

    written_as = AnswerField(
        _l("Whose visit was it?"),
        WRITTEN_AS,
        _l("Say whose visit it was: your own, or someone else’s."),
        required=True,
    )
    rating = AnswerField(_l("How many stars?"), STARS, _l("Choose a rating from 1 to 5 stars."), required=True)
    would_return = AnswerField(
        _l("Would you go back?"),
        YES_OR_NO,
        _l("Choose yes or no."),
        required=True,
    )
    visited_on = MonthField(_l("Month of your visit"), required=True)
    onset_days = CountField(_l("Days until the first relief"), MAX_ONSET_DAYS, _l("days"))
    relief = AnswerField(_l("Peak relief"), RELIEF, FROM_LIST)
    weeks_lasted = CountField(_l("Weeks it lasted"), MAX_WEEKS, _l("weeks"))
    pain = AnswerField(_l("Pain at the injection"), PAIN, _l("Choose a number from 0 to 10, or leave it blank."))
    side_effects = AnswersField(_l("Side effects"), SIDE_EFFECTS, _l("Choose only from the list."))
    wait = AnswerField(_l("Wait for an appointment"), WAITS, FROM_LIST)
    explained = AnswerField(
        _l("How well was the plan explained?"), STARS, _l("Choose a number from 1 to 5, or leave it blank.")
    )
    guidance = AnswerField(_l("Guidance used"), GUIDANCE, FROM_LIST)
    paid = AnswerField(_l("What you paid for the visit"), PAID, FROM_LIST)
    text = PlainTextField(_l("Your review"), MAX_TEXT_LENGTH)
    looked_at = TickField(_l("I checked these. Send it as it is."))
    author = PublicNameField(_l("Name to show"), MAX_AUTHOR_LENGTH)
    tie = AnswerField(
        _l("Any connection to this provider?"),
        TIES,
        _l("Say whether you have a connection to this provider."),
        required=True,
    )

    findings: list[TextFinding]

    def __init__(self, provider_name: str, **options: Any) -> None:
        super().__init__(**options)
        self.provider_name, self.findings = provider_name, []

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.text.data and not self.text.errors:
            self.findings = find_details(
                self.text.data, self.provider_name, by_caregiver=self.written_as.data == CAREGIVER
            )
        if self.findings and not hmac.compare_digest(self.looked_at.shown.encode(), self.looked_at_value.encode()):
            self.text.errors = [gettext("This may reveal more than you want to. Check the quotes below.")]
            return False
        return valid

    @property
    def required_answers(self) -> int:
        """How many fields need an answer."""
        return sum(bool(getattr(field, "required", False)) for field in self)

    @property
    def looked_at_value(self) -> str:
        """What the box sends: good for this very text alone."""
        return keyed_hash("looked-at", self.text.data or "")

    @property
    def content(self) -> dict[str, Any]:
        """As `content.py` says, once valid."""
        content = {name: self[name].data for name in (*REVIEW_FIELDS, *OUTCOME_FIELDS)}
        return content | {"visited_on": self.visited_on.data.isoformat()}


class ReviewForm(ContentForm):
    """A new review: what it says, who vouches for it, and perhaps a proof of visit."""

    proof = FileField(_l("Proof of your visit"))
    proof_ticket = HiddenField()
    without_proof = TickField(_l("Send the review without this file."))
    own_experience = TickField(
        _l("This is my own experience, in my own words."),
        _l("Check the box to confirm that this is your own experience. What you saw as a caregiver counts too."),
        required=True,
    )
    email = AddressField(_l("Your email address"), required=True)
    form_key = HiddenField()

    kept_proof: str | None = None  # the name of a file that was accepted

    def __init__(self, provider_name: str, **options: Any) -> None:
        super().__init__(provider_name, **options)
        self.form_key.data = self.form_key.data or secrets.token_urlsafe(24)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return self._take_proof() and valid

    def _take_proof(self) -> bool:
        """Save the file that was sent now, or find the one that was accepted before; a ticket is of this form alone."""
        folder = current_app.config["REVIEW_PROOFS_DIR"]
        tickets = URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"review-proof:{self.form_key.data}")
        upload = self.proof.data
        if isinstance(upload, FileStorage) and upload.filename:
            try:
                self.proof_ticket.data = tickets.dumps(keep_file(folder, read_upload(upload, MAX_PROOF_BYTES)))
            except UploadError as refusal:
                self.proof.errors = [str(refusal)]
        elif self.without_proof.data:
            self.proof_ticket.data = ""
        if self.proof_ticket.data:
            try:
                name = tickets.loads(self.proof_ticket.data)
            except BadSignature:
                name = ""
            self.kept_proof = name if name and Path(folder, name).is_file() else None
            if not self.kept_proof:
                self.proof_ticket.data = ""
                self.proof.errors = [
                    gettext("We kept your file for a short time only. Choose it again, or leave it out.")
                ]
        return not self.proof.errors


class AddressForm(LimitedForm):
    """Asks for the links to all reviews of an address."""

    email = AddressField(_l("Your email address"), required=True)


class AppealForm(LimitedForm):
    text = PlainTextField(
        _l("Why should we look at it again?"),
        MAX_APPEAL_LENGTH,
        sentence=_l("Tell us why we should look at it again."),
        required=True,
    )
