"""What a provider's page says of its reviews and outcomes."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.actions.estimating import estimate_ratings
from directory.reviews.models import Outcome
from directory.reviews.queries.published import REVIEWS_A_PAGE, outcome_summary, review_summary
from tests import factories


def page_of(app: Flask, npi: str, query: str = "") -> str:
    db.session.commit()
    answer = app.test_client().get(f"/providers/{npi}{query}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def with_outcomes(number: int, **answers: object) -> str:
    npi = factories.provider().npi
    for _ in range(number):
        factories.review(npi).outcome = Outcome(**answers)
    db.session.flush()
    return npi


def test_stars_and_sources_are_counted(app: Flask) -> None:
    npi = factories.provider().npi
    db.session.add(Source(key="elsewhere", name="Elsewhere (invented)", kind=SourceKind.PLATFORM))
    db.session.flush()
    for stars, values in ((5, {}), (4.5, {"verified": True}), (1, {"would_return": False}), (5, {"status": "pending"})):
        factories.review(npi, stars, **values)
    factories.review(npi, 5, would_return=True).source_key = "elsewhere"
    summary = review_summary(npi)
    assert [(share.label, share.count) for share in summary.stars] == [
        ("5 stars", 2),
        ("4 stars", 1),
        ("3 stars", 0),
        ("2 stars", 0),
        ("1 star", 1),
    ]
    assert [(share.label, share.count, share.percent) for share in summary.sources] == [
        ("Demonstration data (invented)", 3, 75),
        ("Elsewhere (invented)", 1, 25),
    ]
    assert (summary.total, summary.average, summary.verified) == (4, 15.5 / 4, 1)
    assert (summary.would_return, summary.answered_return) == (1, 2)


def test_the_newest_reviews_come_first_and_are_paged(app: Flask) -> None:
    npi = factories.provider().npi
    for day in range(1, REVIEWS_A_PAGE + 3):
        factories.review(npi, text=f"day {day}", created_at=datetime(2026, 1, day, tzinfo=UTC))
    first, last, beyond = (review_summary(npi, page) for page in (1, 2, 99))
    assert first.newest[0].text == f"day {REVIEWS_A_PAGE + 2}"
    assert [review.text for review in last.newest] == ["day 2", "day 1"]
    assert (first.last_page, beyond.page) == (2, 2)


def test_a_page_without_reviews_says_so(sqlite_app: Flask) -> None:
    text = page_of(sqlite_app, factories.provider().npi)
    assert "No reviews yet." in text
    assert "0 patients have reported how the treatment went." in text


def test_the_page_says_how_sure_the_estimate_is_and_whether_visits_were_verified(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, 5, verified=True, text="<b>Kind</b>", author="Ada E.")
    factories.review(npi, 4)
    estimate_ratings()
    text = page_of(sqlite_app, npi)
    assert "We are 90% sure that the true rating lies between" in text
    assert 'role="img" aria-label="Estimate ' in text
    assert "1 visit was verified." in text
    assert "visit not verified" in text
    assert "&lt;b&gt;Kind&lt;/b&gt;" in text


@pytest.mark.parametrize("asked", ["0", "-1", "2", "nan", "1e309", "9" * 40, "٣", "", "<script>"])
def test_any_page_number_shows_reviews(sqlite_app: Flask, asked: str) -> None:
    npi = factories.provider().npi
    factories.review(npi, text="the only one")
    assert "the only one" in page_of(sqlite_app, npi, f"?reviews_page={asked}")


def test_outcomes_are_summed_up_from_five_answers_on(app: Flask) -> None:
    npi = with_outcomes(5, onset_days=6, weeks_lasted=12, pain=3, relief="most", side_effects=["dry_mouth", "headache"])
    summary = outcome_summary(npi)
    assert (summary.onset_days, summary.weeks_lasted, summary.pain) == (6, 12, 3)
    assert [(share.label, share.count) for share in summary.relief if share.count] == [("most", 5)]
    assert {share.label for share in summary.side_effects if share.count} == {"dry mouth", "headache"}


def test_fewer_answers_are_not_shown(sqlite_app: Flask) -> None:
    npi = with_outcomes(4, onset_days=6, relief="most")
    assert outcome_summary(npi).onset_days is None
    text = page_of(sqlite_app, npi)
    assert "4 patients have reported" in text
    assert "First relief" not in text


def test_a_question_that_few_answered_is_left_out(sqlite_app: Flask) -> None:
    npi = with_outcomes(5, weeks_lasted=12)
    text = page_of(sqlite_app, npi)
    assert "12 weeks (median)" in text
    assert "First relief" not in text


def test_outcomes_of_unpublished_reviews_do_not_count(app: Flask) -> None:
    npi = with_outcomes(4, pain=1)
    factories.review(npi, status="pending").outcome = Outcome(pain=10)
    assert outcome_summary(npi).reports == 4
