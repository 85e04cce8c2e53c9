"""What writers see and do behind their private link, in each state of a review."""

import io
import re
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, select, update
from werkzeug.test import TestResponse

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.reviews.models import Decision, Review, ReviewStatus, TextFingerprint
from directory.reviews.status import move_review
from directory.reviews.writing.content import content_of, put_content
from tests import factories
from tests.mailbox import Mailbox
from tests.reviews.writing.sending import TEXT, answers, app_with_tokens, confirmed, only_review, post, value_of, words

NEW = "New words, after some more weeks."


@pytest.fixture
def npi(app: Flask, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    mailbox.receive_from(app)
    monkeypatch.setitem(app.config, "REVIEW_PROOFS_DIR", str(tmp_path / "proofs"))
    npi = factories.provider().npi
    db.session.commit()
    return npi


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def mine(client: FlaskClient, mailbox: Mailbox, npi: str) -> str:
    return confirmed(client, mailbox, npi, relief="most", side_effects=["headache"])


def page(mine: str, name: str) -> str:
    return mine.replace("/mine?", f"/mine/{name}?")


def edit(client: FlaskClient, mine: str, **changes: object) -> TestResponse:
    return post(client, page(mine, "edit"), **{str(name): value for name, value in answers(**changes).items()})


def decide(act: str, status: ReviewStatus | None = None, message: str | None = None) -> Review:
    """What a moderator does to the only review."""
    review = only_review()
    if status:
        move_review(review, status, "account:1", f"{act}_review")
    review.decisions.append(
        Decision(act=act, reason="abusive", message=message, moderator="account:1", decided_at=datetime.now(UTC))
    )
    db.session.commit()
    return review


@pytest.mark.postgresql
def test_a_waiting_review_can_be_changed_at_once(client: FlaskClient, mine: str) -> None:
    form = client.get(page(mine, "edit"))
    assert TEXT in words(form)
    assert re.search(r'value="4"[^>]* checked', form.text)
    assert re.search(r'value="yes"[^>]* checked', form.text)
    assert '<option value="2026-05" selected>' in form.text
    assert '<option value="most" selected>' in form.text
    assert edit(client, mine, text=NEW, rating="2", pain="3").location == mine
    review = only_review()
    assert (review.status, review.text, review.rating) == ("pending", NEW, 2)
    assert review.outcome
    assert (review.outcome.relief, review.outcome.pain, review.outcome.side_effects) == (None, 3, [])


def test_all_answers_can_be_taken_back(client: FlaskClient, mine: str) -> None:
    edit(client, mine, text="")
    assert (only_review().outcome, only_review().text) == (None, None)


def test_the_month_of_a_visit_long_ago_may_stay(client: FlaskClient, mine: str) -> None:
    only_review().visited_on = date(2015, 5, 1)
    db.session.commit()
    assert '<option value="2015-05" selected>' in client.get(page(mine, "edit")).text
    assert edit(client, mine, visited_on="2015-04").status_code == 400
    assert edit(client, mine, visited_on="2015-05", text=NEW).location == mine
    assert (only_review().visited_on, only_review().text) == (date(2015, 5, 1), NEW)


def test_a_mistake_in_a_change_is_said_and_nothing_is_lost(client: FlaskClient, mine: str) -> None:
    answer = edit(client, mine, text=NEW, rating="7")
    assert answer.status_code == 400
    assert "Choose a rating from 1 to 5 stars." in words(answer)
    assert NEW in words(answer)
    answer = edit(client, mine, text="Ask Nurse Marla, 310-555-0199.")
    assert "Remove the phone number" in words(answer)
    assert edit(client, mine, text="Ask Nurse Marla, 310-555-0199.", looked_at=value_of(answer, "looked_at")).location


def test_an_expired_token_loses_no_change_and_no_appeal(
    app: Flask, client: FlaskClient, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = app_with_tokens(app, monkeypatch)
    answer = edit(guarded, mine, text=NEW)
    assert "What you typed is still here" in words(answer)
    assert NEW in words(answer)
    assert edit(guarded, mine, text=NEW, csrf_token=value_of(answer, "csrf_token")).status_code == 303
    decide("reject", ReviewStatus.REJECTED)
    answer = post(guarded, page(mine, "appeal"), text="It is mine.")
    assert "It is mine." in words(answer)
    assert answer.status_code == 400


def test_a_published_review_stays_until_its_change_is_read(client: FlaskClient, mine: str, npi: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    assert "Published" in words(client.get(mine))
    edit(client, mine, text=NEW)
    shown = words(client.get(mine))
    assert "is in moderation. Until then the review stays as it was." in shown
    assert TEXT in shown
    assert TEXT in words(client.get(f"/providers/{npi}"))
    (waiting,) = only_review().edits
    assert (waiting.status, waiting.content["text"], waiting.content["visited_on"]) == ("pending", NEW, "2026-05-01")
    assert NEW in words(client.get(page(mine, "edit")))


def test_a_later_change_takes_the_place_of_the_one_that_waits(client: FlaskClient, mine: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    for text in (NEW, NEW, "Newer.", TEXT):
        edit(client, mine, text=text)
    assert [change.status for change in only_review().edits] == ["withdrawn", "withdrawn", "pending"]
    edit(client, mine, text=TEXT, relief="most", side_effects=["headache"])
    assert [change.status for change in only_review().edits] == ["withdrawn"] * 3


def test_a_refused_change_is_explained(client: FlaskClient, mine: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    edit(client, mine, text=NEW)
    only_review().edits[0].status = "rejected"
    db.session.commit()
    decide("reject_edit", message="Please be kind.")
    shown = words(client.get(mine))
    assert "Your last change was not published. It insults, threatens or discriminates." in shown
    assert "Please be kind." in shown


def test_a_rejected_review_says_why_and_may_be_changed_once(client: FlaskClient, mine: str) -> None:
    decide("reject", ReviewStatus.REJECTED, "Please be kind.")
    shown = words(client.get(mine))
    assert (
        "It was not published. It insults, threatens or discriminates. The moderator writes: Please be kind." in shown
    )
    assert "You can change the review or appeal, once." in shown
    edit(client, mine, text=NEW)
    assert only_review().status == "pending"
    decide("reject", ReviewStatus.REJECTED)
    assert "this decision is final" in words(client.get(mine))
    assert edit(client, mine, text="Again.").location == mine
    assert post(client, page(mine, "appeal"), text="Why?").location == mine
    assert (only_review().text, only_review().status) == (NEW, "rejected")


def test_an_appeal_brings_a_rejected_review_back_once(client: FlaskClient, mine: str) -> None:
    assert client.get(page(mine, "appeal")).location == mine
    decide("reject", ReviewStatus.REJECTED)
    assert "Tell us why we should look at it again." in words(post(client, page(mine, "appeal"), text=" "))
    too_long = post(client, page(mine, "appeal"), text="x" * 2_001)
    assert "That is 1 character too long: shorten it to 2,000." in words(too_long)
    post(client, page(mine, "appeal"), text="It is what happened.")
    assert "Your appeal has been in moderation" in words(client.get(mine))
    submission = only_review().submission
    assert submission
    assert (submission.appeal, submission.review.status) == ("It is what happened.", "pending")
    decide("reject", ReviewStatus.REJECTED)
    assert post(client, page(mine, "appeal"), text="Again.").location == mine
    assert edit(client, mine, text="Again.").location == mine
    assert only_review().submission.appeal == "It is what happened."  # type: ignore[union-attr]  # it has one, see above


def test_a_removed_review_says_why_and_may_be_appealed(client: FlaskClient, mine: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    decide("remove", ReviewStatus.REMOVED)
    assert "Two moderators removed it. It insults" in words(client.get(mine))
    assert edit(client, mine, text=NEW).location == mine
    post(client, page(mine, "appeal"), text="It is what happened.")
    assert "You appealed on" in words(client.get(mine))
    assert only_review().status == "removed"


@pytest.mark.parametrize("act", [None, "publish", "reject"])
def test_a_deleted_review_leaves_nothing_of_what_it_said(
    client: FlaskClient, mailbox: Mailbox, npi: str, tmp_path: Path, act: str | None
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    out.seek(0)
    mine = confirmed(client, mailbox, npi, author="Jo W.", relief="most", paid="nothing", proof=(out, "x.png"))
    if act:
        decide(act, ReviewStatus.PUBLISHED if act == "publish" else ReviewStatus.REJECTED)
    edit(client, mine, text=NEW, author="Jo W.")
    asked = client.get(page(mine, "delete"))
    assert "Delete your review?" in words(asked)
    assert only_review().text, "asking deletes nothing"
    assert len(list((tmp_path / "proofs").iterdir())) == 1
    assert post(client, page(mine, "delete")).location == mine
    assert "You deleted this review" in words(client.get(mine))
    review, submission = only_review(), only_review().submission
    assert submission
    assert review.status == "withdrawn"
    left = [review.text, review.author, review.outcome, review.would_return, review.visited_on, review.paid, review.tie]
    assert left == [None] * 7
    assert (submission.year, submission.proof_file, review.edits, review.signals) == (None, None, [], [])
    assert list((tmp_path / "proofs").iterdir()) == []
    assert db.session.scalars(select(TextFingerprint)).all() == []
    assert "withdraw_review" in list(db.session.scalars(select(AuditEvent.act)))
    assert NEW not in words(client.get(f"/providers/{npi}"))
    assert post(client, page(mine, "delete")).location == mine
    again = confirmed(client, mailbox, npi, form_key="another form")
    assert "In moderation" in words(client.get(again)), "the year is free again"


def test_who_writes_can_be_changed_and_a_change_of_before_the_question_still_counts(
    client: FlaskClient, mine: str
) -> None:
    assert edit(client, mine, written_as="caregiver").location == mine
    review = only_review()
    assert review.written_as == "caregiver"
    assert 'value="caregiver" autocomplete="off" required checked' in client.get(page(mine, "edit")).text
    before = {name: value for name, value in content_of(review).items() if name != "written_as"}
    put_content(review, before | {"text": NEW})
    assert (review.text, review.written_as) == (NEW, None)


@pytest.mark.postgresql
@pytest.mark.own_app
@pytest.mark.parametrize(("name", "status"), [("edit", 400), ("appeal", 400), ("delete", 409)])
def test_a_decision_at_the_same_moment_is_told(client: FlaskClient, mine: str, name: str, status: int) -> None:
    """A moderator decides between the writer's reading and writing."""
    if name == "appeal":
        decide("reject", ReviewStatus.REJECTED)

    def decide_elsewhere(*_: object) -> None:
        with db.engine.begin() as elsewhere:
            elsewhere.execute(update(Review).values(version=Review.version + 1, status="published"))

    event.listen(db.session, "before_flush", decide_elsewhere, once=True)
    answer = post(client, page(mine, name), **{**answers(), "text": NEW})
    assert answer.status_code == status
    assert "at the same time" in words(answer)
    if name != "delete":
        assert NEW in words(answer)
    assert (only_review().text, only_review().status) == (TEXT, "published")


@pytest.mark.own_app
def test_two_changes_at_the_same_moment_leave_one(app: Flask, client: FlaskClient, mine: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    start, found = threading.Barrier(3), []

    def run(text: str) -> None:
        start.wait()
        found.append(edit(app.test_client(), mine, text=text).status_code)

    threads = [threading.Thread(target=run, args=(f"Words {number}.",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) <= {303, 400}
    assert 303 in found
    assert [change.status for change in only_review().edits].count("pending") == 1


def test_without_a_key_the_page_asks_for_the_address(client: FlaskClient, npi: str) -> None:
    assert "Email me the links" in words(client.get("/reviews/mine"))


def test_a_proof_that_was_not_accepted_is_explained(client: FlaskClient, mine: str) -> None:
    decide("decline_proof", message="The name of the clinic is cut off.")
    assert "Your proof of visit was not accepted. It insults" in words(client.get(mine))
    decide("accept_proof")
    assert "was not accepted" not in words(client.get(mine))


def test_a_declined_appeal_is_the_last_word(client: FlaskClient, mine: str) -> None:
    decide("publish", ReviewStatus.PUBLISHED)
    decide("remove", ReviewStatus.REMOVED)
    post(client, page(mine, "appeal"), text="It is what happened.")
    assert "The appeal is in moderation." in words(client.get(mine))
    decide("decline_appeal", message="We looked again.")
    shown = words(client.get(mine))
    assert "We looked again." in shown
    assert "this decision is final" in shown
