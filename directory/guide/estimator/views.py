"""The page of the estimator. Its address holds all that was chosen and typed, so that it can be shared."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from directory.guide.contents import render_guide
from directory.guide.costs import usd
from directory.guide.estimator.filled_in import (
    FIRST,
    GROUPS,
    Choice,
    Filled,
    encode_shown,
    filled_in,
    find_stale,
    read_choice,
    texts_of,
)
from directory.guide.estimator.forms import EstimateForm
from directory.guide.estimator.medicines import DOSES, VIALS, medicare_price
from directory.guide.estimator.sums import charge_rows, left_out, make_estimates, read_plan, share_rows
from directory.providers.queries import fees_of
from directory.web.days import today_in_california
from directory.web.forms import mistakes_of

blueprint = Blueprint("estimator", __name__, url_prefix="/guide/costs")


@blueprint.get("")
def estimate_costs() -> tuple[str, int]:
    typed, choice = request.args, read_choice(request.args)
    filled = filled_in(choice, today_in_california())
    defaults = FIRST | texts_of(filled)
    stale = find_stale(typed)
    texts = {name: text if name in stale else typed.get(name, text) for name, text in defaults.items()}
    form = EstimateForm(MultiDict(texts), choice.provider)
    valid = form.validate()
    shown = render_guide(
        "guide/estimator/page.html",
        "costs",
        form=form,
        choice=choice,
        filled=filled,
        own=_own(form, texts, defaults),
        reset=[form[name].label.text for name in defaults if name in stale and typed[name] != texts[name]],
        posts_no_fees=choice.provider is not None and not fees_of(choice.provider.npi),
        before=encode_shown(texts),
        facts=_facts(choice),
        mistakes=mistakes_of(form),
        result=_result(form, texts, defaults, filled) if valid else None,
    )
    return shown, 200 if valid else 400


def _own(form: EstimateForm, texts: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """What the reader changed to something that makes sense: by input, a sentence."""
    said = {}
    for name in (name for names in GROUPS.values() for name in names):
        typed, figure = texts[name].strip(), defaults[name]
        if typed == figure or form[name].errors:
            continue
        if not typed:
            said[name] = gettext("You left this empty, in place of %(figure)s.", figure=figure)
        elif figure:
            said[name] = gettext("Your own figure, in place of %(figure)s.", figure=figure)
        else:
            said[name] = gettext("Your own figure.")
    return said


def _facts(choice: Choice) -> list[str]:
    price = medicare_price(choice.product, today_in_california())
    return [*DOSES[choice.product], *VIALS[choice.product], *([price.fact] if price.fact else [])]


def _result(
    form: EstimateForm, texts: Mapping[str, str], defaults: Mapping[str, str], filled: Mapping[str, Filled]
) -> dict[str, Any]:
    """The sum worked out. `charges` and `patient` are low, typical and high; `patient` is empty while it is unknown."""
    estimates, plan = make_estimates(form), read_plan(form)
    invented = {name for group, each in filled.items() if each.is_invented for name in GROUPS[group]}
    named = {name: text for name, text in texts.items() if text or defaults[name]}
    return {
        "rows": charge_rows(estimates, form.guidance.data) + (share_rows(estimates, plan) if plan else []),
        "charges": [usd(estimate.charge.total) for estimate in estimates],
        "patient": [usd(estimate.share.patient) for estimate in estimates if estimate.share],
        "left_out": left_out(form),
        "has_invented": any(texts[name] and texts[name] == defaults[name] for name in invented),
        "link": url_for("estimator.estimate_costs", _external=True, **named),
    }
