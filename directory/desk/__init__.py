"""What every queue of the staff is made of. It knows none of the queues; a feature makes one in five steps:

1. `queue`: a subclass of `QueueChoice` has the filters, and a query returns a `Queue` of lines. `neighbors` finds what
   stands beside an item.
2. `eligibility`: `refusal_to` says on the pages why a person may not decide (conflict of interest, or a second person
   is needed), and `refuse_ineligible` says it in the act itself.
3. `deciding`: each act has a `DecisionForm`, and an item's page gets an `Offer` for each that is open now, through
   `shown_offers`. The view that an act is sent to calls `decide`, and shows the page again unless that `is_done`;
   then `to_next` leads to what waits next.
4. Acts raise what `web.refusals` has. They call `web.transaction.take_version` first, with the version that was seen.
5. `templates/desk/queue.html` and `item.html` are extended, with the macros of `_deciding.html` for the decisions.
   `accounts.work.register_work` puts the queue on the staff's first page; `status.register_status` puts there how
   something stands.
"""

from flask import Blueprint, Flask, current_app, render_template

from directory.accounts.access import role_required, signed_in_account
from directory.accounts.queries import count_deciding_accounts
from directory.accounts.roles import ADMIN, SECOND_PERSON_NEEDED, STAFF, VERIFIER
from directory.accounts.work import WorkLink, register_work, waiting_work
from directory.desk.providers import views as provider_views
from directory.desk.providers.unplaced import unplaced_lines
from directory.desk.status import Heading, StatusPart, register_own, register_status, status_for

blueprint = Blueprint("desk", __name__, url_prefix="/admin")


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.register_blueprint(blueprint)
    app.register_blueprint(provider_views.blueprint)
    register_own(app)
    register_status(app, StatusPart(Heading.PLACES, (VERIFIER, ADMIN), unplaced_lines))
    register_work(app, WorkLink("Providers", "provider_desk.list_providers", tuple(STAFF)))


@blueprint.get("")
@role_required(*sorted(STAFF))
def show_staff_page() -> str:
    """The staff's first page: what waits for each of them, and how the directory stands."""
    work = waiting_work(current_app, signed_in_account())
    return render_template(
        "desk/staff_page.html",
        queues=[(link, waiting) for link, waiting in work if waiting is not None],
        links=[link for link, waiting in work if waiting is None],
        status=status_for(signed_in_account()),
        lacks_second_person=count_deciding_accounts() < 2,
        second_person_needed=SECOND_PERSON_NEEDED,
        may_invite=ADMIN in signed_in_account().role_names,
    )
