"""The readers' pages: the form for wrong information about a provider, and the page after it was sent."""

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from directory.clinics.models import InformationReport
from directory.clinics.reported.actions import report_information
from directory.clinics.reported.kinds import ABOUT, ABOUT_A_LOCATION, GONE, KNOWN_FROM
from directory.extensions import csrf
from directory.providers.models import Provider
from directory.providers.queries import provider_of
from directory.web.email_field import AddressField
from directory.web.fields import AnswerField, PlainTextField
from directory.web.forms import LimitedForm
from directory.web.hmac_hash import keyed_hash, network_of
from directory.web.languages import current_language
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import with_retries

blueprint = Blueprint("information_reports", __name__)
MAX_VALUE_LENGTH = 500
MAX_KEY_LENGTH = 64


class InformationReportForm(LimitedForm):
    """A report as typed. `form_key` tells a second sending of the same form."""

    about = AnswerField(_l("What is wrong?"), ABOUT, _l("Choose what is wrong."), required=True)
    location = AnswerField(_l("Which location?"), {}, _l("Choose the location where it is wrong."))
    right_value = PlainTextField(_l("What is right?"), MAX_VALUE_LENGTH)
    known_from = AnswerField(_l("How do you know?"), KNOWN_FROM, _l("Choose how you know."), required=True)
    email = AddressField(_l("Your email address (optional)"))
    form_key = HiddenField()

    def __init__(self, provider: Provider) -> None:
        super().__init__(None)
        self.addresses = {str(each.id): each.address_key for each in provider.locations}
        words = {str(each.id): " · ".join(filter(None, (each.address, each.phone))) for each in provider.locations}
        self.location.offer(words)
        self.process(request.form if self.is_submitted() else None)
        if not self.form_key.data or len(self.form_key.data) > MAX_KEY_LENGTH:
            self.form_key.data = secrets.token_urlsafe(24)

    def validate(self, extra_validators: Any = None) -> bool:
        self.location.required = len(self.addresses) > 1 and self.about.data in ABOUT_A_LOCATION
        self.right_value.required = self.about.data != GONE
        self.right_value.sentence = gettext("Type what is right, as well as you know it.")
        return bool(super().validate(extra_validators))

    def report(self, npi: str) -> InformationReport:
        """The report as typed, once valid."""
        chosen = self.location.data or ""
        if self.about.data in ABOUT_A_LOCATION and len(self.addresses) == 1:
            chosen = next(iter(self.addresses))
        return InformationReport(
            npi=npi,
            about=self.about.data,
            address_key=self.addresses.get(chosen, ""),
            right_value=self.right_value.data,
            known_from=self.known_from.data,
            email=self.email.data,
            form_language=current_language().code,
            network_hash=keyed_hash("information-report", network_of(request.remote_addr)),
            form_key=keyed_hash("information-report-form", f"{npi}:{self.form_key.data}"),
        )


@blueprint.route("/providers/<npi>/report", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]  # the form checks its token itself, so that it can come back filled
def report_wrong_information(npi: str) -> ResponseReturnValue:
    provider = provider_of(npi) or abort(404)
    form = InformationReportForm(provider)
    if form.validate_on_submit():
        try:
            with_retries(lambda: report_information(form.report(npi)))
            return redirect(url_for(".acknowledge_report", npi=npi), 303)
        except ValidationFailedError as refusal:
            form.take(refusal.faults)
    page = render_template(
        "clinics/reported/report.html", provider=provider, shows_demonstration=provider.is_demonstration, form=form
    )
    return page, 429 if form.refusal else 400 if form.problems else 200


@blueprint.get("/providers/<npi>/report/received")
def acknowledge_report(npi: str) -> str:
    provider = provider_of(npi) or abort(404)
    return render_template(
        "clinics/reported/received.html", provider=provider, shows_demonstration=provider.is_demonstration
    )
