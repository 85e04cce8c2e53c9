"""An invitation: the letter, the key of which the hash is kept, one account of it, and its end."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.actions import AccountError, account_of
from directory.accounts.models import Account
from directory.accounts.staff.inviting import (
    InvitationExpiredError,
    State,
    accept,
    invitation_of_key,
    invite,
    send_again,
    state_of,
    withdraw,
)
from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.mail.models import OutgoingMail
from tests.accounts.staff.letters import ADDRESS, invited, newest_link, only_invitation
from tests.signing_in import PASSWORD, new_account


def key_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["key"][0]


def acts() -> list[tuple[str, str, object]]:
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number))
    return [(event.act, event.subject, event.after) for event in events]


def test_the_letter_holds_a_link_of_whose_key_only_the_hash_is_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SITE_URL", "https://directory.example.org")
    link = invited(app, ("moderator", "verifier"), "Mo@Example.org")
    letter = db.session.scalars(select(OutgoingMail)).one()
    assert letter.recipient == ADDRESS
    assert f"https://directory.example.org{link}\n" in letter.text
    assert "- moderator: decides about reviews" in letter.text
    invitation = only_invitation()
    assert invitation.key_hash == hashlib.sha256(key_of(link).encode()).hexdigest()
    assert (invitation.email, invitation.roles) == (ADDRESS, ["moderator", "verifier"])
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    assert acts() == [("invite", f"invitation:{invitation.id}", {"roles": ["moderator", "verifier"]})]


def test_accepting_makes_the_account_that_was_offered(app: Flask) -> None:
    invitation = invitation_of_key(key_of(invited(app, ("moderator", "verifier"))))
    assert invitation
    account = accept(invitation, "Mo Example", PASSWORD)
    db.session.commit()
    assert (account.email, account.name, account.role_names) == (ADDRESS, "Mo Example", {"moderator", "verifier"})
    assert not account.has_second_factor
    assert state_of(only_invitation()) is State.USED
    assert acts()[-1] == ("accept_invitation", f"invitation:{invitation.id}", {"account": account.id})


@pytest.mark.parametrize("roles", [(), ("clinic",), ("verifier", "clinic"), ("owner",)])
def test_nobody_is_invited_but_staff(app: Flask, roles: tuple[str, ...]) -> None:
    with pytest.raises(AccountError, match="admin, moderator, verifier"):
        invite("command", ADDRESS, roles)


def test_who_has_an_account_is_not_invited(app: Flask) -> None:
    account = new_account(app, "moderator")
    with pytest.raises(AccountError, match="There is already an account for"):
        invite("command", account.email.upper(), ("verifier",))


def test_who_is_invited_already_is_not_invited_twice(app: Flask) -> None:
    invited(app)
    with pytest.raises(AccountError, match="is invited already"):
        invite("command", ADDRESS, ("admin",))
    assert only_invitation().roles == ["verifier"]


def test_after_a_withdrawal_the_address_may_be_invited_anew(app: Flask) -> None:
    invited(app)
    withdraw("account:1", only_invitation())
    invite("account:1", ADDRESS, ("admin",))
    db.session.commit()
    assert [act for act, _, _ in acts()] == ["invite", "withdraw_invitation", "invite"]


def test_sent_again_the_new_link_works_and_the_old_one_does_not(app: Flask) -> None:
    old = invited(app)
    invitation = only_invitation()
    invitation.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.session.commit()
    send_again("account:1", invitation)
    db.session.commit()
    new = newest_link()
    assert old != new
    assert invitation_of_key(key_of(old)) is None
    found = invitation_of_key(key_of(new))
    assert found
    assert state_of(found) is State.OPEN


def test_an_invitation_ends_after_its_days_by_use_or_by_withdrawal(app: Flask) -> None:
    invited(app)
    invitation = only_invitation()
    invitation.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    db.session.commit()
    with pytest.raises(InvitationExpiredError, match="old"):
        accept(invitation, "Mo", PASSWORD)
    withdraw("account:1", invitation)
    for act in (lambda: accept(invitation, "Mo", PASSWORD), lambda: send_again("account:1", invitation)):
        with pytest.raises(InvitationExpiredError, match="withdrawn"):
            act()
    assert account_of(ADDRESS) is None


def test_a_weak_password_leaves_the_invitation_open(app: Flask) -> None:
    invited(app)
    with pytest.raises(AccountError, match="commonly used password"):
        accept(only_invitation(), "Mo", "password12345")
    db.session.rollback()
    assert state_of(only_invitation()) is State.OPEN


@pytest.mark.own_app
@pytest.mark.postgresql
def test_of_two_who_accept_at_once_one_makes_the_account(app: Flask) -> None:
    key = key_of(invited(app))
    both = Barrier(2)

    def try_to_accept(name: str) -> str:
        with app.app_context():
            invitation = invitation_of_key(key)
            assert invitation
            assert state_of(invitation) is State.OPEN
            db.session.rollback()
            both.wait()
            try:
                accept(invitation, name, PASSWORD)
                db.session.commit()
            except InvitationExpiredError as over:
                db.session.rollback()
                return over.state.value
            return "made"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(try_to_accept, ["Ada", "Ben"])) == ["made", "used"]
    assert len(db.session.scalars(select(Account)).all()) == 1


@pytest.mark.own_app
@pytest.mark.postgresql
def test_of_two_who_invite_the_same_person_at_once_one_does(app: Flask) -> None:
    new_account(app, "admin")
    both = Barrier(2)

    def try_to_invite(role: str) -> str:
        with app.app_context():
            both.wait()
            try:
                invite("command", ADDRESS, (role,))
                db.session.commit()
            except AccountError as refusal:
                db.session.rollback()
                return str(refusal)
            return "invited"

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(try_to_invite, ["admin", "verifier"]))
    assert answers[0] == "invited"
    assert "is invited already" in answers[1]
    assert only_invitation().email == ADDRESS
