"""The page of doubtful matches: who may see it, what it shows, and what a decision does once and for all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.sources import Source, SourceKind
from directory.ratings.models import RatingEstimate
from directory.reviews.external.actions import decide_match, hold_for_decision
from directory.reviews.external.provider_matching import Candidate
from directory.reviews.external.queries import SUBJECTS_A_PAGE
from directory.reviews.external.subjects import Subject
from directory.reviews.models import DoubtfulMatch, Review, ReviewStatus, SourceAverage
from directory.web.refusals import RefusalError
from tests import factories
from tests.imports.published import real_npi
from tests.signing_in import signed_in

REVIEW = {
    "kind": "review",
    "rating": 4.0,
    "verified": False,
    "visited_on": "2025-06-01",
    "created_at": "2025-07-02T10:00:00+00:00",
    "author": "Invented Person",
    "text": None,
    "url": "https://carevoice.example/1",
}
AVERAGE = {"kind": "average", "average": 4.4, "reviews": 37, "url": None, "as_of": "2025-07-02"}


def waiting(name: str = "Ana Cruz MD", ids: tuple[str, ...] = ("1",), content: dict[str, Any] = REVIEW) -> list[str]:
    """Two candidates, and reviews of a subject who may be either; returns the candidates' NPIs."""
    if db.session.get(Source, "carevoice") is None:
        db.session.add(Source(key="carevoice", name="CareVoice", kind=SourceKind.PLATFORM))
    npis = [real_npi(1), real_npi(2)]
    for number, npi in enumerate(npis, start=1):
        if db.session.get(Provider, npi) is None:
            factories.provider(npi=npi, first_name="Ana", last_name="Cruz", name=f"Ana Cruz {number}, MD")
    candidates = [Candidate(npi, 0.75) for npi in npis]
    for review_id in ids:
        hold_for_decision(Subject(name, "", "(310) 555-0199"), "carevoice", review_id, content, candidates)
    db.session.commit()
    return npis


def first_id() -> int:
    return db.session.scalars(select(DoubtfulMatch.id).order_by(DoubtfulMatch.id)).first() or 0


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("moderator", 200), ("verifier", 403)])
def test_admins_and_moderators_decide_and_others_do_not(sqlite_app: Flask, role: str, status: int) -> None:
    npi = waiting()[0]
    client = signed_in(sqlite_app, role)
    assert client.get("/admin/matches").status_code == status
    answer = client.post(f"/admin/matches/{first_id()}", data={"npi": npi})
    assert answer.status_code == (302 if status == 200 else 403)
    assert len(db.session.scalars(select(Review)).all()) == (status == 200)


@pytest.mark.postgresql
def test_the_first_page_counts_subjects_and_says_since_when_the_oldest_waits(app: Flask) -> None:
    waiting(ids=("1", "2"))
    for match in db.session.scalars(select(DoubtfulMatch)):
        match.opened_at = datetime.now(UTC) - timedelta(days=3, hours=1)
    db.session.commit()
    waiting(ids=("1",))  # read again, it waits no shorter
    waiting("Bea Cruz MD", ("3",))
    assert "2 waiting · oldest 3 days" in signed_in(app, "moderator").get("/admin").text


def test_a_clinic_and_a_stranger_are_kept_out(sqlite_app: Flask) -> None:
    npi = waiting()[0]
    assert signed_in(sqlite_app, "clinic", npi=npi).get("/admin/matches").status_code == 403
    stranger = sqlite_app.test_client()
    assert "/account/sign-in" in stranger.get("/admin/matches").location
    assert "/account/sign-in" in stranger.post(f"/admin/matches/{first_id()}", data={"npi": npi}).location
    assert db.session.scalars(select(Review)).all() == []


@pytest.mark.parametrize("chosen", ["tied", "other", "none"])
def test_nobody_decides_whether_a_provider_is_meant_with_whom_they_have_a_tie(sqlite_app: Flask, chosen: str) -> None:
    tied, other = waiting()
    client = signed_in(sqlite_app, "moderator")
    declare_conflict(f"account:{client.account.id}", tied, "We share a practice.")
    db.session.commit()
    npi = {"tied": tied, "other": other, "none": None}[chosen]
    with pytest.raises(RefusalError, match="You have a conflict of interest with one of these providers"):
        decide_match(first_id(), npi, f"account:{client.account.id}")
    answer = client.post(f"/admin/matches/{first_id()}", data={"npi": npi or "none"})
    assert answer.status_code == 409
    assert "You have a conflict of interest with one of these providers" in answer.text
    assert db.session.scalars(select(Review)).all() == []


def test_the_desk_says_how_many_wait(sqlite_app: Flask) -> None:
    waiting("One", ("1", "2"))
    waiting("Two", ("3",))
    page = signed_in(sqlite_app, "moderator").get("/admin").text
    assert "Reviews elsewhere to match" in page
    assert 'href="/admin/matches"' in page
    assert "2" in page.partition("Reviews elsewhere to match")[2].partition("</li>")[0]


def test_the_page_shows_the_subject_beside_each_candidate(sqlite_app: Flask) -> None:
    npis = waiting("<b>Ana</b> Cruz")
    page = signed_in(sqlite_app, "moderator").get("/admin/matches").text
    assert "&lt;b&gt;Ana&lt;/b&gt; Cruz" in page
    assert "<b>Ana</b>" not in page
    assert "(310) 555-0199" in page
    assert all(f'value="{npi}"' in page for npi in npis)
    assert "Phone: another" in page
    assert "Address: not given by both" in page
    assert 'href="https://carevoice.example/1" rel="noopener nofollow ugc"' in page


@pytest.mark.postgresql
def test_choosing_a_provider_publishes_all_that_waits_of_the_subject(app: Flask) -> None:
    npi, other = waiting("Ana Cruz MD", ("1", "2"))
    waiting("Ana Cruz MD", ("average:1",), AVERAGE)
    waiting("Somebody Else", ("3",))
    client = signed_in(app, "moderator")
    answer = client.post(f"/admin/matches/{first_id()}", data={"npi": npi})
    assert answer.status_code == 302
    assert "is <a href" in client.get(answer.location).text
    found = db.session.scalars(select(Review).order_by(Review.source_review_id)).all()
    assert [(each.npi, each.source_review_id, each.status) for each in found] == [
        (npi, "1", ReviewStatus.PUBLISHED),
        (npi, "2", ReviewStatus.PUBLISHED),
    ]
    assert db.session.scalars(select(SourceAverage)).one().reviews == 37
    assert db.session.get_one(RatingEstimate, npi).reviews_counted == 2
    assert db.session.get(RatingEstimate, other) is None
    states = db.session.execute(select(DoubtfulMatch.source_review_id, DoubtfulMatch.status, DoubtfulMatch.npi))
    assert set(states.all()) == {
        ("1", "matched", npi),
        ("2", "matched", npi),
        ("average:1", "matched", npi),
        ("3", "waiting", None),
    }


def test_a_decision_is_in_the_audit_log(app: Flask) -> None:
    npi, _ = waiting()
    client = signed_in(app, "moderator")
    match_id = first_id()
    client.post(f"/admin/matches/{match_id}", data={"npi": npi})
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "match_provider")).one()
    assert (event.actor, event.subject) == (f"account:{client.account.id}", f"doubtful_match:{match_id}")
    assert event.before == {"status": "waiting"}
    assert event.after == {"status": "matched", "npi": npi, "matches": [match_id]}


def test_none_of_these_dismisses_and_publishes_nothing(app: Flask) -> None:
    waiting()
    client = signed_in(app, "admin")
    answer = client.post(f"/admin/matches/{first_id()}", data={"npi": "none"}, follow_redirects=True)
    assert "matches no provider here" in answer.text
    assert "All caught up." in answer.text
    assert db.session.scalars(select(Review)).all() == []
    assert db.session.scalars(select(AuditEvent.act).order_by(AuditEvent.number.desc())).first() == "dismiss_match"


@pytest.mark.parametrize("typed", [{}, {"npi": ""}, {"npi": "1999999984"}, {"npi": "' OR 1=1"}])
def test_a_choice_that_is_none_is_asked_for_next_to_its_field(sqlite_app: Flask, typed: dict[str, str]) -> None:
    waiting()
    answer = signed_in(sqlite_app, "moderator").post(f"/admin/matches/{first_id()}", data=typed)
    assert answer.status_code == 400
    assert answer.text.count("Choose who is meant, or “none of these”.") == 2
    assert f'href="#match-{first_id()}"' in answer.text
    assert db.session.scalars(select(DoubtfulMatch.status)).all() == ["waiting"]


def test_a_second_click_and_a_second_person_change_nothing(app: Flask) -> None:
    npi, other = waiting()
    client = signed_in(app, "moderator")
    match_id = first_id()
    client.post(f"/admin/matches/{match_id}", data={"npi": npi})
    again = client.post(f"/admin/matches/{match_id}", data={"npi": other})
    assert again.status_code == 409
    assert "was already decided" in again.text
    assert [each.npi for each in db.session.scalars(select(Review))] == [npi]


@pytest.mark.own_app
def test_of_people_who_decide_at_once_one_wins_and_the_others_are_told(app: Flask) -> None:
    npis = waiting()
    match_id = first_id()
    together = Barrier(4)

    def decide(number: int) -> str:
        with app.app_context():
            db.session.get(DoubtfulMatch, match_id)
            together.wait()
            try:
                decide_match(match_id, npis[number % 2], f"account:{number}")
                db.session.commit()
            except RefusalError as refusal:
                return str(refusal)
            return "decided"

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(decide, range(4)))
    assert answers.count("decided") == 1
    assert sum("was already decided" in answer for answer in answers) == 3
    assert len(db.session.scalars(select(Review)).all()) == 1


def test_a_match_that_is_not_there_is_not_found(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "moderator")
    assert client.post("/admin/matches/1", data={"npi": "none"}).status_code == 404
    assert client.get("/admin/matches?page=0").status_code == 200


def test_a_real_review_is_never_given_to_an_invented_provider(app: Flask) -> None:
    waiting()
    invented = factories.provider().npi
    match = db.session.get_one(DoubtfulMatch, first_id())
    match.candidates = [*match.candidates, {"npi": invented, "score": 0.7}]
    db.session.commit()
    with pytest.raises(RefusalError, match="An invented review belongs to an invented provider"):
        decide_match(match.id, invented, "account:7")


def test_a_candidate_who_went_is_not_offered(app: Flask) -> None:
    npi, other = waiting()
    db.session.delete(db.session.get_one(Provider, npi))
    db.session.commit()
    client = signed_in(app, "moderator")
    page = client.get("/admin/matches").text
    assert f'value="{npi}"' not in page
    assert f'value="{other}"' in page
    answer = client.post(f"/admin/matches/{first_id()}", data={"npi": npi})
    assert answer.status_code == 409
    assert "is no longer in the directory" in answer.text


def test_many_subjects_come_in_pages(sqlite_app: Flask) -> None:
    for number in range(SUBJECTS_A_PAGE + 1):
        waiting(f"Subject {number}", (str(number),))
    client = signed_in(sqlite_app, "moderator")
    first, last = client.get("/admin/matches").text, client.get("/admin/matches?page=99").text
    assert "Subject 9" in first
    assert "Subject 10" not in first
    assert "Subject 10" in last
    assert f"{SUBJECTS_A_PAGE + 1} providers from other sites are" in first


def test_the_subject_that_waits_longest_comes_first(sqlite_app: Flask) -> None:
    waiting("Older", ("1",))
    waiting("Newer", ("2",))
    page = signed_in(sqlite_app, "moderator").get("/admin/matches").text
    assert page.index("Older") < page.index("Newer")
