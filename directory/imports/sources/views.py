"""What the directory is made of: each source with its date, for readers and for programs."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from directory.imports.licenses.layout import LICENSES
from directory.imports.source_age import SourceStatus, sources_status
from directory.imports.source_counts import OF_NO_PROVIDER, SourceCounts, other_sources, source_counts
from directory.providers.sources import SourceKind
from directory.web.days import local_day, today_in_california
from directory.web.phrases import N_

blueprint = Blueprint("sources", __name__)

LICENSE_LIST = N_("Whether a license is active, and until when.")
TOLD_BY_FILE = {
    "nppes": N_("Names, addresses, phone numbers, specialties and license numbers, as providers entered them."),
    "nucc": N_("What each code of a specialty means."),
    "leie": N_("Who is excluded from federal health programs."),
    "medi_cal_suspended": N_("Who is suspended from Medi-Cal."),
    "cms_services": N_("How many neck injections were billed to Medicare, and with which guidance."),
    "cms_clinicians": N_("Medical school, group practices and telehealth."),
    "cms_asp": N_("What Medicare pays for the medicines. The cost estimator uses it."),
    "tiger": N_("Streets and their house numbers, to place addresses and to draw the map."),
}
TOLD_BY_KIND = {
    SourceKind.CLINIC: N_("What practices report of themselves."),
    SourceKind.STAFF: N_("What our staff entered or corrected."),
    SourceKind.PATIENTS: N_("Reviews written on this site."),
    SourceKind.PLATFORM: N_("Reviews written elsewhere, as far as the terms of that site allow."),
    SourceKind.DEMONSTRATION: N_("Invented, to show how this site works."),
}


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source as the page lists it."""

    key: str
    name: str
    kind: SourceKind
    url: str | None
    tells: str
    providers: int | None  # here of whom it tells something; None where it is about no single provider
    licenses: int | None = None  # of providers here that a board's list has
    as_of: date | None = None
    next_on: date | None = None  # when it is fetched by the clock
    every_days: int | None = None  # how often a public file is published


@blueprint.get("/sources")
def show_sources() -> str:
    sources = list_sources()
    public = [source for source in sources if source.kind == SourceKind.PUBLIC_FILE]
    return render_template(
        "imports/sources.html",
        read=[source for source in public if source.as_of],
        missing=[source for source in public if not source.as_of],
        others=[source for source in sources if source.kind != SourceKind.PUBLIC_FILE],
    )


@blueprint.get("/sources.json")
def show_sources_as_json() -> ResponseReturnValue:
    """The same for programs: days as 2026-12-01, names in English."""
    return jsonify(
        sources=[
            {
                "key": source.key,
                "name": source.name,
                "kind": source.kind,
                "url": source.url,
                "as_of": source.as_of and source.as_of.isoformat(),
                "providers": source.providers,
                "licenses": source.licenses,
                "next_fetch_on": source.next_on and source.next_on.isoformat(),
                "published_every_days": source.every_days,
            }
            for source in list_sources()
        ]
    )


def list_sources() -> list[ListedSource]:
    """Every public file that the directory reads, read or not, and each other origin of what it says."""
    counts = source_counts()
    files = [_listed_file(status, counts) for status in sources_status(today_in_california())]
    return files + [
        ListedSource(
            key=source.key,
            name=source.name,
            kind=source.kind,
            url=source.url,
            tells=TOLD_BY_KIND[source.kind],
            providers=counts.providers[source.key],
        )
        for source in other_sources()
        if source.key in counts.providers
    ]


def _listed_file(status: SourceStatus, counts: SourceCounts) -> ListedSource:
    is_license_list = status.key.startswith(LICENSES)
    return ListedSource(
        key=status.key,
        name=status.name,
        kind=SourceKind.PUBLIC_FILE,
        url=status.url,
        tells=LICENSE_LIST if is_license_list else TOLD_BY_FILE[status.key],
        providers=None if is_license_list or status.key in OF_NO_PROVIDER else counts.providers.get(status.key, 0),
        licenses=counts.licenses.get(status.key, 0) if is_license_list else None,
        as_of=status.as_of,
        next_on=local_day(status.next_at) if status.next_at else None,
        every_days=status.published_every_days,
    )
