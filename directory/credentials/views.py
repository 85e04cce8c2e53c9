"""The page that says how credentials are verified, and the files that show them, for staff alone."""

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_actor, role_required
from directory.accounts.conflicts import has_conflict
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.log import record
from directory.credentials.actions import DECISION_DAYS
from directory.credentials.checks import MAX_CHECK_AGE_DAYS
from directory.credentials.evidence import note_reading
from directory.credentials.expiry import NOTICE_DAYS
from directory.credentials.kinds import KINDS
from directory.credentials.licenses.from_files import SAMPLE_SHARE
from directory.credentials.models import Evidence
from directory.credentials.rubric import RUBRIC
from directory.extensions import db
from directory.web.transaction import transaction
from directory.web.uploads import send_kept

blueprint = Blueprint("credentials", __name__)
evidence_blueprint = Blueprint("evidence", __name__)


@blueprint.get("/how-we-verify")
def explain_verification() -> str:
    return render_template(
        "credentials/how_we_verify.html",
        rubric=RUBRIC,
        kinds=KINDS,
        oldest_check_days=MAX_CHECK_AGE_DAYS,
        notice_days=NOTICE_DAYS,
        decision_days=DECISION_DAYS,
        sample_share=SAMPLE_SHARE,
    )


@evidence_blueprint.get("/admin/verify/evidence/<int:evidence_id>")
@role_required(VERIFIER, ADMIN)
def download(evidence_id: int) -> ResponseReturnValue:
    """Hand the file out as a download, with a line in the audit log."""
    evidence, actor = db.session.get(Evidence, evidence_id) or abort(404), current_actor()
    if has_conflict(actor, evidence.credential.npi):
        with transaction():
            record(actor, "refuse_access", f"evidence:{evidence_id}", reason="a conflict of interest")
        abort(403)
    extension = evidence.file.rpartition(".")[2]
    response = send_kept(
        current_app.config["EVIDENCE_DIR"],
        evidence.file,
        f"credential-{evidence.credential_id}-evidence-{evidence_id}.{extension}",
    )
    with transaction():
        note_reading(actor, evidence)
    return response
