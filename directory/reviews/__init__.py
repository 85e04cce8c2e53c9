"""Reviews, the sources they came from, patients' outcomes, and the rating estimates made of them."""

from flask import Flask

from directory.providers.sections import PageSection, register_section
from directory.reviews import models  # noqa: F401 (tables are known once their modules are read)
from directory.reviews.cli import ratings_cli, reviews_cli
from directory.reviews.views import mine, outcomes, section


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(outcomes.blueprint)
    app.register_blueprint(mine.blueprint)
    app.cli.add_command(ratings_cli)
    app.cli.add_command(reviews_cli)
    register_section(
        app, PageSection("reviews", "Reviews", "reviews/_reviews.html", section.reviews_section, position=30)
    )
    register_section(
        app, PageSection("outcomes", "Outcomes", "reviews/_outcomes.html", outcomes.outcomes_section, position=40)
    )
