"""Every worker ranks from what the database holds: new within the refresh time, mended exactly, never half-made."""

import random
import threading
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory import create_app
from directory.credentials.models import ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.places.place import Place
from directory.providers.models import (
    AcceptingNewPatients,
    OfficeHours,
    PracticeLocation,
    Provider,
    ProviderProduct,
    ProviderSpecialty,
    VisitDetails,
)
from directory.providers.revision import SearchChange, SearchRevision, current_revision, note_search_change
from directory.ratings.model import Parameters
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.reviews.estimating import estimate_ratings
from directory.search import engine, snapshot
from directory.search.engine import SearchEngine, current_snapshot, refresh_snapshot
from directory.search.filters import SWITCHES
from directory.search.query import SearchQuery
from directory.search.ranking import rank_page
from directory.search.service import search
from directory.search.snapshot import Snapshot
from directory.web.days import today_in_california
from tests import factories
from tests.search.plain import PlainDirectory, add_providers, random_directory, random_point, random_query
from tests.search.test_service import TORRANCE, assert_as_plain


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The time of the app's engine, which looks at the revision once a second."""
    clock = Clock()
    app.extensions["search_engine"] = SearchEngine(1.0, clock)
    return clock


def found() -> list[str]:
    return [result.npi for result in search(SearchQuery(TORRANCE)).results]


def test_a_change_is_seen_once_the_refresh_time_is_over_and_not_asked_for_before(clock: Clock) -> None:
    first = factories.provider()
    db.session.commit()
    assert found() == [first.npi]
    second = factories.provider()
    db.session.commit()
    clock.now += 0.9
    assert found() == [first.npi]
    clock.now += 0.1
    assert found() == [first.npi, second.npi]


@pytest.mark.own_app
def test_a_change_in_one_worker_is_seen_in_another(app: Flask, clock: Clock) -> None:
    other_worker = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]})
    other_worker.extensions["search_engine"] = SearchEngine(1.0, clock)
    provider = factories.provider()
    db.session.commit()
    npi = provider.npi
    assert found() == [npi]
    with other_worker.app_context():
        assert found() == [npi]
        db.session.get_one(Provider, npi).deactivated_on = factories.DAY
        db.session.commit()
        db.engine.dispose()
    clock.now += 1
    assert found() == []


def test_the_setting_leaves_time_to_see_a_change_within_two_seconds(sqlite_app: Flask) -> None:
    assert create_app().config["SEARCH_REFRESH_SECONDS"] <= 2


@pytest.mark.own_app
def test_what_is_not_committed_is_not_ranked(clock: Clock) -> None:
    provider = factories.provider()
    db.session.commit()
    db.session.get_one(Provider, provider.npi).deactivated_on = factories.DAY
    db.session.flush()
    note_search_change([provider.npi])
    assert found() == [provider.npi]
    db.session.rollback()
    clock.now += 1
    assert found() == [provider.npi]


def test_nothing_is_read_again_while_nothing_changed(app: Flask) -> None:
    factories.provider()
    db.session.commit()
    with Session(db.engine) as session:
        before = refresh_snapshot(session, None)
        assert refresh_snapshot(session, before) is before


def test_a_database_without_a_revision_is_read_whole(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    db.session.execute(SearchChange.__table__.delete())
    db.session.execute(SearchRevision.__table__.delete())
    db.session.commit()
    assert current_revision() == 0
    assert found() == [provider.npi]


def test_a_database_that_was_replaced_by_an_older_one_is_read_anew(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    with Session(db.engine) as session:
        later = Snapshot(revision=current_revision() + 7)
        assert refresh_snapshot(session, later).base.facts["npi"].tolist() == [int(provider.npi)]


def test_a_new_mean_is_seen_though_no_provider_changed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def rating_part() -> float:
        return search(SearchQuery(TORRANCE)).results[0].parts.rating

    factories.provider()
    db.session.add(RatingParameters(mean=4.0, model=Parameters(persistence=0.9).to_json()))
    db.session.commit()
    assert rating_part() == 0.75
    monkeypatch.setattr(engine, "read_snapshot", None)  # nothing else needs to be read again
    assert estimate_ratings() == 0  # without any review the mean is the prior's
    db.session.commit()
    clock.now += 1
    assert rating_part() == pytest.approx((Parameters().mean - 1) / 4)


def test_a_bulk_change_is_read_whole(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    with Session(db.engine) as session:
        before = refresh_snapshot(session, None)
    db.session.execute(PracticeLocation.__table__.update().values(latitude=10.0, longitude=10.0))
    note_search_change(None)
    db.session.commit()
    with Session(db.engine) as session:
        after = refresh_snapshot(session, before)
    assert after.replaced is None
    assert after.npis_within(10.0, 10.0, 1.0).tolist() == [int(provider.npi)]


def test_a_provider_that_changes_again_and_again_stays_one(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    with Session(db.engine) as session:
        current = refresh_snapshot(session, None)
    for latitude in (34.0, 35.0, 36.0):
        provider.locations[0].latitude = latitude
        db.session.commit()
        with Session(db.engine) as session:
            current = refresh_snapshot(session, current)
        assert len(current) == 1
        assert current.npis_within(latitude, factories.TORRANCE[1], 1).tolist() == [int(provider.npi)]


def test_more_changes_than_can_be_mended_are_read_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_PATCHED", 2)
    with Session(db.engine) as session:
        before = refresh_snapshot(session, None)
    npis = []
    for _ in range(3):
        npis.append(factories.provider().npi)
        db.session.commit()
    with Session(db.engine) as session:
        after = refresh_snapshot(session, before)
    assert sorted(after.base.facts["npi"].tolist()) == sorted(map(int, npis))
    assert after.delta is None


@pytest.mark.own_app
def test_others_go_on_with_the_old_snapshot_while_one_thread_refreshes(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that refreshes is held up until the other has had its answer; the wait would not end otherwise."""
    clock = Clock()
    worker = SearchEngine(1.0, clock)
    old = worker.snapshot()
    factories.provider()
    db.session.commit()
    clock.now += 1
    started, answered = threading.Event(), threading.Event()
    read = engine.refresh_snapshot

    def read_slowly(session: Session, current: Snapshot | None) -> Snapshot:
        started.set()
        assert answered.wait(30)
        return read(session, current)

    monkeypatch.setattr(engine, "refresh_snapshot", read_slowly)
    refreshed: list[Snapshot] = []

    def ask() -> None:
        with sqlite_app.app_context():
            refreshed.append(worker.snapshot())

    thread = threading.Thread(target=ask)
    thread.start()
    assert started.wait(30)
    assert worker.snapshot() is old
    answered.set()
    thread.join(30)
    assert refreshed[0].revision == old.revision + 1
    assert worker.snapshot() is refreshed[0]


def test_a_refresh_that_fails_is_tried_again(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    worker = SearchEngine(1.0, clock)
    worker.snapshot()
    provider = factories.provider()
    db.session.commit()
    clock.now += 1
    with monkeypatch.context() as patch:
        patch.setattr(engine, "refresh_snapshot", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.snapshot()
    assert worker.snapshot().npis_within(*factories.TORRANCE, 1).tolist() == [int(provider.npi)]


def test_apps_do_not_share_snapshots(sqlite_app: Flask) -> None:
    assert sqlite_app.extensions["search_engine"] is not create_app().extensions["search_engine"]


@pytest.fixture(params=[3, 10_000])
def max_delta_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How large the layer of mended rows may grow: so small that layers join all the time, or never."""
    monkeypatch.setattr(snapshot, "MAX_DELTA_ROWS", request.param)
    return int(request.param)


@pytest.mark.usefixtures("max_delta_rows")
def test_a_mended_snapshot_answers_as_one_read_whole(app: Flask) -> None:
    chance = random.Random(random.getrandbits(32))
    random_directory(chance, 20)
    buildings = [random_point(chance) for _ in range(5)]
    with Session(db.engine) as session:
        mended = refresh_snapshot(session, None)
    for _ in range(25):
        for _ in range(chance.choice((1, 1, 3))):
            change_something(chance, buildings)
            db.session.commit()
        with Session(db.engine) as session:
            mended = refresh_snapshot(session, mended)
            whole = refresh_snapshot(session, None)
        assert mended.revision == whole.revision
        assert len(mended) == len(whole)
        assert mended.rating_without_reviews == whole.rating_without_reviews
        for _ in range(5):
            latitude, longitude = random_point(chance)
            assert_same(mended, whole, latitude, longitude, chance.choice((3, 30, 300)))
    db.session.expire_all()
    directory = PlainDirectory()
    for _ in range(20):
        assert_as_plain(directory, random_query(chance, directory))


@pytest.mark.postgresql
def test_facts_leave_the_filters_when_their_ninety_days_are_over_though_nothing_was_written(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(random.getrandbits(32))
    random_directory(chance, 60)
    today, revision = today_in_california(), current_revision()
    for days in (0, 1, 2, 3, 61, 400):
        monkeypatch.setattr(engine, "today_in_california", lambda days=days: today + timedelta(days=days))
        clock.now += 1
        directory = PlainDirectory(today + timedelta(days=days))
        for _ in range(10):
            assert_as_plain(directory, random_query(chance, directory))
        with Session(db.engine) as session:
            whole = refresh_snapshot(session, None)
        for _ in range(5):
            latitude, longitude = random_point(chance)
            assert_same(current_snapshot(), whole, latitude, longitude, 300)
    assert current_revision() == revision


def test_a_day_on_which_nothing_lapses_reads_no_provider_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = factories.provider()
    confirmed = {"source_key": "demo", "as_of": today_in_california()}
    db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=True, **confirmed))
    db.session.commit()
    with Session(db.engine) as session:
        current = refresh_snapshot(session, None)
        for days, accepts in ((90, {"1": 1}), (91, {})):
            day = today_in_california() + timedelta(days=days)
            monkeypatch.setattr(engine, "today_in_california", lambda day=day: day)
            current = refresh_snapshot(session, current)
            assert (not current.delta) == (days == 90)
            assert values_around(current, *factories.TORRANCE, 1)["accepting"] == accepts


def test_a_clock_that_was_set_back_reads_all_again(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    with Session(db.engine) as session:
        tomorrow = Snapshot(revision=current_revision(), day=date.max)
        assert refresh_snapshot(session, tomorrow).base.facts["npi"].tolist() == [int(provider.npi)]


def values_around(snapshot: Snapshot, latitude: float, longitude: float, radius_miles: float) -> dict[str, Any]:
    """By filter, how many providers in the circle have each of its values."""
    counts = rank_page(snapshot, around(latitude, longitude, radius_miles)).counts
    values = {name: sets.counts(snapshot.profiles[name], counts) for name, sets in snapshot.sets.items()}
    return values | {name: int(counts[snapshot.profiles[name]].sum()) for name in SWITCHES}


def around(latitude: float, longitude: float, radius_miles: float) -> SearchQuery:
    return SearchQuery(Place("", latitude, longitude, "point"), radius_miles, limit=1000)


def assert_same(one: Snapshot, other: Snapshot, latitude: float, longitude: float, radius_miles: float) -> None:
    """Both give the same answer with the same facts, whatever their value sets and profiles are numbered."""
    columns = ["score", "miles", "proximity", "qualification", "rating", "npi", "location"]
    query = around(latitude, longitude, radius_miles)
    assert rank_page(one, query).results[columns].tolist() == rank_page(other, query).results[columns].tolist()
    circle = latitude, longitude, radius_miles
    assert values_around(one, *circle) == values_around(other, *circle)
    assert one.npis_within(*circle).tolist() == other.npis_within(*circle).tolist()


def change_something(chance: random.Random, buildings: list[tuple[float, float]]) -> None:
    """One of the changes that a directory sees, through the session's objects."""
    providers = db.session.scalars(db.select(Provider)).all()
    provider = chance.choice(providers)
    change = chance.choice(("add", "delete", "move", "deactivate", "bar", "points", "rating", "offer", "drop", "mean"))
    if change == "add":
        npis = [factories.npi() for _ in range(chance.choice((1, 4)))]
        add_providers(chance, npis, buildings)
        note_search_change(npis)
    elif change == "delete":
        db.session.delete(provider)
    elif change == "move" and provider.locations:
        place = chance.choice(provider.locations)
        place.latitude, place.longitude = chance.choice(((None, None), random_point(chance)))
    elif change == "deactivate":
        provider.deactivated_on = chance.choice((None, factories.DAY))
    elif change in ("bar", "points"):
        score = db.session.get(QualificationScore, provider.npi) or QualificationScore(
            npi=provider.npi, points=0.0, awards=[], license_verified=False
        )
        db.session.add(score)
        if change == "bar":
            score.barred_for = chance.choice((None, "license_revoked"))
        else:
            score.points, score.license_verified = chance.choice((0.0, 63.7)), chance.random() < 0.5
    elif change == "rating":
        estimate = db.session.get(RatingEstimate, provider.npi)
        if estimate:
            db.session.delete(estimate)
        else:
            values = {"estimate": 4.4, "low": 4.0, "high": 4.7, "reviews_counted": 9}
            db.session.add(RatingEstimate(npi=provider.npi, **values))
    elif change == "offer":
        sourced = {"source_key": "demo", "as_of": factories.DAY}
        confirmed = {**sourced, "as_of": today_in_california() - timedelta(days=chance.choice((0, 89, 90, 91)))}
        db.session.merge(ProviderProduct(npi=provider.npi, product=chance.choice(("botox", "daxxify")), **sourced))
        db.session.merge(VisitDetails(npi=provider.npi, step_free=chance.choice((True, None)), **confirmed))
        hours = {"opens_at": time(9), "closes_at": time(chance.choice((17, 18)))}
        db.session.merge(OfficeHours(npi=provider.npi, weekday=chance.randrange(7), **hours, **confirmed))
        provider.gender = chance.choice((None, "F", "M"))
        db.session.merge(AcceptingNewPatients(npi=provider.npi, accepting=chance.random() < 0.7, **confirmed))
        db.session.add(
            ProcedureVolume(
                npi=provider.npi, year=chance.randrange(1000, 9000), hcpcs_code="64616", services=9.0, **sourced
            )
        )
        code = f"{chance.randrange(10**4):04d}X00000"
        db.session.merge(ProviderSpecialty(npi=provider.npi, specialty_code=code, is_primary=False, **sourced))
    elif change == "drop" and provider.locations:
        db.session.delete(provider.locations[0])
    elif change == "mean":
        parameters = db.session.scalars(db.select(RatingParameters)).one()
        parameters.mean = chance.choice((3.5, 4.1))
        note_search_change([provider.npi])
