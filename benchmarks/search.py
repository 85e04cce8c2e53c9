"""How quickly a search is answered, beside three other exact ways to answer it, in one run over the same rows.

    python benchmarks/search.py [--sizes 10000,100000,1000000] [--queries 1000] [--seconds 20]

The rows are invented practice locations strewn around the middles of real ZIP codes, which lie where people live; the
queries start near such middles too. The other ways: numpy over all rows; SQLite's R*Tree with the score in SQL; and
(for few rows) a loop over all rows with geopy. Each takes the same queries in turn until its seconds are over. Where
two answered one query, their first twenty and their totals must be the same, or the run ends with an error.
"""

import argparse
import math
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from geopy.distance import great_circle
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from directory import create_app
from directory.credentials.models import QualificationScore
from directory.extensions import db
from directory.places.atlas import atlas
from directory.places.distance import EARTH_RADIUS_MILES, great_circle_miles
from directory.places.place import Place
from directory.providers.models import PERSON, PracticeLocation, Provider, ProviderProduct, ProviderSpecialty
from directory.providers.offerings import PRODUCTS, TREATING_SPECIALTIES
from directory.providers.revision import note_search_change
from directory.providers.sources import known_source
from directory.ratings.models import RatingEstimate
from directory.search.engine import refresh_snapshot
from directory.search.explain import explain
from directory.search.query import SearchQuery, Weights
from directory.search.ranking import RATING_WITHOUT_REVIEWS, rank_page
from directory.search.service import search
from directory.search.snapshot import Snapshot

Answer = tuple[int, list[int]]
"""How many results there are, and the NPIs of the first twenty."""
Way = Callable[[SearchQuery], Answer]

OURS = "the directory's engine"
MAX_ROWS_OF_A_LOOP = 20_000
MIN_QUERIES = 20
SPECIALTIES = sorted(TREATING_SPECIALTIES)
DAY, NOW = date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)
ROWS_AT_ONCE = 10_000


class Locations:
    """`count` invented practice locations, as columns. Three of four providers have one, the others two or three."""

    def __init__(self, count: int) -> None:
        chance = np.random.default_rng(count)
        middles = np.array([zip_code.point for zip_code in atlas().zips.values() if zip_code.point])
        crowd = chance.pareto(1.2, len(middles)) + 0.1  # some ZIP codes hold hundreds of providers, most a few
        provider = np.repeat(np.arange(count), chance.choice((1, 1, 1, 1, 1, 1, 2, 3), count))[:count]
        home = middles[chance.choice(len(middles), provider[-1] + 1, p=crowd / crowd.sum())]
        points = np.round(100 * chance.beta(1, 3, len(home)), 1)
        stars = np.where(chance.random(len(home)) < 0.4, np.nan, np.round(5 - 4 * chance.beta(2, 5, len(home)), 3))
        specialty = chance.integers(0, len(SPECIALTIES), len(home))

        self.count, self.providers = count, len(home)
        self.location = np.arange(1, count + 1)
        self.npi = 1_000_000_000 + provider
        self.latitude = np.round(home[provider, 0] + chance.normal(0, 0.04, count), 6)
        self.longitude = np.round(home[provider, 1] + chance.normal(0, 0.05, count), 6)
        self.qualification = (points / 100)[provider]
        self.rating = ((np.where(np.isnan(stars), RATING_WITHOUT_REVIEWS, stars) - 1) / 4)[provider]
        self.specialty = specialty[provider]
        self.by_provider = list(zip(points.tolist(), stars.tolist(), specialty.tolist(), strict=True))

    def store(self) -> None:
        """Write all of them into the app's empty database."""
        known_source("demo")
        db.session.commit()
        npis = [str(1_000_000_000 + number) for number in range(self.providers)]
        sourced: dict[str, Any] = {"source_key": "demo", "as_of": DAY}
        address = {"line_1": "1 Example Street", "city": "Torrance", "state": "CA", "precision": "point"}
        products = list(PRODUCTS)
        by_provider = list(zip(npis, self.by_provider, strict=True))
        _insert(
            Provider,
            ({"npi": npi, "entity_type": PERSON, "name": f"Ada Example {npi}, MD", **sourced} for npi in npis),
        )
        _insert(
            ProviderSpecialty,
            (
                {"npi": npi, "specialty_code": SPECIALTIES[specialty], "is_primary": True, **sourced}
                for npi, (_, _, specialty) in by_provider
            ),
        )
        _insert(
            ProviderProduct,
            ({"npi": npi, "product": products[int(npi) % len(products)], **sourced} for npi in npis[::2]),
        )
        _insert(
            QualificationScore,
            (
                {"npi": npi, "points": points, "awards": [], "license_verified": points > 20}
                for npi, (points, _, _) in by_provider
            ),
        )
        _insert(
            RatingEstimate,
            (
                {
                    "npi": npi,
                    "estimate": stars,
                    "low": stars - 0.3,
                    "high": stars + 0.2,
                    "reviews_counted": 12,
                    "reviews_discounted": 0,
                }
                for npi, (_, stars, _) in by_provider
                if not math.isnan(stars)
            ),
        )
        places = zip(*(each.tolist() for each in (self.location, self.npi, self.latitude, self.longitude)), strict=True)
        _insert(
            PracticeLocation,
            (
                {
                    "id": place,
                    "npi": str(npi),
                    "address_key": str(place),
                    "latitude": latitude,
                    "longitude": longitude,
                    "is_primary": True,
                    **address,
                    **sourced,
                }
                for place, npi, latitude, longitude in places
            ),
        )


def _insert(table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    """Insert `rows` in one transaction, without waiting for the disk. Columns left out get the model's default."""
    connection = db.session.connection()
    connection.exec_driver_sql("PRAGMA synchronous=OFF")
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_ONCE)):
        connection.execute(insert(table.__table__), chunk)
    db.session.commit()


def random_queries(count: int) -> list[SearchQuery]:
    """Searches from near the middles of ZIP codes, half of them for one specialty."""
    chance = random.Random(count)
    middles = [zip_code.point for zip_code in atlas().zips.values() if zip_code.point]
    queries = []
    for _ in range(count):
        latitude, longitude = chance.choice(middles)
        raw = [chance.uniform(0.1, 1) for _ in range(3)]
        queries.append(
            SearchQuery(
                Place("", latitude + chance.gauss(0, 0.02), longitude + chance.gauss(0, 0.02), "point"),
                radius_miles=chance.choice((10.0, 25.0, 25.0, 25.0, 50.0)),
                weights=Weights(*(each / sum(raw) for each in raw)),
                filters=chance.choice(({}, {"specialty": frozenset({chance.choice(SPECIALTIES)})})),
            )
        )
    return queries


def our_way(snapshot: Snapshot) -> Way:
    def answer(query: SearchQuery) -> Answer:
        page = rank_page(snapshot, query)
        return page.total, page.results["npi"].tolist()

    return answer


def numpy_way(rows: Locations) -> Way:
    """Distances, scores and order of all rows, with no index at all."""

    def answer(query: SearchQuery) -> Answer:
        miles = great_circle_miles(query.place.latitude, query.place.longitude, rows.latitude, rows.longitude)
        wanted = miles <= query.radius_miles
        for code in query.filters.get("specialty", ()):
            wanted &= rows.specialty == SPECIALTIES.index(code)
        kept = np.flatnonzero(wanted)
        kept = kept[np.lexsort((miles[kept], rows.npi[kept]))]
        kept = kept[np.unique(rows.npi[kept], return_index=True)[1]]
        score = (
            query.weights.proximity * 0.5 ** (miles[kept] / 10)
            + query.weights.qualification * rows.qualification[kept]
            + query.weights.rating * rows.rating[kept]
        )
        order = np.lexsort((rows.npi[kept], miles[kept], -score))[: query.limit]
        return len(kept), rows.npi[kept[order]].tolist()

    return answer


def geopy_way(rows: Locations) -> Way:
    """A plain loop over plain rows."""
    names = ("npi", "latitude", "longitude", "qualification", "rating", "specialty")
    table = list(zip(*(getattr(rows, name).tolist() for name in names), strict=True))

    def answer(query: SearchQuery) -> Answer:
        here = (query.place.latitude, query.place.longitude)
        weights, codes = query.weights, {SPECIALTIES.index(code) for code in query.filters.get("specialty", ())}
        best: dict[int, tuple[float, float]] = {}
        for npi, latitude, longitude, qualification, rating, specialty in table:
            if codes and specialty not in codes:
                continue
            miles = great_circle(here, (latitude, longitude)).miles
            if miles <= query.radius_miles and (npi not in best or miles < best[npi][1]):
                score = (
                    weights.proximity * 0.5 ** (miles / 10)
                    + weights.qualification * qualification
                    + weights.rating * rating
                )
                best[npi] = (-score, miles)
        return len(best), sorted(best, key=lambda npi: (*best[npi], npi))[: query.limit]

    return answer


R_TREE_QUERY = """
WITH near AS (
  SELECT npi, qualification, rating,
    2 * :earth * asin(sqrt(
      pow(sin(radians(latitude - :latitude) / 2), 2)
      + cos(radians(:latitude)) * cos(radians(latitude)) * pow(sin(radians(longitude - :longitude) / 2), 2)
    )) AS miles
  FROM location
  WHERE south <= :north AND north >= :south AND west <= :east AND east >= :west
    AND (:specialty IS NULL OR specialty = :specialty)
), nearest AS (
  SELECT npi, qualification, rating, min(miles) AS miles FROM near WHERE miles <= :radius GROUP BY npi
)
SELECT npi, count(*) OVER () FROM nearest
ORDER BY :proximity * pow(0.5, miles / 10) + :qualification * qualification + :rating * rating DESC, miles, npi
LIMIT :limit
"""


def r_tree_way(rows: Locations) -> Way:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE location USING rtree(id, south, north, west, east,"
        " +latitude REAL, +longitude REAL, +npi INTEGER, +qualification REAL, +rating REAL, +specialty INTEGER)"
    )
    names = ("location", "latitude", "latitude", "longitude", "longitude")
    names += ("latitude", "longitude", "npi", "qualification", "rating", "specialty")
    table = zip(*(getattr(rows, name).tolist() for name in names), strict=True)
    connection.executemany(f"INSERT INTO location VALUES ({', '.join('?' * len(names))})", table)  # noqa: S608

    def answer(query: SearchQuery) -> Answer:
        latitude, longitude, reach = (
            query.place.latitude,
            query.place.longitude,
            query.radius_miles / EARTH_RADIUS_MILES,
        )
        rise = math.degrees(reach) + 1e-6
        spread = math.degrees(math.asin(math.sin(reach) / math.cos(math.radians(latitude)))) + 1e-6
        found = connection.execute(
            R_TREE_QUERY,
            {
                "earth": EARTH_RADIUS_MILES,
                "latitude": latitude,
                "longitude": longitude,
                "south": latitude - rise,
                "north": latitude + rise,
                "west": longitude - spread,
                "east": longitude + spread,
                "radius": query.radius_miles,
                "specialty": next((SPECIALTIES.index(code) for code in query.filters.get("specialty", ())), None),
                "proximity": query.weights.proximity,
                "qualification": query.weights.qualification,
                "rating": query.weights.rating,
                "limit": query.limit,
            },
        ).fetchall()
        return (found[0][1] if found else 0), [npi for npi, _ in found]

    return answer


def timed(
    way: Callable[[SearchQuery], Any], queries: list[SearchQuery], seconds: float
) -> tuple[list[Any], list[float]]:
    """The answers and the milliseconds that each took, until `seconds` are over."""
    way(queries[0])  # what is only done once is not measured
    answers, times = [], []
    until = time.perf_counter() + seconds
    for query in queries:
        start = time.perf_counter()
        answers.append(way(query))
        times.append(1000 * (time.perf_counter() - start))
        if time.perf_counter() > until and len(times) >= MIN_QUERIES:
            break
    return answers, times


def compare(rows: Locations, snapshot: Snapshot, queries: list[SearchQuery], seconds: float) -> None:
    """Time every way, check that all agree, and print a line for each."""
    ways = {OURS: our_way(snapshot), "numpy over all rows": numpy_way(rows), "SQLite R*Tree": r_tree_way(rows)}
    if rows.count <= MAX_ROWS_OF_A_LOOP:
        ways["geopy loop over all rows"] = geopy_way(rows)
    ours, medians = [], []
    print(f"  {'milliseconds':<34}{'p50':>10}{'p95':>10}{'p99':>10}{'times ours':>12}{'queries':>9}{'checked':>9}")
    for name, way in ways.items():
        answers, times = timed(way, queries, seconds)
        ours = ours or answers
        for query, one, other in zip(queries, ours, answers, strict=False):
            assert one == other, f"{name} differs at {query}: {one} and {other}"
        medians.append(np.median(times))
        p50, p95, p99 = np.percentile(times, (50, 95, 99))
        checked = min(len(ours), len(answers))
        print(f"  {name:<34}{p50:>10.3f}{p95:>10.3f}{p99:>10.3f}{p50 / medians[0]:>12.1f}{len(times):>9,}{checked:>9,}")
    _, times = timed(lambda query: [explain(result) for result in search(query).results], queries, seconds)
    p50, p95, p99 = np.percentile(times, (50, 95, 99))
    print(f"  {'ours with counts, names, reasons':<34}{p50:>10.3f}{p95:>10.3f}{p99:>10.3f}{'':>12}{len(times):>9,}")


def keep_up(snapshot: Snapshot, rows: Locations) -> None:
    """Time how a snapshot is mended when some providers change."""
    for count in (1, 100, 1_000):
        count = min(count, rows.providers)
        npis = [str(1_000_000_000 + number) for number in random.Random(count).sample(range(rows.providers), count)]
        db.session.execute(update(QualificationScore).where(QualificationScore.npi.in_(npis)).values(points=77.0))
        note_search_change(npis)
        db.session.commit()
        start = time.perf_counter()
        with Session(db.engine) as session:
            snapshot = refresh_snapshot(session, snapshot)
        print(f"  mended for {count:,} changed providers in {1000 * (time.perf_counter() - start):,.1f} ms")


def run(count: int, queries: list[SearchQuery], seconds: float) -> None:
    rows = Locations(count)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{Path(folder) / 'search.sqlite3'}"})
        with app.app_context():
            db.create_all()
            rows.store()
            start = time.perf_counter()
            with Session(db.engine) as session:
                snapshot = refresh_snapshot(session, None)
            read_seconds = time.perf_counter() - start
            megabytes = snapshot.base.nbytes / 1e6
            print(f"\n{count:,} practice locations of {rows.providers:,} providers")
            print(f"  read from SQLite in {read_seconds:.2f} s into {megabytes:,.0f} MB")
            compare(rows, snapshot, queries, seconds)
            keep_up(snapshot, rows)
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description="How quickly a search is answered, beside other ways to answer it.")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="practice locations, with commas between")
    parser.add_argument("--queries", type=int, default=1000, help="most queries that each way answers")
    parser.add_argument("--seconds", type=float, default=20, help="how long each way may take over them")
    options = parser.parse_args()
    print(f"{options.queries:,} searches within 10 to 50 miles, twenty results a page; {os.cpu_count()} cores")
    for size in options.sizes.split(","):
        run(int(size), random_queries(options.queries), options.seconds)


if __name__ == "__main__":
    main()
