"""The page that sets providers side by side, and what its address asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from directory.places.place import Place, Resolution
from directory.places.resolve import resolve
from directory.providers.npi import has_form_of_npi
from directory.search.compare.offer_rows import fee_rows, offer_rows
from directory.search.compare.patient_rows import patient_rows
from directory.search.compare.queries import ComparedProvider, read_providers
from directory.search.compare.rows import RowGroup
from directory.search.compare.standing_rows import place_rows, qualification_rows
from directory.search.forms import ON
from directory.web.languages import page_path
from directory.web.urls import with_parameters

MAX_PROVIDERS = 4
MAX_SHOWN_LENGTH = 20  # characters of a text that is no NPI


@dataclass(frozen=True, slots=True)
class Asked:
    """`npis` to compare, in the order given, each once and at most `MAX_PROVIDERS`; what became of the rest."""

    npis: tuple[str, ...]
    repeated: tuple[str, ...]  # NPIs that were given more than once
    malformed: tuple[str, ...]  # texts that have not the form of an NPI, cut to what a page can show
    left_out: int  # how many more NPIs there were


def read_npis(typed: Iterable[str]) -> Asked:
    """Read the values of `npi`; empty ones ask for nothing."""
    texts = [text.strip() for text in typed]
    wellformed = [text for text in texts if has_form_of_npi(text)]
    distinct = list(dict.fromkeys(wellformed))
    compared = tuple(distinct[:MAX_PROVIDERS])
    return Asked(
        npis=compared,
        repeated=tuple(npi for npi in compared if wellformed.count(npi) > 1),
        malformed=tuple(dict.fromkeys(_cut(text) for text in texts if text and not has_form_of_npi(text))),
        left_out=len(distinct) - len(compared),
    )


def without(npis: Sequence[str], npi: str) -> list[str]:
    """`npis` but for one, in their order."""
    return [other for other in npis if other != npi]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"


@dataclass(frozen=True, slots=True)
class ComparisonTable:
    columns: tuple[ComparedProvider, ...]
    groups: tuple[RowGroup, ...]
    rows_left_out: int  # that say the same of all, when only differences are shown

    @property
    def not_ranked(self) -> list[ComparedProvider]:
        return [column for column in self.columns if not column.is_ranked]

    @property
    def is_demonstration(self) -> bool:
        return any(column.provider.is_demonstration for column in self.columns)


def build_comparison(
    columns: Sequence[ComparedProvider], place: Place | None, only_differences: bool
) -> ComparisonTable:
    """Set `columns` side by side. Without a `place` there are no distances."""
    groups = (
        place_rows(columns, place),
        qualification_rows(columns),
        patient_rows(columns),
        offer_rows(columns),
        fee_rows(columns),
    )
    shown = tuple(_differing(group) for group in groups) if only_differences else groups
    left_out = sum(len(group.rows) for group in groups) - sum(len(group.rows) for group in shown)
    return ComparisonTable(tuple(columns), shown, left_out)


def _differing(group: RowGroup) -> RowGroup:
    return replace(group, rows=tuple(row for row in group.rows if not row.is_same))


blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def page() -> Response:
    """The providers that the address names side by side, and in words what of it could not be read."""
    asked = read_npis(request.args.getlist("npi"))
    near = request.args.get("near", "").strip()
    only_differences = request.args.get("differences", "").strip().lower() in ON
    resolution = resolve(near) if near else Resolution()
    columns = read_providers(asked.npis)
    known = [column.npi for column in columns]
    shown = build_comparison(columns, resolution.place, only_differences and len(known) > 1)
    response = make_response(
        render_template(
            "search/compare/page.html",
            asked=asked,
            near=near,
            resolution=resolution,
            comparison=shown,
            only_differences=only_differences,
            unknown=[npi for npi in asked.npis if npi not in known],
            most=MAX_PROVIDERS,
            removals={npi: _address(without(known, npi)) for npi in known},
            search_url=with_parameters(url_for("search.results"), _parameters(near, known), {}),
            shows_demonstration=shown.is_demonstration,
        ),
        _status(asked, known),
    )
    response.headers["Cache-Control"] = "no-store"  # the page holds the person's place
    return response


@blueprint.app_template_global()
def most_compared() -> int:
    """How many providers fit side by side."""
    return MAX_PROVIDERS


@blueprint.app_template_global()
def chosen_to_compare() -> tuple[str, ...]:
    """The providers that the address of a search holds: a comparison to which others are being added."""
    return read_npis(request.args.getlist("npi")).npis


def _status(asked: Asked, known: list[str]) -> int:
    """200 when a provider is shown, or none was asked for."""
    if known or not (asked.npis or asked.malformed):
        return 200
    return 404 if asked.npis else 400


def _address(npis: list[str]) -> str:
    """The address of this page with `npis` in place of those that it shows."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] in {"near", "differences"}]
    return with_parameters(page_path(), MultiDict([("npi", npi) for npi in npis] + kept), {})


def _parameters(near: str, npis: list[str]) -> MultiDict[str, str]:
    return MultiDict([("near", near), *(("npi", npi) for npi in npis)])
