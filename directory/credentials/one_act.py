"""One act on a credential as one transaction, and why it may be refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

from directory.extensions import db

PROGRAM = "program"
"""The actor of what no person did."""


class FourEyesRefused(ValueError):  # noqa: N818 (the decision, not a fault of ours)
    """An act that somebody else has to do; the message is a sentence."""


class Faulty(ValueError):  # noqa: N818 (what was typed, not a fault of ours)
    """Values that do not hold together: `faults` has a sentence by the name of each."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


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
