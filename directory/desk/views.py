"""The staff's first page: what waits for each of them."""

from flask import Blueprint, current_app, render_template

from directory.accounts.access import role_required, signed_in_account
from directory.accounts.roles import STAFF
from directory.accounts.work import waiting_work

blueprint = Blueprint("desk", __name__, url_prefix="/admin")


@blueprint.get("")
@role_required(*sorted(STAFF))
def staff_page() -> str:
    return render_template("desk/staff_page.html", work=waiting_work(current_app, signed_in_account()))
