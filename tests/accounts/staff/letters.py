"""Invitations as their reader gets them."""

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from directory.accounts.models import Invitation
from directory.accounts.staff.inviting import invite
from directory.extensions import db
from directory.mail.models import OutgoingMail
from tests.signing_in import PASSWORD

ADDRESS = "mo@example.org"
ACCOUNT = {"name": "Mo Example", "password": PASSWORD, "again": PASSWORD}


def invited(app: Flask, roles: tuple[str, ...] = ("verifier",), email: str = ADDRESS) -> str:
    """Invite someone; gives the path and query of the link in the letter, which waits to be sent."""
    invite("command", email, roles, "Mo")
    db.session.commit()
    return newest_link()


def newest_link() -> str:
    text = db.session.scalars(select(OutgoingMail.text).order_by(OutgoingMail.id.desc())).first() or ""
    link = urlsplit(next(word for word in text.split() if "/invitation?" in word))
    return f"{link.path}?{link.query}"


def only_invitation() -> Invitation:
    return db.session.scalars(select(Invitation).execution_options(populate_existing=True)).one()
