"""A clinic claims a provider: a code reaches the practice, and whoever enters it speaks for it."""

from flask import Flask

from directory.accounts.claims import desk, views
from directory.accounts.claims.queries import count_to_call
from directory.accounts.desk import DeskLink, register_desk
from directory.accounts.roles import ADMIN, VERIFIER


def init_app(app: Flask) -> None:
    """Register this part of the feature."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(desk.blueprint)
    register_desk(app, DeskLink("Claims to call about", "claim_desk.claims", (VERIFIER, ADMIN), count_to_call))
