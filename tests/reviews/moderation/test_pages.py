"""The moderators' pages: who gets in, what stands there, what a mistake or a lost race says."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from directory.accounts.work import waiting_work
from directory.extensions import db
from directory.reviews.models import Decision, Review, ReviewStatus
from directory.reviews.moderation.queries import moderated_review
from tests import factories
from tests.reviews.moderation import rows
from tests.signing_in import SignedInClient, new_account, signed_in

PAGES = ("/admin/reviews", "/admin/reviews/{id}", "/admin/reviews/{id}/proof")
CLOSED_TO = ("verifier", "clinic")


def stored(make: Callable[[], Review]) -> int:
    review = make()
    db.session.commit()
    return review.id


def press(client: SignedInClient, review_id: int, act: str, **typed: str):  # type: ignore[no-untyped-def]  # werkzeug's test response
    """Send the form of `act` as the page has it now, with what is `typed`."""
    review = moderated_review(review_id)
    assert review
    seen = review.decisions[-1].id if review.decisions else 0
    form = {"act": act, "version": str(review.version), "seen": str(seen), **typed}
    return client.post(f"/admin/reviews/{review_id}", data=form)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_in_without_signing_in(app: Flask, page: str, method: str) -> None:
    review_id = stored(rows.with_proof)
    answer = app.test_client().open(page.format(id=review_id), method=method, data={"act": "accept_proof"})
    if answer.status_code != 405:
        assert (answer.status_code, "/account/sign-in" in answer.location) == (302, True)
    assert db.session.query(Decision).count() == 0


@pytest.mark.parametrize("role", CLOSED_TO)
def test_other_roles_are_refused(sqlite_app: Flask, role: str) -> None:
    review_id = stored(rows.with_proof)
    npi = factories.provider().npi
    db.session.commit()
    client = signed_in(sqlite_app, role, npi if role == "clinic" else None)
    for page in PAGES:
        assert client.get(page.format(id=review_id)).status_code == 403
    assert press(client, review_id, "accept_proof").status_code == 403
    assert db.session.query(Decision).count() == 0


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_moderators_and_admins_get_in(
    sqlite_app: Flask, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sqlite_app.config, "REVIEW_PROOFS_DIR", str(tmp_path))
    review_id = stored(rows.with_proof)
    (tmp_path / "0123456789abcdef0123456789abcdef.pdf").write_bytes(b"%PDF-1.4")
    client = signed_in(sqlite_app, role)
    assert client.get("/admin/reviews").status_code == client.get(f"/admin/reviews/{review_id}").status_code == 200
    proof = client.get(f"/admin/reviews/{review_id}/proof")
    assert (proof.status_code, proof.data) == (200, b"%PDF-1.4")
    assert "attachment" in proof.headers["Content-Disposition"]
    assert "no-store" in proof.headers["Cache-Control"]
    assert press(client, review_id, "accept_proof").status_code == 302
    assert client.get(f"/admin/reviews/{review_id}/proof").status_code == 404


def test_the_staff_page_counts_what_waits_for_moderators_alone(sqlite_app: Flask) -> None:
    stored(rows.written)
    work = {
        link.title: waiting and waiting.count
        for link, waiting in waiting_work(sqlite_app, new_account(sqlite_app, "moderator"))
    }
    assert work["Reviews to decide"] == 1
    others = {link.title for link, _ in waiting_work(sqlite_app, new_account(sqlite_app, "verifier"))}
    assert "Reviews to decide" not in others


def test_an_unknown_or_unconfirmed_review_is_not_there(app: Flask) -> None:
    unconfirmed = stored(lambda: rows.written(ReviewStatus.UNCONFIRMED))
    client = signed_in(app, "moderator")
    for review_id in (unconfirmed, 999_999, 10**15):
        assert client.get(f"/admin/reviews/{review_id}").status_code == 404
        assert client.post(f"/admin/reviews/{review_id}", data={"act": "publish"}).status_code == 404


def test_the_queue_says_when_it_is_empty(sqlite_app: Flask) -> None:
    page = signed_in(sqlite_app, "moderator").get("/admin/reviews?kind=appeal&sort=signals&page=7").text
    assert "0 reviews are waiting" in page
    assert "All caught up here." in page
    assert "All caught up." in signed_in(sqlite_app, "moderator").get("/admin/reviews").text


@pytest.mark.postgresql
@pytest.mark.parametrize("query", ["?kind=stars&sort=rating&page=-1", "?page=99999999999999", "?kind=&page=x"])
def test_the_queue_takes_no_nonsense_and_no_stars(app: Flask, query: str) -> None:
    review_id = stored(lambda: rows.written(rating=1))
    page = signed_in(app, "moderator").get(f"/admin/reviews{query}")
    assert page.status_code == 200
    assert f"/admin/reviews/{review_id}" in page.text
    assert "of 5 stars" not in page.text


@pytest.mark.parametrize(
    ("written_as", "shown"),
    [
        ("caregiver", "Anonymous, written by someone who cared for or went with the patient"),
        ("patient", "Anonymous, written by the patient"),
        (None, "Anonymous, not asked whether written by the patient"),
    ],
)
def test_moderators_see_whether_the_patient_wrote(sqlite_app: Flask, written_as: str | None, shown: str) -> None:
    review_id = stored(lambda: rows.written(written_as=written_as, text="My mother has dystonia."))
    page = signed_in(sqlite_app, "moderator").get(f"/admin/reviews/{review_id}").text
    assert shown in page
    assert ("<mark>" in page) == (written_as != "caregiver")


@pytest.mark.postgresql
def test_the_page_shows_all_that_is_known_of_a_review(app: Flask) -> None:
    review = rows.noticed(rows.edited(text="Call me at 310-555-0199 <b>now</b>.", tie="family", author="Jo"))
    rows.reported(review, note="Look at the number.")
    rows.decided(review, "publish", "account:77", "fits", note="Fine.")
    twin = rows.written(text_cluster=5)
    review.text_cluster = 5
    db.session.commit()
    page = signed_in(app, "moderator").get(f"/admin/reviews/{review.id}").text
    for words in (
        "5.0 of 5 stars",
        "<mark>310-555-0199</mark>",
        "&lt;b&gt;now&lt;/b&gt;",
        "I am family or a friend",
        "Many reviews came in on one day.",
        f'href="/admin/reviews/{twin.id}"',
        "Look at the number.",
        "by account:77",
        "Note:</span> Fine.",
        "As it is shown now",
        "2.0 of 5 stars",
        "It went less well than I thought.",
        f'href="/providers/{review.npi}"',
    ):
        assert words in page, words


def test_a_moderator_publishes_and_goes_to_the_next(sqlite_app: Flask) -> None:
    review_id, other_id = stored(rows.written), stored(rows.written)
    client = signed_in(sqlite_app, "moderator")
    answer = press(client, review_id, "publish")
    assert answer.location == f"/admin/reviews/{other_id}"
    page = client.get(answer.location).text
    assert "Done: published." in page
    assert f'<a href="/admin/reviews/{review_id}">View it again</a>' in page
    last = press(client, other_id, "publish")
    assert last.location == "/admin/reviews"
    assert "All caught up." in client.get(last.location).text


def test_the_next_review_is_the_one_after_and_not_the_first(sqlite_app: Flask) -> None:
    first, second, third = (stored(rows.written) for _ in range(3))
    client = signed_in(sqlite_app, "moderator")
    assert press(client, second, "publish").location == f"/admin/reviews/{third}"
    assert press(client, third, "publish").location == f"/admin/reviews/{first}"


def test_a_rejection_without_a_message_gets_the_usual_words_to_be_read_first(sqlite_app: Flask) -> None:
    review_id = stored(rows.written)
    client = signed_in(sqlite_app, "moderator")
    answer = press(client, review_id, "reject", reason="advertising", note="Looks like an advert.")
    assert answer.status_code == 400
    assert "We didn’t publish your review. It advertises something." in answer.text
    assert "Looks like an advert." in answer.text
    assert db.session.query(Decision).count() == 0
    assert press(client, review_id, "reject", reason="advertising", message="It is an advert.").status_code == 302
    assert "It is an advert." in client.get(f"/admin/reviews/{review_id}").text


def test_a_missing_reason_is_asked_for_beside_its_field(sqlite_app: Flask) -> None:
    review_id = stored(rows.written)
    answer = press(signed_in(sqlite_app, "moderator"), review_id, "reject", message="No.")
    assert answer.status_code == 400
    assert '<a href="#reject-reason">Choose the reason.</a>' in answer.text
    assert "No.</textarea>" in answer.text


def test_no_message_is_asked_for_where_nobody_would_read_it(sqlite_app: Flask) -> None:
    review = rows.decided(factories.review(factories.provider().npi), "propose_removal")
    db.session.commit()
    assert press(signed_in(sqlite_app, "moderator"), review.id, "remove").status_code == 302
    assert db.session.get_one(Review, review.id).status == ReviewStatus.REMOVED


def test_a_second_click_changes_nothing(sqlite_app: Flask) -> None:
    review_id = stored(rows.written)
    client = signed_in(sqlite_app, "moderator")
    form = {"act": "publish", "version": "1", "seen": "0"}
    first = client.post(f"/admin/reviews/{review_id}", data=form)
    second = client.post(f"/admin/reviews/{review_id}", data=form)
    assert (first.status_code, second.status_code, first.location) == (302, 302, second.location)
    assert db.session.query(Decision).count() == 1


def test_who_comes_second_is_told_what_the_first_decided_and_keeps_what_was_typed(sqlite_app: Flask) -> None:
    review_id = stored(rows.written)
    first, second = signed_in(sqlite_app, "moderator"), signed_in(sqlite_app, "moderator")
    form = {"version": "1", "seen": "0"}
    first.post(f"/admin/reviews/{review_id}", data={"act": "publish", **form})
    answer = second.post(
        f"/admin/reviews/{review_id}",
        data={"act": "reject", "reason": "abusive", "message": "My long message.", **form},
    )
    assert answer.status_code == 409
    assert f"The decision before yours: “published” by {first.account.name}" in answer.text
    assert "My long message." in answer.text
    assert db.session.get_one(Review, review_id).status == ReviewStatus.PUBLISHED


def test_a_review_that_its_writer_deleted_meanwhile_says_so(sqlite_app: Flask) -> None:
    review_id = stored(lambda: rows.written(ReviewStatus.WITHDRAWN))
    client = signed_in(sqlite_app, "moderator")
    answer = client.post(f"/admin/reviews/{review_id}", data={"act": "publish", "version": "0", "seen": "0"})
    assert answer.status_code == 409
    assert "Its writer deleted this review" in answer.text


def test_the_proposer_sees_why_the_removal_is_not_for_them(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    review_id = stored(lambda: rows.proposed(f"account:{client.account.id}"))
    page = client.get(f"/admin/reviews/{review_id}").text
    assert "You proposed this removal" in page
    assert press(client, review_id, "remove", message="x").status_code == 409
    assert db.session.get_one(Review, review_id).status == ReviewStatus.PUBLISHED


def test_an_appeal_goes_to_another_moderator_where_there_is_one(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    review_id = stored(lambda: rows.appealed(moderator=f"account:{client.account.id}"))
    assert "another moderator decides" not in client.get(f"/admin/reviews/{review_id}").text
    new_account(sqlite_app, "verifier")
    assert "another moderator decides" not in client.get(f"/admin/reviews/{review_id}").text
    other = signed_in(sqlite_app, "moderator")
    assert "another moderator decides" in client.get(f"/admin/reviews/{review_id}").text
    assert press(client, review_id, "publish").status_code == 409
    assert press(other, review_id, "publish").status_code == 302


@pytest.mark.parametrize("form", [{}, {"act": "delete"}, {"act": "publish", "version": "x", "seen": "-1"}])
def test_a_form_that_is_not_ours_decides_nothing(sqlite_app: Flask, form: dict[str, str]) -> None:
    review_id = stored(rows.written)
    answer = signed_in(sqlite_app, "moderator").post(f"/admin/reviews/{review_id}", data=form)
    assert answer.status_code in {400, 409}
    assert db.session.query(Decision).count() == 0


def test_the_page_is_the_same_for_every_star(sqlite_app: Flask) -> None:
    """Two reviews that differ in stars alone give the same page, but for the stars."""
    review = rows.written(rating=1)
    db.session.commit()
    client = signed_in(sqlite_app, "moderator")

    def page(path: str) -> str:
        return re.sub(r'name="csrf_token" value="[^"]+"', "", client.get(path).text)

    page("/admin/reviews")  # where being signed in is said, once
    low, queue = page(f"/admin/reviews/{review.id}"), page("/admin/reviews")
    db.session.query(Review).update({"rating": 5.0})
    db.session.commit()
    assert "1.0 of 5 stars" in low
    assert page(f"/admin/reviews/{review.id}") == low.replace("1.0 of 5 stars", "5.0 of 5 stars")
    assert page("/admin/reviews") == queue
