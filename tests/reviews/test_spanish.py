"""What patients read of the reviews is in Spanish when they read in Spanish; what people wrote stays as it is."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.extensions import db
from directory.providers.sources import Source, SourceKind
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import (
    Outcome,
    ReplyVersion,
    Review,
    ReviewReply,
    ReviewStatus,
    SourceAverage,
    SourceTerms,
)
from directory.reviews.moderation.offers import usual_message
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.writing.links import Purpose, make_key
from directory.web.languages import in_language
from tests import factories
from tests.in_spanish import english_in
from tests.mailbox import Mailbox
from tests.reviews.moderation import rows
from tests.reviews.writing.sending import ADDRESS, answers, link_in, post, send, words
from tests.signing_in import signed_in

ENGLISH_TEXT = "The plan was explained to me step by step, and the relief came after five days and lasted long."
SPANISH_TEXT = "Me explicaron el plan paso a paso, y el alivio llegó a los cinco días y duró mucho tiempo."
SPANISH = {"Accept-Language": "es"}


def assert_spanish(answer: TestResponse, part: str | None = None) -> None:
    """Whether the page, or what follows `part` in it, is in Spanish throughout."""
    assert '<html lang="es">' in answer.text
    main = answer.text.split("<title>")[1].split("</title>")[0] + answer.text.split("<main")[1].split("</main>")[0]
    shown = main.split(part)[1] if part else main
    assert english_in("<p " + shown) == []


def page(app: Flask, path: str, status: int = 200) -> TestResponse:
    db.session.commit()
    answer = app.test_client().get(path)
    assert answer.status_code == status
    return answer


def key_of(review: Review, purpose: Purpose = Purpose.MINE) -> str:
    assert review.submission
    return make_key(purpose, review.submission)


def reviewed_provider() -> str:
    """A provider of whom everything is told: outcomes, ties, a reply with an earlier wording, weights, removals."""
    npi = factories.provider().npi
    for number in range(7):
        review = rows.written(
            ReviewStatus.PUBLISHED,
            npi=npi,
            text=[ENGLISH_TEXT, SPANISH_TEXT, None][number % 3],
            rating=[5, 4, 1][number % 3],
            would_return=number % 2 == 0,
            verified=number == 0,
            visited_on=date(2026, 1, 1),
            published_at=rows.START,
            tie=["none", "family"][number % 2],
            written_as=["patient", None, "caregiver"][number % 3],
            wait="three_months",
            explained=4,
            guidance="ultrasound",
            paid="100_499",
        )
        review.outcome = Outcome(
            onset_days=4, relief="most", weeks_lasted=11, pain=3, side_effects=["trouble_swallowing", "dry_mouth"]
        )
        detect_signals(review)
    review.reply = ReviewReply(
        text="Gracias por escribir.",
        published_at=rows.START,
        versions=[
            ReplyVersion(text="Gracias.", status="replaced", written_by="account:9", written_at=rows.START),
            ReplyVersion(
                text="Gracias por escribir.", status="published", written_by="account:9", written_at=rows.START
            ),
        ],
    )
    db.session.add(Source(key="other", name="CareVoice", kind=SourceKind.PLATFORM))
    db.session.flush()
    db.session.add(SourceTerms(source_key="other", show_text=True, max_characters=200, link_required=True))
    db.session.add(SourceAverage(npi=npi, source_key="other", average=4.4, reviews=12, as_of=date(2026, 2, 1)))
    rows.decided(rows.written(ReviewStatus.REMOVED, npi=npi), "remove")
    estimate_ratings()
    return npi


@pytest.mark.parametrize("query", ["", "?reviews_stars=5", "?reviews_stars=1&reviews_sort=oldest", "?reviews_stars=2"])
def test_the_reviews_and_outcomes_of_a_provider_are_in_spanish(sqlite_app: Flask, query: str) -> None:
    npi = reviewed_provider()
    assert_spanish(page(sqlite_app, f"/es/providers/{npi}/reviews{query}"), part='id="reviews"')
    assert_spanish(page(sqlite_app, f"/es/providers/{npi}"), part='id="reviews"')
    assert_spanish(page(sqlite_app, f"/es/providers/{npi}/outcomes"))


def test_counts_reasons_and_dates_follow_the_language(sqlite_app: Flask) -> None:
    npi = reviewed_provider()
    text = " ".join(words(page(sqlite_app, f"/es/providers/{npi}/{subject}")) for subject in ("reviews", "outcomes"))
    for said in (
        "7 reseñas",
        "reseñas contaron menos, o no contaron:",
        "el texto es igual o casi igual al de otra reseña (",
        "Los moderadores retiraron 1 reseña, que no se muestra ni se cuenta",
        "Se verificó 1 visita. 3 de los 5 pacientes que respondieron volverían.",
        "1 de marzo de 2026",
        "visita en enero de 2026",
        "después de 4 días",
        "dificultad para tragar, boca seca",
        "La mitad de los 5 pacientes que respondieron sintió el primer alivio en 4 días o menos.",
        "Soy familiar o amigo de alguien que trabaja allí.",
        "escrita por alguien que cuidaba o acompañó al paciente",
        "2 respuestas de personas que cuidan o acompañaron a un paciente están junto a sus reseñas",
    ):
        assert said in text, said


def test_what_people_wrote_stays_and_says_its_language(sqlite_app: Flask) -> None:
    html = page(sqlite_app, f"/es/providers/{reviewed_provider()}/reviews").text
    assert f'lang="en">{ENGLISH_TEXT}' in html
    assert f'lang="es">{SPANISH_TEXT}' in html


@pytest.mark.parametrize("path", ["/es/outcomes", "/es/review-policy"])
def test_the_public_pages_are_in_spanish(sqlite_app: Flask, path: str) -> None:
    for review in (rows.written(), rows.edited(), rows.proposed(), rows.appealed()):
        rows.decided(review, "reject", decided_at=datetime.now(UTC))
    rows.with_proof()
    reviewed_provider()
    assert_spanish(page(sqlite_app, path))


def test_pages_without_anything_to_show_are_in_spanish(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    assert_spanish(page(sqlite_app, "/es/outcomes"))
    assert_spanish(page(sqlite_app, "/es/review-policy"))
    assert_spanish(page(sqlite_app, f"/es/providers/{npi}"), part='id="reviews"')


def test_the_form_and_all_its_sentences_are_in_spanish(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    client = sqlite_app.test_client()
    path = f"/es/providers/{npi}/reviews/new"
    assert_spanish(client.get(path))
    everything_open = client.post(path, data={}, content_type="multipart/form-data", buffered=True)
    everything_wrong = client.post(
        path,
        data={
            **answers(
                text=None,
                rating="9",
                would_return="x",
                visited_on="1999-01",
                onset_days="-1",
                relief="x",
                weeks_lasted="x",
            ),
            **{"pain": "x", "side_effects": ["none", "headache"], "wait": "x", "explained": "x", "guidance": "x"},
            **{"paid": "x", "tie": "x", "email": "x", "author": "x" * 61, "own_experience": ""},
            "text": "Llame al 310-555-0199 o escriba a ana@example.org. La enfermera Marta vive en example.org/x. <b>",
            "proof_ticket": "x",
        },
        content_type="multipart/form-data",
        buffered=True,
    )
    with_details = send_spanish(client, npi, text="Llame al 310-555-0199. La enfermera Marta fue amable.")
    to_come = send_spanish(client, npi, visited_on="2999-01", text=SPANISH_TEXT)
    for answer in (everything_open, everything_wrong, with_details, to_come):
        assert answer.status_code == 400
        assert_spanish(answer)
    assert "Marcó «ninguno» y también «dolor de cabeza»." in words(everything_wrong)
    assert "Quite el número de teléfono «310-555-0199»" in words(with_details)
    assert "de los últimos 5 años" in words(everything_wrong)


def test_a_file_that_is_not_taken_is_refused_in_spanish(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    for content in (b"", b"hi", b"%PDF-1.4 cut off", b"\x89PNG\r\n\x1a\n damaged", b"x" * (5 * 1024 * 1024 + 1)):
        answer = send_spanish(
            sqlite_app.test_client(), npi, text=SPANISH_TEXT, proof=(BytesIO(content), "x.pdf"), side_effects="x"
        )
        assert answer.status_code == 400
        assert 'id="proof-error"' in answer.text
        assert_spanish(answer)


def send_spanish(client: FlaskClient, npi: str, **changes: object) -> TestResponse:
    return client.post(
        f"/es/providers/{npi}/reviews/new", data=answers(**changes), content_type="multipart/form-data", buffered=True
    )


STATES = {
    "waiting": lambda: rows.written(),
    "published": lambda: rows.edited(verified=True),
    "change refused": lambda: refused_edit(),
    "rejected": lambda: rows.decided(rows.written(ReviewStatus.REJECTED), "reject", message=SPANISH_TEXT),
    "removed": lambda: rows.decided(rows.written(ReviewStatus.REMOVED), "remove", message=ENGLISH_TEXT),
    "appealed": lambda: rows.appealed(),
    "appeal of a removal": lambda: rows.appealed(ReviewStatus.REMOVED),
    "appeal declined": lambda: rows.decided(rows.written(ReviewStatus.REJECTED, submission=APPEALED), "decline_appeal"),
    "withdrawn": lambda: rows.written(ReviewStatus.WITHDRAWN, text=None, updated_at=rows.START),
    "with a proof": lambda: rows.with_proof(),
    "proof refused": lambda: rows.decided(
        rows.written(ReviewStatus.PUBLISHED, published_at=rows.START), "decline_proof", reason="unreadable"
    ),
}
APPEALED = {"appeal": "Fue mi propio tratamiento.", "appealed_at": rows.START}


def refused_edit() -> Review:
    review = rows.edited()
    review.edits[-1].status = "rejected"
    return rows.decided(review, "reject_edit")


@pytest.mark.parametrize("state", STATES)
def test_the_writers_own_page_is_in_spanish_in_each_state(sqlite_app: Flask, state: str) -> None:
    review = STATES[state]()
    review.text = review.text and SPANISH_TEXT
    db.session.commit()
    assert_spanish(page(sqlite_app, f"/es/reviews/mine?key={key_of(review)}"))


def test_what_a_writer_does_behind_the_link_is_in_spanish(sqlite_app: Flask) -> None:
    waiting, refused = rows.written(text=SPANISH_TEXT), STATES["rejected"]()
    waiting.text = refused.text = SPANISH_TEXT
    db.session.commit()
    for review in (waiting, refused):
        assert_spanish(page(sqlite_app, f"/es/reviews/mine/edit?key={key_of(review)}"))
    assert_spanish(page(sqlite_app, f"/es/reviews/mine/delete?key={key_of(waiting)}"))
    appeal = f"/es/reviews/mine/appeal?key={key_of(refused)}"
    assert_spanish(page(sqlite_app, appeal))
    assert_spanish(post(sqlite_app.test_client(), appeal, text=""))
    find = "/es/reviews/mine"
    assert_spanish(page(sqlite_app, find))
    assert_spanish(page(sqlite_app, f"{find}?asked=yes"))
    assert_spanish(post(sqlite_app.test_client(), find, email="x"))


def test_links_that_are_no_good_say_so_in_spanish(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    unconfirmed = rows.written(ReviewStatus.UNCONFIRMED, submission={"email": ADDRESS, "confirmed_at": None})
    used, gone = rows.written(), rows.written(ReviewStatus.WITHDRAWN)
    db.session.commit()
    keys = [key_of(review, Purpose.CONFIRM) for review in (unconfirmed, used, gone)]
    assert_spanish(page(sqlite_app, f"/es/reviews/confirm?key={keys[1]}"))
    assert_spanish(page(sqlite_app, f"/es/reviews/confirm?key={keys[2]}", 410))
    assert_spanish(page(sqlite_app, "/es/reviews/confirm?key=x", 400))
    monkeypatch.setitem(sqlite_app.config, "REVIEW_CONFIRM_HOURS", -1)
    for key in keys[:2]:
        assert_spanish(page(sqlite_app, f"/es/reviews/confirm?key={key}", 410))
    assert unconfirmed.submission
    void = key_of(unconfirmed, Purpose.SENT)
    unconfirmed.submission.link_key = "another"
    assert_spanish(page(sqlite_app, f"/es/reviews/sent?key={void}", 400))


def test_reporting_a_review_is_in_spanish(sqlite_app: Flask) -> None:
    review = rows.written(ReviewStatus.PUBLISHED, published_at=rows.START, text=ENGLISH_TEXT)
    detect_signals(review)
    form = page(sqlite_app, f"/es/reviews/{review.id}/report")
    assert_spanish(form)
    assert f'<p lang="en">{ENGLISH_TEXT}</p>' in form.text
    assert_spanish(post(sqlite_app.test_client(), f"/es/reviews/{review.id}/report"))
    sent = post(sqlite_app.test_client(), f"/es/reviews/{review.id}/report", reason="abusive", form_key="k")
    assert sent.location.startswith("/es/")
    assert_spanish(page(sqlite_app, sent.location))


def test_a_spanish_letter_arrives_and_its_link_confirms_the_review(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    npi = factories.provider(name="Inés Núñez, MD").npi
    db.session.commit()
    client = sqlite_app.test_client()
    sent = send_spanish(client, npi)
    assert_spanish(client.get(sent.location))
    asked, *_ = mailbox.to(ADDRESS)
    assert asked.subject == "Confirme su reseña"
    assert "Núñez" in asked.text
    assert f"El enlace funciona durante {sqlite_app.config['REVIEW_CONFIRM_HOURS']:g} horas." in asked.text
    assert english_in(asked.text) == []
    assert asked.links[0].startswith(f"{sqlite_app.config['SITE_URL']}/es/reviews/confirm?key=")
    review = db.session.query(Review).one()
    assert review.form_language == "es"
    review.text = SPANISH_TEXT
    db.session.commit()
    link = link_in(mailbox)
    assert_spanish(client.get(link))
    confirmed = post(client, link)
    assert confirmed.location.startswith("/es/reviews/mine?key=")
    assert_spanish(client.get(confirmed.location))
    private = mailbox.letters[-1]
    assert private.subject == "Su enlace privado a su reseña"
    assert "/es/reviews/mine?key=" in private.links[0]
    assert db.session.query(Review).one().status == ReviewStatus.PENDING


def test_later_letters_are_in_the_language_of_the_form_whatever_the_browser_asks_for(
    sqlite_app: Flask, mailbox: Mailbox
) -> None:
    mailbox.receive_from(sqlite_app)
    npi = factories.provider().npi
    db.session.commit()
    client = sqlite_app.test_client()
    send_spanish(client, npi)
    english_address = link_in(mailbox).removeprefix("/es")
    client.post(english_address, headers={"Accept-Language": "en"}, buffered=True)
    assert mailbox.letters[-1].subject == "Su enlace privado a su reseña"
    send(client, npi, form_key="b" * 32, email="other@example.org")
    assert mailbox.letters[-1].subject == "Confirm your review"
    assert "/es/" not in mailbox.letters[-1].text


def test_a_second_review_of_the_year_is_answered_in_the_language_of_its_form(
    sqlite_app: Flask, mailbox: Mailbox
) -> None:
    mailbox.receive_from(sqlite_app)
    npi = factories.provider().npi
    db.session.commit()
    client = sqlite_app.test_client()
    send(client, npi)
    post(client, link_in(mailbox))
    send_spanish(client, npi, form_key="b" * 32, text=SPANISH_TEXT)
    answer = post(client, link_in(mailbox))
    assert answer.status_code == 409
    assert_spanish(answer)
    letter = mailbox.letters[-1]
    assert letter.subject == "La reseña que usted escribió antes"
    assert "/es/reviews/mine?key=" in letter.links[0]


@pytest.mark.postgresql
def test_links_asked_for_in_spanish_come_in_spanish(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    npi = factories.provider().npi
    db.session.commit()
    client = app.test_client()
    send(client, npi)
    post(client, link_in(mailbox))
    post(client, "/es/reviews/mine", email=ADDRESS)
    assert mailbox.letters[-1].subject == "Sus enlaces privados a sus reseñas"
    assert "/es/reviews/mine?key=" in mailbox.letters[-1].links[0]


def test_a_bare_address_follows_the_browser_and_the_review_remembers_it(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    npi = factories.provider().npi
    db.session.commit()
    client = sqlite_app.test_client()
    path = f"/providers/{npi}/reviews/new"
    assert_spanish(client.get(path, headers=SPANISH))
    client.post(path, data=answers(), content_type="multipart/form-data", headers=SPANISH, buffered=True)
    assert mailbox.letters[-1].subject == "Confirme su reseña"


def test_signals_stay_in_english_when_the_writers_page_is_in_spanish(sqlite_app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(sqlite_app)
    npi = factories.provider().npi
    db.session.commit()
    client = sqlite_app.test_client()
    send_spanish(client, npi, tie="family")
    post(client, link_in(mailbox))
    (said,) = [signal.sentence for signal in db.session.query(Review).one().signals if signal.kind == "tie"]
    assert said == "The writer says: I am family or a friend of someone who works there."


def test_the_usual_words_to_a_writer_are_in_the_language_of_their_form(sqlite_app: Flask) -> None:
    review = rows.written(form_language="es")
    client = signed_in(sqlite_app, "moderator")
    page_of_review = client.get(f"/admin/reviews/{review.id}", headers=SPANISH).text
    assert '<html lang="en">' in page_of_review
    assert "The writer’s form was in Spanish, and so is the message." in page_of_review
    answer = client.post(
        f"/admin/reviews/{review.id}",
        data={"act": "reject", "version": str(review.version), "seen": "0", "reason": "abusive", "message": ""},
    )
    with in_language("es"):
        expected = usual_message("reject", "abusive")
    assert expected.startswith("No publicamos su reseña.")
    assert expected in answer.text


def test_english_stays_english(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    html = page(sqlite_app, f"/providers/{npi}/reviews/new").text
    assert "How the treatment went" in html
    assert len(english_in(html.replace('<html lang="en">', '<html lang="es">'))) > 20
