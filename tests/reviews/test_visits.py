"""What patients report of their visits is summed up for each provider and kept with the rating estimates."""

import pytest
from flask import Flask
from sqlalchemy import inspect

from directory.extensions import db
from directory.providers.revision import changed_since, current_revision
from directory.reviews.display.comparisons import outcome_page
from directory.reviews.display.outcomes import outcome_summary
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import VisitSummary
from directory.reviews.questions import WAITS
from directory.reviews.visits import median_answer
from tests import factories


def visited(npi: str, *waits: str | None, **answers: object) -> None:
    for wait in waits:
        factories.review(npi, wait=wait, **answers)


def kept(npi: str) -> dict[str, object] | None:
    row = db.session.get(VisitSummary, npi, populate_existing=True)
    return row and {column.key: getattr(row, column.key) for column in inspect(VisitSummary).columns}


@pytest.mark.postgresql
def test_the_middle_answer_and_the_mean_are_kept_from_five_answers_on(app: Flask) -> None:
    npi, other = factories.provider().npi, factories.provider().npi
    visited(npi, "week", "month", "month", "longer", "three_months", explained=4)
    visited(npi, None, None, explained=5, paid="under_100")
    visited(other, "week", "week", "week", "week", explained=1)
    estimate_ratings()
    assert kept(npi) == {
        "npi": npi,
        "wait": "month",
        "waits": 5,
        "explained": pytest.approx(30 / 7),
        "explained_count": 7,
        "paid": None,
        "paid_count": 2,
    }
    assert kept(other) is None


def test_an_answer_more_moves_the_one_provider_s_sum_and_tells_the_search(app: Flask) -> None:
    npi, other = factories.provider().npi, factories.provider().npi
    visited(npi, *["week"] * 4)
    visited(other, *["week"] * 5)
    estimate_ratings()
    db.session.commit()
    before = current_revision()
    review = factories.review(npi, wait="longer")
    estimate_ratings([npi])
    db.session.commit()
    assert (kept(npi)["wait"], kept(npi)["waits"]) == ("week", 5)
    assert changed_since(before) == {npi}
    review.status = "removed"
    estimate_ratings([npi])
    assert kept(npi) is None
    assert kept(other)["wait"] == "week"


def test_a_change_of_the_answers_alone_is_kept_too(app: Flask) -> None:
    npi = factories.provider().npi
    reviews = [factories.review(npi, wait="week") for _ in range(5)]
    estimate_ratings()
    for review in reviews:
        review.wait = "longer"
    estimate_ratings()
    assert kept(npi)["wait"] == "longer"


@pytest.mark.parametrize("values", [{"status": "pending"}, {"written_as": "caregiver"}])
def test_those_whose_outcomes_do_not_count_do_not_count_here(app: Flask, values: dict[str, str]) -> None:
    npi = factories.provider().npi
    visited(npi, *["week"] * 4)
    visited(npi, "week", **values)
    estimate_ratings()
    assert kept(npi) is None
    assert outcome_summary(npi).wait is None


def test_a_copy_counts_once(app: Flask) -> None:
    npi = factories.provider().npi
    visited(npi, *["week"] * 4)
    first = factories.review(npi, wait="week")
    visited(npi, "longer", duplicate_of=first.id)
    estimate_ratings()
    assert kept(npi)["waits"] == 5


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"week": 4}, None),
        ({"week": 3, "month": 3}, "week"),
        ({"week": 2, "longer": 3}, "longer"),
        ({"longer": 5}, "longer"),
        ({}, None),
    ],
)
def test_the_middle_answer_is_one_that_was_given(answers: dict[str, int], expected: str | None) -> None:
    assert median_answer(answers, WAITS) == expected


def test_the_outcomes_tell_the_wait_the_explanation_and_the_payment(app: Flask) -> None:
    npi = factories.provider().npi
    visited(npi, "week", "month", "month", "month", "longer", explained=4, paid="100_499")
    with app.test_request_context():
        shown = {each.question.key: each for each in outcome_page(outcome_summary(npi)).comparisons}
    assert shown["wait"].sentence == "Typical wait: up to a month (5 patients)"
    assert [share.percent for share in shown["wait"].shares] == [20, 60, 0, 20]
    assert shown["explained"].sentence == "4.0 of 5 on average, by 5 patients."
    assert shown["paid"].sentence == "Typically $100 to $499 out of pocket for one visit (5 patients)."
