"""Clinics: they claim a provider's page, say how the practice is, and submit its credentials; readers report errors."""

from flask import Flask

from directory.accounts.roles import ADMIN, MODERATOR, VERIFIER
from directory.accounts.work import WorkLink, register_work
from directory.clinics.claims import desk
from directory.clinics.claims import views as claim_views
from directory.clinics.claims.queries import claims_to_call
from directory.clinics.credentials import views as credential_views
from directory.clinics.practice import statement_desk
from directory.clinics.practice import views as practice_views
from directory.clinics.practice.statement_desk import pending_statements
from directory.clinics.reported import desk as report_desk
from directory.clinics.reported import views as report_views
from directory.clinics.reported.queries import reports_to_check
from directory.web.languages import offer_translations


def init_app(app: Flask) -> None:
    """Register this feature."""
    for views in (claim_views, desk, practice_views, statement_desk, credential_views, report_views, report_desk):
        app.register_blueprint(views.blueprint)
    offer_translations(app, "claims", "information_reports")
    register_work(
        app,
        WorkLink(
            "Reports of wrong information", "information_report_desk.show_queue", (VERIFIER, ADMIN), reports_to_check
        ),
    )
    register_work(app, WorkLink("Claims to call about", "claim_desk.show_queue", (VERIFIER, ADMIN), claims_to_call))
    register_work(
        app, WorkLink("What clinics say of themselves", "statements.show_queue", (MODERATOR, ADMIN), pending_statements)
    )
