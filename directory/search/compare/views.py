"""The page that sets providers side by side, and what its address asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request, url_for

from directory.places.place import Place, Resolution
from directory.places.resolve import resolve
from directory.providers.npi import has_form_of_npi
from directory.providers.offerings import GENDERS
from directory.providers.queries import successors_of
from directory.search.compare.offer_rows import offer_rows
from directory.search.compare.patient_rows import patient_rows
from directory.search.compare.queries import ComparedProvider, read_providers
from directory.search.compare.rows import ON_A_PHONE, RowGroup
from directory.search.compare.standing_rows import place_rows, qualification_rows
from directory.search.forms import ON
from directory.web.plain_text import without_invisible

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


def put_first(npis: Sequence[str], chosen: Iterable[str]) -> tuple[str, ...]:
    """`npis` with those `chosen` in front; texts that are none of them change nothing."""
    return tuple(dict.fromkeys([*(npi for npi in chosen if npi in npis), *npis]))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"


blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare_providers() -> Response:
    """The providers that the address names side by side, and in words what of it could not be read."""
    asked = read_npis(request.args.getlist("npi"))
    successors = successors_of(asked.npis)  # of providers that were saved before they were merged
    asked = replace(asked, npis=tuple(dict.fromkeys(successors.get(npi, npi) for npi in asked.npis)))
    chosen = [successors.get(npi, npi) for npi in (request.args.get("left", ""), request.args.get("right", ""))]
    near = without_invisible(request.args.get("near", ""))
    only_differences = request.args.get("all", "").strip().lower() not in ON
    resolution = resolve(near) if near else Resolution()
    columns = read_providers(put_first(asked.npis, chosen))
    known = [column.npi for column in columns]
    groups = _row_groups(columns, resolution.place)
    shown = groups
    if only_differences and len(known) > 1:
        shown = [replace(group, rows=tuple(row for row in group.rows if not row.is_same)) for group in groups]
    response = make_response(
        render_template(
            "search/compare/page.html",
            asked=asked,
            near=near,
            resolution=resolution,
            columns=columns,
            groups=shown,
            rows_left_out=sum(len(group.rows) for group in groups) - sum(len(group.rows) for group in shown),
            only_differences=only_differences,
            unknown=[npi for npi in asked.npis if npi not in known],
            genders=GENDERS,
            most=MAX_PROVIDERS,
            on_a_phone=ON_A_PHONE,
            removals={npi: _url_without(npi, known, near, only_differences) for npi in known},
            search_url=url_for("search.show_results", near=near or None, npi=known),
            shows_demonstration=any(column.provider.is_demonstration for column in columns),
        ),
        _status(asked, known),
    )
    response.headers["Cache-Control"] = "no-store"  # the page holds the person's place
    return response


def _row_groups(columns: Sequence[ComparedProvider], place: Place | None) -> list[RowGroup]:
    """All that is compared of `columns`. Without a `place` there are no distances."""
    return [
        place_rows(columns, place),
        qualification_rows(columns),
        patient_rows(columns),
        offer_rows(columns),
    ]


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


def _url_without(npi: str, npis: list[str], near: str, only_differences: bool) -> str:
    """The address of this page with one provider less."""
    others = [other for other in npis if other != npi]
    return url_for("compare.compare_providers", npi=others, near=near or None, all=None if only_differences else 1)
