"""The snapshot that this worker ranks from: read from the database, and kept no older than `SEARCH_REFRESH_SECONDS`."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Select,
    Table,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.credentials.models import QualificationScore
from directory.extensions import Model, db
from directory.providers.models import PracticeLocation, Provider
from directory.providers.revision import changed_since, current_revision
from directory.providers.sources import confirmed_models, oldest_current
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.search.filters import SWITCHES, VALUES, Case, ValuesFilter
from directory.search.ranking import RATING_WITHOUT_REVIEWS, qualification_part, rating_part
from directory.search.snapshot import PROFILE, Layer, Snapshot, distinct_profiles, row_columns
from directory.search.value_sets import ValueSets
from directory.web.days import today_in_california

MAX_PATCHED = 10_000
"""Providers up to which a snapshot is patched; for more it is quicker to read all, and statements have their limits."""
ROWS_AT_ONCE = 20_000
AGING = {model.__table__ for model in confirmed_models()}

PROVIDER = np.dtype([("npi", np.int64), ("points", np.float64), ("stars", np.float64)])
PAIR = np.dtype([("npi", np.int64), ("value", np.int64)])
LOCATION = np.dtype([("npi", np.int64), ("location", np.int64), ("latitude", np.float64), ("longitude", np.float64)])


class SearchEngine:
    """One snapshot of one database, shared by all threads of the worker.

    The first request after `refresh_seconds` checks the database's revision, and patches or rebuilds the snapshot;
    meanwhile other threads go on with the old one. Snapshots never change, so a search keeps the one it began with.

    It reads through a session of its own: the caller's may hold changes that are not committed, and may never be.
    """

    def __init__(self, refresh_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._refreshing = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._looked_at = 0.0

    def snapshot(self) -> Snapshot:
        """The snapshot to rank from. Needs an app context."""
        snapshot = self._snapshot
        if snapshot is None:
            with self._refreshing:  # the first must be waited for
                return self._refresh() if self._snapshot is None else self._snapshot
        if self._clock() - self._looked_at >= self._refresh_seconds and self._refreshing.acquire(blocking=False):
            try:
                return self._refresh()
            finally:
                self._refreshing.release()
        return snapshot

    def _refresh(self) -> Snapshot:
        looked_at = self._clock()
        with Session(db.engine) as session:
            self._snapshot = refresh_snapshot(session, self._snapshot)
        self._looked_at = looked_at
        return self._snapshot


def refresh_snapshot(session: Session, snapshot: Snapshot | None) -> Snapshot:
    """`snapshot` brought up to the database's revision and to today; the same one when neither moved.

    Without one all is read.
    """
    revision, today = current_revision(session), today_in_california()
    # both only fall when the database was replaced, or the clock was set back
    if snapshot is None or revision < snapshot.revision or today < snapshot.day:
        return read_snapshot(session)
    if (revision, today) == (snapshot.revision, snapshot.day):
        return snapshot
    changed_npis = changed_since(snapshot.revision, session)
    npis = None if changed_npis is None else changed_npis | _lapsed(session, snapshot.day, today)
    if npis is None or len(npis) > MAX_PATCHED:
        return read_snapshot(session)
    changed, sets = _read_layer(session, today, sorted(npis), snapshot.sets)
    return snapshot.patched(revision, today, _rating_without_reviews(session), sets, map(int, npis), changed)


def current_snapshot() -> Snapshot:
    """The snapshot of the current app's database."""
    engine: SearchEngine = current_app.extensions["search_engine"]
    return engine.snapshot()


def read_snapshot(session: Session) -> Snapshot:
    """Everything that is ranked, read anew."""
    revision, today = current_revision(session), today_in_california()
    mean = _rating_without_reviews(session)
    base, sets = _read_layer(session, today, None, Snapshot().sets)
    return Snapshot(revision, today, mean, sets, base)


def _read_layer(
    session: Session, today: date, npis: list[str] | None, sets: dict[str, ValueSets]
) -> tuple[Layer, dict[str, ValueSets]]:
    """The rows of `npis` (`None`: of all) as of `today`, and `sets` with what they add to it."""
    providers = _table(session, _of(_providers(), Provider.npi, npis), PROVIDER)
    providers = providers[np.argsort(providers["npi"])]
    locations = _table(session, _of(_locations(), PracticeLocation.npi, npis), LOCATION)
    locations = locations[(abs(locations["latitude"]) <= 90) & (abs(locations["longitude"]) <= 180)]
    found = np.searchsorted(providers["npi"], locations["npi"])
    ranked = found < len(providers)
    ranked[ranked] = providers["npi"][found[ranked]] == locations["npi"][ranked]
    locations, providers = locations[ranked], providers[found[ranked]]

    everyone, of_row = np.unique(locations["npi"], return_inverse=True)
    profiles = np.zeros(len(everyone), dtype=PROFILE)
    for parameter, switch in SWITCHES.items():
        on = _answer(session, _of(_npis(switch.case, today), _table_of(switch.case).c.npi, npis))
        profiles[parameter] = np.isin(everyone, np.fromiter((npi for (npi,) in on), dtype=np.int64))
    grown = {}
    for parameter, each in VALUES.items():
        pairs, values = _values(session, today, each, npis)
        grown[parameter], owners, numbers = sets[parameter].with_pairs(pairs["npi"], pairs["value"], values)
        owned, _, place = np.intersect1d(owners, everyone, assume_unique=True, return_indices=True)
        profiles[parameter][place] = numbers[np.searchsorted(owners, owned)]
    distinct, numbers = distinct_profiles(profiles)
    rows = row_columns(
        *(np.ascontiguousarray(locations[name]) for name in LOCATION.names or ()),
        qualification=qualification_part(providers["points"]),
        rating=rating_part(providers["stars"]),
        profile=numbers[of_row],
    )
    return Layer.of(rows, distinct), grown


def _column(each: ValuesFilter) -> Column[Any] | None:
    """The column in which a filter's values are stored."""
    if each.column is None:
        return None
    table, _, column = each.column.partition(".")
    return Model.metadata.tables[table].columns[column]


def _table_of(case: Case) -> Table:
    return Model.metadata.tables[case.table]


def _npis(case: Case, today: date) -> Select[*tuple[Any, ...]]:
    """Of whom `case` is true `today`."""
    table = _table_of(case)
    return select(cast(table.c.npi, BigInteger)).where(case.holds(table.c), _is_current(table, today))


def _tables_of_filters() -> set[Table]:
    """All tables that filters are read from."""
    cases = [each.case for each in SWITCHES.values()]
    columns = [column for each in VALUES.values() if (column := _column(each)) is not None]
    cases += [case for each in VALUES.values() for case in each.cases.values()]
    return {*map(_table_of, cases), *(column.table for column in columns)}


def _is_current(table: FromClause, today: date) -> ColumnElement[bool]:
    """Whether a row counts on `today`: facts that change do for some days after they were confirmed, all others do."""
    return table.c.as_of >= oldest_current(today) if table in AGING else true()


def _lapsed(session: Session, since: date, today: date) -> set[str]:
    """Providers with a fact behind a filter that counted on the day `since` and does not on `today`."""
    npis: set[str] = set()
    if since == today:
        return npis
    for table in _tables_of_filters() & AGING:
        lapsed = table.c.as_of >= oldest_current(since), table.c.as_of < oldest_current(today)
        npis.update(session.scalars(select(table.c.npi).where(*lapsed)))
    return npis


def _providers() -> Select[*tuple[Any, ...]]:
    """Of every provider that may be ranked: the columns of `PROVIDER`."""
    return (
        select(cast(Provider.npi, BigInteger), func.coalesce(QualificationScore.points, 0.0), RatingEstimate.estimate)
        .select_from(Provider)
        .outerjoin(QualificationScore, QualificationScore.npi == Provider.npi)
        .outerjoin(RatingEstimate, RatingEstimate.npi == Provider.npi)
        .where(Provider.deactivated_on.is_(None), Provider.is_public, QualificationScore.barred_for.is_(None))
    )


def _locations() -> Select[Any, Any, Any, Any]:
    """Of every practice location with a point: the columns of `LOCATION`."""
    return select(
        cast(PracticeLocation.npi, BigInteger),
        PracticeLocation.id,
        PracticeLocation.latitude,
        PracticeLocation.longitude,
    ).where(PracticeLocation.latitude.is_not(None), PracticeLocation.longitude.is_not(None))


def _of(
    statement: Select[*tuple[Any, ...]], npi: ColumnElement[str] | InstrumentedAttribute[str], npis: list[str] | None
) -> Select[*tuple[Any, ...]]:
    return statement if npis is None else statement.where(npi.in_(npis))


def _answer(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """The rows of `statement` as they arrive, through the connection, which is quicker than through the session."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # its driver streams anyway, and gives plain numbers and words itself
        cursor: Any = connection.execute(statement).cursor
        return chain.from_iterable(iter(lambda: cursor.fetchmany(ROWS_AT_ONCE), []))
    answer = connection.execute(statement, execution_options={"stream_results": True})
    return map(tuple, chain.from_iterable(answer.partitions(ROWS_AT_ONCE)))


def _table(session: Session, statement: Select[*tuple[Any, ...]], dtype: np.dtype[Any]) -> NDArray[Any]:
    """What `statement` selects, as an array of records."""
    return np.fromiter(_answer(session, statement), dtype=dtype)


def _values(
    session: Session, today: date, each: ValuesFilter, npis: list[str] | None
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """The values of a filter that providers have and that count `today`: pairs of NPI and number, and all values."""
    selected = []
    if (column := _column(each)) is not None:
        table = column.table
        stored = select(cast(table.c.npi, BigInteger), column).where(column.is_not(None), _is_current(table, today))
        selected.append(_of(stored, table.c.npi, npis))
    for value, case in each.cases.items():
        of_case = _npis(case, today).add_columns(literal(value))
        selected.append(_of(of_case, _table_of(case).c.npi, npis))
    number: dict[str, int] = {}
    rows = chain.from_iterable(_answer(session, statement) for statement in selected)
    pairs = np.fromiter(((npi, number.setdefault(value, len(number))) for npi, value in rows), dtype=PAIR)
    return pairs, tuple(number)


def _rating_without_reviews(session: Session) -> float:
    mean = session.scalar(select(RatingParameters.mean))
    return float(rating_part(np.array(RATING_WITHOUT_REVIEWS if mean is None else mean)))
