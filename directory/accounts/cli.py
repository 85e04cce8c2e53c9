"""Commands: `flask accounts ...`."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from directory.accounts import actions
from directory.accounts.models import Account
from directory.accounts.queries import count_deciding_accounts
from directory.accounts.roles import ADMIN, ROLES, SECOND_PERSON_NEEDED, STAFF
from directory.accounts.staff.inviting import INVITATION_DAYS, invite
from directory.audit.log import command_actor
from directory.extensions import db
from directory.mail.outbox import deliver_queued
from directory.web.commands import database_errors_explained
from directory.web.transaction import transaction

PASSWORD_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)

accounts_cli = AppGroup("accounts", help="People who sign in: staff and clinics' representatives.")


@accounts_cli.command("create")
@click.argument("email")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="Can be repeated.")
@click.option("--npi", "npis", multiple=True, help="A provider that a clinic's account represents. Can be repeated.")
@click.option("--name", default="", help="The person's name; if left out, the start of the address.")
@PASSWORD_STDIN
@database_errors_explained()
def create(email: str, roles: tuple[str, ...], npis: tuple[str, ...], name: str, password_stdin: bool) -> None:
    """Create an account. Its person sets up a second factor when they first sign in."""
    _create(email, roles, npis, name, password_stdin)


@accounts_cli.command("create-admin")
@click.argument("email")
@click.option("--name", default="", help="The person's name; if left out, the start of the address.")
@PASSWORD_STDIN
@database_errors_explained()
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Create an account for an admin, who invites all others at /admin/accounts."""
    _create(email, (ADMIN,), (), name, password_stdin)
    if count_deciding_accounts() < 2:
        click.echo(f"{SECOND_PERSON_NEEDED}\nInvite one: flask accounts invite EMAIL --role verifier --role moderator")


@accounts_cli.command("invite")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(sorted(STAFF)), help="Can be repeated."
)
@click.option("--name", default="", help="The person's name; they can type it themselves.")
@database_errors_explained()
def invite_staff(email: str, roles: tuple[str, ...], name: str) -> None:
    """Send an email with a link, by which its reader makes their account."""
    with transaction():
        invitation = invite(command_actor(), email, roles, name)
    deliver_queued()
    click.echo(
        f"Invited {invitation.email} ({', '.join(invitation.roles)}). The link works for {INVITATION_DAYS} days."
    )


@accounts_cli.command("list")
@database_errors_explained()
def list_accounts() -> None:
    """List all accounts: address, roles, NPIs, second factor, last sign-in."""
    for account in db.session.scalars(select(Account).order_by(Account.email)):
        click.echo(
            "  ".join(
                [
                    account.email,
                    ",".join(sorted(account.role_names)),
                    ",".join(link.npi for link in account.represented) or "-",
                    "disabled" if not account.active else "ready" if account.has_second_factor else "no second factor",
                    f"{account.signed_in_at:%Y-%m-%d}" if account.signed_in_at else "never signed in",
                ]
            )
        )


@accounts_cli.command("disable")
@click.argument("email")
@database_errors_explained()
def disable(email: str) -> None:
    """Stop all sign-ins to the account, and end its sessions."""
    account = _known(email)
    if not account.active:
        raise click.ClickException(f"{email} is disabled already.")
    with transaction():
        actions.disable_account(command_actor(), account)
    click.echo(f"Disabled {email}. Its sessions have ended.")


@accounts_cli.command("enable")
@click.argument("email")
@database_errors_explained()
def enable(email: str) -> None:
    """Let the person of a disabled account sign in again."""
    account = _known(email)
    if account.active:
        raise click.ClickException(f"{email} is not disabled.")
    with transaction():
        actions.enable_account(command_actor(), account)
    click.echo(f"{email} may sign in again.")


@accounts_cli.command("reset-second-factor")
@click.argument("email")
@database_errors_explained()
def reset(email: str) -> None:
    """Forget the account's authenticator app, passkeys and recovery codes. Make sure who asks for it."""
    with transaction():
        actions.reset_second_factor(command_actor(), _known(email))
    click.echo(f"{email} sets up a new second factor at the next sign-in. Its sessions have ended.")


def _create(email: str, roles: tuple[str, ...], npis: tuple[str, ...], name: str, password_stdin: bool) -> None:
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt="The same password again")
    with transaction():
        account = actions.create_account(command_actor(), email, password, roles, name, npis)
    click.echo(f"Created the account for {account.email} ({', '.join(sorted(account.role_names))}).")


def _known(email: str) -> Account:
    account = actions.account_of(email)
    if account is None:
        raise click.ClickException(f"There is no account for {email}. `flask accounts list` shows all.")
    return account
