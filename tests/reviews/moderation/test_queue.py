"""Everything that waits is in one list, by age or signals, and stars play no part in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from directory.extensions import db
from directory.reviews.models import Review, ReviewStatus
from directory.reviews.moderation.offers import WaitKind
from directory.reviews.moderation.queue import (
    ITEMS_A_PAGE,
    ReviewChoice,
    Sort,
    neighbors,
    waiting_count,
    waiting_kinds,
    waiting_queue,
)
from tests.reviews.moderation import rows
from tests.reviews.moderation.rows import START

WAITING: dict[WaitKind, Callable[[], Review]] = {
    WaitKind.NEW: rows.written,
    WaitKind.APPEAL: rows.appealed,
    WaitKind.EDIT: rows.edited,
    WaitKind.REPORT: rows.reported,
    WaitKind.REMOVAL: rows.proposed,
    WaitKind.PROOF: rows.with_proof,
    WaitKind.REPLY: rows.replied,
}


@pytest.mark.parametrize("kind", WaitKind)
def test_each_reason_to_wait_puts_a_review_into_the_list(app: Flask, kind: WaitKind) -> None:
    review = WAITING[kind]()
    queue = waiting_queue(ReviewChoice())
    assert [(item.review.id, item.kinds) for item in queue.items] == [(review.id, [kind])]
    assert queue.counts == {each: int(each is kind) for each in WaitKind}
    assert (queue.total, waiting_count(), waiting_kinds(review.id)) == (1, 1, [kind])


def test_what_needs_no_decision_does_not_wait(app: Flask) -> None:
    for status in set(ReviewStatus) - {ReviewStatus.PENDING}:
        rows.written(status)
    rows.written(ReviewStatus.UNCONFIRMED, submission={"proof_file": "x.pdf", "confirmed_at": None})
    rows.written(ReviewStatus.WITHDRAWN, submission={"proof_file": "x.pdf"})
    rows.reported(closed_at=START)
    rows.reported(rows.written(ReviewStatus.WITHDRAWN))
    declined = rows.decided(rows.proposed(), "decline_removal")
    declined.reports[0].closed_at = START
    edit = rows.edited()
    edit.edits[0].status = "withdrawn"
    reply = rows.replied().reply
    assert reply
    reply.versions[0].status = "published"
    db.session.flush()
    queue = waiting_queue(ReviewChoice())
    assert (queue.items, queue.total, queue.pages.last) == ([], 0, 1)
    assert neighbors(1, ReviewChoice()).next is None


@pytest.mark.parametrize("status", [ReviewStatus.PENDING, ReviewStatus.REJECTED, ReviewStatus.REMOVED])
def test_an_appeal_waits_until_a_later_decision_answers_it(app: Flask, status: ReviewStatus) -> None:
    review = rows.appealed(status)
    assert waiting_kinds(review.id) == [WaitKind.APPEAL]
    rows.decided(review, "accept_proof", decided_at=START + timedelta(days=3))
    assert waiting_kinds(review.id) == [WaitKind.APPEAL]
    rows.decided(review, "decline_appeal", decided_at=START + timedelta(days=4))
    assert waiting_kinds(review.id) == ([WaitKind.NEW] if status is ReviewStatus.PENDING else [])


def test_a_proposal_takes_the_place_of_the_reports_that_led_to_it(app: Flask) -> None:
    assert waiting_kinds(rows.proposed().id) == [WaitKind.REMOVAL]


def test_a_removal_that_was_declined_can_be_proposed_again(app: Flask) -> None:
    review = rows.decided(rows.proposed(), "decline_removal")
    assert WaitKind.REMOVAL not in waiting_kinds(review.id)
    rows.decided(review, "propose_removal")
    assert WaitKind.REMOVAL in waiting_kinds(review.id)


@pytest.mark.postgresql
def test_a_review_with_several_reasons_stands_once_by_the_oldest(app: Flask) -> None:
    later = rows.written(at=START + timedelta(days=2))
    review = rows.edited()
    rows.reported(review)
    rows.reported(review, "b")
    queue = waiting_queue(ReviewChoice())
    assert [item.review.id for item in queue.items] == [later.id, review.id]
    assert queue.items[1].kinds == [WaitKind.EDIT, WaitKind.REPORT]
    assert (queue.total, queue.counts[WaitKind.EDIT], queue.counts[WaitKind.REPORT]) == (2, 1, 1)


def test_the_oldest_comes_first_or_the_one_with_the_strongest_signals(app: Flask) -> None:
    many_weak = rows.noticed(rows.written(at=START + timedelta(hours=1)), "new_address", "language")
    one_strong = rows.noticed(rows.written(at=START + timedelta(hours=2)), "same_text")
    oldest = rows.written()
    by_age = [item.review.id for item in waiting_queue(ReviewChoice()).items]
    by_signals = [(item.review.id, item.signals) for item in waiting_queue(ReviewChoice(sort=Sort.SIGNALS)).items]
    assert by_age == [oldest.id, many_weak.id, one_strong.id]
    assert by_signals == [(one_strong.id, ["same_text"]), (many_weak.id, ["language", "new_address"]), (oldest.id, [])]


def test_one_kind_alone_can_be_asked_for(app: Flask) -> None:
    rows.written()
    appeal = rows.appealed()
    queue = waiting_queue(ReviewChoice(kind=WaitKind.APPEAL))
    assert [item.review.id for item in queue.items] == [appeal.id]
    assert (queue.pages.total, queue.total) == (1, 2)


def test_five_hundred_are_paged_and_each_stands_on_one_page(app: Flask) -> None:
    npi = rows.written().npi
    for number in range(1, 500):
        rows.written(npi=npi, at=START + timedelta(minutes=number % 7))
    pages = [waiting_queue(ReviewChoice(number)) for number in range(1, 21)]
    assert {len(page.items) for page in pages} == {ITEMS_A_PAGE}
    assert len({item.review.id for page in pages for item in page.items}) == 500
    assert waiting_queue(ReviewChoice(999)).pages.number == 20


def test_next_leads_through_the_list_and_from_its_end_to_its_start(app: Flask) -> None:
    ids = [rows.written(at=START + timedelta(hours=hour)).id for hour in range(3)]
    assert [neighbors(review_id, ReviewChoice()).next for review_id in ids] == [ids[1], ids[2], ids[0]]
    assert neighbors(rows.written(ReviewStatus.PUBLISHED).id, ReviewChoice()).next == ids[0]


def test_stars_change_nothing_in_the_list(app: Flask) -> None:
    """The order is that of age for any order of stars, and what a line holds has no stars."""
    for ratings in ([1, 5, 3], [5, 1, 3], [3, 5, 1]):
        ids = [
            rows.noticed(rows.written(rating=stars, at=START + timedelta(hours=hour))).id
            for hour, stars in enumerate(ratings)
        ]
        for sort in Sort:
            found = [item.review.id for item in waiting_queue(ReviewChoice(sort=sort)).items]
            assert [review_id for review_id in found if review_id in ids] == ids
