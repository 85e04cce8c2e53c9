"""The demonstration data: plainly invented, of realistic shape, complete, and added once."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, or_, select

from directory import create_app
from directory.audit.queries import latest_events
from directory.config import ROOT
from directory.credentials.exclusions.models import Exclusion
from directory.credentials.models import Credential, CredentialStatus, ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.places.gazetteer import zip_point
from directory.providers import offerings
from directory.providers.models import (
    AcceptingNewPatients,
    InsurancePlan,
    OfficeHours,
    PostedFee,
    PracticeLocation,
    Provider,
    ProviderInsurance,
    ProviderLanguage,
    ProviderProduct,
    ProviderService,
    ProviderSpecialty,
    Specialty,
    VisitDetails,
    Website,
)
from directory.providers.npi import check_digit
from directory.providers.sources import Source, Sourced, SourceKind, confirmed_models, oldest_current
from directory.ratings.models import RatingEstimate, RatingParameters
from directory.ratings.trust import WHY
from directory.reviews.models import Outcome, Review
from directory.reviews.questions import GUIDANCE, PAID, RELIEF, SIDE_EFFECTS, WAITS
from directory.seeding import SEEDS, SeedError, renew_demonstration, seed
from directory.web.days import today_in_california
from tests import factories


def dump() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    return {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in db.metadata.sorted_tables
    }


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The app over a database of its own that holds the demonstration; for tests that only read."""
    path = tmp_path_factory.mktemp("demonstration") / "directory.sqlite3"
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    with app.app_context():
        db.create_all()
        seed()
        db.session.commit()
    return app


@pytest.fixture
def seeded(demonstration: Flask) -> Iterator[Flask]:
    with demonstration.app_context():
        yield demonstration


def test_the_command_adds_sixty_providers_and_then_nothing(app: Flask, cli: FlaskCliRunner) -> None:
    first = cli.invoke(args=["seed"])
    assert first.exit_code == 0, first.output
    assert first.output.startswith("Added 60 invented providers with 650 invented reviews (0 providers")
    before = dump()
    again = cli.invoke(args=["seed"])
    assert again.output == ("Added 0 invented providers with 0 invented reviews (60 providers were here already).\n")
    assert dump() == before


@pytest.mark.postgresql
def test_if_empty_does_nothing_beside_any_provider(app: Flask, cli: FlaskCliRunner) -> None:
    factories.provider(npi="1750386801")
    db.session.commit()
    before = dump()
    assert "no demonstration data was added" in cli.invoke(args=["seed", "--if-empty"]).output
    assert dump() == before


def test_if_empty_seeds_an_empty_directory(sqlite_app: Flask) -> None:
    assert "Added 60" in sqlite_app.test_cli_runner().invoke(args=["seed", "--if-empty"]).output


def test_a_real_provider_is_left_as_it_was(sqlite_app: Flask) -> None:
    real = factories.provider(npi="1750386801", name="Real Provider, MD").npi
    db.session.commit()

    def about_it() -> dict[str, list[tuple[object, ...]]]:
        return {name: [row for row in rows if real in row] for name, rows in dump().items() if name != "search_change"}

    before = about_it()
    seed()
    db.session.commit()
    assert about_it() == before


def test_every_npi_is_invented_and_checks(seeded: Flask) -> None:
    for npi in db.session.scalars(select(Provider.npi)):
        assert npi.startswith("9")
        assert check_digit(npi[:9]) == npi[9]


def test_phones_are_reserved_ones_and_points_lie_near_their_zip(seeded: Flask) -> None:
    for location in db.session.scalars(select(PracticeLocation)):
        assert re.fullmatch(r"\(\d{3}\) 555-01\d\d", location.phone)
        latitude, longitude = zip_point(location.postal_code)
        assert abs(location.latitude - latitude) < 0.02
        assert abs(location.longitude - longitude) < 0.02
        assert location.precision == "point"


def test_websites_are_at_reserved_names_and_practices_close_after_they_open(seeded: Flask) -> None:
    urls = db.session.scalars(select(Website.url)).all()
    assert len(urls) >= 5
    assert all(re.fullmatch(r"https://[a-z.-]+\.example", url) for url in urls)
    hours = db.session.scalars(select(OfficeHours)).all()
    assert {day.weekday for day in hours} == set(range(7))
    assert all(day.opens_at < day.closes_at for day in hours)


def test_every_fact_and_review_names_a_demonstration_source_and_a_day(seeded: Flask) -> None:
    sources = set(db.session.scalars(select(Source.key).where(Source.kind == SourceKind.DEMONSTRATION)))
    tables = [mapper.class_ for mapper in db.Model.registry.mappers if issubclass(mapper.class_, Sourced)]
    assert len(tables) > 10
    for table in tables:
        for row in db.session.scalars(select(table)):
            assert row.source_key in sources
            assert row.as_of is not None
    assert set(db.session.scalars(select(Review.source_key))) <= sources
    checked = (CredentialStatus.VERIFIED, CredentialStatus.EXPIRED, CredentialStatus.REVOKED, CredentialStatus.REJECTED)
    for credential in db.session.scalars(select(Credential)):
        assert bool(credential.verifications) == (credential.status != CredentialStatus.CLAIMED)
        if credential.status in checked:
            assert "demonstration" in credential.verifications[0].primary_source


def test_what_is_offered_uses_the_keys_of_the_filters(seeded: Flask) -> None:
    def used(column: object) -> set[str]:
        return set(db.session.scalars(select(column)))

    assert used(ProviderSpecialty.specialty_code) == set(offerings.LISTED_SPECIALTIES)
    assert used(ProviderProduct.product) == set(offerings.PRODUCTS)
    assert used(ProviderService.service) == set(offerings.SERVICES)
    assert used(ProviderLanguage.language) == set(offerings.LANGUAGES)
    assert used(PostedFee.fee) == set(offerings.FEES)
    assert used(ProviderInsurance.plan_key) == used(InsurancePlan.key)
    assert used(AcceptingNewPatients.accepting) == {True, False}
    assert used(Provider.gender) == {*offerings.GENDERS, None}
    assert used(VisitDetails.step_free) == used(VisitDetails.referral_needed) == {True, False, None}
    assert used(Outcome.relief) - {None} == set(RELIEF)
    assert {effect for effects in db.session.scalars(select(Outcome.side_effects)) for effect in effects} == set(
        SIDE_EFFECTS
    )


def test_every_state_of_credentials_and_of_ranking_occurs(seeded: Flask) -> None:
    under_way = {
        CredentialStatus.SUBMITTED,
        CredentialStatus.IN_REVIEW,
        CredentialStatus.EXPIRING,
    }  # move by acts alone
    assert set(db.session.scalars(select(Credential.status))) == set(CredentialStatus) - under_way
    barred = [why for why in db.session.scalars(select(QualificationScore.barred_for)) if why]
    assert set(barred) >= {"excluded", "license_expired", "license_revoked", "license_not_confirmed"}
    assert db.session.scalar(select(func.count()).where(Exclusion.reinstated_on.is_(None))) == 2
    several = select(PracticeLocation.npi).group_by(PracticeLocation.npi).having(func.count() > 1)
    assert len(db.session.scalars(several).all()) >= 5


def test_review_counts_and_volumes_have_a_heavy_tail(seeded: Flask) -> None:
    reviews = Counter(db.session.scalars(select(Review.npi)))
    counts = sorted((reviews[npi] for npi in db.session.scalars(select(Provider.npi))), reverse=True)
    assert sum(count <= 3 for count in counts) >= 20
    assert counts[-1] == 0
    assert sum(count >= 60 for count in counts) >= 2
    stars = Counter(int(rating) for rating in db.session.scalars(select(Review.rating)))
    assert stars[5] > stars[4] > stars[2]
    assert stars[1] > stars[2]
    volumes = db.session.scalars(
        select(ProcedureVolume.services).where(ProcedureVolume.year == 2023, ProcedureVolume.hcpcs_code == "64616")
    ).all()
    assert len(volumes) < 45
    assert min(volumes) >= 11
    assert max(volumes) > 5 * sorted(volumes)[len(volumes) // 2]


def test_reviews_read_as_different_people(seeded: Flask) -> None:
    texts = [text for text in db.session.scalars(select(Review.text)) if text and len(text) > 40]
    assert len(set(texts)) == len(texts)
    assert len(set(db.session.scalars(select(Review.source_key)))) == 3
    by_status = db.session.execute(select(Review.verified, func.count()).group_by(Review.verified))
    assert all(count > 50 for _, count in by_status)
    assert 250 < db.session.scalar(select(func.count()).select_from(Outcome)) < 400


def test_some_reviews_of_this_site_answer_its_further_questions(seeded: Flask) -> None:
    for column, offered in ((Review.wait, WAITS), (Review.guidance, GUIDANCE), (Review.paid, PAID)):
        assert set(db.session.scalars(select(column).where(column.is_not(None)))) == set(offered)
    assert set(db.session.scalars(select(Review.written_as))) == {"patient", "caregiver", None}
    answered = select(Review.source_key).where(
        or_(*(column.is_not(None) for column in (Review.wait, Review.guidance, Review.paid, Review.tie)))
    )
    assert set(db.session.scalars(answered)) == {"demo_site"}
    assert set(db.session.scalars(select(Review.explained).where(Review.explained.is_not(None)))) == {1, 2, 3, 4, 5}


def test_one_provider_shows_what_counts_less(seeded: Flask) -> None:
    copied = select(Review).where(Review.npi == "9500000077", Review.text.ilike("%best clinic in the south bay%"))
    reviews = db.session.scalars(copied).all()
    assert len(reviews) == 4
    assert all(review.weight < 0.5 for review in reviews)
    assert {reason for review in reviews for reason in review.discounts} == set(WHY)
    others = select(Review.discounts).where(Review.id.not_in([review.id for review in reviews]))
    assert sum("same_text" in discounts for discounts in db.session.scalars(others)) < 10


def test_scores_and_estimates_are_there_and_in_range(seeded: Flask) -> None:
    scores = db.session.scalars(select(QualificationScore.points)).all()
    assert len(scores) > 50
    assert min(scores) == 0
    assert 90 < max(scores) <= 100
    estimates = db.session.scalars(select(RatingEstimate)).all()
    assert len(estimates) == db.session.scalar(select(func.count(func.distinct(Review.npi))))
    assert all(1 <= row.low < row.estimate < row.high <= 5 for row in estimates)
    assert 3.5 < db.session.scalar(select(RatingParameters.mean)) < 4.6


def test_the_filters_find_the_demonstration_on_any_day_but_for_what_is_old_on_purpose(sqlite_app: Flask) -> None:
    seed()
    today, tables = today_in_california(), confirmed_models()
    for days in (0, 1, 45, 60, 61, 90, 400, 2000):
        day = today + timedelta(days=days)
        renew_demonstration(day)
        said = [row for table in tables for row in db.session.scalars(select(table)).unique()]
        old = {row.npi for row in said if not oldest_current(day) <= row.as_of <= day}
        assert old == {"9500000358"}
        assert renew_demonstration(day) == 0


def test_seeding_again_dates_anew_what_the_practices_confirm(app: Flask, cli: FlaskCliRunner) -> None:
    provider = factories.provider()
    db.session.add(AcceptingNewPatients(npi=provider.npi, accepting=True, source_key="demo", as_of=factories.DAY))
    db.session.commit()
    cli.invoke(args=["seed", "--if-empty"])
    db.session.expire_all()
    assert db.session.get_one(AcceptingNewPatients, provider.npi).is_current
    (event,) = latest_events(act="seed_demonstration")
    assert event.after == {"providers": 0, "reviews": 0, "confirmed": 2}  # with the address


def test_an_imported_taxonomy_is_not_touched(sqlite_app: Flask) -> None:
    factories.provider()
    db.session.add(
        Specialty(
            code=factories.NEUROLOGY,
            display_name="Imported",
            source_key="demo",
            as_of=factories.DAY,
        )
    )
    db.session.flush()
    seed()
    assert db.session.scalars(select(Specialty.display_name)).all() == ["Imported"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('npi = "9500000010"', 'npi = "1750386801"'), "'1750386801' is not an invented NPI"),
        (('npi = "9500000010"', 'npi = "9500000011"'), "'9500000011' is not an invented NPI"),
        (("as_of = ", "as_off = "), "the entry of NPI 9500000010 cannot be read"),
        (("[[provider]]", "[[provider"), "providers.toml cannot be read"),
    ],
)
def test_seeds_that_are_not_as_meant_are_refused_by_name(
    sqlite_app: Flask, tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    shutil.copytree(SEEDS, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "providers.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    with pytest.raises(SeedError, match=re.escape(complaint)):
        seed(tmp_path)


def test_insurance_plans_alone_are_added(app: Flask, cli: FlaskCliRunner) -> None:
    assert re.fullmatch(r"Added \d+ insurance plans\.\n", cli.invoke(args=["seed", "--plans"]).output)
    assert cli.invoke(args=["seed", "--plans"]).output == "Added 0 insurance plans.\n"
    assert db.session.scalar(select(func.count()).select_from(Provider)) == 0
    assert cli.invoke(args=["seed", "--plans", "--remove"]).exit_code == 2


def test_real_providers_are_not_imported_beside_invented_ones_unawares(
    app: Flask, cli: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.provider()
    db.session.commit()
    refused = cli.invoke(args=["import", "nppes", str(tmp_path / "none.csv")])
    assert refused.exit_code == 1
    assert "The directory holds 1 invented provider of the demonstration." in refused.output
    assert "flask seed --remove" in refused.output
    passed = cli.invoke(args=["import", "nppes", str(tmp_path / "none.csv"), "--with-demonstration"])
    assert "There is no file" in passed.output
    cli.invoke(args=["seed", "--remove"])
    assert "There is no file" in cli.invoke(args=["import", "nppes", str(tmp_path / "none.csv")]).output


@pytest.mark.parametrize(("answer", "said"), [("n", "Aborted!"), ("", "Aborted!"), ("y", "There is no file")])
def test_at_a_terminal_a_person_is_asked(tmp_path: Path, answer: str, said: str) -> None:
    database = f"sqlite:///{tmp_path / 'directory.sqlite3'}"
    app = create_app({"SQLALCHEMY_DATABASE_URI": database})
    with app.app_context():
        db.create_all()
        factories.provider()
        db.session.commit()
        db.engine.dispose()
    terminal, asked = os.openpty()
    try:
        os.write(terminal, f"{answer}\n".encode())
        result = subprocess.run(
            [sys.executable, "-m", "flask", "import", "nppes", str(tmp_path / "none.csv")],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": database},
            stdin=asked,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(asked)
    assert "`flask seed --remove` takes them out. Import real providers alongside them? [y/N]" in result.stdout
    assert said in result.stderr
    assert result.returncode == 1
