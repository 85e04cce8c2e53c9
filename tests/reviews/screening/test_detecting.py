"""Signals explain what is unusual about a review. They hold nothing against free mail, and keep no address."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from directory.accounts.actions import create_account
from directory.extensions import db
from directory.reviews.models import Review, ReviewSignal, ReviewStatus, Submission
from directory.reviews.screening.detecting import detect_signals
from directory.reviews.screening.language import language_of
from directory.reviews.screening.signals import KINDS, domain_of, is_burst, resembles
from directory.reviews.screening.text_clusters import assign_clusters
from tests import factories

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG = "Relief came after five days and lasted eleven weeks, and the plan was explained to me step by step."
NEARLY = "Relief came after six days and lasted ten weeks, and the plan was explained to me step by step."
_numbers = itertools.count(1)


def submitted(
    npi: str, *, network: str = "n1", email_hash: str = "e1", at: datetime = NOON, **values: object
) -> Review:
    """A confirmed review that waits for a moderator."""
    review = factories.review(npi, 3.0, created_at=at, status=ReviewStatus.PENDING, **values)
    review.submission = Submission(
        npi=npi,
        form_key=f"form{next(_numbers)}",
        email_hash=email_hash,
        network_hash=network,
        submitted_at=at,
        confirmed_at=at,
        link_key="k",
    )
    db.session.flush()
    return review


def sentences(review: Review, email: str | None = None) -> dict[str, str]:
    if review.submission is None:
        assign_clusters([review])  # as whoever takes a review from elsewhere in does
    return {signal.kind: signal.sentence for signal in detect_signals(review, email)}


def test_an_ordinary_review_is_not_remarked_on(app: Flask) -> None:
    assert sentences(factories.review(factories.provider().npi, text=LONG)) == {}


def test_the_same_text_is_told_with_the_other_review_and_its_provider(app: Flask) -> None:
    first = factories.provider(name="First Example, MD")
    other = factories.review(first.npi, text=LONG)
    assign_clusters([other])
    review = factories.review(factories.provider().npi, text=f" {LONG.upper()}!! ")
    assert sentences(review) == {
        "same_text": f"The text is the same as that of review {other.id} of First Example, MD."
    }


def test_nearly_the_same_text_is_told_apart_from_the_same(app: Flask) -> None:
    npi = factories.provider(name="First Example, MD").npi
    other = factories.review(npi, text=NEARLY)
    assign_clusters([other])
    found = sentences(factories.review(npi, text=LONG))
    assert found == {"near_text": f"Near-duplicate text: that of review {other.id} of First Example, MD."}


def test_only_a_few_of_many_same_texts_are_named(app: Flask) -> None:
    npi = factories.provider().npi
    others = [factories.review(npi, text=LONG) for _ in range(6)]
    assign_clusters(others)
    found = sentences(factories.review(npi, text=LONG))["same_text"]
    assert found.endswith(" and 3 more.")
    assert found.count("review ") == 3


def test_a_known_duplicate_is_not_told_as_a_copy(app: Flask) -> None:
    npi = factories.provider().npi
    other = factories.review(npi, text=LONG)
    assign_clusters([other])
    assert sentences(factories.review(npi, text=LONG, duplicate_of=other.id)) == {}


def test_a_text_that_its_writer_deleted_is_not_held_against_another(app: Flask) -> None:
    npi = factories.provider().npi
    other = factories.review(npi, text=LONG)
    assign_clusters([other])
    other.status = ReviewStatus.WITHDRAWN
    assert sentences(factories.review(npi, text=LONG)) == {}


@pytest.mark.parametrize(("stars", "tone"), [(5.0, "good"), (1.0, "bad")])
def test_many_reviews_of_one_tone_in_a_week_are_a_burst(app: Flask, stars: float, tone: str) -> None:
    npi = factories.provider().npi
    for week in range(26):
        factories.review(npi, stars, created_at=NOON - timedelta(weeks=4 + week))
    for hours in range(5):
        factories.review(npi, stars, created_at=NOON - timedelta(hours=hours + 1))
    found = sentences(factories.review(npi, stars, created_at=NOON))
    assert found == {"burst": f"6 {tone} reviews in 7 days; in the year before, 0.5 a week were usual."}


def test_as_many_of_mixed_tone_or_at_the_usual_rate_are_no_burst(app: Flask) -> None:
    mixed, busy = factories.provider().npi, factories.provider().npi
    for hours, stars in enumerate([1.0, 3.0, 3.0, 1.0, 5.0]):
        factories.review(mixed, stars, created_at=NOON - timedelta(hours=hours + 1))
    for day in range(360):
        factories.review(busy, created_at=NOON - timedelta(days=day, hours=1))
    assert sentences(factories.review(mixed, created_at=NOON)) == {}
    assert sentences(factories.review(busy, created_at=NOON)) == {}


def test_several_reviews_from_one_network_in_a_day_are_told(app: Flask) -> None:
    npi, other = factories.provider().npi, factories.provider().npi
    submitted(npi, at=NOON - timedelta(hours=23), email_hash="e2")
    submitted(other, at=NOON - timedelta(hours=2), email_hash="e3")
    found = sentences(submitted(npi))
    assert found == {"network": "3 reviews came from this network within 24 hours, 2 of them of this provider."}


def test_two_from_one_household_or_three_in_a_week_are_not_told(app: Flask) -> None:
    npi = factories.provider().npi
    submitted(npi, at=NOON - timedelta(hours=1), email_hash="e2")
    submitted(npi, at=NOON - timedelta(days=2), email_hash="e3")
    submitted(npi, network="n2", at=NOON - timedelta(hours=1), email_hash="e4")
    assert sentences(submitted(npi)) == {}


def test_the_first_review_from_an_address_is_told_and_the_second_not(app: Flask) -> None:
    review = submitted(factories.provider().npi)
    assert sentences(review, "jo@gmail.com") == {"new_address": "This is the first review from this address."}
    again = submitted(factories.provider().npi, network="n2")
    assert sentences(again, "jo@gmail.com") == {}


def test_a_throw_away_address_is_only_said(app: Flask) -> None:
    found = sentences(submitted(factories.provider().npi), "jo@mailinator.com")
    assert found == {
        "new_address": "This is the first review from this address. It is at a service of throw-away addresses."
    }


def test_a_domain_that_resembles_the_provider_is_told(app: Flask) -> None:
    provider = factories.provider(name="Ada Quintero, MD", last_name="Quintero")
    found = sentences(submitted(provider.npi), "office@quinteroneuro.example")
    assert found["own_domain"] == "The domain of the writer’s address resembles the name Quintero."


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("desk@neckclinic.example", "The address has the domain of a confirmed representative of this provider."),
        ("Boss@NeckClinic.example", "The address is that of a confirmed representative of this provider."),
        ("x@mail.rival.example", "The address has the domain of a confirmed representative of another provider."),
        ("boss@gmail.com", "The address is that of a confirmed representative of this provider."),
        ("b.oss+me@googlemail.com", "The address is that of a confirmed representative of this provider."),
    ],
)
def test_the_domain_of_a_confirmed_representative_is_told(app: Flask, email: str, sentence: str) -> None:
    npi, rival = factories.provider().npi, factories.provider().npi
    for address, whose in [("boss@neckclinic.example", npi), ("boss@gmail.com", npi), ("boss@rival.example", rival)]:
        create_account("program", address, "plum-otter-lantern-47", ("clinic",), "Robin Example", [whose])
    assert sentences(submitted(npi), email)["own_domain"] == sentence


def test_free_mail_is_nobody_s_own_domain(app: Flask) -> None:
    npi = factories.provider(last_name="Gmail").npi
    create_account("program", "boss@gmail.com", "plum-otter-lantern-47", ("clinic",), "Robin Example", [npi])
    assert "own_domain" not in sentences(submitted(npi), "jo@gmail.com")


def test_what_the_address_told_stays_when_the_address_is_gone(app: Flask) -> None:
    review = submitted(factories.provider(last_name="Quintero").npi, text=LONG)
    before = sentences(review, "office@quintero.example")
    review.text = f"{LONG} Call 310 555 0100."
    assert sentences(review) == before | {"personal_details": "In the text: phone number."}
    review.text = LONG
    assert sentences(review) == before


def test_no_address_is_kept(app: Flask) -> None:
    review = submitted(factories.provider(last_name="Quintero").npi, text=LONG)
    stored = " ".join(sentences(review, "office@quintero.example").values())
    assert "@" not in stored
    assert "quintero.example" not in stored


def test_a_disclosed_tie_is_told_and_none_is_not(app: Flask) -> None:
    npi = factories.provider().npi
    assert sentences(factories.review(npi, tie="works_there")) == {"tie": "The writer says: I work or worked there."}
    assert sentences(factories.review(npi, tie="none")) == {}


def test_kinds_of_personal_details_are_told_without_quoting_them(app: Flask) -> None:
    review = factories.review(factories.provider().npi, text="Nurse Kelly said to call 310 555 0100.")
    assert sentences(review) == {"personal_details": "In the text: phone number, name of staff."}


def test_the_language_is_set_and_told_when_it_is_neither_english_nor_spanish(app: Flask) -> None:
    npi = factories.provider().npi
    english, spanish, tagalog, short = (
        factories.review(npi, 3.0, text=text)
        for text in (
            LONG,
            "La doctora me explicó todo con paciencia y el dolor del cuello se fue en una semana.",
            "Mahusay ang doktor at mabait ang lahat ng staff, maraming salamat po sa inyong lahat.",
            "Sehr gut!",
        )
    )
    assert [sentences(each) for each in (english, spanish, short)] == [{}, {}, {}]
    assert sentences(tagalog) == {"language": "The text seems to be in Tagalog."}
    assert [each.language for each in (english, spanish, tagalog, short)] == ["en", "es", "tl", None]


def test_noticing_again_replaces_what_was_noticed(app: Flask) -> None:
    review = factories.review(factories.provider().npi, tie="family")
    detect_signals(review)
    detect_signals(review)
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(ReviewSignal)) == 1
    review.tie = None
    assert detect_signals(review) == []


def test_every_kind_fits_its_column() -> None:
    assert all(len(kind) <= 20 for kind in KINDS)


@pytest.mark.parametrize(
    ("count", "usual", "expected"),
    [
        (3, 0.0, False),
        (4, 0.0, True),
        (4, 1.0, False),
        (7, 1.0, True),
        (20, 10.0, False),
        (25, 10.0, True),
        (900, 1000.0, False),
    ],
)
def test_a_burst_is_more_than_the_usual_rate_explains(count: int, usual: float, expected: bool) -> None:
    assert is_burst(count, usual) is expected


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("jo@example.com", "example.com"),
        ("jo@mail.Example.COM", "example.com"),
        ("jo@mail.example.co.uk", "example.co.uk"),
        ("jo@clinica.com.mx", "clinica.com.mx"),
        ("jo@localhost", ""),
        ("nothing", ""),
    ],
)
def test_the_domain_is_the_registered_one(email: str, domain: str) -> None:
    assert domain_of(email) == domain


def test_a_domain_resembles_a_name_only_when_it_was_made_of_it(subtests: pytest.Subtests) -> None:
    for domain, name, expected in [
        ("quintero.com", "Ana Quintero, MD", True),
        ("quintero-neuro.com", "Quintero", True),
        ("drlee.com", "Lee", True),
        ("leemd.com", "Lee", True),
        ("sleepwell.com", "Lee", False),
        ("anacruz.com", "Ana Cruz, MD", True),
        ("southbayneck.com", "South Bay Neck Clinic", True),
        ("sbnc.org", "South Bay Neck Clinic", True),
        ("torrance.gov", "Torrance Neurology Group", False),
        ("torranceneurology.com", "Torrance Neurology Group", True),
        ("gmail.com", "Gmail Clinic", False),
        ("garciaexample.mx", "José García", True),
        ("example.org", "Ana Quintero, MD", False),
        ("", "Ana Quintero, MD", False),
    ]:
        with subtests.test(domain=domain):
            assert (resembles(domain, [name]) is not None) is expected


@pytest.mark.parametrize("text", [None, "", "Very good", "ok ok ok ok", "12345 " * 20, "!" * 200])
def test_no_language_is_guessed_when_the_text_does_not_tell(text: str | None) -> None:
    assert language_of(text) is None


def test_a_language_has_its_code_of_iso_639() -> None:
    assert language_of("הרופא היה אדיב והזריקות עזרו לצוואר שלי תוך שבוע אחד בלבד") == "he"
    assert (
        language_of("醫生很親切,注射後一個星期內我的脖子就好多了,我會再去看這位醫生,也會推薦給我的朋友和家人。") == "zh"
    )
    assert language_of("La doctora fue amable y las inyecciones me ayudaron en una semana.") == "es"
    assert language_of("Doktor hanım çok kibardı ve iğneler bir hafta içinde boynuma iyi geldi.") == "tr"
    assert language_of("\ud800 \x00\x07 The doctor was kind and the shots helped within a week.") == "en"
