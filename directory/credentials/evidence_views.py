"""Handing out a file that shows a credential: to staff alone, as a download, with a line in the audit log."""

from flask import Blueprint, abort, current_app
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import has_conflict
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.log import record
from directory.credentials.evidence import evidence_to_read, note_reading
from directory.extensions import db
from directory.web.uploads import send_kept

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/admin/verify/evidence/<int:evidence_id>")
@role_required(VERIFIER, ADMIN)
def download(evidence_id: int) -> ResponseReturnValue:
    found = evidence_to_read(evidence_id)
    if found is None:
        abort(404)
    evidence, npi = found
    actor = current_actor()
    if has_conflict(actor, npi):
        record(actor, "refuse_access", f"evidence:{evidence_id}", reason="a conflict of interest")
        db.session.commit()
        abort(403)
    extension = evidence.file.rpartition(".")[2]
    response = send_kept(
        current_app.config["EVIDENCE_DIR"],
        evidence.file,
        f"credential-{evidence.credential_id}-evidence-{evidence_id}.{extension}",
    )
    note_reading(actor, evidence)
    db.session.commit()
    return response
