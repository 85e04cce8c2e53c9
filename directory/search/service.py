"""The search itself: from a query to explained results."""

from collections.abc import Iterable
from operator import itemgetter

from directory.credentials.scoring import why_of
from directory.providers.models import DEMONSTRATION
from directory.providers.offerings import TREATING
from directory.providers.queries import specialty_names
from directory.search.engine import current_snapshot
from directory.search.explain import Facts, explain
from directory.search.facets import count_choices, find_loosenings
from directory.search.queries import Details, choice_labels, insurance_names, read_details
from directory.search.query import Parts, Result, SearchQuery, SearchResults
from directory.search.ranking import RankedPage, rank_page

CODE_LENGTH = 10  # of every NUCC code


def search(query: SearchQuery) -> SearchResults:
    """Rank every provider that `query` asks for, and explain those on its page.

    An offset beyond the last result becomes that of the last page; the query that comes back says so.
    """
    snapshot = current_snapshot()
    page = rank_page(snapshot, query)
    rows, sets = page.found.rows, snapshot.sets
    labels = choice_labels(
        sets["specialty"].counts(rows["specialty"]).keys() | query.filters.get("specialty", frozenset())
    )
    return SearchResults(
        query=page.query,
        total=page.total,
        results=_explained(page),
        facets=count_choices(rows, sets, query.filters, page.masks, labels),
        loosenings=() if page.total else find_loosenings(snapshot, query),
    )


def _explained(page: RankedPage) -> tuple[Result, ...]:
    """The page's results, but for those that have gone since the snapshot was read."""
    found = page.results
    known = read_details(found.rows["location"].tolist())
    columns = (found.rows["location"], found.rows["verified"], found.distance_miles, *page.scores)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(
        _result(rank, known[location], verified, distance_miles, score, Parts(*parts))
        for rank, (location, verified, distance_miles, *parts, score) in enumerate(rows, start=page.query.offset + 1)
        if location in known
    )


def _result(
    rank: int, about: Details, license_verified: bool, distance_miles: float, score: float, parts: Parts
) -> Result:
    reviews_counted = about.reviews_counted or 0
    facts = Facts(
        distance_miles=distance_miles,
        precision=about.precision,
        license_verified=license_verified,
        awards=[(award["key"], award["points"], why_of(award)) for award in about.awards or ()],
        rating=about.rating if reviews_counted else None,
        rating_low=about.rating_low if reviews_counted else None,
        rating_high=about.rating_high if reviews_counted else None,
        reviews_counted=reviews_counted,
    )
    why = explain(facts)
    return Result(
        rank=rank,
        npi=about.npi,
        name=about.name,
        location_id=about.location_id,
        address=_address(about),
        phone=about.phone,
        latitude=about.latitude,
        longitude=about.longitude,
        precision=about.precision,
        distance_miles=distance_miles,
        score=score,
        parts=parts,
        specialties=about.specialties,
        accepting=about.accepting,
        license_verified=license_verified,
        rating=facts.rating,
        rating_low=facts.rating_low,
        rating_high=facts.rating_high,
        reviews_counted=reviews_counted,
        reasons=why.in_order(),
        lifted=why.lifted,
        held_back=why.held_back,
        is_demonstration=about.npi.startswith(DEMONSTRATION),
    )


def _address(about: Details) -> str:
    street = ", ".join(line for line in (about.line_1, about.line_2) if line)
    return f"{street}, {about.city}, {about.state} {about.postal_code or ''}".rstrip()


def stored_choices(specialties: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """The choices of a search form that the database holds, by field: pairs of value and label.

    They are all treating specialties, those of `specialties` (as typed) that the taxonomy or any provider knows, and
    all insurance plans.
    """
    codes = [
        code for code in map(str.strip, specialties) if len(code) == CODE_LENGTH and code.isascii() and code.isalnum()
    ]
    declared = {code: code for code in codes if code in current_snapshot().sets["specialty"].values}
    names = {**declared, **specialty_names(codes)}
    return {
        "specialty": [(TREATING, "All who treat neck spasms"), *sorted(names.items(), key=itemgetter(1))],
        "insurance": sorted(insurance_names().items(), key=itemgetter(1)),
    }
