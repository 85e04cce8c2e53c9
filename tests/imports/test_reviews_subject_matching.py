"""Rows without an NPI go to whom they mean; the doubtful ones wait, and what a person decided holds from then on."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.providers.models import PracticeLocation
from directory.reviews.external.actions import decide_match
from directory.reviews.models import DoubtfulMatch
from tests import factories
from tests.imports.importer import rejected_by
from tests.imports.reviews_elsewhere import LANTERN, ReviewImporter, about, as_csv, person, reviews, row

HERE = about("Dr. Ana Cruz", "1786 Lantern Ct, Torrance, CA 90503", "310 555 0100")
DOUBTFUL = about("Ana Cruz MD")


@pytest.fixture
def importer(app: Flask, tmp_path: Path) -> ReviewImporter:
    return ReviewImporter(app, tmp_path)


def waiting() -> list[DoubtfulMatch]:
    return list(db.session.scalars(select(DoubtfulMatch).order_by(DoubtfulMatch.id)))


def decide(npi: str | None) -> None:
    decide_match(waiting()[0].id, npi, "account:7")
    db.session.commit()


def test_who_is_certain_gets_the_review(importer: ReviewImporter) -> None:
    npi, _ = person(1), person(2, "Ben", "Ortiz")
    assert importer(as_csv(row("1", **HERE)))["added"] == 1
    assert [each.npi for each in reviews()] == [npi]
    assert waiting() == []


def test_who_is_nobody_here_is_rejected_with_the_name(importer: ReviewImporter) -> None:
    person()
    result = importer.run(as_csv(row("1", **about("Wilhelmina Achterberg", "5 Far Street"))))
    assert rejected_by(result) == [(2, "no provider here is like “Wilhelmina Achterberg, 5 Far Street”")]


def test_who_is_doubtful_waits_with_the_candidates(importer: ReviewImporter) -> None:
    one, other = person(1), person(2, place={**LANTERN, "line_1": "40 Quay Street"})
    said = importer(as_csv(row("1", **DOUBTFUL), row("2", **DOUBTFUL)))
    assert (said["skipped"], said["waiting"], said["added"]) == (2, 2, 0)
    first, second = waiting()
    assert {each["npi"] for each in first.candidates} == {one, other}
    assert (first.subject["name"], first.content["rating"], second.source_review_id) == ("Ana Cruz MD", 4, "2")
    assert importer(as_csv(row("1", **DOUBTFUL)))["waiting"] == 1
    assert len(waiting()) == 2


def test_what_a_person_chose_holds_for_later_imports(importer: ReviewImporter) -> None:
    _, other = person(1), person(2)
    importer(as_csv(row("1", **DOUBTFUL), row("2", **DOUBTFUL)))
    decide(other)
    said = importer(as_csv(row("1", **DOUBTFUL), row("3", **about("ANA CRUZ  md"))))
    assert (said["unchanged"], said["added"], said["waiting"]) == (1, 1, 0)
    assert {each.npi for each in reviews()} == {other}


def test_what_a_person_dismissed_stays_dismissed(importer: ReviewImporter) -> None:
    person()
    importer(as_csv(row("1", **DOUBTFUL)))
    decide(None)
    said = importer(as_csv(row("1", **DOUBTFUL), row("2", **DOUBTFUL)))
    assert (said["skipped"], said["dismissed"], said["waiting"]) == (2, 2, 0)
    assert reviews() == []


def test_a_choice_holds_for_its_source_alone(importer: ReviewImporter) -> None:
    npi = person()
    importer(as_csv(row("1", **DOUBTFUL)))
    decide(npi)
    assert importer(as_csv(row("1", **DOUBTFUL, source="Other")))["waiting"] == 1


@pytest.mark.postgresql
def test_a_review_stays_where_it_is_when_another_of_the_name_turns_up(importer: ReviewImporter) -> None:
    npi = person(1)
    importer(as_csv(row("1", **HERE)))
    person(2)
    said = importer(as_csv(row("1", **HERE), row("2", **HERE)))
    assert (said["unchanged"], said["waiting"]) == (1, 1)
    assert [each.npi for each in reviews()] == [npi]


def test_nobody_is_asked_about_whom_a_later_import_is_certain(importer: ReviewImporter) -> None:
    person(1)
    other = person(2)
    importer(as_csv(row("1", **HERE), row("2", **HERE)))
    assert len(waiting()) == 2
    place = db.session.scalars(select(PracticeLocation).where(PracticeLocation.npi == other)).one()
    place.line_1, place.phone = "9 Elsewhere Road", "(424) 555-0188"
    db.session.commit()
    assert importer(as_csv(row("1", **HERE)))["added"] == 1
    assert [match.source_review_id for match in waiting()] == ["2"]  # which this file did not hold


def test_invented_providers_are_never_meant_by_real_reviews(importer: ReviewImporter) -> None:
    factories.provider(first_name="Ana", last_name="Cruz", name="Ana Cruz, MD")
    db.session.commit()
    assert len(rejected_by(importer.run(as_csv(row("1", **DOUBTFUL))))) == 1


def test_a_number_of_the_provider_wins_over_its_name(importer: ReviewImporter) -> None:
    npi = person()
    importer(as_csv(row("1", provider_name="Somebody Else")))
    assert [each.npi for each in reviews()] == [npi]
