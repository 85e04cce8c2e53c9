"""Pages of text that hang on no other feature, and what a load balancer asks: does the process live, can it work."""

from flask import Blueprint, Response, current_app, render_template
from sqlalchemy.exc import SQLAlchemyError

from directory.extensions import db

pages = Blueprint("pages", __name__)
health = Blueprint("health", __name__)


@pages.get("/privacy")
def show_privacy() -> str:
    return render_template("web/privacy.html")


@pages.get("/accessibility")
def show_accessibility() -> str:
    return render_template("web/accessibility.html")


@health.get("/healthz")
def healthz() -> Response:
    return _plain("ok")


@health.get("/readyz")
def readyz() -> Response:
    """200 when the database can be reached and its migrations are current, else 503 with what is missing."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        current_app.logger.exception("The database can’t be reached")
        return _plain("The database can’t be reached.", 503)
    wanted = set(ScriptDirectory(current_app.extensions["migrate"].directory).get_heads())
    if found != wanted:
        return _plain("The database's migrations are not current. Run: flask db upgrade", 503)
    return _plain("ok")


def _plain(sentence: str, status: int = 200) -> Response:
    return Response(
        sentence + "\n", status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
