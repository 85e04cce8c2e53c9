"""Entries of the OIG's list find their providers: for certain by NPI, and by name for two people to decide."""

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.exclusions.actions import confirm_match, dismiss_match, match_exclusions, propose_match
from directory.credentials.exclusions.models import BirthDate, Exclusion, ListedExclusion, PossibleExclusion
from directory.credentials.models import QualificationScore, VerificationTask
from directory.credentials.name_keys import business_key, person_key
from directory.credentials.scoring import rescore_qualifications
from directory.credentials.tasks import TaskKind, open_task
from directory.extensions import db
from directory.providers.models import ORGANIZATION, OtherName
from directory.providers.sources import known_source
from directory.web.refusals import ConflictOfInterestError, SelfApprovalError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction
from tests import factories
from tests.signing_in import new_account

BORN = date(1960, 1, 31)
FIRST, SECOND = "account:101", "account:102"
_numbers = itertools.count(1)


def entry(**values: Any) -> ListedExclusion:
    """An entry about Ada Example of California, with neither NPI nor date of birth."""
    row = {
        "key": hashlib.sha256(str(next(_numbers)).encode()).hexdigest(),
        "last_name": "EXAMPLE",
        "first_name": "ADA",
        "state": "CA",
        "city": "TORRANCE",
        "exclusion_type": "1128a1",
        "excluded_on": date(2020, 1, 20),
        "source_key": known_source("leie").key,
        "as_of": date(2026, 1, 2),
        **values,
    }
    name = person_key(row["last_name"], row["first_name"]) if row["last_name"] else business_key(row["business_name"])
    added = ListedExclusion(**{"name_key": name, **row})
    db.session.add(added)
    db.session.flush()
    return added


def ada(**values: Any) -> str:
    return factories.provider(**{"first_name": "Ada", "last_name": "Example", **values}).npi


def born(npi: str, day: date = BORN) -> None:
    db.session.add(BirthDate(npi=npi, born_on=day, entered_by=FIRST, entered_at=datetime.now(UTC)))


def matched() -> set[str]:
    """What is to be scored anew once all is committed."""
    changed = match_exclusions()
    rescore_qualifications(sorted(changed))
    db.session.commit()
    return changed


def possible() -> list[PossibleExclusion]:
    return list(db.session.scalars(select(PossibleExclusion).order_by(PossibleExclusion.id)))


def exclusions(npi: str) -> list[Exclusion]:
    return list(db.session.scalars(select(Exclusion).where(Exclusion.npi == npi).order_by(Exclusion.id)))


def open_kinds() -> list[str]:
    return list(
        db.session.scalars(
            select(VerificationTask.kind).where(VerificationTask.closed_at.is_(None)).order_by(VerificationTask.id)
        )
    )


def is_barred(npi: str) -> bool:
    score = db.session.get(QualificationScore, npi, populate_existing=True)
    return score is not None and score.barred_for is not None


def waiting() -> PossibleExclusion:
    """A possible match of Ada Example, found."""
    ada()
    entry()
    matched()
    (row,) = possible()
    return row


def proposed() -> PossibleExclusion:
    row = waiting()
    with transaction():
        propose_match(FIRST, row, "Same license number.", row.version)
    return row


def confirmed() -> PossibleExclusion:
    row = proposed()
    with transaction():
        confirm_match(SECOND, row, True, "The board says so too.", row.version)
    return row


def test_an_npi_that_is_here_is_certain_and_asks_nobody(app: Flask) -> None:
    npi, namesake = ada(), ada()
    entry(npi=npi)
    assert matched() == {npi}
    assert [row.confirmed_by for row in exclusions(npi)] == [None]
    assert (exclusions(namesake), possible(), open_kinds()) == ([], [], [])
    assert is_barred(npi)
    assert matched() == set()


def test_name_and_state_make_a_possible_match_that_excludes_nobody(app: Flask) -> None:
    npi = ada(middle_name="Lee")
    found = entry(middle_name="L")
    assert matched() == set()
    (row,) = possible()
    assert (row.npi, row.entry_key, row.status) == (npi, found.key, "waiting")
    assert row.fits == "last and first name, and CA as a state of practice or license"
    assert row.entry["excluded_on"] == "2020-01-20"
    assert not is_barred(npi)
    task = db.session.scalars(select(VerificationTask)).one()
    assert (task.kind, task.npi, task.possible_exclusion_id) == (TaskKind.POSSIBLE_EXCLUSION, npi, row.id)
    assert "ADA EXAMPLE in TORRANCE, CA, excluded since January 20, 2020" in task.sentence


def test_matching_again_finds_nothing_new(app: Flask) -> None:
    row = waiting()
    version, events = row.version, db.session.scalar(select(AuditEvent.number).order_by(AuditEvent.number.desc()))
    matched()
    assert [each.version for each in possible()] == [version]
    assert open_kinds() == [TaskKind.POSSIBLE_EXCLUSION]
    assert db.session.scalar(select(AuditEvent.number).order_by(AuditEvent.number.desc())) == events


@pytest.mark.parametrize(
    ("of_provider", "of_entry"),
    [
        ({"last_name": "O'Neil-Smith"}, {"last_name": "ONEIL SMITH JR"}),
        ({"first_name": "José", "name_suffix": "III"}, {"first_name": "JOSE"}),
        ({"first_name": "Mary Ann"}, {"first_name": "MARY", "middle_name": "ANN"}),
        ({"first_name": "Mary", "middle_name": "Ann"}, {"first_name": "MARY ANN"}),
        ({}, {"state": "CA", "npi": "1999999992"}),
    ],
)
def test_spellings_do_not_hide_anybody(app: Flask, of_provider: dict[str, str], of_entry: dict[str, str]) -> None:
    npi = ada(**of_provider)
    entry(**of_entry)
    matched()
    assert [row.npi for row in possible()] == [npi]


@pytest.mark.parametrize(
    ("of_provider", "of_entry"),
    [
        ({}, {"first_name": "IDA"}),
        ({}, {"last_name": "EXEMPLE"}),
        ({"middle_name": "Lee"}, {"middle_name": "M"}),
        ({}, {"state": "NV"}),
        ({}, {"state": None}),
        ({}, {"reinstated_on": date(2025, 1, 1)}),
        ({}, {"last_name": None, "first_name": None, "business_name": "ADA EXAMPLE"}),
        ({"entity_type": ORGANIZATION, "organization_name": "Ada Example"}, {}),
    ],
)
def test_another_person_is_not_asked_about(app: Flask, of_provider: dict[str, Any], of_entry: dict[str, Any]) -> None:
    ada(**of_provider)
    entry(**of_entry)
    matched()
    assert possible() == []


def test_a_state_of_a_license_counts_as_one_of_practice(app: Flask) -> None:
    by_claim, by_registry, elsewhere = ada(), ada(), ada()
    factories.license(by_claim).state = "NV"
    db.session.flush()
    row = db.session.get_one(type(factories.provider()), by_registry)
    row.specialties[0].license_state = "NV"
    entry(state="NV")
    matched()
    assert {each.npi for each in possible()} == {by_claim, by_registry}
    assert elsewhere not in {each.npi for each in possible()}


def test_an_npi_of_another_provider_here_settles_that_it_is_not_this_one(app: Flask) -> None:
    namesake, other = ada(), ada(last_name="Other")
    entry(npi=other)
    assert matched() == {other}
    assert possible() == []
    assert exclusions(namesake) == []


def test_the_same_date_of_birth_counts_in_any_state(app: Flask) -> None:
    npi = ada()
    born(npi)
    entry(born_on=BORN, state="NV")
    matched()
    assert [row.fits for row in possible()] == ["last and first name, and date of birth"]


def test_another_date_of_birth_settles_that_it_is_somebody_else(app: Flask) -> None:
    npi = ada()
    born(npi)
    entry(born_on=BORN + timedelta(days=1))
    matched()
    assert possible() == []


@pytest.mark.parametrize("knows", ["provider", "entry"])
def test_a_date_of_birth_that_one_side_alone_knows_says_nothing(app: Flask, knows: str) -> None:
    npi = ada()
    if knows == "provider":
        born(npi)
    entry(born_on=BORN if knows == "entry" else None)
    matched()
    assert [row.npi for row in possible()] == [npi]


def test_a_date_of_birth_that_is_learned_later_closes_what_waits(app: Flask) -> None:
    npi = ada()
    entry(born_on=BORN)
    matched()
    born(npi, date(1970, 5, 5))
    matched()
    assert [row.status for row in possible()] == ["gone"]
    assert open_kinds() == []


def test_businesses_are_found_by_any_of_their_names(app: Flask) -> None:
    by_name = factories.provider(entity_type=ORGANIZATION, organization_name="South Bay Nerves, LLC").npi
    by_other = factories.provider(entity_type=ORGANIZATION, organization_name="Something Else").npi
    db.session.add(OtherName(npi=by_other, kind="3", name="South Bay Nerves", source_key="demo", as_of=factories.DAY))
    entry(last_name=None, first_name=None, business_name="SOUTH BAY NERVES INC")
    entry(last_name=None, first_name=None, business_name="SOUTH BAY NERVES INC", state="NV")
    matched()
    assert {row.npi for row in possible()} == {by_name, by_other}
    assert len(possible()) == 2


def test_a_provider_who_is_added_later_is_matched(app: Flask) -> None:
    future = factories.npi()
    entry(npi=future)
    entry()
    matched()
    assert possible() == []
    by_name = ada()
    ada(npi=future, last_name="Other")
    bystander = ada()
    assert match_exclusions([future, by_name]) == {future}
    assert [row.npi for row in possible()] == [by_name]
    assert matched() == set()
    assert [row.npi for row in possible()] == [by_name, bystander]


def test_an_entry_that_is_gone_lifts_what_it_said_on_the_day_given(app: Flask) -> None:
    npi = ada()
    entry(npi=npi)
    other_source = factories.exclusion(npi)
    matched()
    db.session.execute(delete(ListedExclusion))
    assert match_exclusions(gone_on=date(2026, 2, 3)) == {npi}
    ended = {row.source_key: row.reinstated_on for row in exclusions(npi)}
    assert ended == {"leie": date(2026, 2, 3), other_source.source_key: None}
    assert match_exclusions(gone_on=date(2026, 3, 3)) == set()


def test_two_entries_about_one_provider_are_two_exclusions(app: Flask) -> None:
    npi = ada()
    entry(npi=npi)
    second = entry(npi=npi, exclusion_type="1128b4", excluded_on=date(2021, 1, 1))
    matched()
    assert len(exclusions(npi)) == 2
    db.session.delete(second)
    matched()
    assert {row.exclusion_type: row.reinstated_on is None for row in exclusions(npi)} == {
        "1128a1": True,
        "1128b4": False,
    }
    assert is_barred(npi)


def test_a_match_that_two_verifiers_agree_on_excludes(app: Flask) -> None:
    row = proposed()
    assert (row.status, row.proposed_by, is_barred(row.npi)) == ("proposed", FIRST, False)
    assert open_kinds() == [TaskKind.SECOND_OPINION]
    with transaction():
        confirm_match(SECOND, row, True, "", row.version)
    (exclusion,) = exclusions(row.npi)
    assert exclusion.confirmed_by == f"{FIRST}, {SECOND}"
    assert (row.status, row.decided_by, open_kinds()) == ("confirmed", SECOND, [])
    assert is_barred(row.npi)
    acts = db.session.execute(select(AuditEvent.actor, AuditEvent.act).order_by(AuditEvent.number)).all()
    assert [tuple(act) for act in acts] == [
        ("program", "find_possible_exclusion"),
        (FIRST, "propose_match"),
        (SECOND, "confirm_match"),
        ("program", "exclude_provider"),
    ]
    assert check_log().fault is None


def test_who_proposed_a_match_cannot_agree_to_it(app: Flask) -> None:
    row = proposed()
    with pytest.raises(SelfApprovalError), transaction():
        confirm_match(FIRST, row, True, "", row.version)
    assert (possible()[0].status, exclusions(row.npi)) == ("proposed", [])


@pytest.mark.postgresql
def test_a_second_verifier_who_disagrees_says_why_and_it_waits_again(app: Flask) -> None:
    row = proposed()
    with pytest.raises(ValidationFailedError, match="Explain to the first verifier why you disagree"), transaction():
        confirm_match(SECOND, row, False, " ", row.version)
    with transaction():
        confirm_match(SECOND, row, False, "Another middle name.", row.version)
    assert (row.status, row.proposed_by, open_kinds()) == ("waiting", None, [TaskKind.POSSIBLE_EXCLUSION])
    assert not is_barred(row.npi)


def test_one_verifier_dismisses_with_a_note_and_it_stays_dismissed(app: Flask) -> None:
    row = waiting()
    with pytest.raises(ValidationFailedError, match="Explain how you know"), transaction():
        dismiss_match(FIRST, row, "", row.version)
    with transaction():
        dismiss_match(FIRST, row, "Born 20 years later.", row.version)
    matched()
    assert [(each.status, each.note) for each in possible()] == [("dismissed", "Born 20 years later.")]
    assert open_kinds() == []


def test_another_entry_about_the_name_is_asked_about_though_the_first_was_dismissed(app: Flask) -> None:
    row = waiting()
    with transaction():
        dismiss_match(FIRST, row, "Somebody else.", row.version)
    entry(excluded_on=date(2024, 4, 4))
    matched()
    assert [each.status for each in possible()] == ["dismissed", "waiting"]


def test_a_dismissed_match_may_be_proposed_after_all(app: Flask) -> None:
    row = waiting()
    with transaction():
        dismiss_match(FIRST, row, "Somebody else.", row.version)
    with transaction():
        propose_match(SECOND, row, "The board's record says otherwise.", row.version)
    with transaction():
        confirm_match(FIRST, row, True, "", row.version)
    assert is_barred(row.npi)


def test_an_entry_that_disappears_closes_what_waits_and_reopens_it_when_it_is_back(app: Flask) -> None:
    row = proposed()
    gone = db.session.get_one(ListedExclusion, row.entry_key)
    values = {column.name: getattr(gone, column.name) for column in ListedExclusion.__table__.columns}
    db.session.delete(gone)
    matched()
    assert ([each.status for each in possible()], open_kinds()) == (["gone"], [])
    entry(**values)
    matched()
    assert [(each.status, each.proposed_by) for each in possible()] == [("waiting", None)]
    assert open_kinds() == [TaskKind.POSSIBLE_EXCLUSION]


def test_a_confirmed_exclusion_ends_with_its_entry(app: Flask) -> None:
    row = confirmed()
    db.session.execute(delete(ListedExclusion))
    assert matched() == {row.npi}
    assert not is_barred(row.npi)
    assert possible()[0].status == "confirmed"


def test_a_confirmed_exclusion_is_lifted_by_a_reinstatement(app: Flask) -> None:
    row = confirmed()
    db.session.get_one(ListedExclusion, row.entry_key).reinstated_on = date(2026, 1, 5)
    assert matched() == {row.npi}
    assert exclusions(row.npi)[0].reinstated_on == date(2026, 1, 5)
    assert not is_barred(row.npi)


@pytest.mark.parametrize("change", [{"address": "9 OCEAN BLVD"}, {"middle_name": "LEE"}, {"born_on": BORN}])
def test_a_confirmed_entry_in_other_words_stays_confirmed(app: Flask, change: dict[str, Any]) -> None:
    row = confirmed()
    db.session.execute(delete(ListedExclusion))
    found = entry(**change)
    matched()
    assert [(each.status, each.entry_key) for each in possible()] == [("confirmed", found.key)]
    assert [each.reinstated_on for each in exclusions(row.npi)] == [None]
    assert is_barred(row.npi)


def test_a_confirmed_entry_that_gains_the_npi_is_the_same_exclusion(app: Flask) -> None:
    row = confirmed()
    db.session.execute(delete(ListedExclusion))
    entry(npi=row.npi)
    matched()
    (exclusion,) = exclusions(row.npi)
    assert (exclusion.reinstated_on, exclusion.confirmed_by) == (None, None)


@pytest.mark.postgresql
def test_of_two_verifiers_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    row = waiting()
    seen = row.version
    with transaction():
        propose_match(FIRST, row, "", seen)
    for act in (propose_match, dismiss_match):
        with pytest.raises(EditConflictError), transaction():
            act(SECOND, row, "Mine.", seen)
    with pytest.raises(EditConflictError), transaction():
        dismiss_match(SECOND, row, "It is decided by agreeing or not.", row.version)
    with transaction():
        confirm_match(SECOND, row, True, "", row.version)
    with pytest.raises(EditConflictError), transaction():
        confirm_match("account:103", row, True, "", row.version)


def test_nobody_decides_about_a_provider_they_have_a_conflict_with(app: Flask) -> None:
    row = waiting()
    conflicted = f"account:{new_account(app, 'verifier').id}"
    declare_conflict(conflicted, row.npi, "my former practice")
    db.session.commit()
    for act in (propose_match, dismiss_match):
        with pytest.raises(ConflictOfInterestError), transaction():
            act(conflicted, row, "Because.", row.version)
    with transaction():
        propose_match(FIRST, row, "", row.version)
    with pytest.raises(ConflictOfInterestError), transaction():
        confirm_match(conflicted, row, True, "", row.version)


def test_a_second_opinion_on_a_match_is_not_one_on_a_credential_of_the_same_number(app: Flask) -> None:
    row = proposed()
    task = db.session.scalars(select(VerificationTask).where(VerificationTask.closed_at.is_(None))).one()
    credential = factories.license(row.npi, id=row.id)
    other = open_task(TaskKind.SECOND_OPINION, credential, "A check.")
    assert other.id != task.id


def test_more_providers_than_one_lot_are_all_matched(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.credentials.exclusions.actions.PROVIDERS_AT_ONCE", 2)
    npis = [ada() for _ in range(5)]
    for npi in npis:
        entry(npi=npi)
    assert matched() == set(npis)
