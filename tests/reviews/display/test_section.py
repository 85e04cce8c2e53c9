"""What the page of a provider's reviews says of them."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import event

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.display.published import (
    REVIEWS_A_PAGE,
    ListChoice,
    how_sure,
    review_list,
    review_summary,
)
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Outcome, Review, SourceAverage
from tests import factories


def page_of(app: Flask, npi: str, query: str = "") -> str:
    db.session.commit()
    answer = app.test_client().get(f"/providers/{npi}/reviews{query}")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def other_source(key: str = "elsewhere", **values: object) -> str:
    db.session.add(Source(**{"key": key, "name": f"{key.title()} (invented)", "kind": SourceKind.PLATFORM, **values}))
    db.session.flush()
    return key


def on(year: int, month: int = 6, day: int = 1, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def texts_of(npi: str, total: int, **choice: object) -> list[str | None]:
    return [review.text for review in review_list(npi, ListChoice(**choice), total)[0]]


def test_stars_and_sources_are_counted(app: Flask) -> None:
    npi, elsewhere = factories.provider().npi, other_source()
    for stars, values in ((5, {}), (4.5, {"verified": True}), (1, {"would_return": False}), (5, {"status": "pending"})):
        factories.review(npi, stars, **values)
    factories.review(npi, 5, would_return=True).source_key = elsewhere
    summary = review_summary(npi)
    assert [(share.label, share.count) for share in summary.stars] == [
        ("5 stars", 2),
        ("4 stars", 1),
        ("3 stars", 0),
        ("2 stars", 0),
        ("1 star", 1),
    ]
    assert [(source.name, reviews, average) for source, reviews, average in summary.sources] == [
        ("Demonstration data (invented)", 3, 3.5),
        ("Elsewhere (invented)", 1, 5),
    ]
    assert (summary.total, summary.average, summary.verified) == (4, 15.5 / 4, 1)
    assert (summary.would_return, summary.answered_return) == (1, 2)


def test_a_copy_of_another_review_is_not_shown_but_named_among_those_that_count_less(
    app: Flask,
) -> None:
    npi = factories.provider().npi
    first = factories.review(npi, 5, text="first")
    factories.review(npi, 5, text="copy", duplicate_of=first.id, discounts=["duplicate"], weight=0.0)
    summary = review_summary(npi)
    assert (summary.total, summary.counted_less) == (1, 1)
    assert texts_of(npi, 1) == ["first"]


def test_reviews_that_count_less_are_grouped_by_their_reasons(app: Flask) -> None:
    npi = factories.provider().npi
    for reasons in (["same_text"], ["same_text", "burst"], ["same_text"], []):
        factories.review(npi, 5, discounts=reasons, weight=0.25 if reasons else 1.0)
    factories.review(npi, 5, discounts=["burst"], status="removed")
    summary = review_summary(npi)
    assert summary.counted_less == 3
    assert list(summary.reasons.items()) == [
        ("near-duplicate text", 3),
        ("many similar ratings within days", 1),
    ]
    text = page_of(app, npi)
    assert "3 reviews counted less, or not at all: near-duplicate text (3); many" in text


def test_each_year_has_its_average_from_three_reviews_on(app: Flask) -> None:
    npi = factories.provider().npi
    for year, ratings in ((2023, (5, 4, 3)), (2025, (1, 5)), (2026, (2, 2, 2, 4))):
        for rating in ratings:
            factories.review(npi, rating, created_at=on(year))
    years = review_summary(npi).years
    assert [(year.year, year.reviews, year.average) for year in years] == [
        (2023, 3, 4.0),
        (2024, 0, None),
        (2025, 2, None),
        (2026, 4, 2.5),
    ]
    text = page_of(app, npi)
    assert "a year with fewer than 3 reviews has none" in text
    assert "trend-chart" in text


def test_a_year_ends_at_midnight_in_los_angeles(app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, created_at=on(2025, 1, 1, hour=7))  # 11 at night on December 31
    factories.review(npi, created_at=on(2025, 1, 1, hour=8))
    assert [(year.year, year.reviews) for year in review_summary(npi).years] == [(2024, 1), (2025, 1)]


def test_the_list_comes_in_the_order_asked_for(app: Flask) -> None:
    npi = factories.provider().npi
    for text, rating, month in (("old good", 5, 1), ("bad", 1, 2), ("new good", 5, 3), ("half", 4.5, 4)):
        factories.review(npi, rating, text=text, created_at=on(2026, month))
    assert texts_of(npi, 4) == ["half", "new good", "bad", "old good"]
    assert texts_of(npi, 4, sort="oldest") == ["old good", "bad", "new good", "half"]
    assert texts_of(npi, 4, sort="lowest") == ["bad", "half", "new good", "old good"]
    assert texts_of(npi, 4, sort="highest") == ["new good", "old good", "half", "bad"]
    assert texts_of(npi, 1, stars=4) == ["half"]


def test_the_newest_reviews_come_first_and_are_paged(app: Flask) -> None:
    npi = factories.provider().npi
    total = REVIEWS_A_PAGE + 2
    for day in range(1, total + 1):
        factories.review(npi, text=f"day {day}", created_at=on(2026, 1, day))
    assert texts_of(npi, total)[0] == f"day {total}"
    assert texts_of(npi, total, page=2) == ["day 2", "day 1"]
    _, pages = review_list(npi, ListChoice(page=99), total)
    assert (pages.number, pages.last) == (2, 2)


def test_the_choice_stays_while_paging(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    for _ in range(REVIEWS_A_PAGE + 1):
        factories.review(npi, 3)
    factories.review(npi, 5, text="not wanted")
    text = page_of(sqlite_app, npi, "?reviews_stars=3&reviews_sort=oldest")
    assert "11 reviews with 3 stars" in text
    assert "reviews_stars=3&amp;reviews_sort=oldest&amp;reviews_page=2#reviews-list" in text
    assert '<option value="oldest" selected>' in text
    assert "not wanted" not in text
    assert "No review gave 1 star." in page_of(sqlite_app, npi, "?reviews_stars=1")


@pytest.mark.parametrize("asked", ["0", "-1", "2", "nan", "1e309", "9" * 40, "٣", "", "<script>"])
@pytest.mark.parametrize("parameter", ["reviews_page", "reviews_sort", "reviews_stars"])
def test_any_address_shows_reviews(sqlite_app: Flask, parameter: str, asked: str) -> None:
    npi = factories.provider().npi
    factories.review(npi, 2, text="the only one")
    assert "the only one" in page_of(sqlite_app, npi, f"?{parameter}={asked}")


def test_a_page_without_reviews_says_so(sqlite_app: Flask) -> None:
    text = page_of(sqlite_app, factories.provider().npi)
    assert "No reviews yet." in text
    assert 'class="list-choice"' not in text


def test_the_page_says_how_sure_the_estimate_is_and_whether_visits_were_verified(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, 5, verified=True, text="<b>Kind</b>", author="Ada E.")
    factories.review(npi, 4)
    estimate_ratings()
    text = page_of(sqlite_app, npi)
    assert "We are 90% sure that the true rating is between" in text
    assert "The estimate is based on 2 reviews." in text
    assert 'role="img" aria-label="Estimate ' in text
    assert "; all providers " in text
    assert "not sure yet" in text
    assert "1 visit was verified." in text
    assert "visit not verified" in text
    assert "&lt;b&gt;Kind&lt;/b&gt;" in text


def test_a_source_that_gives_only_an_average_is_shown_as_such(app: Flask) -> None:
    npi = factories.provider().npi
    db.session.add(SourceAverage(npi=npi, source_key=other_source(), average=4.25, reviews=180, as_of=date(2026, 6, 1)))
    estimate_ratings()
    text = page_of(app, npi)
    assert "gives only an average and a count, June 1, 2026" in text
    assert '180</td> <td class="number">4.25' in text
    assert "The estimate is based on the average from one other source." in text
    assert "No reviews yet" not in text


def test_removed_reviews_are_counted_and_not_shown(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, 1, text="gone", status="removed")
    factories.review(npi, 1, text="refused", status="rejected")
    text = page_of(sqlite_app, npi)
    assert 'Moderators removed 1 review, which is not shown or counted: see <a href="/review-policy">' in text
    assert "gone" not in text
    assert "refused" not in text


def test_a_tie_is_shown_in_the_words_that_the_writer_chose(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, tie="works_there")
    assert "<strong>The writer says:</strong> I work or worked there." in page_of(sqlite_app, npi)
    other = factories.provider().npi
    factories.review(other, tie="none")
    assert "The writer says" not in page_of(sqlite_app, other)


@pytest.mark.parametrize(
    ("written_as", "shown"),
    [
        ("patient", "Jo W., written by the patient ·"),
        ("caregiver", "Jo W., written by someone who cared for or went with the patient ·"),
        (None, "Jo W. ·"),
    ],
)
def test_who_wrote_is_shown_beside_the_review(sqlite_app: Flask, written_as: str | None, shown: str) -> None:
    npi = factories.provider().npi
    factories.review(npi, author="Jo W.", written_as=written_as)
    assert shown in page_of(sqlite_app, npi)


def test_a_review_in_short_discloses_a_connection_and_whose_visit_it_was(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    factories.review(npi, author="Jo W.", written_as="caregiver", tie="works_there")
    page = sqlite_app.test_client().get(f"/providers/{npi}").text
    assert "Jo W., written by someone who cared for or went with the patient</p>" in page
    assert "<strong>The writer says:</strong> I work or worked there." in page


def test_only_patients_are_counted_as_patients_who_would_go_back(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    for written_as in ("patient", None, "caregiver"):
        factories.review(npi, would_return=True, written_as=written_as)
    assert "2 of the 2 patients who answered would go back." in page_of(sqlite_app, npi)


def test_answers_stand_beside_the_text(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    answers = {"wait": "month", "explained": 4, "guidance": "emg", "paid": "100_499", "would_return": True}
    factories.review(npi, text="Gut.", language="de", **answers).outcome = Outcome(
        onset_days=1, relief="most", weeks_lasted=12, pain=0, side_effects=["dry_mouth", "headache"]
    )
    text = page_of(sqlite_app, npi)
    assert '<p class="review-text" dir="auto" lang="de">Gut.</p>' in text
    for question, words in (
        ("Would go back", "yes"),
        ("First relief", "after 1 day"),
        ("Peak relief", "most"),
        ("Lasted", "12 weeks"),
        ("Pain at the injection", "0 of 10"),
        ("Side effects", "dry mouth, headache"),
        ("Wait for an appointment", "up to a month"),
        ("Plan explained", "4 of 5"),
        ("Needle guided by", "EMG"),
        ("Paid", "$100 to $499"),
    ):
        assert f"<dt>{question}</dt><dd>{words}</dd>" in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://elsewhere.example/r/1", 'href="https://elsewhere.example/r/1" rel="noopener nofollow ugc"'),
        ("javascript:alert(1)", 'href="https://elsewhere.example/" rel="noopener nofollow ugc"'),
        (None, 'href="https://elsewhere.example/" rel="noopener nofollow ugc"'),
    ],
)
def test_the_source_is_linked_where_it_is_safe(sqlite_app: Flask, url: str | None, shown: str) -> None:
    npi = factories.provider().npi
    factories.review(npi, url=url).source_key = other_source(url="https://elsewhere.example/")
    text = page_of(sqlite_app, npi)
    assert shown in text
    assert "javascript:" not in text


def test_the_number_of_queries_does_not_grow_with_the_reviews(app: Flask) -> None:
    few, many = factories.provider().npi, factories.provider().npi
    rows = [
        {
            "npi": npi,
            "source_key": "demo",
            "source_review_id": f"{npi}-{number}",
            "rating": float(1 + number % 5),
            "created_at": on(2022 + number % 5),
            "discounts": ["burst"] if number % 7 == 0 else [],
        }
        for npi, count in ((few, 20), (many, 600))
        for number in range(count)
    ]
    db.session.execute(Review.__table__.insert(), [{**row, "status": "published", "version": 1} for row in rows])
    db.session.commit()

    def statements(npi: str) -> list[str]:
        seen: list[str] = []
        listener = lambda *about: seen.append(about[2])  # noqa: E731 (SQLAlchemy removes the very listener it was given)
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            assert app.test_client().get(f"/providers/{npi}/reviews").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return seen

    assert len(statements(many)) == len(statements(few))
    about_reviews = [statement for statement in statements(many) if re.search(r"FROM review\b", statement)]
    assert all("LIMIT" in s or "count(" in s or "min(" in s for s in about_reviews)


@pytest.mark.parametrize(
    ("low", "high", "sure"), [(4.2, 4.7, "very"), (4.2, 4.71, "fairly"), (3.5, 4.5, "fairly"), (3.4, 4.5, "not")]
)
def test_how_sure_goes_by_the_width_of_the_band(low: float, high: float, sure: str) -> None:
    assert how_sure(low, high)[0] == sure
