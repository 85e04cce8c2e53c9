"""The admins' pages: who is there, who is invited, and what one admin may do to another's account."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.actions import AccountError, account_of, change_access
from directory.accounts.conflicts import declare_conflict, has_conflict
from directory.accounts.models import Account, ConflictOfInterest, Invitation, SignedInSession
from directory.accounts.queries import ACCOUNTS_A_PAGE
from directory.accounts.sessions import MAX_DURATION
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests import factories
from tests.accounts.staff.letters import ADDRESS, invited, only_invitation
from tests.mailbox import Mailbox
from tests.signing_in import SignedInClient, new_account, signed_in

PAGE = "/admin/accounts"


def last_event() -> tuple[str, str, str]:
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event
    return event.actor, event.act, event.subject


def press(client: SignedInClient, account: Account, act: str) -> tuple[int, str]:
    """Send one act; gives the status, and what the page says afterward."""
    answer = client.post(f"{PAGE}/{account.id}", data={"act": act})
    return answer.status_code, client.get(answer.location).text if answer.status_code == 302 else answer.text


def test_all_accounts_are_there_with_what_they_lack(app: Flask) -> None:
    admin = signed_in(app, "admin")
    bare = new_account(app, "moderator", second_factor=False)
    bare.active = False
    db.session.commit()
    page = admin.get(PAGE).text
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)]
    words = {row[3]: " ".join(row[4:]) for row in rows[1:]}
    today = datetime.now(UTC).year
    assert words[bare.email] == "moderator not yet never no"
    assert re.fullmatch(rf"admin set up \w+ \d+, ({today}|{today - 1}) yes", words[admin.account.email])
    assert "No open invitations." in page


def test_long_lists_come_in_pages_and_are_searched(app: Flask) -> None:
    admin = signed_in(app, "admin")
    now = datetime.now(UTC)
    db.session.add_all(
        Account(
            email=f"{n:03}@list.example",
            name=f"Zed {n:03}",
            password="",
            active=True,
            fs_uniquifier=str(n),
            fs_webauthn_user_handle=str(n),
            created_at=now,
        )
        for n in range(ACCOUNTS_A_PAGE)
    )
    db.session.commit()
    assert "Zed 048" in admin.get(PAGE).text
    assert "Zed 049" not in admin.get(PAGE).text
    for page in ("2", "99"):
        assert "Zed 049" in admin.get(f"{PAGE}?page={page}").text
    found = admin.get(f"{PAGE}?words=zed+77@LIST").text
    assert "No account has" in found
    found = admin.get(f"{PAGE}?words=zed+007@LIST").text
    assert "Zed 007" in found
    assert "Zed 008" not in found
    assert "No account has" in admin.get(f"{PAGE}?words=%25%00").text


@pytest.mark.postgresql
def test_an_invitation_is_sent_shown_sent_again_and_withdrawn(app: Flask, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    admin = signed_in(app, "admin")
    answer = admin.post(PAGE, data={"email": "Mo@example.org", "name": "Mo", "roles": ["verifier", "moderator"]})
    assert answer.location == f"{PAGE}#invitations"
    answer.close()
    assert len(mailbox.to(ADDRESS)) == 1
    page = admin.get(PAGE).text
    assert f"An email is on its way to {ADDRESS}." in page
    assert f"<strong>{ADDRESS}</strong> (Mo), as moderator and verifier" in page
    assert admin.account.name in page

    address = f"{PAGE}/invitations/{only_invitation().id}"
    admin.post(address, data={"act": "send_again"}).close()
    first, second = mailbox.to(ADDRESS)
    assert first.links != second.links
    admin.post(address, data={"act": "withdraw"})
    assert last_event()[1:] == ("withdraw_invitation", f"invitation:{only_invitation().id}")
    assert f"The invitation for {ADDRESS} was withdrawn." in admin.get(PAGE).text
    for act in ("withdraw", "send_again"):
        admin.post(address, data={"act": act}).close()
        assert "That invitation was already withdrawn." in admin.get(PAGE).text
    assert len(mailbox.to(ADDRESS)) == 2


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"email": "mo@"}, 400, "Type their email address"),
        ({"email": ""}, 400, "Type their email address"),
        ({"roles": []}, 400, "Choose at least one role."),
        ({"roles": ["clinic"]}, 400, "Choose at least one role."),
        ({"email": "there@example.org"}, 409, "is invited already"),
    ],
)
def test_what_cannot_be_sent_says_why_and_stays(
    sqlite_app: Flask, typed: dict[str, object], status: int, sentence: str
) -> None:
    invited(sqlite_app, email="there@example.org")
    admin = signed_in(sqlite_app, "admin")
    answer = admin.post(PAGE, data={"email": ADDRESS, "name": "Mo & Typed", "roles": ["verifier"], **typed})
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Please check" in answer.text
    assert "Mo &amp; Typed" in answer.text
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_disabling_ends_all_sessions_and_enabling_lets_in_again(app: Flask) -> None:
    admin, other = signed_in(app, "admin"), signed_in(app, "moderator")
    actor, subject = f"account:{admin.account.id}", f"account:{other.account.id}"
    assert other.get("/admin").status_code == 200
    status, page = press(admin, other.account, "disable")
    assert (status, "can no longer sign in" in page) == (302, True)
    assert last_event() == (actor, "disable_account", subject)
    assert other.get("/admin").status_code == 302
    assert press(admin, other.account, "disable")[0] == 302  # a second click
    assert press(admin, other.account, "enable")[0] == 302
    assert last_event() == (actor, "enable_account", subject)
    assert press(admin, other.account, "enable")[0] == 302
    acts = db.session.scalars(select(AuditEvent.act).where(AuditEvent.subject == subject)).all()
    assert [act for act in acts if "able" in act] == ["disable_account", "enable_account"]


def test_sessions_are_shown_and_ended(app: Flask) -> None:
    admin, other = signed_in(app, "admin"), signed_in(app, "verifier")
    assert press(admin, other.account, "end_sessions")[0] == 302
    assert other.get("/account").status_code == 302
    assert last_event()[1:] == ("end_sessions", f"account:{other.account.id}")
    now = datetime.now(UTC)
    row = SignedInSession(
        key_hash="h", account_id=other.account.id, started_at=now, seen_at=now, device="Firefox on Linux"
    )
    db.session.add(row)
    db.session.commit()
    assert "Firefox on Linux" in admin.get(f"{PAGE}/{other.account.id}").text
    row.started_at = now - MAX_DURATION  # it is over by itself
    db.session.commit()
    assert "Firefox on Linux" not in admin.get(f"{PAGE}/{other.account.id}").text
    row.started_at = now
    db.session.commit()
    press(admin, other.account, "end_sessions")
    assert "Firefox on Linux" not in admin.get(f"{PAGE}/{other.account.id}").text


@pytest.mark.postgresql
def test_a_second_factor_is_reset(app: Flask) -> None:
    admin, other = signed_in(app, "admin"), signed_in(app, "verifier")
    assert press(admin, other.account, "reset_second_factor")[0] == 302
    db.session.refresh(other.account)
    assert not other.account.has_second_factor
    assert other.get("/account").status_code == 302
    before = last_event()
    assert before[1] == "reset_second_factor"
    press(admin, other.account, "reset_second_factor")  # a second click
    assert last_event() == before


@pytest.mark.parametrize("act", ["disable", "reset_second_factor", "end_sessions"])
def test_ones_own_account_is_for_another_admin(sqlite_app: Flask, act: str) -> None:
    admin = signed_in(sqlite_app, "admin")
    before = last_event()
    status, page = press(admin, admin.account, act)
    assert (status, "another admin has to do this" in page) == (409, True)
    assert (admin.account.active, last_event()) == (True, before)
    assert "Disable the account" not in admin.get(f"{PAGE}/{admin.account.id}").text


@pytest.mark.own_app
@pytest.mark.postgresql
def test_two_admins_cannot_disable_each_other_at_once(app: Flask) -> None:
    ids = [new_account(app, "admin").id for _ in range(2)]
    both = Barrier(2)

    def try_to_disable(own: int, other: int) -> str:
        with app.app_context():
            account = db.session.get_one(Account, other)
            both.wait()
            try:
                change_access(f"account:{own}", account, "disable")
                db.session.commit()
            except AccountError as refusal:
                db.session.rollback()
                return str(refusal)
            return "disabled"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(try_to_disable, ids, reversed(ids)), key=len)
    assert answers[0] == "disabled"
    assert "is the last admin who can sign in" in answers[1]
    assert db.session.scalars(select(Account.active).order_by(Account.active)).all() == [False, True]


@pytest.mark.postgresql
def test_conflicts_are_ended_by_an_admin_but_not_by_the_one_who_has_them(app: Flask) -> None:
    admin, other = signed_in(app, "admin"), new_account(app, "verifier")
    npi = factories.provider(name="Ada Tied, MD").npi
    for account in (admin.account, other):
        declare_conflict(f"account:{account.id}", npi, "My sister works there.")
    db.session.commit()
    page = admin.get(f"{PAGE}/{other.id}").text
    assert "Ada Tied, MD" in page
    assert "invented" in page.lower()  # the notice that comes with demonstration data
    for _ in range(2):  # the second one is a second click
        assert admin.post(f"{PAGE}/{other.id}/conflicts/{npi}").status_code == 302
        assert last_event() == (f"account:{admin.account.id}", "end_conflict_of_interest", f"provider:{npi}")
    assert not has_conflict(f"account:{other.id}", npi)
    answer = admin.post(f"{PAGE}/{admin.account.id}/conflicts/{npi}")
    assert (answer.status_code, "another admin has to end it" in answer.text) == (409, True)
    assert db.session.get(ConflictOfInterest, (admin.account.id, npi)) is not None


@pytest.mark.parametrize(
    ("path", "status"), [("/999999999", 404), ("/99999999999999", 404), ("/invitations/99999999999999", 404)]
)
def test_who_is_not_there_is_not_found(app: Flask, path: str, status: int) -> None:
    assert signed_in(app, "admin").post(f"{PAGE}{path}", data={"act": "disable"}).status_code == status


def test_an_act_that_is_none_is_refused(sqlite_app: Flask) -> None:
    admin = signed_in(sqlite_app, "admin")
    invited(sqlite_app)
    assert admin.post(f"{PAGE}/{admin.account.id}", data={"act": "promote"}).status_code == 400
    assert admin.post(f"{PAGE}/invitations/{only_invitation().id}", data={}).status_code == 400
    assert account_of(ADDRESS) is None
