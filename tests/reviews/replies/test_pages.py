"""The representatives' pages: who may open them, what they keep, and what readers see of a reply."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from directory.extensions import db
from directory.reviews.models import ReplyVersion, Review, ReviewReply, ReviewStatus
from directory.reviews.moderation.actions import Ruling, decide_review
from directory.reviews.replies.actions import publish_reply, send_reply
from directory.reviews.replies.queries import REVIEWS_A_PAGE
from directory.reviews.replies.reply_check import TEMPLATE
from tests import factories
from tests.signing_in import SignedInClient, signed_in

OTHER = "Thank you for writing. We have hired two more people for the front desk."
MODERATOR = "account:900"


@pytest.fixture
def review(app: Flask) -> Review:
    found: Review = factories.review(factories.provider().npi, text="The wait was long.", author="Robin E.")
    db.session.commit()
    return found


@pytest.fixture
def clinic(app: Flask, review: Review) -> SignedInClient:
    return signed_in(app, "clinic", npi=review.npi)


def address(review: Review) -> str:
    return f"/reviews/{review.id}/reply"


def versions() -> list[tuple[str, str]]:
    return [(each.text, each.status) for each in db.session.scalars(select(ReplyVersion).order_by(ReplyVersion.id))]


def publish() -> ReviewReply:
    reply = db.session.scalars(select(ReviewReply)).one()
    publish_reply(reply.versions[-1], MODERATOR)
    db.session.commit()
    return reply


def test_the_page_shows_the_review_the_rules_and_the_wording_that_passes(
    clinic: SignedInClient, review: Review
) -> None:
    page = clinic.get(address(review)).text
    assert "The wait was long." in page
    assert f">\n{TEMPLATE}</textarea>" in page
    for words in ("$10,000", "$23,000", "$30,000", "can’t confirm"):
        assert words in page


def test_a_refused_reply_is_quoted_with_reasons_and_what_was_typed_stays(
    clinic: SignedInClient, review: Review
) -> None:
    typed = "Dear Robin, we saw you on time at your appointment on March 3."
    answer = clinic.post(address(review), data={"text": typed, "seen": "0"})
    assert answer.status_code == 400
    assert f">\n{typed}</textarea>" in answer.text
    assert 'href="#text"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    for quoted in ("“Dear Robin”", "“we saw you”", "“your appointment”", "“March 3”"):
        assert quoted in answer.text
    assert "<title>Mistake: " in answer.text
    assert versions() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write a reply, or start from the sample reply."),
        ("x" * 2_003, "That is 3 characters too long: shorten it to 2,000."),
        ("<b>Thanks</b>", "Use plain text only"),
    ],
)
def test_other_mistakes_have_their_sentence(clinic: SignedInClient, review: Review, typed: str, sentence: str) -> None:
    answer = clinic.post(address(review), data={"text": typed})
    assert answer.status_code == 400
    assert answer.text.count(sentence) == 2, "in the summary and at the field"
    assert versions() == []


def test_the_wording_that_passes_can_be_taken_and_what_was_typed_stays_on_the_page(
    clinic: SignedInClient, review: Review
) -> None:
    answer = clinic.post(address(review), data={"text": "your appointment", "start": "template"})
    assert answer.status_code == 200
    assert f">\n{TEMPLATE}</textarea>" in answer.text
    assert "What you typed" in answer.text
    assert "your appointment</blockquote>" in answer.text
    assert versions() == []


def test_a_reply_is_sent_once_however_often_the_button_is_pressed(clinic: SignedInClient, review: Review) -> None:
    for _ in range(2):
        answer = clinic.post(address(review), data={"text": TEMPLATE, "seen": "0"})
        assert (answer.status_code, answer.location) == (302, address(review))
    assert versions() == [(TEMPLATE, "pending")]
    assert "is in moderation" in clinic.get(address(review)).text


def test_who_wrote_from_an_older_page_is_told_and_keeps_what_was_typed(
    app: Flask, clinic: SignedInClient, review: Review
) -> None:
    colleague = signed_in(app, "clinic", npi=review.npi)
    clinic.post(address(review), data={"text": TEMPLATE, "seen": "0"})
    answer = colleague.post(address(review), data={"text": OTHER, "seen": "0"})
    assert answer.status_code == 409
    assert "at the same time" in answer.text
    assert f">\n{OTHER}</textarea>" in answer.text
    assert versions() == [(TEMPLATE, "pending")]
    seen = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert colleague.post(address(review), data={"text": OTHER, "seen": seen}).status_code == 302
    assert versions() == [(TEMPLATE, "withdrawn"), (OTHER, "pending")]


@pytest.mark.postgresql
def test_a_refusal_is_told_with_its_reason_and_message(clinic: SignedInClient, review: Review) -> None:
    clinic.post(address(review), data={"text": OTHER})
    (version,) = db.session.scalars(select(ReplyVersion))
    ruling = Ruling("reject_reply", review.version, version.id, "advertising", "Leave the <b>offer</b> out.")
    decide_review(version.reply.review, ruling, MODERATOR)
    db.session.commit()
    page = clinic.get(address(review)).text
    assert "was not published" in page
    assert "It advertises something." in page
    assert "Leave the &lt;b&gt;offer&lt;/b&gt; out." in page
    assert f">\n{OTHER}</textarea>" in page, "so that it can be put right"
    assert "not published" in clinic.get("/account/replies").text


def test_only_a_confirmed_representative_of_that_provider_may_reply(
    app: Flask, clinic: SignedInClient, review: Review
) -> None:
    stranger = signed_in(app, "clinic", npi=factories.provider().npi)
    clients = {"anonymous": app.test_client(), "stranger": stranger, "moderator": signed_in(app, "moderator")}
    expected = {"anonymous": 302, "stranger": 403, "moderator": 403}
    assert {name: each.get(address(review)).status_code for name, each in clients.items()} == expected
    sent = {name: each.post(address(review), data={"text": TEMPLATE}).status_code for name, each in clients.items()}
    assert sent == expected
    clinic.account.represented[0].confirmed_at = None
    db.session.commit()
    assert clinic.post(address(review), data={"text": TEMPLATE}).status_code == 403
    assert versions() == []


def test_a_review_that_is_not_published_has_no_page(clinic: SignedInClient, review: Review) -> None:
    review.status = ReviewStatus.REMOVED
    db.session.commit()
    assert clinic.get(address(review)).status_code == 404
    assert clinic.get("/reviews/999999/reply").status_code == 404


def test_readers_see_the_published_reply_and_no_other(app: Flask, clinic: SignedInClient, review: Review) -> None:
    page = f"/providers/{review.npi}/reviews"
    clinic.post(address(review), data={"text": TEMPLATE})
    assert "Reply from the practice" not in app.test_client().get(page).text
    reply = publish()
    shown = app.test_client().get(page).text
    assert "Reply from the practice" in shown
    assert "Thank you for taking the time to write." in shown
    assert "edited" not in shown
    send_reply(review, OTHER, clinic.account, reply.version)
    db.session.commit()
    assert OTHER not in app.test_client().get(page).text
    publish()
    shown = app.test_client().get(page).text
    assert "· edited" in shown
    assert "Earlier version" in shown
    assert shown.index(OTHER) < shown.index("Thank you for taking the time to write.")


@pytest.mark.postgresql
def test_a_wording_that_was_never_published_is_never_shown_to_readers(
    app: Flask, clinic: SignedInClient, review: Review
) -> None:
    reply = send_reply(review, OTHER, clinic.account, seen=0)
    db.session.commit()
    send_reply(review, TEMPLATE, clinic.account, reply.version)
    db.session.commit()
    publish()
    shown = app.test_client().get(f"/providers/{review.npi}").text
    assert OTHER not in shown
    assert "Earlier version" not in shown


def test_the_list_holds_the_published_reviews_of_one_s_own_providers_the_newest_first(
    clinic: SignedInClient, review: Review
) -> None:
    for number in range(REVIEWS_A_PAGE):
        factories.review(review.npi, author=f"Older {number}", created_at=datetime(2025, 3, 1, tzinfo=UTC))
    factories.review(review.npi, author="Waiting", status=ReviewStatus.PENDING)
    factories.review(factories.provider().npi, author="Elsewhere")
    db.session.commit()
    first = clinic.get("/account/replies").text
    assert "21 published reviews" in first
    assert "Older 0" not in first
    second = clinic.get("/account/replies?page=2").text
    assert "Older 0" in second
    for page in (first, second):
        assert "Waiting" not in page
        assert "Elsewhere" not in page
    assert clinic.get("/account/replies?page=99").text.count("<article") == second.count("<article")
    assert clinic.get("/account/replies?page=x").status_code == 200


def test_the_list_tells_what_became_of_each_reply(clinic: SignedInClient, review: Review) -> None:
    assert "No reply yet." in clinic.get("/account/replies").text
    clinic.post(address(review), data={"text": TEMPLATE})
    assert "in moderation" in clinic.get("/account/replies").text
    reply = publish()
    assert "</strong> published." in clinic.get("/account/replies").text
    send_reply(review, OTHER, clinic.account, reply.version)
    db.session.commit()
    assert "in moderation; the earlier version stays published" in clinic.get("/account/replies").text


def test_the_account_page_leads_to_the_list(clinic: SignedInClient) -> None:
    assert 'href="/account/replies"' in clinic.get("/account").text
