"""Reviews, the sources they came from, patients' outcomes, and the rating estimates made of them."""

from flask import Flask, request

from directory.providers.sections import PageSection, register_section
from directory.reviews import models  # noqa: F401 (tables are known once their modules are read)
from directory.reviews.cli import ratings_cli
from directory.reviews.queries.published import ReviewSummary, outcome_summary, review_summary


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.cli.add_command(ratings_cli)
    register_section(app, PageSection("reviews", "Reviews", "reviews/_reviews.html", _reviews_asked_for, position=30))
    register_section(app, PageSection("outcomes", "Outcomes", "reviews/_outcomes.html", outcome_summary, position=40))


def _reviews_asked_for(npi: str) -> ReviewSummary:
    """The page of reviews that the address asks for; anything but a small whole number is the first."""
    asked = request.args.get("reviews_page", "1")
    return review_summary(npi, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1)
