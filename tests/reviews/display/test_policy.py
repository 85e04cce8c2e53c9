"""The public page: the rules as the program has them, and counts that agree with the rows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.display.policy_numbers import MONTHS_SHOWN, MonthCounts, moderation_counts
from directory.reviews.models import ReviewStatus, SourceAverage, SourceTerms
from directory.reviews.moderation.offers import WaitKind
from directory.reviews.reasons import REASONS, REFUSING, REPORTS
from directory.web.days import last_months
from tests import factories
from tests.reviews.moderation import rows

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
APRIL, MARCH = date(2026, 4, 1), date(2026, 3, 1)
EMPTY = {
    "received": 0,
    "published": 0,
    "rejected": 0,
    "removed": 0,
    "upheld": 0,
    "withdrawn": 0,
    "reported": 0,
    "median_days": None,
}


def moment(month: int, day: int, hour: int = 19) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def counted(month: date) -> MonthCounts:
    return next(found for found in moderation_counts(NOW).months if found.first_day == month)


def test_the_counts_agree_with_the_rows(app: Flask) -> None:
    for days, act in ((1, "publish"), (2, "publish"), (6, "reject")):
        review = rows.written(ReviewStatus.PUBLISHED, at=moment(3, 2))
        rows.decided(review, act, reason="fits" if act == "publish" else "abusive", decided_at=moment(3, 2 + days))
    again = rows.written(ReviewStatus.PUBLISHED, at=moment(3, 3))
    rows.decided(again, "reject", reason="copied", decided_at=moment(3, 4))
    rows.decided(again, "publish", reason="appeal_upheld", decided_at=moment(4, 4))
    removed = rows.reported(factories.review(factories.provider().npi), reported_at=moment(3, 9))
    rows.reported(removed, "b", reported_at=moment(3, 10))
    rows.decided(removed, "propose_removal", decided_at=moment(3, 11))
    rows.decided(removed, "remove", reason="legal_order", decided_at=moment(4, 12))
    rows.decided(removed, "restore", reason="appeal_upheld", decided_at=moment(4, 13))
    rows.written(ReviewStatus.WITHDRAWN, at=moment(3, 20), updated_at=moment(4, 2))
    rows.written(ReviewStatus.WITHDRAWN, updated_at=moment(4, 2), submission={"confirmed_at": None})
    rows.written(ReviewStatus.UNCONFIRMED, at=moment(4, 3), submission={"confirmed_at": None})
    db.session.commit()
    counts = moderation_counts(NOW)
    assert counts.months[0] == MonthCounts(
        APRIL, **{**EMPTY, "published": 1, "removed": 1, "upheld": 2, "withdrawn": 1}
    )
    assert counts.months[1] == MonthCounts(
        MARCH, **{**EMPTY, "received": 5, "published": 2, "rejected": 2, "reported": 1, "median_days": 1.5}
    )
    assert counts.reasons == [(APRIL, "legal_order", 0, 1), (MARCH, "abusive", 1, 0), (MARCH, "copied", 1, 0)]
    assert counts.median_days == 1.5


def test_months_without_anything_are_shown_as_zero(app: Flask) -> None:
    counts = moderation_counts(NOW)
    assert len(counts.months) == MONTHS_SHOWN
    assert [month.first_day for month in counts.months] == last_months(MONTHS_SHOWN, NOW.date())
    assert all(month == MonthCounts(month.first_day, **EMPTY) for month in counts.months)
    assert (counts.reasons, counts.median_days, counts.waiting_total, counts.sources) == ([], None, 0, [])


def test_a_month_begins_at_midnight_in_los_angeles(app: Flask) -> None:
    rows.written(at=datetime(2026, 4, 1, 6, 59, tzinfo=UTC))
    rows.written(at=datetime(2026, 4, 1, 7, 0, tzinfo=UTC))
    assert (counted(MARCH).received, counted(APRIL).received) == (1, 1)


@pytest.mark.postgresql
def test_what_is_older_than_the_months_shown_is_left_out(app: Flask) -> None:
    oldest = last_months(MONTHS_SHOWN, NOW.date())[-1]
    start = datetime(oldest.year, oldest.month, 1, 8, tzinfo=UTC)
    rows.decided(rows.written(at=start - timedelta(days=9)), "publish", decided_at=start - timedelta(days=2))
    rows.decided(rows.written(at=start - timedelta(days=9)), "publish", decided_at=start)
    counts = moderation_counts(NOW)
    assert sum(month.published for month in counts.months) == counts.months[-1].published == 1
    assert sum(month.received for month in counts.months) == 0
    assert counts.months[-1].median_days == 9


def test_imported_reviews_are_listed_by_source_and_not_counted_as_received(app: Flask) -> None:
    for key in ("careful", "open"):
        db.session.add(Source(key=key, name=f"The {key} platform", kind=SourceKind.PLATFORM))
    db.session.flush()
    db.session.add(SourceTerms(source_key="open", show_text=True, max_characters=200, link_required=True))
    npi = factories.provider().npi
    for key, number in (("careful", 2), ("open", 1)):
        for _ in range(number):
            factories.review(npi, source_key=key)
    factories.review(npi, source_key="open", status=ReviewStatus.REMOVED)
    hidden = factories.provider(hidden_at=NOW).npi
    copied = factories.review(hidden, source_key="open")
    factories.review(npi, source_key="open", duplicate_of=copied.id)
    db.session.add(SourceAverage(npi=npi, source_key="open", average=4.2, reviews=30, as_of=factories.DAY))
    db.session.commit()
    found = [(source.key, *numbers) for source, _, *numbers in moderation_counts(NOW).sources]
    assert found == [("careful", 2, 0), ("open", 1, 1)]
    assert sum(month.received + month.published for month in moderation_counts(NOW).months) == 0
    page = app.test_client().get("/review-policy").text
    assert "Stars only: no text is kept or shown." in page
    assert "Up to 200 characters of each text, with a link to the source." in page


def test_what_waits_is_counted_by_kind(app: Flask) -> None:
    rows.written()
    rows.reported(rows.edited())
    db.session.commit()
    counts = moderation_counts(NOW)
    assert (counts.waiting_total, counts.waiting[WaitKind.EDIT], counts.waiting[WaitKind.REPORT]) == (2, 1, 1)
    page = " ".join(app.test_client().get("/review-policy").text.split())
    assert "2 reviews are in moderation now (new review: 1; change by the writer: 1; reported by readers: 1)" in page


def test_the_page_says_the_rules_that_the_program_keeps(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().get("/review-policy").text
    for sentence in (
        *(REASONS[key].sentence for key in REFUSING),
        *REPORTS.values(),
        "16 CFR part 465",
        "October 21, 2024",
    ):
        assert str(sentence) in page, sentence
    assert page.count('scope="row"') >= MONTHS_SHOWN


def test_no_text_of_a_review_is_on_the_page(sqlite_app: Flask) -> None:
    review = rows.reported(rows.appealed(text="Words of the review."), note="Words of the report.")
    rows.decided(review, "reject", message="Words to the writer.", note="Words among moderators.")
    db.session.commit()
    assert "Words " not in sqlite_app.test_client().get("/review-policy").text


@pytest.mark.parametrize("page", ["/", "/how-we-rank"])
def test_the_policy_is_linked_from_every_page(sqlite_app: Flask, page: str) -> None:
    assert 'href="/review-policy"' in sqlite_app.test_client().get(page).text
