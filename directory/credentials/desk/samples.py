"""What was confirmed from a board's file and came back to be looked up: by another verifier than who confirmed it."""

from sqlalchemy import exists, select

from directory.audit.log import PROGRAM
from directory.credentials.models import Credential, VerificationTask
from directory.credentials.tasks import TaskKind
from directory.extensions import db

OWN_SAMPLE = "You confirmed this one from the board's file, so another verifier has to look it up."


def is_own_sample(actor: str, credential: Credential) -> bool:
    """Whether the actor recorded the newest final check by a person, and the credential waits to be looked up again."""
    by_people = (row.recorded_by for row in credential.verifications if row.state == "final")
    if next((recorded_by for recorded_by in by_people if recorded_by != PROGRAM), None) != actor:
        return False
    waits = exists().where(
        VerificationTask.credential_id == credential.id,
        VerificationTask.kind == TaskKind.SAMPLE_RECHECK,
        VerificationTask.closed_at.is_(None),
    )
    return bool(db.session.scalar(select(waits)))
