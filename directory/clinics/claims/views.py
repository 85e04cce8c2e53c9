"""The claimant's pages: the claim, and its own page behind the private link, where the code is entered."""

import re
import secrets
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField
from wtforms.validators import ValidationError

from directory.accounts.access import current_account, represents
from directory.accounts.actions import AccountError
from directory.accounts.settings import PASSWORD_LENGTH
from directory.clinics.claims.actions import CodeResult, enter_code, make_claim
from directory.clinics.claims.queries import EMAIL, PHONE, claim_of_key, published_domain, published_phones
from directory.clinics.models import Claim
from directory.extensions import limiter
from directory.providers.models import Provider
from directory.providers.queries import provider_of
from directory.web.email_field import AddressField
from directory.web.fields import AnswerField, LineField, TickField, TypedField
from directory.web.forms import FaultyForm, mistakes_of
from directory.web.hmac_hash import network_of
from directory.web.languages import current_language
from directory.web.messages import gettext, ngettext
from directory.web.messages import lazy_gettext as _l
from directory.web.refusals import InvalidTransitionError, ValidationFailedError
from directory.web.transaction import transaction

blueprint = Blueprint("claims", __name__)

MAX_NAME_LENGTH = 100
MAX_KEY_LENGTH = 64
_LINK = re.compile(r"://|\bwww\.|@|\w\.(?:com|org|net|info|io|ru|cn)\b", re.IGNORECASE)


class LetterLineField(LineField):
    """Words that stand in letters to other people, so no address may be among them."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and _LINK.search(self.data):
            raise ValidationError(gettext("Leave out website and email addresses."))


class ClaimForm(FaultyForm):
    """A claim as typed, by the ways that the provider offers: published phones, and a domain if one is known."""

    form_key = HiddenField()  # tells a second sending of the same form
    name = LetterLineField(_l("Your name"), MAX_NAME_LENGTH, sentence=_l("Type your name."), required=True)
    position = LetterLineField(
        _l("Your position at the practice"),
        MAX_NAME_LENGTH,
        sentence=_l("Type your position, such as office manager."),
        required=True,
    )
    email = AddressField(_l("Your email address"), required=True)
    way = AnswerField(
        _l("How should the code reach the practice?"),
        {},
        _l("Choose how the code reaches the practice."),
        required=True,
    )
    practice_email = AddressField(_l("The address at the practice’s domain"))
    may_speak = TickField(
        _l("I am allowed to represent this provider"),
        _l("Check the box to confirm that you are allowed to represent this provider, or leave the page."),
        required=True,
    )

    def __init__(self, phones: dict[str, str], domain: str | None, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.phones = {re.sub(r"\D", "", phone): phone for phone in phones}
        ways = {
            digits: gettext(
                "By phone: we call %(phone)s in %(city)s, the published number", phone=phone, city=phones[phone]
            )
            for digits, phone in self.phones.items()
        }
        if domain:
            ways = {
                EMAIL: gettext("By email, right away: to an address that ends in @%(domain)s", domain=domain),
                **ways,
            }
        self.way.offer(ways)
        self.domain = domain
        self.process(typed)
        if not self.form_key.data or len(self.form_key.data) > MAX_KEY_LENGTH:
            self.form_key.data = secrets.token_urlsafe(24)

    def validate(self, extra_validators: Any = None) -> bool:
        by_mail = self.way.data == EMAIL
        self.practice_email.required = by_mail
        if not by_mail:
            self.practice_email.process_errors, self.practice_email.suggestion = [], ""
        self.practice_email.sentence = gettext(
            "Type the address for the code; it ends in @%(domain)s.", domain=self.domain
        )
        return bool(super().validate(extra_validators))

    def claim(self, npi: str) -> Claim:
        """The claim as typed, once valid."""
        by_mail = self.way.data == EMAIL
        return Claim(
            npi=npi,
            name=self.name.data,
            position=self.position.data,
            email=self.email.data.lower(),
            way=EMAIL if by_mail else PHONE,
            form_language=current_language().code,
            sent_to=self.practice_email.data.lower() if by_mail else self.phones[self.way.data],
        )


class CodeField(TypedField):
    """The eight digits of a code, which may have spaces or dashes; anything else is no try."""

    def read(self, text: str) -> str:
        digits = re.sub(r"[\s-]", "", text)
        if not re.fullmatch(r"\d{8}", digits, re.ASCII):
            raise ValueError(str(self.sentence))
        return digits


class CodeForm(Form):  # type: ignore[misc]  # WTForms has no types
    code = CodeField(_l("The code"), _l("Type the 8 digits of the code."), required=True)


@blueprint.route("/claim/<npi>", methods=["GET", "POST"])
@limiter.limit(
    lambda: current_app.config["CLAIM_LIMIT"],
    key_func=lambda: network_of(request.remote_addr),
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 303,  # a mistake in the form is no claim
)
def claim_provider(npi: str) -> ResponseReturnValue:
    provider = _provider(npi)
    form = ClaimForm(published_phones(npi), published_domain(npi), request.form if request.method == "POST" else None)
    mistakes: list[tuple[str, str]] = []
    if request.method == "POST":
        if form.validate():
            try:
                with transaction():
                    make_claim(form.claim(npi), form.form_key.data)
                return redirect(url_for(".acknowledge", npi=npi), 303)
            except ValidationFailedError as refusal:
                form.take(refusal.faults)
        mistakes = mistakes_of(form)
    page = render_template(
        "clinics/claims/claim.html",
        provider=provider,
        form=form,
        mistakes=mistakes,
        speaks_already=represents(npi),
        shows_demonstration=provider.is_demonstration,
    )
    return page, 400 if mistakes else 200


@blueprint.get("/claim/<npi>/made")
def acknowledge(npi: str) -> str:
    provider = _provider(npi)
    return render_template("clinics/claims/made.html", provider=provider, shows_demonstration=provider.is_demonstration)


@blueprint.route("/claim/mine", methods=["GET", "POST"])
def show_claim() -> ResponseReturnValue:
    key = request.args.get("key", "")
    found = claim_of_key(key)
    if found is None:
        return render_template("clinics/claims/no_claim.html"), 400
    if request.method == "GET":
        return _own_page(found, CodeForm())
    form, account = CodeForm(request.form), current_account()
    if not form.validate():
        return _own_page(found, form, 400)
    password = request.form.get("password")
    try:
        with transaction():
            entered = enter_code(found, form.code.data, account, password)
    except AccountError as refusal:
        return _own_page(found, form, 400, ask=CodeResult.PASSWORD, password_mistake=str(refusal))
    except InvalidTransitionError as refusal:
        form.code.errors = [str(refusal)]
        return _own_page(found, form, 409)
    if entered is CodeResult.WRONG:
        form.code.errors = [_after_wrong_code(found.tries_left)]
        return _own_page(found, form, 409)
    if entered is not CodeResult.CONFIRMED:
        no_password = gettext("Choose a password.") if password == "" and entered is CodeResult.PASSWORD else ""
        return _own_page(found, form, 400 if no_password else 200, ask=entered, password_mistake=no_password)
    flash(gettext("You now manage the page of %(provider)s.", provider=found.provider.name), "success")
    if account is None:
        flash(gettext("Your account is ready. Sign in with its password, then set up the second factor."), "success")
        return redirect(url_for("security.login", next=url_for("practice.show_facts", npi=found.npi)), 303)
    return redirect(url_for("practice.show_facts", npi=found.npi), 303)


def _after_wrong_code(left: int) -> str:
    if left <= 0:
        return gettext("That was the fifth wrong code, so this claim is void. You can make a new one.")
    return ngettext(
        "That code is wrong. You have %(count)s try left.",
        "That code is wrong. You have %(count)s tries left.",
        left,
        count=left,
    )


def _own_page(
    found: Claim, form: CodeForm, status: int = 200, *, ask: CodeResult | None = None, password_mistake: str = ""
) -> ResponseReturnValue:
    mistakes = [("code", sentence) for sentence in form.code.errors]
    mistakes += [("password", password_mistake)] if password_mistake else []
    page = render_template(
        "clinics/claims/mine.html",
        claim=found,
        key=request.args["key"],
        form=form,
        mistakes=mistakes,
        password_mistake=password_mistake,
        ask=ask,
        steps=CodeResult,
        account=current_account(),
        password_length=PASSWORD_LENGTH,
        shows_demonstration=found.provider.is_demonstration,
    )
    return page, status, {"Cache-Control": "private, no-store"}


def _provider(npi: str) -> Provider:
    return provider_of(npi) or abort(404)
