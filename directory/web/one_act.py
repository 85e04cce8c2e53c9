"""One act of a person as one transaction, of which another act may get ahead."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

from directory.extensions import db


class Overtaken(Exception):  # noqa: N818 (nobody's fault)
    """Somebody else was quicker: nothing was done."""


@contextmanager
def one_act() -> Iterator[None]:
    """Commit what the body does, or nothing of it. Raises `Overtaken` when another act came between."""
    try:
        yield
        db.session.commit()
    except StaleDataError as error:
        raise Overtaken from error
    finally:
        db.session.rollback()  # after a commit there is nothing to take back
