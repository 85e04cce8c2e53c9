"""A link that does not work says why and leads on; a lost one can be had again, by its owner alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.reviews.writing.tidying import tidy_reviews
from directory.web.transaction import transaction
from tests import factories
from tests.mailbox import Mailbox
from tests.reviews.writing.sending import ADDRESS, confirmed, link_in, only_review, post, send, words


@pytest.fixture
def npi(app: Flask, mailbox: Mailbox) -> str:
    mailbox.receive_from(app)
    npi = factories.provider().npi
    db.session.commit()
    return npi


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.postgresql
def test_an_expired_link_leads_to_a_new_one(
    app: Flask, client: FlaskClient, mailbox: Mailbox, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, npi)
    hours = app.config["REVIEW_CONFIRM_HOURS"]
    monkeypatch.setitem(app.config, "REVIEW_CONFIRM_HOURS", -1)
    for answer in (client.get(link_in(mailbox)), post(client, link_in(mailbox))):
        assert answer.status_code == 410
        assert "This link has expired" in words(answer)
    assert only_review().status == "unconfirmed"
    monkeypatch.setitem(app.config, "REVIEW_CONFIRM_HOURS", hours)
    way_on = answer.text.split('<form method="post" action="')[1].split('"')[0]
    assert "Check your email" in words(client.get(post(client, way_on).location))
    assert len(mailbox.letters) == 2
    assert post(client, link_in(mailbox)).status_code == 303


def test_an_expired_link_that_was_used_says_that_all_is_well(
    app: Flask, client: FlaskClient, mailbox: Mailbox, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(client, mailbox, npi)
    monkeypatch.setitem(app.config, "REVIEW_CONFIRM_HOURS", -1)
    assert "your review is confirmed" in words(client.get(link_in(mailbox)))


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: "x" + key, lambda key: "", lambda key: "é\x00" * 9]
)
@pytest.mark.parametrize("page", ["sent", "confirm", "mine", "mine/edit", "mine/delete", "mine/appeal"])
def test_an_altered_link_says_so(client: FlaskClient, mailbox: Mailbox, npi: str, page: str, change: object) -> None:
    key = confirmed(client, mailbox, npi).partition("key=")[2]
    changed = change(key)  # type: ignore[operator]  # each is a function of the key
    if page == "mine" and not changed:
        return
    answer = client.get(f"/reviews/{page}", query_string={"key": changed})
    assert answer.status_code == 400
    assert "This link is not complete" in words(answer)
    assert '/reviews/mine"' in answer.text


def test_a_key_is_good_for_its_purpose_alone(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    sent = send(client, npi).location
    confirming = link_in(mailbox)
    for key in (sent.partition("key=")[2], confirming.partition("key=")[2]):
        assert client.get(f"/reviews/mine?key={key}").status_code == 400
    assert client.get(sent.replace("/sent?", "/confirm?")).status_code == 400


def test_links_to_a_deleted_review_say_so(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    sent = send(client, npi).location
    mine = post(client, link_in(mailbox)).location
    post(client, mine.replace("/mine?", "/mine/delete?"))
    for link in (sent, link_in(mailbox)):
        answer = client.get(link)
        assert answer.status_code == 410
        assert "This review is no longer here" in words(answer)
    assert "You deleted this review" in words(client.get(mine))
    assert client.get(mine.replace("/mine?", "/mine/edit?")).status_code == 303


def test_links_to_a_review_that_was_tidied_away_say_so(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    sent = send(client, npi).location
    submission = only_review().submission
    assert submission
    submission.submitted_at = submission.submitted_at.replace(year=submission.submitted_at.year - 1)
    db.session.commit()
    with transaction():
        assert tidy_reviews("program") == (1, 0)
    assert client.get(sent).status_code == 410
    assert "it was not confirmed within 30 days" in words(client.get(link_in(mailbox)))


def test_an_address_gets_three_emails_a_day_at_most(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    sent = send(client, npi).location
    for _ in range(4):
        post(client, sent)
    send(client, npi, form_key="another form", email=ADDRESS.replace("+neck", "+other").upper())
    assert len(mailbox.letters) == 3
    page = client.get(sent)
    assert "We sent 3 emails to this address today" in words(page)
    assert "Send the email again" not in words(page)


def test_mail_that_the_server_does_not_take_is_not_lost(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    mailbox.refusal = "451 Try later"
    assert "Check your email" in words(client.get(send(client, npi).location))
    assert db.session.query(OutgoingMail).count() == 1


def test_lost_links_are_mailed_to_the_address_and_nobody_learns_whether_there_are_any(
    client: FlaskClient, mailbox: Mailbox, npi: str
) -> None:
    other = factories.provider().npi
    db.session.commit()
    mine = [confirmed(client, mailbox, each, form_key=each) for each in (npi, other)]
    before = len(mailbox.letters)
    answers = [post(client, "/reviews/mine", email=each) for each in ("jo.writer@example.org", "nobody@example.org")]
    assert answers[0].location == answers[1].location
    assert "If you wrote confirmed reviews with that address" in words(client.get(answers[0].location))
    (letter,) = mailbox.letters[before:]
    assert letter.recipient == "jo.writer@example.org"
    assert sorted(link.partition("127.0.0.1:5000")[2] for link in letter.links) == sorted(mine)


def test_an_address_with_a_tag_gets_the_links_at_its_mailbox(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    confirmed(client, mailbox, npi, email="jo@example.org")
    post(client, "/reviews/mine", email="jo+somebody-else@example.org")
    assert mailbox.letters[-1].recipient == "jo@example.org"


def test_unconfirmed_and_deleted_reviews_have_no_private_link(client: FlaskClient, mailbox: Mailbox, npi: str) -> None:
    send(client, npi)
    post(client, "/reviews/mine", email=ADDRESS)
    assert len(mailbox.letters) == 1


def test_a_wrong_address_gets_its_sentence(client: FlaskClient) -> None:
    answer = post(client, "/reviews/mine", email="jo")
    assert answer.status_code == 400
    assert "That doesn’t look like an email address." in words(answer)
    assert 'value="jo"' in answer.text


def test_pages_behind_a_key_are_kept_out_of_caches_and_search_engines(
    client: FlaskClient, mailbox: Mailbox, npi: str
) -> None:
    mine = confirmed(client, mailbox, npi)
    for page in ("mine", "mine/edit", "mine/delete"):
        headers = client.get(mine.replace("/mine?", f"/{page}?")).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
        assert headers["Referrer-Policy"] == "same-origin"
