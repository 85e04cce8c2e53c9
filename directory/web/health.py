"""What a load balancer asks: does the process live, and can it do its work."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from directory.extensions import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    return _plain("ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 when the database can be reached and its migrations are current, else 503 with what is missing."""
    try:
        with db.engine.connect() as connection:
            found = set(MigrationContext.configure(connection).get_current_heads())
    except SQLAlchemyError:
        current_app.logger.exception("The database cannot be reached")
        return _plain("The database cannot be reached.", 503)
    wanted = set(ScriptDirectory(current_app.extensions["migrate"].directory).get_heads())
    if found != wanted:
        return _plain("The database's migrations are not current. Run: flask db upgrade", 503)
    return _plain("ok")


def _plain(sentence: str, status: int = 200) -> Response:
    return Response(
        sentence + "\n", status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
