"""`flask search`: the search of the page on the command line."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import click
from flask.cli import with_appcontext
from werkzeug.datastructures import MultiDict

from directory.places.place import Place
from directory.places.resolve import resolve
from directory.search.explain import explain
from directory.search.filters import FILTERS, YES, SwitchFilter
from directory.search.forms import SearchForm
from directory.search.named import search_by_name, search_by_name_near
from directory.search.query import RESULTS_A_PAGE, SORTS, NamedProviders, Result, SearchResults, Weights
from directory.search.service import search, stored_choices
from directory.web.commands import database_errors_explained

Callback = Callable[..., None]
OPTIONS = {each.parameter: each.option or f"--{each.parameter}" for each in FILTERS} | {
    "near": "PLACE",
    "w_proximity": "--weights",
    "w_qualification": "--weights",
    "w_rating": "--weights",
}
"""What the command line calls a form's field, where that is not `--` and the field's name."""
DEMONSTRATION = "  [demonstration data]"
NAMED_FIELDS = ("npi", "name", "address", "distance_miles", "why")
JSON_FIELDS = ("rank", "npi", "name", "latitude", "longitude", "distance_miles", "score")


def filter_options(command: Callback) -> Callback:
    """Give `command` an option for each of `FILTERS`."""
    for each in reversed(FILTERS):
        names, help = (OPTIONS[each.parameter], each.parameter), each.help
        if isinstance(each, SwitchFilter):
            command = click.option(*names, flag_value=YES, default="", help=help)(command)
        elif each.flags:
            for value, (flag, help) in reversed(list(each.flags.items())):
                command = click.option(flag, each.parameter, flag_value=value, default="", help=help)(command)
        else:
            command = click.option(*names, multiple=True, metavar=each.metavar, help=help)(command)
    return command


@click.command("search")
@click.argument("place", default="")
@click.option("--name", default="", metavar="NAME", help="Doctor or practice, or an NPI; without PLACE anywhere.")
@click.option("--radius", default="", metavar="MILES", help="At most this many miles away (25).")
@filter_options
@click.option("--weights", default="", metavar="P,Q,R", help="Of proximity, qualification and rating (0.35,0.35,0.30).")
@click.option(
    "--sort", default="", metavar="KEY", help=f"Instead of weights: {', '.join(SORTS)}; a sort is nothing but weights."
)
@click.option("--limit", type=click.IntRange(min=1), default=RESULTS_A_PAGE, show_default=True, help="Most results.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with unrounded numbers.")
@with_appcontext
@database_errors_explained()
def search_command(
    place: str, name: str, limit: int, as_json: bool, weights: str, specialty: tuple[str, ...], **typed: Any
) -> None:
    """Rank the providers around PLACE: a ZIP, a city, an address, or "33.83, -118.34". Or find them by name.

    Several values of one option stand for any of them. A PLACE that starts with a dash comes after `--`.
    """
    if weights.strip() and typed["sort"]:
        raise click.UsageError("--sort: Give --sort or --weights, not both: a sort is nothing but weights.")
    parameters = MultiDict({"near": place, "name": name, "specialty": specialty, **_weights(weights), **typed})
    form = SearchForm(parameters, stored_choices(specialty))
    if not form.validate():
        messages = {
            f"{OPTIONS.get(field, f'--{field}')}: {error}" for field, errors in form.errors.items() for error in errors
        }
        raise click.UsageError("\n".join(sorted(messages)))
    results, named = None, None
    if form.near.data:
        query = replace(form.to_query(_resolved(form.near.data)), limit=limit)
        if form.name.data:
            results, named = search_by_name_near(form.name.data, query)
        else:
            results = search(query)
    else:
        named = search_by_name(form.name.data, limit=limit)
    if as_json:
        click.echo(json.dumps(_as_values(results) | _as_named_values(named), ensure_ascii=False))
    else:
        click.echo("\n\n".join(filter(None, (_as_text_page(results), _as_named_page(named)))))


def _weights(text: str) -> dict[str, str]:
    """The weights' form values of "0.35,0.35,0.30"; none for an empty text."""
    if not text.strip():
        return {}
    numbers = text.split(",")
    if len(numbers) != 3 or not all(map(str.strip, numbers)):
        raise click.UsageError(
            "--weights: Type three numbers for proximity, qualification and rating, such as 0.35,0.35,0.30."
        )
    return dict(zip(("w_proximity", "w_qualification", "w_rating"), numbers, strict=True))


def _resolved(text: str) -> Place:
    """The one place that `text` names; otherwise says what to type and ends with 2."""
    resolution = resolve(text)
    if resolution.place:
        return resolution.place
    if resolution.choices:
        lines = [f"“{text}” may mean several places. Type one of these:", *resolution.choices]
    else:
        lines = [resolution.message or f"We don’t know the place “{text}”."]
        if resolution.suggestions:
            lines += ["Did you mean:", *resolution.suggestions]
    raise click.UsageError("\n  ".join(lines))


def _as_values(results: SearchResults | None) -> dict[str, Any]:
    if results is None:
        return {}
    place = results.query.place
    return {
        "place": {name: getattr(place, name) for name in ("label", "latitude", "longitude", "precision")},
        "total": results.total,
        "results": [
            {
                **{name: getattr(result, name) for name in JSON_FIELDS},
                "parts": asdict(result.parts),
                "weights": asdict(results.query.weights),
                "reasons": explain(result).in_order(),
            }
            for result in results.results
        ],
    }


def _as_named_values(named: NamedProviders | None) -> dict[str, Any]:
    if named is None:
        return {}
    return {
        "named": [{name: getattr(provider, name) for name in NAMED_FIELDS} for provider in named.providers],
        "named_total": named.total,
    }


def _as_text_page(results: SearchResults | None) -> str:
    if results is None:
        return ""
    query = results.query
    count = f"{results.total:,} provider{'' if results.total == 1 else 's'}"
    lines = [f"{count} within {query.radius_miles:g} miles of {query.place.label}"]
    if query.place.note:
        lines.append(query.place.note)
    if results.not_accepting:
        who = "who accepts no new patients is" if results.not_accepting == 1 else "who accept no new patients are"
        lines.append(f"{results.not_accepting:,} {who} left out: see --accepting-any.")
    for result in results.results:
        lines.extend(("", *_entry(result, query.weights)))
    if results.loosenings:
        lines.extend(("", "You could loosen:"))
        lines.extend(f"  {way.label}: {way.total:,}" for way in results.loosenings)
    return "\n".join(lines)


def _as_named_page(named: NamedProviders | None) -> str:
    if named is None:
        return ""
    lines = [f"{named.total:,} not ranked, found by name"]
    if named.is_partial:
        lines.append("No name has all of these words; these have the most of them.")
    for provider in named.providers:
        miles = "" if provider.distance_miles is None else f"{provider.distance_miles:.1f} miles"
        lines.append(f"      {provider.name}{DEMONSTRATION if provider.is_demonstration else ''}")
        lines.append(f"      {' · '.join(filter(None, (provider.npi, miles, provider.address, provider.why)))}")
    return "\n".join(lines)


def _entry(result: Result, weights: Weights) -> list[str]:
    parts = asdict(result.parts)
    total = " + ".join(f"{name} {parts[name]:.3f} × {weight:.2f}" for name, weight in asdict(weights).items())
    contact = " · ".join(text for text in (result.address, result.phone) if text)
    known = " · ".join(text for text in (result.profession, *result.injections.sentences) if text)
    demonstration = DEMONSTRATION if result.is_demonstration else ""
    return [
        f"{result.rank:>4}. {result.name}{demonstration}",
        f"      {contact}",
        f"      {known}",
        f"      {'; '.join(explain(result).in_order())}",
        f"      score {result.score:.4f} = {total}",
    ]
