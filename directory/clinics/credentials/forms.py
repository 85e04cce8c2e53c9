"""The forms of a clinic's representative. Each keeps what was typed; files alone have to be chosen again."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms.validators import ValidationError

from directory.credentials.checks import CredentialSubmission, faults_of_submission
from directory.credentials.evidence import MAX_EVIDENCE_BYTES, MAX_FILES, title_of_file
from directory.credentials.kinds import FIELDS, KINDS, OTHER_FIELD, CredentialKind, Kind
from directory.credentials.models import Credential
from directory.credentials.status import COUNTING, NEGATIVE
from directory.places.names import STATES
from directory.web.days import today_in_california
from directory.web.fields import AnswerField, DayField, LineField, PlainTextField
from directory.web.forms import SentForm
from directory.web.uploads import CleanFile, UploadError, read_upload

MAX_ISSUER_LENGTH = 200
MAX_FIELD_LENGTH = 100
MAX_NUMBER_LENGTH = 40
MAX_ANSWER_LENGTH = 2_000
MIN_AGE_YEARS, MAX_AGE_YEARS = 18, 120
DAY_HINT = "Type the date as month/day/year, such as 1/31/2026, or leave it blank."


class CredentialForm(SentForm):
    """What is claimed, with up to three files. Fields that the kind does not have are taken out.

    With a `credential` it is submitted again: filled with what was claimed last. A verified one keeps its state and
    field; what was found against it asks for an answer.
    """

    state = AnswerField("State", dict(STATES), "Choose the state that issued the license.", required=True)
    field = AnswerField("Field", {**FIELDS, OTHER_FIELD: "another"}, "Choose the field, or “another”.", required=True)
    other_field = LineField("The other field", MAX_FIELD_LENGTH)
    issuer = LineField("Issuer", MAX_ISSUER_LENGTH, sentence="Name who issued it.", required=True)
    number = LineField("Number", MAX_NUMBER_LENGTH)
    issued_on = DayField("Issued", DAY_HINT)
    expires_on = DayField("Valid until", DAY_HINT)
    answer = PlainTextField(
        "Your answer", MAX_ANSWER_LENGTH, sentence="Say what is different from what the check found.", required=True
    )
    file_1 = FileField("First file")
    file_2 = FileField("Second file")
    file_3 = FileField("Third file")

    evidence: list[tuple[CleanFile, str]]

    def __init__(self, kind: CredentialKind, credential: Credential | None = None) -> None:
        words = self.words = KINDS[kind]
        super().__init__(data=_filled(credential, words) if credential else None)
        self.kind, self.credential, self.evidence = kind, credential, []
        self.field.words = {**words.fields, OTHER_FIELD: "another"}
        self.issuer.label.text, self.issued_on.label.text = words.issuer, words.issued_on
        if words.number:
            self.number.label.text = words.number
        if words.expires_on:
            self.expires_on.label.text = words.expires_on
        for name in self._unasked():
            del self[name]

    @property
    def file_fields(self) -> list[FileField]:
        return [self[f"file_{number}"] for number in range(1, MAX_FILES + 1)]

    @property
    def chosen_files(self) -> list[str]:
        """How the files that were sent are called."""
        return [title_of_file(field.data.filename) for field in self.file_fields if field.data]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        faults = faults_of_submission(self.submission, today_in_california())
        if "number" in self and self.words.number_required and not self.number.data:
            faults.setdefault("number", f"Enter the {(self.words.number or '').lower()}.")
        if "field" in self and self.field.data and self.field.data not in self.field.words:
            faults["field"] = str(self.field.sentence)
        if "field" in self and self.field.data == OTHER_FIELD and not self.other_field.data:
            faults["other_field"] = "Say which field it is."
        self.take({name: sentence for name, sentence in faults.items() if name in self and not self[name].errors})
        self.evidence = self._read_files()
        return valid and not any(field.errors for field in self)

    @property
    def submission(self) -> CredentialSubmission:
        """What is claimed, as far as it could be read."""
        typed = self.data
        field, state = typed.get("field"), typed.get("state")
        if field == OTHER_FIELD:
            field = typed["other_field"]
        if self.credential is not None and self.is_in_force:
            field, state = self.credential.field, self.credential.state
        return CredentialSubmission(
            self.kind,
            typed["issuer"] or "",
            field,
            typed.get("number"),
            state,
            typed["issued_on"],
            typed.get("expires_on"),
        )

    @property
    def is_in_force(self) -> bool:
        return self.credential is not None and self.credential.status in COUNTING

    @property
    def is_answer(self) -> bool:
        return self.credential is not None and self.credential.status in NEGATIVE

    def _unasked(self) -> list[str]:
        is_license = self.kind == CredentialKind.LICENSE
        asked = {
            "state": is_license and not self.is_in_force,
            "field": bool(self.words.fields) and not self.is_in_force,
            "other_field": bool(self.words.fields) and not self.is_in_force,
            "number": self.words.number is not None,
            "expires_on": self.words.expires_on is not None,
            "answer": self.is_answer,
        }
        return [name for name, is_asked in asked.items() if not is_asked]

    def _read_files(self) -> list[tuple[CleanFile, str]]:
        """The files that were sent, made harmless; each that is refused has its sentence beside its field."""
        kept = []
        for field in self.file_fields:
            if not field.data:
                continue
            try:
                kept.append((read_upload(field.data, MAX_EVIDENCE_BYTES), title_of_file(field.data.filename)))
            except UploadError as refusal:
                field.errors = [*field.errors, str(refusal)]
        return kept


class BirthDateForm(SentForm):
    born_on = DayField("Date of birth", "Type the date as month/day/year, such as 1/31/1970.", required=True)

    def validate_born_on(self, field: DayField) -> None:
        if field.data is None:
            return
        today: date = today_in_california()
        age = today.year - field.data.year - ((today.month, today.day) < (field.data.month, field.data.day))
        if not MIN_AGE_YEARS <= age <= MAX_AGE_YEARS:
            raise ValidationError("Someone born on that date can’t be a provider now. Check the year.")


def _filled(credential: Credential, words: Kind) -> dict[str, Any]:
    """What was claimed last, as the form takes it."""
    last = credential.last_submission
    if last.field in words.fields:
        return asdict(last)
    return asdict(last) | {"field": OTHER_FIELD, "other_field": FIELDS.get(last.field or "", last.field)}
