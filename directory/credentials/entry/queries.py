"""Reads for entering a credential by hand: the provider, what they hold already and what waits about it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from directory.credentials.models import Credential, VerificationTask
from directory.extensions import db


def held_credentials(npi: str) -> Sequence[Credential]:
    return db.session.scalars(
        select(Credential).where(Credential.npi == npi).options(lazyload(Credential.source)).order_by(Credential.id)
    ).all()


def open_task_ids(npi: str) -> dict[int, int]:
    """The oldest open task about each credential, by the credential's id."""
    found = db.session.execute(
        select(VerificationTask.credential_id, func.min(VerificationTask.id))
        .where(
            VerificationTask.npi == npi,
            VerificationTask.closed_at.is_(None),
            VerificationTask.credential_id.is_not(None),
        )
        .group_by(VerificationTask.credential_id)
    )
    return {credential_id: task_id for credential_id, task_id in found if credential_id is not None}
