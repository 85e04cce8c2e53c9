"""Merging moves what the other provider lacks and loses nothing; undoing puts every row back."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.models import Account
from directory.audit.queries import latest_events
from directory.credentials.models import Credential, ProcedureVolume, QualificationScore
from directory.extensions import db
from directory.imports.merge import stored_rows
from directory.providers.merge_plan import owned_tables, plan_merge
from directory.providers.merging import UNDO_DAYS, merge_of, merge_providers, undo_merge, why_not_merged
from directory.providers.models import (
    ORGANIZATION,
    InsurancePlan,
    OfficeHours,
    PracticeLocation,
    Provider,
    ProviderMerge,
    StaffCorrection,
)
from directory.providers.recomputing import recompute
from directory.providers.revision import changed_since, current_revision
from directory.providers.sources import known_source
from directory.ratings.models import RatingEstimate
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Review, Submission
from directory.search.query import SearchQuery
from directory.search.service import search
from directory.seeding import seed
from directory.web.refusals import InvalidTransitionError
from directory.web.transaction import EditConflictError, transaction
from tests import factories
from tests.providers.merging import everything, fill
from tests.search.test_service import TORRANCE
from tests.signing_in import new_account

ANA = "command:ana"
STAYS = {
    *("exclusion", "name_word", "possible_exclusion", "provider_merge", "qualification_score", "rating_estimate"),
    "visit_summary",
}
TOGETHER = {"clinic_statement", "office_hours", "posted_fee"}
MOVES = {
    *("accepting_new_patients", "birth_date", "claim", "conflict_of_interest", "credential", "information_report"),
    *("medicare_enrollment", "medicare_group", "medicare_year", "other_name", "practice_location"),
    *("procedure_volume", "provider_insurance", "provider_language", "provider_product", "provider_service"),
    *("provider_specialty", "representative", "review", "source_average", "staff_correction", "submission"),
    *("verification_task", "visit_details", "website"),
}
WITHOUT_A_KEY = {"search_change", "listed_exclusion", "doubtful_match", "unlisted_volume"}
"""Tables whose column `npi` is no foreign key: what a list or a file says, and the search's own notes."""


def merged(provider: Provider, into: Provider) -> ProviderMerge:
    with transaction():
        return merge_providers(
            ANA, provider.npi, into.npi, plan_merge(provider.npi, into.npi).digest, "the same person"
        )


def two() -> tuple[Provider, Provider]:
    pair = factories.provider(name="Ann Double, MD"), factories.provider(name="Ann Single, MD")
    db.session.commit()
    return pair


def test_it_is_said_of_every_table_with_an_npi_what_a_merge_does_with_it(sqlite_app: Flask) -> None:
    """A new table moves by itself. Say here that it does, or give its model another rule."""
    owned = {each.table.name: each.rule.value for each in owned_tables()}
    assert owned == {
        **dict.fromkeys(STAYS, "stay"),
        **dict.fromkeys(TOGETHER, "move together"),
        **dict.fromkeys(MOVES, "move"),
    }
    named = {table.name for table in db.metadata.sorted_tables for column in table.columns if "npi" in column.name}
    assert named == {*owned, "provider", *WITHOUT_A_KEY}


@pytest.fixture
def account(app: Flask) -> Account:
    account = new_account(app, "admin")
    db.session.add(InsurancePlan(key="medicare", name="Medicare"))
    db.session.commit()
    return account


@pytest.mark.postgresql
def test_a_row_of_every_table_moves_and_goes_back(app: Flask, account: Account) -> None:
    provider, other = factories.provider(), factories.provider(at=None, specialties=())
    fill(provider.npi, account.id, plan_key="medicare", address_key="x")
    db.session.commit()
    recompute([provider.npi, other.npi])
    db.session.commit()
    before = everything()
    merge = merged(provider, other)
    left = {each.table.name for each in owned_tables() if each.rows(provider.npi)} - STAYS
    assert left == {"staff_correction"}  # of a location that is not there
    assert {each.table.name for each in owned_tables() if each.rows(other.npi)} >= MOVES - {"staff_correction"}
    with transaction():
        assert undo_merge(ANA, merge, "two people after all") == 0
    assert everything() == before


@pytest.mark.postgresql
def test_what_both_have_stays_and_nothing_is_lost(app: Flask, account: Account) -> None:
    provider, other = factories.provider(), factories.provider()
    for each in (provider, other):
        fill(each.npi, account.id, plan_key="medicare", email_hash="the same", year=2026)
    db.session.commit()
    recompute([provider.npi, other.npi])
    db.session.commit()
    before = everything()
    merge = merged(provider, other)
    after = everything()
    assert {name: len(rows) for name, rows in after.items() if name not in STAYS} == {
        name: len(rows) for name, rows in before.items() if name not in STAYS
    }
    with transaction():
        undo_merge(ANA, merge, "two people after all")
    assert everything() == before


def test_pairs_of_the_demonstration_merge_and_part_again(sqlite_app: Flask) -> None:
    with transaction():
        seed()
    npis = list(db.session.scalars(select(Provider.npi).where(Provider.entity_type == 1).order_by(Provider.npi)))
    for npi, other in zip(npis[:4], npis[4:8], strict=True):
        with transaction():
            recompute([npi, other])  # estimates of two do not see the texts of all others, as those of the night do
        before = everything()
        merge = merged(db.session.get_one(Provider, npi), db.session.get_one(Provider, other))
        assert everything() != before
        with transaction():
            undo_merge(ANA, merge, "no")
        assert everything() == before


def test_reviews_credentials_and_scores_are_the_other_ones_at_once(sqlite_app: Flask) -> None:
    provider, other = two()
    factories.review(provider.npi, 5.0)
    factories.review(other.npi, 3.0)
    factories.license(provider.npi)
    estimate_ratings()
    db.session.commit()
    before = current_revision()
    merge = merged(provider, other)
    assert db.session.get_one(RatingEstimate, other.npi).reviews_counted == 2
    assert db.session.get(RatingEstimate, provider.npi) is None
    assert db.session.get_one(QualificationScore, other.npi).points > 0
    assert changed_since(before) == {provider.npi, other.npi}
    assert [result.npi for result in search(SearchQuery(TORRANCE)).results] == [other.npi]
    with transaction():
        undo_merge(ANA, merge, "no")
    assert db.session.get_one(RatingEstimate, other.npi).reviews_counted == 1
    assert {result.npi for result in search(SearchQuery(TORRANCE)).results} == {provider.npi, other.npi}


def test_of_two_reviews_of_one_person_and_year_the_one_that_is_there_counts(sqlite_app: Flask) -> None:
    provider, other = two()
    for each in (provider, other):
        review = factories.review(each.npi)
        db.session.add(
            Submission(
                review_id=review.id,
                npi=each.npi,
                form_key=each.npi,
                email_hash="ana",
                year=2026,
                network_hash="n",
                submitted_at=datetime.now(UTC),
                link_key="k",
            )
        )
    db.session.commit()
    plan = plan_merge(provider.npi, other.npi)
    assert (plan.stays["review"], plan.stays["submission"]) == (1, 1)
    merged(provider, other)
    assert [row.npi for row in db.session.scalars(select(Review).order_by(Review.id))] == [provider.npi, other.npi]


def test_hours_of_two_records_are_not_mixed(sqlite_app: Flask) -> None:
    provider, other = two()
    monday, tuesday = ({"weekday": day, "opens_at": time(9)} for day in (0, 1))
    said = {"closes_at": time(17), "source_key": "demo", "as_of": factories.DAY}
    db.session.add_all([OfficeHours(npi=provider.npi, **monday, **said), OfficeHours(npi=other.npi, **tuesday, **said)])
    db.session.commit()
    merged(provider, other)
    assert [row.weekday for row in db.session.scalars(select(OfficeHours).where(OfficeHours.npi == other.npi))] == [1]


def test_a_location_of_the_same_house_stays_and_another_moves_with_its_correction(sqlite_app: Flask) -> None:
    provider, other = two()
    house = {"line_1": "3445 Main St", "postal_code": "90503"}
    factories.location(provider.npi, (33.9, -118.2), line_1="12 Elm St", postal_code="90210", address_key="elm")
    for each, line in ((provider, "3445 Main St Ste 2"), (other, "3445 Main Street")):
        place = each.locations[0]
        place.line_1, place.postal_code = line, house["postal_code"]
    for key in ("elm", ""):
        db.session.add(
            StaffCorrection(
                npi=provider.npi, address_key=key, field="phone" if key else "name", value="x", reason="r",
                corrected_at=datetime.now(UTC),
            )
        )  # fmt: skip
    db.session.commit()
    merged(provider, other)
    places = db.session.scalars(select(PracticeLocation).where(PracticeLocation.npi == other.npi)).all()
    assert sorted(place.line_1 for place in places) == ["12 Elm St", "3445 Main Street"]
    assert [place.is_primary for place in places].count(True) <= 1
    assert [row.npi for row in db.session.scalars(select(StaffCorrection).order_by(StaffCorrection.address_key))] == [
        provider.npi,  # the correction of its own name
        other.npi,
    ]


def test_a_fact_of_a_public_file_is_kept_from_the_next_file(sqlite_app: Flask) -> None:
    provider, other = two()
    factories.volume(provider.npi).source_key = known_source("cms_services").key
    db.session.commit()
    merge = merged(provider, other)
    (row,) = stored_rows(ProcedureVolume, ProcedureVolume.npi == other.npi)
    assert row["source_key"] == "merged"
    with transaction():
        undo_merge(ANA, merge, "no")
    (row,) = stored_rows(ProcedureVolume, ProcedureVolume.npi == provider.npi)
    assert row["source_key"] == "cms_services"


@pytest.mark.postgresql
def test_what_an_import_put_in_its_place_makes_room_when_it_is_undone(app: Flask) -> None:
    provider, other = two()
    row = factories.volume(provider.npi)
    year, code, number = row.year, row.hcpcs_code, row.id
    db.session.commit()
    merge = merged(provider, other)
    factories.volume(provider.npi, year=year, hcpcs_code=code)
    db.session.commit()
    with transaction():
        assert undo_merge(ANA, merge, "no") == 0
    assert [each["id"] for each in stored_rows(ProcedureVolume)] == [number]


def test_what_is_gone_since_is_counted(sqlite_app: Flask) -> None:
    provider, other = two()
    factories.volume(provider.npi)
    db.session.commit()
    merge = merged(provider, other)
    (row,) = db.session.scalars(select(ProcedureVolume))
    db.session.delete(row)
    db.session.commit()
    with transaction():
        assert undo_merge(ANA, merge, "no") == 1


def test_what_came_after_the_merge_stays_with_the_other_one(sqlite_app: Flask) -> None:
    provider, other = two()
    merge = merged(provider, other)
    factories.review(other.npi)
    db.session.commit()
    with transaction():
        undo_merge(ANA, merge, "no")
    assert [row.npi for row in db.session.scalars(select(Review))] == [other.npi]


@pytest.mark.postgresql
def test_a_chain_leads_to_its_end_and_is_undone_from_its_end(app: Flask) -> None:
    first, second = two()
    third = factories.provider()
    factories.license(first.npi)
    db.session.commit()
    before = everything()
    one, two_ = merged(first, second), merged(second, third)
    assert (first.merged_into, second.merged_into) == (third.npi, third.npi)
    with pytest.raises(InvalidTransitionError, match="Undo that merge first"), transaction():
        undo_merge(ANA, one, "no")
    for merge in (two_, one):
        with transaction():
            undo_merge(ANA, merge, "no")
    assert [row.npi for row in db.session.scalars(select(Credential))] == [first.npi]
    assert everything()["provider"] == before["provider"]


def test_it_is_undone_once_and_within_thirty_days(sqlite_app: Flask) -> None:
    provider, other = two()
    merge = merged(provider, other)
    merge.merged_at = datetime.now(UTC) - timedelta(days=UNDO_DAYS, minutes=1)
    db.session.commit()
    with pytest.raises(InvalidTransitionError, match="30 days"), transaction():
        undo_merge(ANA, merge, "no")
    merge.merged_at = datetime.now(UTC) - timedelta(days=UNDO_DAYS, minutes=-1)
    db.session.commit()
    with transaction():
        undo_merge(ANA, merge, "no")
    assert merge_of(provider.npi) is None
    with pytest.raises(InvalidTransitionError, match="already"), transaction():
        undo_merge(ANA, merge, "no")


def test_a_plan_that_no_longer_holds_is_not_carried_out(sqlite_app: Flask) -> None:
    provider, other = two()
    plan = plan_merge(provider.npi, other.npi)
    factories.review(provider.npi)
    db.session.commit()
    with pytest.raises(EditConflictError), transaction():
        merge_providers(ANA, provider.npi, other.npi, plan.digest, "the same person")
    assert provider.merged_into is None


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"entity_type": ORGANIZATION, "organization_name": "Clinic"}, "a person and the other an organization"),
        ({"hidden_at": datetime(2026, 1, 1, tzinfo=UTC)}, "is hidden"),
        ({"npi": "1003000126"}, "invented and the other real"),
        ({"merged_into": "9000000017"}, "is merged into"),
    ],
)
@pytest.mark.postgresql
def test_what_cannot_be_the_same_is_not_merged(app: Flask, values: dict[str, object], why: str) -> None:
    provider, other = factories.provider(), factories.provider(**values)
    db.session.commit()
    assert why in (why_not_merged(provider, other) or "")
    with pytest.raises(InvalidTransitionError, match=why), transaction():
        merge_providers(ANA, provider.npi, other.npi, plan_merge(provider.npi, other.npi).digest, "the same")
    assert "the same provider" in (why_not_merged(provider, provider) or "")


def test_the_log_of_both_says_what_moved(sqlite_app: Flask) -> None:
    provider, other = two()
    factories.review(provider.npi)
    db.session.commit()
    merged(provider, other)
    (event,) = latest_events(subject=f"provider:{provider.npi}")
    assert (event.act, event.reason, event.after["into"]) == ("merge_provider", "the same person", other.npi)
    assert event.after["moved"]["review"] == 1
    (event,) = latest_events(subject=f"provider:{other.npi}")
    assert (event.act, event.after["from"]) == ("take_over_provider", provider.npi)
