"""Who reaches which page, and that refusals are noted."""

import pytest
from flask import Flask, Response
from sqlalchemy import select

from directory.accounts.access import current_account, current_actor, represents, role_required
from directory.accounts.actions import disable_account, reset_second_factor
from directory.accounts.models import Account, Representative
from directory.accounts.roles import is_allowed
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests import factories
from tests.signing_in import signed_in

pytestmark = pytest.mark.own_app  # its pages are added to the app


@pytest.fixture
def guarded(app: Flask) -> Flask:
    """The app with a page for moderators, one for clinics, and one that breaks."""

    @app.route("/only-moderators", methods=["GET", "POST"])
    @role_required("moderator")
    def only_moderators() -> str:
        return current_actor()

    @app.get("/only-clinics/<npi>")
    @role_required("clinic")
    def only_clinics(npi: str) -> str:
        return str(represents(npi))

    @app.get("/kept")
    @role_required()
    def kept() -> Response:
        return Response("kept", headers={"Cache-Control": "private, max-age=60"})

    @app.get("/broken")
    @role_required()
    def broken() -> str:
        db.session.add(Account(name="without an address"))
        db.session.flush()
        return ""

    return app


def test_somebody_unknown_is_sent_to_sign_in_and_comes_back(guarded: Flask) -> None:
    client = guarded.test_client()
    assert client.get("/only-moderators?page=2").location == "/account/sign-in?next=/only-moderators?page%3D2"
    assert client.post("/only-moderators?page=2").location == "/account/sign-in"


def test_the_role_lets_in(guarded: Flask) -> None:
    client = signed_in(guarded, "moderator")
    answer = client.get("/only-moderators")
    assert answer.text == f"account:{client.account.id}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/kept").headers["Cache-Control"] == "private, max-age=60"


def test_another_role_is_refused_and_the_refusal_noted(guarded: Flask) -> None:
    client = signed_in(guarded, "verifier")
    answer = client.get("/only-moderators")
    assert answer.status_code == 403
    assert "You don’t have access to this page" in answer.text
    db.session.rollback()  # what is noted is committed
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "refuse_access")).one()
    assert (event.actor, event.subject) == (f"account:{client.account.id}", "page:only_moderators")


def test_an_admin_may_do_what_staff_may_but_speaks_for_no_clinic(guarded: Flask) -> None:
    client = signed_in(guarded, "admin")
    assert client.get("/only-moderators").status_code == 200
    assert client.get("/only-clinics/9000000017").status_code == 403


@pytest.mark.parametrize(
    ("held", "wanted", "allowed"),
    [
        ({"moderator"}, {"moderator", "verifier"}, True),
        ({"moderator"}, {"verifier"}, False),
        ({"admin"}, {"verifier"}, True),
        ({"admin"}, {"clinic"}, False),
        (set(), {"moderator"}, False),
    ],
)
def test_which_roles_will_do(held: set[str], wanted: set[str], allowed: bool) -> None:
    assert is_allowed(held, wanted) is allowed


def test_a_representative_speaks_for_confirmed_providers_alone(guarded: Flask) -> None:
    own, other, unconfirmed = (factories.provider().npi for _ in range(3))
    client = signed_in(guarded, "clinic", own)
    db.session.add(Representative(account_id=client.account.id, npi=unconfirmed))
    db.session.commit()
    answers = [client.get(f"/only-clinics/{npi}").text for npi in (own, other, unconfirmed)]
    assert answers == ["True", "False", "False"]


def test_a_try_to_speak_for_another_provider_is_refused_and_noted(guarded: Flask) -> None:
    client = signed_in(guarded, "clinic", factories.provider().npi)
    assert client.get(f"/account/providers/{factories.provider().npi}").status_code == 403
    db.session.rollback()  # what is noted is committed
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "refuse_access")).one()
    assert (event.actor, event.subject) == (f"account:{client.account.id}", "page:practice.show_facts")
    assert event.reason == "not a representative"


@pytest.mark.postgresql
def test_a_disabled_accounts_session_ends(guarded: Flask) -> None:
    client = signed_in(guarded, "moderator")
    disable_account("command", client.account)
    db.session.commit()
    assert client.get("/only-moderators").status_code == 302


def test_a_reset_second_factor_ends_the_session(guarded: Flask) -> None:
    client = signed_in(guarded, "moderator")
    reset_second_factor("command", client.account)
    db.session.commit()
    assert client.get("/only-moderators").location.startswith("/account/sign-in")


def test_without_a_second_factor_nothing_can_be_done(guarded: Flask) -> None:
    client = signed_in(guarded, "moderator")
    client.account.tf_totp_secret = None
    db.session.commit()
    assert client.get("/only-moderators").location == "/account/second-factor"


def test_nobody_is_signed_in_outside_of_a_request(app: Flask) -> None:
    assert current_account() is None
    assert represents("9000000017") is False
    with pytest.raises(RuntimeError, match="no one is signed in"):
        current_actor()


@pytest.mark.postgresql
def test_a_fault_shows_staff_the_error_page_too(guarded: Flask) -> None:
    client = signed_in(guarded, "moderator")
    guarded.config["PROPAGATE_EXCEPTIONS"] = guarded.testing = False
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


def refusals_of_nobody() -> list[str]:
    db.session.rollback()  # what is noted is committed
    query = select(AuditEvent).where(AuditEvent.actor == "nobody").order_by(AuditEvent.number)
    return [f"{event.act} {event.subject}" for event in db.session.scalars(query)]


def test_what_somebody_unknown_tries_is_noted(guarded: Flask) -> None:
    client = guarded.test_client()
    for method in ("get", "post"):
        getattr(client, method)("/only-moderators")
    client.get("/admin")
    client.post("/account/sessions/end")
    assert refusals_of_nobody() == [
        "refuse_access page:only_moderators",
        "refuse_access page:only_moderators",
        "refuse_access page:desk.show_staff_page",
        "refuse_access page:accounts.end_sign_in",
    ]


def test_to_look_for_ones_own_page_after_the_session_is_nothing_to_note(guarded: Flask) -> None:
    assert guarded.test_client().get("/kept").status_code == 302
    assert refusals_of_nobody() == []


def test_one_network_cannot_flood_the_log(guarded: Flask) -> None:
    client = guarded.test_client()
    for number in range(62):
        answer = client.get("/only-moderators", environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"})
        assert answer.status_code == 302
    assert len(refusals_of_nobody()) == 60
    client.get("/only-moderators", environ_overrides={"REMOTE_ADDR": "198.51.100.1"})
    assert len(refusals_of_nobody()) == 61


def test_a_guarded_view_tells_which_roles_it_lets_in(guarded: Flask) -> None:
    roles = {name: getattr(view, "roles", None) for name, view in guarded.view_functions.items()}
    assert roles["only_moderators"] == {"moderator"}
    assert roles["desk.show_staff_page"] == {"admin", "verifier", "moderator"}
    assert roles["kept"] == frozenset()
    assert roles["search.show_home"] is None
