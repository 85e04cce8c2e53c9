"""Clinics: they claim a provider's page, say how the practice is, and submit its credentials."""

from flask import Flask

from directory.accounts.roles import ADMIN, MODERATOR, VERIFIER
from directory.accounts.work import WorkLink, register_work
from directory.clinics.claims import desk
from directory.clinics.claims import views as claim_views
from directory.clinics.claims.queries import count_to_call
from directory.clinics.credentials import views as credential_views
from directory.clinics.practice import statement_desk
from directory.clinics.practice import views as practice_views
from directory.clinics.practice.statement_desk import count_pending


def init_app(app: Flask) -> None:
    """Register this feature."""
    for views in (claim_views, desk, practice_views, statement_desk, credential_views):
        app.register_blueprint(views.blueprint)
    register_work(app, WorkLink("Claims to call about", "claim_desk.show_queue", (VERIFIER, ADMIN), count_to_call))
    register_work(
        app, WorkLink("What clinics say of themselves", "statements.show_queue", (MODERATOR, ADMIN), count_pending)
    )
