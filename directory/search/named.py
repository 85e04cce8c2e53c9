"""The search by name, for the page and the command line: who is named so, near a place or anywhere.

Near a place, those whose names fit best are ranked as any search ranks. All others stand outside of the ranking, with
the reason: excluded or without an active license, too far away, a name that is only similar.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Row, and_, outerjoin, select

from directory.credentials.bars import EXCLUDED
from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.places.distance import miles_between
from directory.places.names import plain
from directory.places.place import Place
from directory.providers.by_name.queries import MAX_LISTED, NameMatches, find_names, with_extras
from directory.providers.by_name.scoring import SAME, npi_in, read_name
from directory.providers.models import PracticeLocation, Provider
from directory.search.engine import current_snapshot
from directory.search.grid import Integers
from directory.search.query import RESULTS_A_PAGE, NamedProvider, NamedProviders, SearchQuery, SearchResults
from directory.search.ranking import rank_page
from directory.search.service import read_providers, search
from directory.web.messages import gettext

FITS_AS_WELL = 5
"""Points by which a name may fit less than the best around a place, and still is ranked beside it."""


def search_by_name(text: str, offset: int = 0, limit: int = RESULTS_A_PAGE) -> NamedProviders:
    """Whose names are like `text`, a name or an NPI, anywhere: by how well they fit, then by city and name."""
    matches = _find(text, len)
    listed = with_extras(read_name(text), matches.best(MAX_LISTED))
    npis = _texts(listed.npis)
    main = {npi: rows[0] for npi, rows in _locations(npis).items()}
    names = dict(db.session.execute(select(Provider.npi, Provider.name).where(Provider.npi.in_(npis))).all())

    def place_in_order(match: tuple[int, str]) -> tuple[int, bool, str, str, str]:
        points, npi = match
        city = plain(main[npi].city) if npi in main else ""
        return (-points, not city, city, plain(names.get(npi, "")), npi)

    order = [npi for _, npi in sorted(zip(listed.points.tolist(), npis, strict=True), key=place_in_order)]
    offset = min(max(offset, 0), max(len(order) - 1, 0) // limit * limit)
    shown = order[offset : offset + limit]
    return NamedProviders(
        total=len(matches),
        listed=len(listed),
        providers=_read({npi: main.get(npi) for npi in shown}, {}, {}),
        offset=offset,
        is_partial=matches.is_partial,
    )


def search_by_name_near(text: str, query: SearchQuery) -> tuple[SearchResults, NamedProviders]:
    """The search of `query` among those whose names are like `text`, and who else is named so."""
    snapshot, place, name = current_snapshot(), query.place, read_name(text)
    around = (place.latitude, place.longitude, query.radius_miles)
    near = snapshot.npis_within(*around)
    matches = _find(text, lambda found: len(found.among(near)))
    inside = matches.among(near)
    if len(inside) <= MAX_LISTED:
        inside = with_extras(name, inside)
    best = int(inside.points.max()) if len(inside) else 0
    named = inside.only(inside.points >= best - FITS_AS_WELL)
    query = replace(query, npis=named.npis if len(named) else matches.npis)
    everyone_named = replace(query, npis=named.npis, offset=0, limit=max(len(named), 1))
    ranked = rank_page(snapshot, everyone_named).results["npi"]

    others = with_extras(name, matches.only(~np.isin(matches.npis, ranked)).best(MAX_LISTED))
    rows = _located(place, _texts(others.npis))
    why = dict.fromkeys(_texts(inside.npis), gettext("A similar name"))
    why |= dict.fromkeys(_texts(named.npis), gettext("Doesn’t match your filters"))

    def is_far(npi: str) -> bool:
        miles = rows[npi][1]
        return miles is not None and miles > query.radius_miles

    order = sorted(
        zip(others.points.tolist(), _texts(others.npis), strict=True),
        key=lambda each: (-each[0], rows[each[1]][1] is None, rows[each[1]][1] or 0.0, each[1]),
    )
    wanted = [npi for points, npi in order if not len(ranked) or points > best + FITS_AS_WELL or not is_far(npi)]
    shown = wanted[:RESULTS_A_PAGE]
    providers = _read({npi: rows[npi][0] for npi in shown}, why, {npi: rows[npi][1] for npi in shown})
    return search(query), NamedProviders(
        total=len(matches) - len(ranked), listed=len(shown), providers=providers, is_partial=matches.is_partial
    )


def _find(text: str, near: Callable[[NameMatches], int]) -> NameMatches:
    """Who has the NPI that was typed, or a name like `text`."""
    npi = npi_in(text)
    if npi is None:
        return find_names(read_name(text), near)
    is_shown = Provider.npi == npi, Provider.is_public
    found = np.array([int(each) for each in db.session.scalars(select(Provider.npi).where(*is_shown))], np.int64)
    return NameMatches(found, np.full(len(found), SAME))


def _texts(npis: Integers) -> list[str]:
    return [str(npi) for npi in npis.tolist()]


def _locations(npis: Collection[str]) -> dict[str, list[Row[Any]]]:
    """The practice locations of each provider, the main one first."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    columns = (getattr(PracticeLocation, column) for column in ("id", "npi", "city", "latitude", "longitude"))
    main_first = PracticeLocation.is_primary.desc(), PracticeLocation.id
    for row in db.session.execute(select(*columns).where(PracticeLocation.npi.in_(npis)).order_by(*main_first)):
        found[row.npi].append(row)
    return found


def _located(place: Place, npis: Collection[str]) -> dict[str, tuple[Row[Any] | None, float | None]]:
    """Of each provider the location nearest to `place`, and its miles; without a point the main one, and no miles."""
    locations = _locations(npis)
    located: dict[str, tuple[Row[Any] | None, float | None]] = {}
    for npi in npis:
        placed = [
            (miles_between((place.latitude, place.longitude), (row.latitude, row.longitude)), row.id, row)
            for row in locations[npi]
            if row.latitude is not None and row.longitude is not None
        ]
        if placed:
            miles, _, row = min(placed)
            located[npi] = row, miles
        else:
            located[npi] = next(iter(locations[npi]), None), None
    return located


def _read(
    locations: Mapping[str, Row[Any] | None], why: Mapping[str, str], miles: Mapping[str, float | None]
) -> tuple[NamedProvider, ...]:
    """What is shown of each provider at its location, in their order; those that have gone are left out.

    `why` says of some why they are not among the results; that a provider is never ranked goes before it.
    """
    at_its_location = and_(
        PracticeLocation.npi == Provider.npi, PracticeLocation.id.in_([row.id for row in locations.values() if row])
    )
    known = read_providers(outerjoin(Provider, PracticeLocation, at_its_location), Provider.npi.in_(locations))
    by_npi = {values["npi"]: values for values in known}
    standing = select(Provider.npi, Provider.deactivated_on, QualificationScore.barred_for).outerjoin(
        QualificationScore, QualificationScore.npi == Provider.npi
    )
    bars = {row.npi: row for row in db.session.execute(standing.where(Provider.npi.in_(locations)))}
    return tuple(
        NamedProvider(
            **by_npi[npi],
            distance_miles=miles.get(npi),
            is_active=bars[npi].deactivated_on is None,
            why=_why_never_ranked(bars[npi].deactivated_on, bars[npi].barred_for) or why.get(npi),
        )
        for npi in locations
        if npi in by_npi
    )


def _why_never_ranked(deactivated_on: date | None, barred_for: str | None) -> str | None:
    if deactivated_on:
        return gettext("Not ranked: its provider number was deactivated")
    if not barred_for:
        return None
    if EXCLUDED in barred_for.split(","):
        return gettext("Not ranked: excluded from federal health programs")
    return gettext("Not ranked: its license is not active")
