"""Any reader may report a published review; many reports from one network count once; nobody is asked who they are."""

import html
import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.reviews.models import Review, ReviewReport, ReviewStatus
from directory.reviews.moderation.offers import WaitKind
from directory.reviews.moderation.queue import waiting_kinds
from directory.reviews.moderation.reports import report_review
from directory.web.transaction import with_retries
from tests import factories


def published(**values: object) -> int:
    review = factories.review(factories.provider().npi, text="They took their time.", **values)
    db.session.commit()
    return review.id


def form_key(client: FlaskClient, review_id: int) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', client.get(f"/reviews/{review_id}/report").text)
    assert found
    return found[1]


def send(client: FlaskClient, review_id: int, address: str = "192.0.2.7", **typed: str):  # type: ignore[no-untyped-def]  # werkzeug's test response
    form = {"reason": "copied", "form_key": form_key(client, review_id), **typed}
    return client.post(f"/reviews/{review_id}/report", data=form, environ_overrides={"REMOTE_ADDR": address})


def reports() -> list[ReviewReport]:
    db.session.expire_all()
    return list(db.session.scalars(select(ReviewReport).order_by(ReviewReport.id)))


@pytest.mark.postgresql
def test_a_report_waits_for_a_moderator_and_the_reader_is_told_what_happens(app: Flask, client: FlaskClient) -> None:
    review_id = published()
    answer = send(client, review_id, note="The same text stands under another provider.")
    page = client.get(answer.location)
    assert (answer.status_code, page.status_code) == (302, 200)
    assert "second moderator has to agree" in page.text
    (report,) = reports()
    assert (report.reason, report.note, report.closed_at) == (
        "copied",
        "The same text stands under another provider.",
        None,
    )
    assert waiting_kinds(review_id) == [WaitKind.REPORT]
    assert db.session.get_one(Review, review_id).status == ReviewStatus.PUBLISHED
    (event,) = db.session.scalars(select(AuditEvent))
    assert (event.actor, event.act, event.subject, event.reason) == (
        "reader",
        "report_review",
        f"review:{review_id}",
        "copied",
    )


def test_of_the_reader_no_address_is_kept(sqlite_app: Flask) -> None:
    send(sqlite_app.test_client(), published(), "192.0.2.7")
    (report,) = reports()
    assert "192.0.2" not in repr(vars(report))
    (event,) = db.session.scalars(select(AuditEvent))
    assert "192.0.2" not in repr(vars(event))


def test_the_same_form_sent_twice_is_one_report(app: Flask, client: FlaskClient) -> None:
    review_id = published()
    key = form_key(client, review_id)
    answers = [send(client, review_id, f"192.0.{number}.7", form_key=key) for number in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(reports()) == 1


def test_one_network_opens_a_review_once_however_often_it_reports(app: Flask, client: FlaskClient) -> None:
    review_id = published()
    for address in ("192.0.2.7", "192.0.2.8", "192.0.2.7"):
        send(client, review_id, address)
    assert [report.closed_at is None for report in reports()] == [True, False, False]
    for report in reports():
        report.closed_at = report.closed_at or report.reported_at
    db.session.commit()
    send(client, review_id, "192.0.2.9")
    assert waiting_kinds(review_id) == []
    send(client, review_id, "198.51.100.1")
    assert waiting_kinds(review_id) == [WaitKind.REPORT]
    assert len(reports()) == 5


@pytest.mark.own_app
def test_two_sendings_of_one_form_at_the_same_moment_are_one_report(app: Flask) -> None:
    review_id = published()
    db.session.remove()
    meet = threading.Barrier(2, timeout=30)
    failed: list[Exception] = []

    def press() -> None:
        with app.app_context():
            review = db.session.get_one(Review, review_id)
            meet.wait()
            try:
                with_retries(lambda: report_review(review, "copied", None, "192.0.2.7", "one key"))
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(reports()) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Choose what is wrong with the review."),
        ({"reason": "too_few_stars"}, "Choose what is wrong with the review."),
        ({"note": "x" * 1001}, "shorten it to 1,000"),
        ({"note": "<script>alert(1)</script>"}, "Use plain text only"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(
    sqlite_app: Flask, typed: dict[str, str], sentence: str
) -> None:
    answer = send(sqlite_app.test_client(), published(), **{"note": "My note.", **typed})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert html.escape(typed.get("note", "My note.")) in answer.text
    assert reports() == []


@pytest.mark.parametrize("status", set(ReviewStatus) - {ReviewStatus.PUBLISHED})
def test_only_what_is_published_can_be_reported(sqlite_app: Flask, status: ReviewStatus) -> None:
    review_id = published(status=status)
    client = sqlite_app.test_client()
    for path in (
        f"/reviews/{review_id}/report",
        f"/reviews/{review_id}/report/received",
        "/reviews/99999999999/report",
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"/reviews/{review_id}/report", data={"reason": "copied"}).status_code == 404


def test_too_many_reports_from_one_address_are_refused_for_a_while(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "SUBMISSION_LIMIT", "2 per hour")
    review_id, client = published(), sqlite_app.test_client()
    answers = [send(client, review_id, "203.0.113.5").status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert client.get(f"/reviews/{review_id}/report").status_code == 200


def test_each_review_on_the_providers_page_can_be_reported(sqlite_app: Flask) -> None:
    review_id = published()
    npi = db.session.get_one(Review, review_id).npi
    assert f'href="/reviews/{review_id}/report"' in sqlite_app.test_client().get(f"/providers/{npi}/reviews").text
