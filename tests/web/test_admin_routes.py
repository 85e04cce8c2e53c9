"""Every page and act of staff, from the list of all routes: whoever may not is refused, and the log says so."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from directory.accounts.roles import CLINIC, ROLES, STAFF, is_allowed
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests import factories
from tests.signing_in import signed_in

METHODS = ("GET", "POST")
VALUES = {"RowNumber": 1, "UnicodeConverter": "9000000017", "PathConverter": "9000000017"}


def roles_of(app: Flask, rule: Rule) -> frozenset[str] | None:
    """Who may use the route; None when nothing guards it, and an empty set when any account may."""
    roles: frozenset[str] | None = getattr(app.view_functions[rule.endpoint], "roles", None)
    return roles


def guarded_rules(app: Flask) -> list[Rule]:
    """The routes that some roles may not use."""
    return [rule for rule in app.url_map.iter_rules() if roles_of(app, rule)]


def address_of(app: Flask, rule: Rule) -> str:
    """An address of the route, whether anything is there or not."""
    values = {name: VALUES[type(rule._converters[name]).__name__] for name in rule.arguments}
    built = app.url_map.bind("localhost").build(rule.endpoint, values, method=_methods(rule)[0])
    return built.removeprefix("http://localhost")


def _methods(rule: Rule) -> list[str]:
    return [method for method in METHODS if method in (rule.methods or ())]


def refusals() -> list[tuple[str, str, str]]:
    """What the log says of refusals, the oldest first."""
    events = select(AuditEvent).where(AuditEvent.act == "refuse_access").order_by(AuditEvent.number)
    return [(event.actor, event.act, event.subject) for event in db.session.scalars(events)]


def test_every_route_below_admin_is_guarded_for_staff(sqlite_app: Flask) -> None:
    below = [rule for rule in sqlite_app.url_map.iter_rules() if f"{rule.rule}/".startswith("/admin/")]
    assert len(below) > 10
    unguarded = {rule.rule for rule in below if not (roles_of(sqlite_app, rule) or frozenset()) <= STAFF}
    unguarded |= {rule.rule for rule in below if not roles_of(sqlite_app, rule)}
    assert unguarded == set()


@pytest.mark.own_app
def test_an_unguarded_route_below_admin_would_be_found(sqlite_app: Flask) -> None:
    sqlite_app.add_url_rule("/admin/open", "open_to_all", lambda: "")
    with pytest.raises(AssertionError, match="/admin/open"):
        test_every_route_below_admin_is_guarded_for_staff(sqlite_app)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_is_refused_and_noted(sqlite_app: Flask, role: str) -> None:
    rules = [
        rule for rule in guarded_rules(sqlite_app) if not is_allowed({role}, set(roles_of(sqlite_app, rule) or ()))
    ]
    npi = factories.provider().npi if role == CLINIC else None
    db.session.commit()
    client = signed_in(sqlite_app, role, npi)
    expected = []
    for rule in rules:
        for method in METHODS:
            answer = client.open(address_of(sqlite_app, rule), method=method)
            if method in (rule.methods or ()):
                assert answer.status_code == 403, f"{method} {rule.rule}"
                expected.append((f"account:{client.account.id}", "refuse_access", f"page:{rule.endpoint}"))
            else:
                assert answer.status_code in {403, 405}, f"{method} {rule.rule}"  # another rule may have the address
    db.session.rollback()  # what is noted is committed
    noted = refusals()
    assert set(expected) <= set(noted)
    assert len(noted) >= len(expected) > 0


def test_who_is_not_signed_in_is_sent_to_sign_in_and_noted(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    expected = []
    for number, rule in enumerate(guarded_rules(sqlite_app)):
        network = {"REMOTE_ADDR": f"172.16.{number}.1"}  # of one network not more than some are noted
        for method in METHODS:
            answer = client.open(address_of(sqlite_app, rule), method=method, environ_overrides=network)
            if method in (rule.methods or ()):
                assert answer.status_code == 302, f"{method} {rule.rule}"
                assert answer.location.startswith("/account/sign-in"), f"{method} {rule.rule}"
                expected.append(("nobody", "refuse_access", f"page:{rule.endpoint}"))
            else:
                assert answer.status_code in {302, 405}, f"{method} {rule.rule}"
    db.session.rollback()
    noted = refusals()
    assert set(expected) <= set(noted)
    assert {actor for actor, _, _ in noted} == {"nobody"}


def test_who_has_no_second_factor_yet_does_nothing(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    client.account.tf_totp_secret = client.account.tf_primary_method = None
    db.session.commit()
    for rule in guarded_rules(sqlite_app):
        for method in _methods(rule):
            answer = client.open(address_of(sqlite_app, rule), method=method)
            assert (answer.status_code, answer.location) == (302, "/account/second-factor"), f"{method} {rule.rule}"


def test_clinics_pages_are_among_them(sqlite_app: Flask) -> None:
    assert any(roles_of(sqlite_app, rule) == {CLINIC} for rule in guarded_rules(sqlite_app))
