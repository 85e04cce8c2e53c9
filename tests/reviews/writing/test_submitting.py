"""A review is written, sent, confirmed and then waits, whatever is clicked twice."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.mail.models import OutgoingMail
from directory.reviews.models import Review
from directory.web.hmac_hash import keyed_hash
from tests import factories
from tests.mailbox import Mailbox
from tests.reviews.writing.sending import TEXT, confirmed, link_in, only_review, post, send, words


@pytest.fixture
def npi(app: Flask, mailbox: Mailbox) -> str:
    mailbox.receive_from(app)
    npi = factories.provider().npi
    db.session.commit()
    return npi


def number_of(table: type) -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.postgresql
def test_from_the_form_to_the_queue(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    page = client.get(f"/providers/{npi}").text
    assert f'href="/providers/{npi}/reviews/new"' in page
    answer = send(client, npi, onset_days="6", side_effects=["dry_mouth", "headache"], author="Jo  W.")
    assert answer.status_code == 303
    sent = client.get(answer.location)
    assert "Check your email" in words(sent)
    assert sent.headers["Cache-Control"] == "no-store"
    link = link_in(mailbox)
    assert TEXT in words(client.get(link))
    assert only_review().status == "unconfirmed", "a program that follows links confirms nothing"
    mine = client.get(post(client, link).location)
    assert "In moderation" in words(mine)
    review = only_review()
    assert (review.status, review.rating, review.would_return, review.visited_on) == (
        "pending",
        4,
        True,
        date(2026, 5, 1),
    )
    assert (review.author, review.source_key, review.verified, review.tie) == ("Jo W.", "site", False, "none")
    assert review.outcome
    assert (review.outcome.onset_days, review.outcome.side_effects) == (6, ["dry_mouth", "headache"])


def test_somebody_beside_the_patient_reviews_as_such(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    assert "(I cared for or went with the patient)" in words(client.get(f"/providers/{npi}/reviews/new"))
    text = "My husband has Parkinson’s and dystonia. They took their time with him."
    assert "may reveal more than you want" in words(send(client, npi, text=text))
    assert send(client, npi, text=text, written_as="caregiver").status_code == 303, "it is their subject"
    link = link_in(mailbox)
    assert "Whose visit was it? Someone else’s visit (I cared for or went with the patient)" in words(client.get(link))
    post(client, link)
    review = only_review()
    assert review.written_as == "caregiver"
    assert "personal_details" not in {signal.kind for signal in review.signals}
    other = "A lady in the waiting room has Parkinson’s."
    assert send(client, npi, form_key="b", text=other, written_as="caregiver").status_code == 400


def test_the_address_is_forgotten_once_it_is_confirmed(app: Flask, mailbox: Mailbox, npi: str) -> None:
    mine = confirmed(app.test_client(), mailbox, npi)
    submission = only_review().submission
    assert submission
    assert submission.email is None
    assert submission.year == submission.submitted_at.year
    assert number_of(OutgoingMail) == 0
    assert mine == link_in(mailbox, page="mine")
    kept = [str(value) for row in db.session.scalars(select(AuditEvent)) for value in vars(row).values()]
    assert not [value for value in kept if "example.org" in value.lower() or TEXT in value]


def test_mails_are_short_with_one_whole_link_of_the_site(
    app: Flask, mailbox: Mailbox, npi: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SITE_URL", "https://reviews.example.org")
    confirmed(app.test_client(), mailbox, npi)
    assert [letter.subject for letter in mailbox.letters] == ["Confirm your review", "Your private link to your review"]
    for letter in mailbox.letters:
        assert len(letter.links) == 1
        assert letter.links[0].startswith("https://reviews.example.org/reviews/")
        assert letter.links[0] in letter.text.splitlines()
        assert TEXT not in letter.text


def test_a_second_send_of_the_same_form_makes_no_second_review(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    first, second = send(client, npi), send(client, npi)
    assert words(client.get(first.location)) == words(client.get(second.location))
    assert (number_of(Review), len(mailbox.letters)) == (1, 1)


@pytest.mark.own_app
def test_two_sends_at_the_same_moment_make_one_review(app: Flask, mailbox: Mailbox, npi: str) -> None:
    answers = at_once(4, lambda: send(app.test_client(), npi).status_code)
    assert answers == [303] * 4
    assert (number_of(Review), len(mailbox.letters)) == (1, 1)


@pytest.mark.postgresql
def test_a_second_send_with_other_content_replaces_what_is_not_confirmed(
    app: Flask, mailbox: Mailbox, npi: str
) -> None:
    client = app.test_client()
    send(client, npi)
    send(client, npi, text="Other words.", rating="2", relief="most")
    review = only_review()
    assert (review.text, review.rating, len(mailbox.letters)) == ("Other words.", 2, 1)
    post(client, link_in(mailbox))
    send(client, npi, text="Too late.")
    assert only_review().text == "Other words."
    assert "Already confirmed" in words(client.get(send(client, npi).location))


def test_another_address_gets_a_mail_of_its_own_and_the_old_link_says_so(
    app: Flask, mailbox: Mailbox, npi: str
) -> None:
    client = app.test_client()
    send(client, npi, email="typo@example.org")
    send(client, npi, email="right@example.org")
    assert "This link was replaced by a newer one" in words(client.get(link_in(mailbox, "typo@example.org")))
    post(client, link_in(mailbox, "right@example.org"))
    assert only_review().status == "pending"


def test_the_same_key_on_another_providers_form_is_another_form(app: Flask, mailbox: Mailbox, npi: str) -> None:
    other = factories.provider().npi
    db.session.commit()
    for each in (npi, other):
        assert send(app.test_client(), each).status_code == 303
    assert number_of(Review) == 2


def test_confirming_twice_confirms_once(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    first = confirmed(client, mailbox, npi)
    again = post(client, link_in(mailbox))
    assert again.location == first
    assert "Already confirmed" in words(client.get(link_in(mailbox)))
    assert len(mailbox.letters) == 2


@pytest.mark.postgresql
@pytest.mark.own_app
def test_two_confirmations_at_the_same_moment_confirm_once(app: Flask, mailbox: Mailbox, npi: str) -> None:
    send(app.test_client(), npi)
    link = link_in(mailbox)
    answers = at_once(4, lambda: post(app.test_client(), link).status_code)
    assert answers == [303] * 4
    acts = [event.act for event in db.session.scalars(select(AuditEvent))]
    assert (acts.count("confirm_review"), len(mailbox.letters)) == (1, 2)


@pytest.mark.own_app
def test_two_reviews_confirmed_at_the_same_moment_leave_one(app: Flask, mailbox: Mailbox, npi: str) -> None:
    links = []
    for key in ("one", "two"):
        send(app.test_client(), npi, form_key=key)
        links.append(link_in(mailbox))
    answers = at_once(2, lambda: post(app.test_client(), links.pop()).status_code)
    assert sorted(answers) == [303, 409]
    db.session.expire_all()
    assert sorted(db.session.scalars(select(Review.status))) == ["pending", "unconfirmed"]


def test_one_review_a_person_provider_and_year(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    send(client, npi, email="jo@bücher.example.org")
    post(client, link_in(mailbox, "jo@xn--bcher-kva.example.org"))
    send(client, npi, form_key="later", email="JO+again@xn--bcher-kva.example.org", text="New words.")
    link = link_in(mailbox, "JO+again@xn--bcher-kva.example.org")
    refused = post(client, link)
    assert refused.status_code == 409
    assert "We take one review per person, provider and year" in words(refused)
    assert "New words." in words(refused)
    assert mailbox.letters[-1].subject == "The review that you wrote earlier"
    assert "In moderation" in words(client.get(link_in(mailbox, mailbox.letters[-1].recipient, "mine")))


@pytest.mark.parametrize("spelling", ["patexample@gmail.com", "P.atExample+neck@googlemail.com"])
def test_one_mailbox_writes_one_review_in_whichever_spelling(
    app: Flask, mailbox: Mailbox, npi: str, spelling: str
) -> None:
    client = app.test_client()
    confirmed(client, mailbox, npi, email="pat.example@gmail.com")
    send(client, npi, form_key="again", email=spelling)
    refused = post(client, link_in(mailbox, spelling))
    assert refused.status_code == 409, "the mail went to what was typed"
    assert "We take one review per person, provider and year" in words(refused)


@pytest.mark.postgresql
def test_a_review_under_the_hash_of_one_spelling_is_found_by_that_spelling(
    app: Flask, mailbox: Mailbox, npi: str
) -> None:
    client = app.test_client()
    confirmed(client, mailbox, npi, email="pat.example@gmail.com")
    submission = only_review().submission
    assert submission
    submission.email_hash = keyed_hash("writer", "pat.example@gmail.com")  # as it was made at first
    db.session.commit()
    send(client, npi, form_key="again", email="Pat.Example+x@gmail.com")
    assert post(client, link_in(mailbox, "Pat.Example+x@gmail.com")).status_code == 409
    post(client, "/reviews/mine", email="pat.example@gmail.com")
    assert mailbox.letters[-1].subject == "Your private links to your reviews"
    assert mailbox.letters[-1].recipient == "pat.example@gmail.com"


def test_a_review_that_waited_for_its_address_gets_the_hash_of_the_mailbox(
    app: Flask, mailbox: Mailbox, npi: str
) -> None:
    client = app.test_client()
    send(client, npi, email="pat.example@gmail.com")
    submission = only_review().submission
    assert submission
    submission.email_hash = keyed_hash("writer", "pat.example@gmail.com")
    db.session.commit()
    post(client, link_in(mailbox, "pat.example@gmail.com"))
    confirmed_now = only_review().submission
    assert confirmed_now
    assert confirmed_now.email_hash == keyed_hash("writer", "patexample@gmail.com")


@pytest.mark.postgresql
def test_the_new_text_can_take_the_place_of_the_earlier(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    mine = confirmed(client, mailbox, npi)
    send(client, npi, form_key="later", text="New words.", rating="1")
    link = link_in(mailbox)
    assert "Replace the old one" in words(post(client, link))
    assert post(client, link, change_earlier="yes").location == mine
    db.session.expire_all()
    found = {review.status: review for review in db.session.scalars(select(Review))}
    assert (found["pending"].text, found["pending"].rating) == ("New words.", 1)
    assert found["withdrawn"].text is None
    assert post(client, link, change_earlier="yes").status_code == 410


def test_another_year_and_another_provider_are_free(app: Flask, mailbox: Mailbox, npi: str) -> None:
    client = app.test_client()
    confirmed(client, mailbox, npi)
    submission = only_review().submission
    assert submission
    assert submission.year
    submission.year -= 1
    other = factories.provider().npi
    db.session.commit()
    confirmed(client, mailbox, npi, form_key="next year")
    confirmed(client, mailbox, other, form_key="elsewhere", email="jo.writer@example.org")
    assert number_of(Review) == 3


@pytest.mark.parametrize("changes", [{"deactivated_on": factories.DAY}, {}])
def test_nobody_reviews_a_provider_who_is_gone_or_unknown(sqlite_app: Flask, changes: dict[str, object]) -> None:
    npi = factories.provider(**changes).npi if changes else factories.npi()
    db.session.commit()
    client = sqlite_app.test_client()
    assert client.get(f"/providers/{npi}/reviews/new").status_code == 404
    assert send(client, npi).status_code == 404
    assert f"{npi}/reviews/new" not in client.get(f"/providers/{npi}").text


def at_once(number: int, act: object) -> list[int]:
    """What `act` gave in each of `number` threads that began together."""
    start, found = threading.Barrier(number), []

    def run() -> None:
        start.wait()
        found.append(act())  # type: ignore[operator]  # any callable without arguments

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
