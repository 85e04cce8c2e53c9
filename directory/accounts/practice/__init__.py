"""What a confirmed representative keeps up to date: the facts of the practice, and its own words about itself."""

from flask import Flask

from directory.accounts.desk import DeskLink, register_desk
from directory.accounts.practice import moderating, views
from directory.accounts.practice.queries import count_pending
from directory.accounts.roles import ADMIN, MODERATOR


def init_app(app: Flask) -> None:
    """Register this part of the feature."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(moderating.blueprint)
    register_desk(
        app, DeskLink("What clinics say of themselves", "statements.statements", (MODERATOR, ADMIN), count_pending)
    )
