"""Credentials and their verifications, procedure volumes, exclusions, and the qualification rubric."""

from flask import Flask

from directory.accounts.roles import ADMIN, VERIFIER
from directory.accounts.work import WorkLink, register_work
from directory.credentials import entry, models  # noqa: F401 (tables are known once their modules are read)
from directory.credentials.desk import views as desk_views
from directory.credentials.desk.queue import expiring_line, waiting_tasks
from directory.credentials.exclusions.actions import match_and_rescore
from directory.credentials.licenses import exact_matches, lists
from directory.credentials.queries import qualifications
from directory.credentials.views import blueprint, evidence_blueprint
from directory.desk.status import Heading, StatusPart, register_status
from directory.providers.recomputing import register_recomputation
from directory.providers.sections import PageSection, register_section
from directory.web.commands import LazyCommand
from directory.web.languages import offer_translations
from directory.web.messages import lazy_gettext as _l


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(blueprint)
    app.register_blueprint(evidence_blueprint)
    offer_translations(app, blueprint.name)
    for room in (desk_views, exact_matches, lists, entry):
        app.register_blueprint(room.blueprint)
    register_recomputation(app, match_and_rescore)
    register_work(app, WorkLink("Credentials to verify", "verifying.show_queue", (VERIFIER, ADMIN), waiting_tasks))
    register_status(app, StatusPart(Heading.STALE, (VERIFIER, ADMIN), expiring_line))
    register_status(app, StatusPart(Heading.HEALTH, (VERIFIER, ADMIN), lists.suspended_line))
    app.cli.add_command(
        LazyCommand("credentials", "directory.credentials.cli:credentials_cli", "Credentials and qualification scores.")
    )
    register_section(
        app,
        PageSection(
            "qualifications",
            _l("Qualifications"),
            "credentials/_qualifications.html",
            qualifications,
            position=20,
            notice="credentials/_barred.html",
            strip="credentials/_strip.html",
            bars=lambda loaded: bool(loaded.qualification.bars),
        ),
    )
