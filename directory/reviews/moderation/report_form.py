"""The form by which a reader reports a review."""

import secrets

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from directory.reviews.policy import REPORTS
from directory.web.typed_fields import AnswerField, PlainTextField

MAX_NOTE_LENGTH = 1_000
MAX_KEY_LENGTH = 64


class ReportForm(Form):  # type: ignore[misc]  # WTForms has no types
    """A report as typed. `form_key` tells a second sending of the same form."""

    form_key = HiddenField()
    reason = AnswerField(
        _l("What is wrong with it?"), REPORTS, _l("Choose what is wrong with the review."), required=True
    )
    note = PlainTextField(_l("Anything that helps us to see it"), MAX_NOTE_LENGTH)

    def __init__(self, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(typed)
        if not self.form_key.data or len(self.form_key.data) > MAX_KEY_LENGTH:
            self.form_key.data = secrets.token_urlsafe(24)
