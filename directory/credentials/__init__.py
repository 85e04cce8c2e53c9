"""Credentials and their verifications, procedure volumes, exclusions, and the qualification rubric."""

from flask import Flask

from directory.credentials import evidence_views, models  # noqa: F401 (tables are known once their modules are read)
from directory.credentials.cli import credentials_cli
from directory.credentials.queries import qualifications
from directory.credentials.views import blueprint
from directory.providers.sections import PageSection, register_section


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(blueprint)
    app.register_blueprint(evidence_views.blueprint)
    app.cli.add_command(credentials_cli)
    register_section(
        app,
        PageSection(
            "qualifications",
            "Qualifications",
            "credentials/_qualifications.html",
            qualifications,
            position=20,
            notice="credentials/_barred.html",
        ),
    )
