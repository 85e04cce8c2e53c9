"""`flask accounts ...`."""

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.accounts.actions import account_of
from directory.audit.models import AuditEvent
from directory.extensions import db
from tests import factories
from tests.mailbox import Mailbox
from tests.signing_in import PASSWORD, new_account


def create(cli: FlaskCliRunner, *arguments: str, password: str = PASSWORD) -> tuple[int, str]:
    result = cli.invoke(args=["accounts", "create", *arguments, "--password-stdin"], input=password + "\n")
    return result.exit_code, result.output


def test_an_account_is_made_with_its_roles_and_noted(app: Flask, cli: FlaskCliRunner) -> None:
    assert create(cli, "Mo@Example.org", "--role", "moderator", "--role", "verifier", "--name", "Mo Example") == (
        0,
        "Created the account for mo@example.org (moderator, verifier).\n",
    )
    account = account_of("MO@example.org")
    assert account is not None
    assert (account.name, account.role_names) == ("Mo Example", {"moderator", "verifier"})
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "create_account")).one()
    assert event.after == {"roles": ["moderator", "verifier"], "npis": []}


def test_the_first_admin_is_told_that_a_second_person_is_needed(cli: FlaskCliRunner) -> None:
    first, second = (
        cli.invoke(args=["accounts", "create-admin", f"{name}@example.org", "--password-stdin"], input=PASSWORD).output
        for name in ("ana", "bea")
    )
    assert "A second person is needed. Two people have to agree" in first
    assert "flask accounts invite EMAIL --role verifier --role moderator" in first
    assert second == "Created the account for bea@example.org (admin).\n"


def test_the_password_is_asked_for_twice_and_not_shown(cli: FlaskCliRunner) -> None:
    result = cli.invoke(
        args=["accounts", "create", "mo@example.org", "--role", "admin"], input=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_invisible_characters_are_no_name(app: Flask, cli: FlaskCliRunner) -> None:
    create(cli, "mo@example.org", "--role", "moderator", "--name", "\u3164\u200b")
    account = account_of("mo@example.org")
    assert account is not None
    assert account.name == "mo"


def test_a_clinics_account_names_its_provider(app: Flask, cli: FlaskCliRunner) -> None:
    npi = factories.provider().npi
    db.session.commit()
    assert create(cli, "desk@example.org", "--role", "clinic", "--npi", npi)[0] == 0
    account = account_of("desk@example.org")
    assert account is not None
    assert [(link.npi, link.confirmed_at is not None) for link in account.represented] == [(npi, True)]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mo@", "--role", "admin"], "mo@ is not a whole email address."),
        (
            ["mo@example.org", "--role", "clinic"],
            "The clinic role needs the NPI of the provider it represents, and only that role takes one.",
        ),
        (["mo@example.org", "--role", "admin", "--npi", "9000000017"], "needs the NPI of the provider it represents"),
        (["mo@example.org", "--role", "clinic", "--npi", "9000000017"], "No provider with NPI 9000000017"),
        (["there@example.org", "--role", "admin"], "There is already an account for there@example.org."),
    ],
)
def test_what_cannot_be_says_why(app: Flask, cli: FlaskCliRunner, arguments: list[str], sentence: str) -> None:
    create(cli, "there@example.org", "--role", "admin")
    status, output = create(cli, *arguments)
    assert status == 1
    assert sentence in output


@pytest.mark.parametrize("password", ["short", "password12345", "mo@example.org1"])
def test_weak_passwords_are_refused(app: Flask, cli: FlaskCliRunner, password: str) -> None:
    status, _ = create(cli, "mo@example.org", "--role", "admin", password=password)
    assert status == 1
    assert account_of("mo@example.org") is None


def test_the_first_admin_is_made_by_one_command(app: Flask, cli: FlaskCliRunner) -> None:
    result = cli.invoke(
        args=["accounts", "create-admin", "ada@example.org", "--name", "Ada", "--password-stdin"], input=f"{PASSWORD}\n"
    )
    assert result.exit_code == 0
    assert result.output.startswith("Created the account for ada@example.org (admin).\n")
    account = account_of("ada@example.org")
    assert account
    assert (account.name, account.role_names) == ("Ada", {"admin"})
    result = cli.invoke(args=["accounts", "create-admin", "ben@example.org"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0  # and a further one
    assert PASSWORD not in result.output
    result = cli.invoke(args=["accounts", "create-admin", "ada@example.org", "--password-stdin"], input=f"{PASSWORD}\n")
    assert (result.exit_code, "There is already an account" in result.output) == (1, True)


@pytest.mark.postgresql
def test_staff_are_invited_by_one_command(app: Flask, cli: FlaskCliRunner, mailbox: Mailbox) -> None:
    mailbox.receive_from(app)
    arguments = ["accounts", "invite", "Mo@example.org", "--role", "verifier", "--role", "moderator", "--name", "Mo"]
    result = cli.invoke(args=arguments)
    assert (result.exit_code, result.output) == (
        0,
        "Invited mo@example.org (moderator, verifier). The link works for 7 days.\n",
    )
    letter = mailbox.to("mo@example.org")[0]
    assert len(letter.links) == 1
    assert "/invitation?key=" in letter.links[0]
    result = cli.invoke(args=arguments)
    assert (result.exit_code, "is invited already" in result.output) == (1, True)
    assert cli.invoke(args=["accounts", "invite", "jo@example.org", "--role", "clinic"]).exit_code == 2


@pytest.mark.postgresql
def test_accounts_are_listed_with_what_they_lack(app: Flask, cli: FlaskCliRunner) -> None:
    ready, bare = new_account(app, "admin"), new_account(app, "moderator", second_factor=False)
    output = cli.invoke(args=["accounts", "list"]).output
    assert f"{ready.email}  admin  -  ready  never signed in\n" in output
    assert f"{bare.email}  moderator  -  no second factor  never signed in\n" in output


def test_disabling_enabling_and_resetting_are_noted(app: Flask, cli: FlaskCliRunner) -> None:
    account = new_account(app, "moderator")
    before = account.fs_uniquifier
    assert cli.invoke(args=["accounts", "reset-second-factor", account.email.upper()]).exit_code == 0
    db.session.refresh(account)
    assert (account.has_second_factor, account.mf_recovery_codes) == (False, None)
    assert cli.invoke(args=["accounts", "disable", account.email]).exit_code == 0
    db.session.refresh(account)
    assert not account.active
    assert account.fs_uniquifier != before
    assert "is disabled already" in cli.invoke(args=["accounts", "disable", account.email]).output
    assert cli.invoke(args=["accounts", "enable", account.email]).exit_code == 0
    db.session.refresh(account)
    assert account.active
    assert "is not disabled" in cli.invoke(args=["accounts", "enable", account.email]).output
    acts = db.session.scalars(select(AuditEvent.act).where(AuditEvent.subject == f"account:{account.id}"))
    assert list(acts) == ["create_account", "reset_second_factor", "disable_account", "enable_account"]


def test_an_unknown_address_says_how_to_find_the_right_one(cli: FlaskCliRunner) -> None:
    result = cli.invoke(args=["accounts", "disable", "nobody@example.org"])
    assert result.exit_code == 1
    assert "flask accounts list" in result.output
