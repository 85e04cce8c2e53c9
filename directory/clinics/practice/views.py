"""The pages on which a confirmed representative keeps what the directory says of the practice."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import refuse_all_but_representatives, role_required, signed_in_account
from directory.accounts.representing import stop_speaking_for
from directory.accounts.roles import CLINIC
from directory.clinics.practice.facts import (
    Facts,
    confirm_facts,
    differences,
    facts_to_confirm,
    known_facts,
    plan_names,
    save_facts,
)
from directory.clinics.practice.forms import MAX_DETAIL_LENGTH, PRICED, FactsForm, StatementForm
from directory.clinics.practice.statements import (
    MAX_STATEMENT_LENGTH,
    REASONS,
    send_statement,
    statements_of,
    withdraw_statements,
)
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.offerings import WEEKDAYS
from directory.providers.sources import CONFIRMED_FOR_DAYS
from directory.web.forms import mistakes_of
from directory.web.transaction import EditConflictError, transaction

NOTHING_CHANGED = "Nothing changed. If everything is still true, confirm it with the first button."
OVERTAKEN = "Someone else changed or decided this at the same time. Check it again."

blueprint = Blueprint("practice", __name__, url_prefix="/account/providers")


@blueprint.get("/<npi>")
@role_required(CLINIC)
def show_facts(npi: str) -> str:
    return _page(_provider(npi))


@blueprint.post("/<npi>")
@role_required(CLINIC)
def save(npi: str) -> ResponseReturnValue:
    provider = _provider(npi)
    form = FactsForm(known_facts(npi), plan_names(), request.form)
    if not form.validate():
        return _page(provider, form), 400
    try:
        with transaction():
            changed = save_facts(signed_in_account(), npi, form.facts, form["version"].data or "")
    except EditConflictError:
        now = known_facts(npi)
        form["version"].data = now.version
        return _page(provider, form, meanwhile=now.facts), 409
    flash("Saved. The provider’s page shows it now." if changed else NOTHING_CHANGED, "success")
    return redirect(url_for(".show_facts", npi=npi), 303)


@blueprint.post("/<npi>/confirm")
@role_required(CLINIC)
def confirm(npi: str) -> ResponseReturnValue:
    """Confirm that all facts are still true."""
    provider = _provider(npi)
    try:
        with transaction():
            confirm_facts(signed_in_account(), npi, request.form.get("seen", ""))
    except EditConflictError:
        return _page(provider, refusal=OVERTAKEN), 409
    flash("Confirmed. The provider’s page shows it, with this month.", "success")
    return redirect(url_for(".show_facts", npi=npi), 303)


@blueprint.post("/<npi>/statement")
@role_required(CLINIC)
def change_statement(npi: str) -> ResponseReturnValue:
    provider, form = _provider(npi), StatementForm(request.form)
    is_withdrawn = request.form.get("act") == "withdraw"
    if not is_withdrawn and not form.validate():
        return _page(provider, statement=form), 400
    try:
        with transaction():
            if is_withdrawn:
                withdraw_statements(signed_in_account(), npi)
            else:
                send_statement(signed_in_account(), npi, form.text.data)
    except EditConflictError:
        return _page(provider, statement=form, refusal=OVERTAKEN), 409
    return redirect(url_for(".show_facts", npi=npi, _anchor="statement"), 303)


@blueprint.post("/<npi>/leave")
@role_required()  # the role goes with the last provider
def leave(npi: str) -> ResponseReturnValue:
    """Give the provider up; a second click gets the same answer."""
    with transaction():
        stop_speaking_for(signed_in_account(), npi)
    flash("You no longer represent that provider.", "success")
    return redirect(url_for("accounts.show_account"), 303)


def _provider(npi: str) -> Provider:
    refuse_all_but_representatives(npi)
    return db.session.get_one(Provider, npi)


def _page(
    provider: Provider,
    form: FactsForm | None = None,
    *,
    statement: StatementForm | None = None,
    meanwhile: Facts | None = None,
    refusal: str | None = None,
) -> str:
    known, plans = known_facts(provider.npi), plan_names()
    statements = statements_of(provider.npi)
    shown = form or FactsForm(known, plans)
    last = statements.pending or statements.rejected or statements.published
    words = statement or StatementForm(text=last.text if last else None)
    return render_template(
        "clinics/practice/facts.html",
        provider=provider,
        form=shown,
        mistakes=mistakes_of(shown, words),
        weekdays=WEEKDAYS,
        priced=PRICED,
        meanwhile=differences(meanwhile, shown.facts, plans) if meanwhile is not None else [],
        refusal=refusal,
        statements=statements,
        reasons=REASONS,
        statement=words,
        longest=MAX_STATEMENT_LENGTH,
        longest_detail=MAX_DETAIL_LENGTH,
        to_confirm=facts_to_confirm(provider.npi),
        confirmed_for_days=CONFIRMED_FOR_DAYS,
        shows_demonstration=provider.is_demonstration,
    )
