"""What the page of results shows around the results: choices, sliders, chips, and scores whose points add up."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import floor
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.credentials.rubric import BOARD
from directory.providers.offerings import LISTED_SPECIALTIES
from directory.search.explain import APPROXIMATE, explain
from directory.search.filters import BY_PARAMETER, FILTERS, INJECTS, SWITCHES, VALUES, YES, SwitchFilter, ValuesFilter
from directory.search.forms import SearchForm
from directory.search.query import (
    SORTS,
    FacetValue,
    FoundProvider,
    NamedProviders,
    Result,
    SearchResults,
    Weights,
    sort_of,
)
from directory.web.languages import ENGLISH, current_language
from directory.web.messages import gettext, ngettext
from directory.web.phrases import N_, Words
from directory.web.urls import with_parameters

Choice = tuple[str, Words, bool]  # value, label, chosen
SPECIALTIES = VALUES["specialty"]
RADII = ("5", "10", "25", "50", "100", "250", "500")
PARTS = {"proximity": N_("Distance"), "qualification": N_("Verified qualifications"), "rating": N_("Ratings")}
RESET: dict[str, None] = dict.fromkeys(
    (*(BY_PARAMETER.keys() - {"specialty"}), *(f"w_{name}" for name in PARTS), "sort", "page")
)
"""What is left out of the address of a search with the usual weights and no filter but the kind of provider."""
GROUPS: dict[str, tuple[ValuesFilter | SwitchFilter, ...]] = {
    heading: tuple(filters) for heading, filters in groupby(FILTERS, key=lambda each: each.heading) if heading
}
"""The filters under each heading of the page."""
FIELD_FOR = {"page": "near", "sort": "weights"} | {
    each.parameter: group[0].parameter for group in GROUPS.values() for each in group
}
"""Which place on the page a mistake leads to, by field, where that is not the field's own."""


SORTED_BY = {
    "nearest": N_("Sorted by distance only."),
    "qualified": N_("Sorted by verified qualifications only."),
    "rated": N_("Sorted by ratings only."),
}
WEIGHED = N_("Distance %(proximity)s%%, qualifications %(qualification)s%%, ratings %(rating)s%%.")
OWN_WEIGHTS = N_("Your own weights")


def order_of(found: SearchResults) -> dict[str, str]:
    """What the results are sorted by, in two or three words and in a sentence."""
    weights = found.query.weights
    key = sort_of(weights)
    shares = {name: f"{100 * getattr(weights, name):.0f}" for name in PARTS}
    note = gettext(SORTED_BY[key]) if key in SORTED_BY else gettext(WEIGHED, **shares)
    return {"label": gettext(SORTS[key][0] if key else OWN_WEIGHTS), "note": note}


def order_choices(found: SearchResults, path: str, parameters: MultiDict[str, str]) -> list[dict[str, Any]]:
    """The orders to choose from, each with the address of the same search in it."""
    chosen = sort_of(found.query.weights)
    others = dict.fromkeys((*(f"w_{name}" for name in PARTS), "page"))
    return [
        {
            "label": gettext(label),
            "url": with_parameters(path, parameters, {**others, "sort": None if weights == Weights() else key}),
            "is_current": key == chosen,
        }
        for key, (label, weights) in SORTS.items()
    ]


def show_label(found: SearchResults | None) -> str:
    """The words on the button that closes the filters."""
    if not found:
        return gettext("Show providers")
    if not found.total:
        return gettext("No providers found: see what to try")
    total = f"{found.total:,}"
    return ngettext("Show %(count)s provider", "Show %(count)s providers", found.total, count=total)


def radius_choices(form: SearchForm) -> list[Choice]:
    """The usual distances, and the typed one if it is another."""
    typed = form.radius.shown.strip()
    asked = f"{form.radius.data:g}" if form.radius.data else typed[:20]
    choices: list[Choice] = [(radius, _miles(radius), radius == asked) for radius in RADII]
    if asked not in RADII:
        choices.append((asked, _miles(asked) if form.radius.data else f"“{asked}”", True))
    return choices


def _miles(radius: str) -> str:
    return gettext("%(distance)s miles", distance=radius)


def specialty_choices(form: SearchForm, found: SearchResults | None) -> list[Choice]:
    """The kinds of provider: the groups, and the specialties with their counts where something was found."""
    asked = form.specialty.data[0] if form.specialty.data else form.default_of(SPECIALTIES)
    choices: list[Choice] = [(key, gettext(group.label), asked == key) for key, group in SPECIALTIES.groups.items()]
    if found:
        facets = (facet for facet in found.facets["specialty"] if facet.value not in SPECIALTIES.groups)
        counted = {facet.value: (facet.label, f" ({facet.count:,})") for facet in facets}
    else:
        counted = {code: (gettext(name), "") for code, name in LISTED_SPECIALTIES.items()}
    if asked not in SPECIALTIES.groups:
        counted.setdefault(asked, (gettext(dict(form.specialty.choices).get(asked, f"“{asked[:40]}”")), ""))
    named = sorted(counted.items(), key=lambda item: item[1])
    return choices + [(code, label + count, code == asked) for code, (label, count) in named]


def english_specialties(choices: list[Choice]) -> set[str]:
    """Which choices are named in English on a page in another language: specialties that are not listed."""
    codes = set() if current_language() == ENGLISH else {value for value, _, _ in choices}
    return codes - LISTED_SPECIALTIES.keys() - SPECIALTIES.groups.keys() - {INJECTS}


def facet_groups(form: SearchForm, found: SearchResults | None) -> list[dict[str, Any]]:
    """The filters with their counts; before anything was found, those that the form knows, without counts."""
    groups = []
    chosen = {(each.parameter, value) for each in VALUES.values() for value in form[each.parameter].data}
    chosen |= {(parameter, YES) for parameter in SWITCHES if form[parameter].data}
    for heading, filters in GROUPS.items():
        choices = tuple(choice for each in filters for choice in _choices(form, found, each))
        if choices:
            errors = tuple(sentence for each in filters for sentence in form[each.parameter].errors)
            is_open = (
                filters[0].is_open
                or bool(errors)
                or any((choice.parameter, choice.value) in chosen for choice in choices)
            )
            name, label = filters[0].parameter, gettext(heading)
            hints = tuple(gettext(each.hint) for each in filters if each.hint)
            groups.append(
                {
                    "name": name,
                    "label": label,
                    "choices": choices,
                    "chosen": chosen,
                    "hints": hints,
                    "errors": errors,
                    "is_open": is_open,
                }
            )
    return groups


def _choices(form: SearchForm, found: SearchResults | None, each: ValuesFilter | SwitchFilter) -> Sequence[FacetValue]:
    name, field = each.parameter, form[each.parameter]
    if isinstance(each, SwitchFilter):
        return found.facets[name] if found else [FacetValue(name, YES, gettext(each.label))]
    by_default = {each.default, form.default_of(each)}
    if found:
        return [choice for choice in found.facets[name] if choice.value not in by_default]
    known = {value: gettext(label) for value, label in field.choices if value not in by_default}
    unknown = {value: f"“{value[:40]}”" for value in field.data if value not in known}
    return [FacetValue(name, value, label) for value, label in (known | unknown).items()]


def weight_sliders(form: SearchForm) -> list[dict[str, Any]]:
    """The sliders as they were set; weights typed on another scale (0.35) move to that of the sliders (0 to 100)."""
    fields = {name: form[f"w_{name}"] for name in PARTS}
    typed = [field.data if field.data is not None else 0.0 for field in fields.values()]
    if not 0 < sum(typed) < float("inf") or any(field.errors for field in fields.values()):
        typed = [field.default for field in fields.values()]
    total = sum(typed)
    scale = 1.0 if 1 < max(typed) <= 100 else 100 / total
    return [
        {
            "name": f"w_{name}",
            "label": gettext(label),
            "value": f"{number * scale:.0f}",
            "percent": round(100 * number / total),
            "errors": fields[name].errors,
        }
        for (name, label), number in zip(PARTS.items(), typed, strict=True)
    ]


def chips(found: SearchResults, path: str, parameters: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The filters in use, each with the address of the same search without it."""
    labels = {(facet.parameter, facet.value): facet.label for facets in found.facets.values() for facet in facets}
    pairs = [(name, value.strip()) for name, value in parameters.items(multi=True)]
    return [
        (labels[pair], with_parameters(path, MultiDict(other for other in pairs if other != pair), {"page": None}))
        for pair in dict.fromkeys(pairs)
        if pair in labels
    ]


def result_cards(found: SearchResults) -> list[dict[str, Any]]:
    labels = {name: gettext(label) for name, label in PARTS.items()}
    return [_card(result, found.query.weights, labels) for result in found.results]


def _card(result: Result, weights: Weights, labels: Mapping[str, str]) -> dict[str, Any]:
    """A result with its score in lines, whose points of 100 are rounded so that they add up to the total."""
    exact = [100 * getattr(result.parts, name) * getattr(weights, name) for name in PARTS]
    tenths, total = adding_up([10 * points for points in exact], 1000 * result.score)
    lines = [
        {
            "label": label,
            "part": getattr(result.parts, name),
            "weight": getattr(weights, name),
            "percent": f"{100 * getattr(weights, name):.1f}".removesuffix(".0"),
            "points": f"{tenth / 10:.1f}",
        }
        for (name, label), tenth in zip(labels.items(), tenths, strict=True)
    ]
    return {
        "result": result,
        "why": explain(result),
        "why_not": None,
        "lines": lines,
        "total": f"{total / 10:.1f}",
        "placed_by": APPROXIMATE.get(result.precision),
        "is_board_certified": is_board_certified(result),
    }


def named_cards(named: NamedProviders) -> list[dict[str, Any]]:
    """The same without a rank and a score, and with the reason for that."""
    return [
        {
            "result": provider,
            "lines": (),
            "why_not": provider.why,
            "placed_by": APPROXIMATE.get(provider.precision or "") if provider.distance_miles is not None else None,
            "is_board_certified": is_board_certified(provider),
        }
        for provider in named.providers
    ]


def is_board_certified(result: FoundProvider) -> bool:
    return any(key == BOARD.key and points > 0 for key, points, _ in result.awards)


def adding_up(exact: list[float], exact_total: float) -> tuple[list[int], int]:
    """Whole numbers near the `exact` ones that add up to the rounded total: the largest remainders go up."""
    total = round(exact_total)
    rounded = [floor(number) for number in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: rounded[index] - exact[index])
    for index in by_remainder[: max(0, total - sum(rounded))]:
        rounded[index] += 1
    return rounded, total
