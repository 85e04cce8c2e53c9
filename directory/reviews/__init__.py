"""Reviews, the sources they came from, patients' outcomes, and the rating estimates made of them."""

from flask import Flask

from directory.accounts.roles import ADMIN, CLINIC, MODERATOR
from directory.accounts.work import WorkLink, register_work
from directory.providers.recomputing import register_recomputation
from directory.providers.sections import PageSection, register_section
from directory.reviews import models  # noqa: F401 (tables are known once their modules are read)
from directory.reviews.display import views as display
from directory.reviews.display.published import source_link
from directory.reviews.estimating import estimate_ratings
from directory.reviews.external import views as matching
from directory.reviews.external.queries import waiting_subjects
from directory.reviews.moderation import reports as reporting
from directory.reviews.moderation import views as moderating
from directory.reviews.moderation.queue import waiting_reviews
from directory.reviews.questions import answers_of, byline, tie_of
from directory.reviews.replies import views as replying
from directory.reviews.writing import own_review_views as mine
from directory.web.commands import LazyCommand
from directory.web.languages import offer_translations
from directory.web.messages import lazy_gettext as _l

TRANSLATED = ("writing", "reviews", "outcomes", "policy", "reporting")  # the rest, of staff and clinics, is in English


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(display.reviews)
    app.register_blueprint(display.outcomes)
    app.register_blueprint(mine.blueprint)
    app.register_blueprint(moderating.blueprint)
    app.register_blueprint(matching.blueprint)
    app.register_blueprint(reporting.blueprint)
    app.register_blueprint(display.policy)
    app.register_blueprint(replying.blueprint)
    for template_filter in (answers_of, byline, tie_of, source_link):
        app.add_template_filter(template_filter)
    offer_translations(app, *TRANSLATED)
    register_recomputation(app, estimate_ratings)
    register_work(app, WorkLink("Reviews and replies", "replying.list_replies", (CLINIC,)))
    register_work(app, WorkLink("Reviews to decide", "moderating.show_queue", (MODERATOR, ADMIN), waiting_reviews))
    register_work(
        app, WorkLink("Reviews elsewhere to match", "matching.show_matches", (MODERATOR, ADMIN), waiting_subjects)
    )
    app.cli.add_command(LazyCommand("ratings", "directory.reviews.cli:ratings_cli", "Rating estimates."))
    app.cli.add_command(LazyCommand("reviews", "directory.reviews.cli:reviews_cli", "Reviews written on this site."))
    register_section(
        app,
        PageSection(
            "reviews",
            _l("Reviews"),
            "reviews/display/_reviews_section.html",
            display.reviews_section,
            position=30,
            strip="reviews/display/_strip.html",
            glance=display.reviews_at_a_glance,
        ),
    )
    register_section(
        app,
        PageSection(
            "outcomes", _l("Outcomes"), "reviews/display/_outcomes_section.html", display.outcomes_section, position=40
        ),
    )
