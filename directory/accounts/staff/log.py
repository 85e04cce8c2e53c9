"""The staff's pages of the audit log: searching it, taking it out, and seeing whether it is whole."""

from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.access import current_account, current_actor, role_required
from directory.accounts.actions import account_of
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, STAFF
from directory.accounts.staff.log_form import LogForm
from directory.audit.changes import changes_of
from directory.audit.exporting import csv_lines, json_lines
from directory.audit.log import record
from directory.audit.queries import each_event, found_events, latest_events, occurring_acts
from directory.audit.verify import LogState, check_log
from directory.web.pagination import asked_page
from directory.web.transaction import transaction
from directory.web.typed_fields import mistakes_of
from directory.web.urls import with_parameters

blueprint = Blueprint("audit_log", __name__, url_prefix="/admin/log")

LOG = "audit_log:1"
FORMATS = {"csv": ("text/csv", csv_lines), "jsonl": ("application/jsonl", json_lines)}


@blueprint.get("")
@role_required(*sorted(STAFF))
def events() -> ResponseReturnValue:
    form = _form()
    valid = form.validate()
    return _page(form, valid), 200 if valid else 400


@blueprint.get("/export")
@role_required(*sorted(STAFF))
def export() -> ResponseReturnValue:
    """The same search as a file. That it was taken out is an event itself, and not in the file."""
    form, chosen = _form(), request.args.get("format", "")
    if chosen not in FORMATS:
        abort(400)
    if not form.validate():
        return _page(form, False), 400
    wanted, (media_type, lines) = form.wanted, FORMATS[chosen]
    with transaction():
        number = record(current_actor(), "export_log", LOG, after={"format": chosen, "filters": form.noted}).number
    return Response(
        stream_with_context(lines(each_event(wanted, before=number))),
        content_type=f"{media_type}; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=audit-log-{number}.{chosen}"},
    )


@blueprint.post("/check")
@role_required(ADMIN)
def check() -> str:
    """Read the whole log, and show whether it is as it was written."""
    state = check_log()
    after = {"whole": state.fault is None, "last": state.last.number}
    if state.fault:
        after |= {"first_bad": state.fault.number}
    with transaction():
        record(current_actor(), "check_log", LOG, after=after)
    return _page(_form(), True, state)


def _form() -> LogForm:
    return LogForm(occurring_acts(), account_of, request.args)


def _page(form: LogForm, valid: bool, state: LogState | None = None) -> str:
    found = found_events(form.wanted, asked_page(request.args)) if valid else None
    shown = found.events if found else []
    checks = latest_events(act="check_log", limit=1)
    account = current_account()
    return render_template(
        "accounts/staff/log.html",
        form=form,
        errors=mistakes_of(form),
        found=found,
        names=names_of(name for event in [*shown, *checks] for name in (event.actor, event.subject)),
        changes={event.number: changes_of(event.before, event.after) for event in shown},
        exports={
            name: with_parameters(url_for(".export"), request.args, {"format": name, "page": None}) for name in FORMATS
        },
        is_search=any(request.args.get(field.name) for field in form),
        state=state,
        last_check=checks[0] if checks else None,
        may_check=account is not None and ADMIN in account.role_names,
    )
