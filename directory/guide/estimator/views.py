"""The page of the estimator. Its address holds all that was chosen and typed, so that it can be shared."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from directory.guide.contents import render_guide
from directory.guide.costs import about
from directory.guide.estimator.filled_in import (
    FIRST,
    GROUPS,
    IN_A_SENTENCE,
    POSTED,
    Choice,
    Filled,
    encode_shown,
    filled_in,
    find_by_name,
    find_stale,
    not_posted,
    read_choice,
    texts_of,
)
from directory.guide.estimator.forms import EstimateForm
from directory.guide.estimator.medicines import DOSES, VIALS, medicare_price
from directory.guide.estimator.sums import charge_rows, left_out, make_estimates, read_plan, share_rows
from directory.providers.offerings import brand
from directory.providers.queries import fees_of
from directory.web.days import today_in_california
from directory.web.forms import mistakes_of
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l

FIGURES = [name for group in ("dose", "price", *POSTED) for name in GROUPS[group]]
KEPT_CHOICES = ("product", "payer", "sides", "guidance", "deductible", "coinsurance", "copay", "out_of_pocket")
FEE_NAMES = {
    "price": _l("the price of the medicine"),
    "procedure": _l("the procedure fee"),
    "guidance_fee": _l("the guidance fee"),
    "visit": _l("the visit fee"),
}

blueprint = Blueprint("estimator", __name__, url_prefix="/guide/costs")


@blueprint.get("")
def estimate_costs() -> tuple[str, int]:
    typed, choice = request.args, read_choice(request.args)
    filled = filled_in(choice, today_in_california())
    defaults = FIRST | {"product": choice.product} | texts_of(filled)
    stale = find_stale(typed)
    texts = {name: text if name in stale else typed.get(name, text) for name, text in defaults.items()}
    form = EstimateForm(MultiDict({**texts, "provider_name": typed.get("provider_name", "")}), choice.provider)
    name = form.provider_name.data
    matches = find_by_name(name) if name and not choice.provider else []
    valid = form.validate(name_is_unknown=bool(name) and not choice.provider and not matches)
    own, missing = _own(form, texts, defaults), not_posted(choice, guided=form.guidance.data is not False)
    shown = render_guide(
        "guide/estimator/page.html",
        "costs",
        form=form,
        choice=choice,
        filled=filled,
        own=own,
        opened=any(form[name].errors or name in own for name in FIGURES),
        matches=matches,
        url_of_choices=partial(_url_of_choices, typed),
        fee_names=FEE_NAMES,
        not_posted=[FEE_NAMES[group] for group in missing],
        instead=_instead(filled, missing),
        not_given=_is_not_given(choice),
        reset=[form[name].label.text for name in defaults if name in stale and typed[name] != texts[name]],
        posts_no_fees=choice.provider is not None and not fees_of(choice.provider.npi),
        before=encode_shown(texts),
        facts=_facts(choice),
        mistakes=mistakes_of(form),
        result=_result(form, texts, defaults, filled) if valid else None,
    )
    return shown, 200 if valid else 400


def _url_of_choices(typed: Mapping[str, str], npi: str | None = None) -> str:
    """The address of the same treatment and plan at another provider, or at none."""
    kept: dict[str, Any] = {name: typed[name] for name in KEPT_CHOICES if typed.get(name)}
    return url_for("estimator.estimate_costs", **kept, npi=npi)


def _instead(filled: Mapping[str, Filled], missing: Sequence[str]) -> str:
    """What stands in for the fees that the provider has not posted, as far as there is something."""
    if any(group != "price" and filled[group].texts[0] for group in missing):
        return gettext("We use the fees that other providers here posted instead.")
    return gettext("We use Medicare’s limit instead.") if "price" in missing else ""


def _is_not_given(choice: Choice) -> bool:
    """Whether the provider says what they give, and the medicine is not among it."""
    given = [each.product for each in choice.provider.products] if choice.provider else []
    return bool(given) and choice.product not in given


def _own(form: EstimateForm, texts: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """What the reader changed to something that makes sense: by input, a sentence."""
    said = {}
    for name in (name for names in GROUPS.values() for name in names):
        typed, figure = texts[name].strip(), defaults[name]
        if typed == figure or form[name].errors:
            continue
        if not typed:
            said[name] = gettext("You left this blank. Our figure was %(figure)s.", figure=figure)
        elif figure:
            said[name] = gettext("Your own figure, instead of %(figure)s.", figure=figure)
        else:
            said[name] = gettext("Your own figure.")
    return said


def _treatment(form: EstimateForm) -> str:
    """What is chosen: "236 units of Botox, one side of the neck, with guidance, paid by Medicare"."""
    units = format(form.dose_typical.data, ",")
    dose = gettext("%(units)s units of %(product)s", units=units, product=brand(form.product.data))
    return ", ".join((dose, *(str(IN_A_SENTENCE[form[name].data]) for name in ("sides", "guidance", "payer"))))


def _facts(choice: Choice) -> list[str]:
    price = medicare_price(choice.product, today_in_california())
    return [*DOSES[choice.product], *VIALS[choice.product], *([price.fact] if price.fact else [])]


def _result(
    form: EstimateForm, texts: Mapping[str, str], defaults: Mapping[str, str], filled: Mapping[str, Filled]
) -> dict[str, Any]:
    """The sum worked out. `answer` is what the patient pays, None while that is unknown."""
    estimates, plan = make_estimates(form), read_plan(form)
    shares = [about(estimate.share.patient) for estimate in estimates if estimate.share]
    invented = {name for group, each in filled.items() if each.is_invented for name in GROUPS[group]}
    named = {name: text for name, text in texts.items() if text or defaults[name]}
    return {
        "rows": charge_rows(estimates, form.guidance.data) + (share_rows(estimates, plan) if plan else []),
        "answer": shares[1] if shares else None,
        "range": (shares[0], shares[2]) if shares and shares[0] != shares[2] else None,
        "charge": about(estimates[1].charge.total),
        "treatment": _treatment(form),
        "left_out": left_out(form),
        "has_invented": any(texts[name] and texts[name] == defaults[name] for name in invented),
        "link": url_for("estimator.estimate_costs", _external=True, **named),
    }
