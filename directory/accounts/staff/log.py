"""The staff's pages of the audit log: searching it, taking it out, and seeing whether it is whole."""

from collections.abc import Callable, Sequence, Set
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.accounts.access import current_actor, role_required, signed_in_account
from directory.accounts.actions import account_of
from directory.accounts.models import Account
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, STAFF
from directory.audit.formats import act_in_words, changes_of, csv_lines, in_words, json_lines
from directory.audit.log import record
from directory.audit.queries import LogFilter, each_event, found_events, latest_events, occurring_acts
from directory.audit.verify import LOG, LogState, check_and_record
from directory.extensions import db
from directory.providers.models import Provider
from directory.web.days import PACIFIC
from directory.web.fields import AnswerField, DayField, TypedField
from directory.web.forms import mistakes_of
from directory.web.pagination import asked_page
from directory.web.plain_text import without_invisible
from directory.web.transaction import transaction
from directory.web.urls import with_parameters

blueprint = Blueprint("audit_log", __name__, url_prefix="/admin/log")

FORMATS = {"csv": ("text/csv", csv_lines), "jsonl": ("application/jsonl", json_lines)}
PARTIES = {"program": "the site itself", "nobody": "someone who was not signed in"}
COMMAND = "command:"
MAX_DIGITS = 9
MAX_LENGTH = 200


class LogWordsField(TypedField):
    """Anything on one line."""

    def read(self, text: str) -> str | None:
        return without_invisible(text)[:MAX_LENGTH] or None


class ActorField(LogWordsField):
    """Who acted, as the log names them; an account's address stands for the account that `find_account` gives."""

    find_account: Callable[[str], Account | None]

    def read(self, text: str) -> str | None:
        typed = super().read(text)
        if typed is None or "@" not in typed:
            return typed
        account = self.find_account(typed)
        if account is None:
            raise ValueError("There is no account with that address. Type the full address, or account:7.")
        return f"account:{account.id}"


class EventNumberField(TypedField):
    """The number of an event."""

    sentence = "Type the number of one event, such as 812."

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
            raise ValueError(self.sentence)
        return int(text)


class LogForm(Form):  # type: ignore[misc]  # WTForms has no types
    """The search as an address names it. Days are days in California."""

    actor = ActorField("Who")
    act = AnswerField("Act", {}, "Choose an action from the list.")
    subject = LogWordsField("Subject")
    words = LogWordsField("Words in the reason")
    since = DayField("From the day")
    until = DayField("To the day")
    number = EventNumberField("Event number")

    def __init__(
        self, acts: Sequence[str], find_account: Callable[[str], Account | None], asked: MultiDict[str, str]
    ) -> None:
        super().__init__()
        self.actor.find_account = find_account
        self.act.offer({"": "any", **{act: act_in_words(act) for act in acts}})
        self.process(asked)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.since.data and self.until.data and self.since.data > self.until.data:
            self.until.errors = ["This date is before the first one. Swap the two."]
            return False
        return valid

    @property
    def wanted(self) -> LogFilter:
        """The filter, once valid."""
        until = self.until.data
        return LogFilter(
            number=self.number.data,
            actor=self.actor.data,
            act=self.act.data,
            subject=self.subject.data,
            words=self.words.data,
            since=_start_of(self.since.data) if self.since.data else None,
            until=_start_of(until + timedelta(days=1)) if until and until < date.max else None,
        )

    @property
    def noted(self) -> dict[str, Any]:
        """The search as the log may hold it: without words and addresses that were typed."""
        days = {name: self[name].data.isoformat() for name in ("since", "until") if self[name].data}
        others = {name: self[name].data for name in ("number", "actor", "act", "subject") if self[name].data}
        return others | days | ({"words": True} if self.words.data else {})


@blueprint.get("")
@role_required(*sorted(STAFF))
def search() -> ResponseReturnValue:
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
    with transaction():
        state = check_and_record(current_actor())
    return _page(_form(), True, state)


def _form() -> LogForm:
    return LogForm(occurring_acts(), account_of, request.args)


def _page(form: LogForm, valid: bool, state: LogState | None = None) -> str:
    events, pages = found_events(form.wanted, asked_page(request.args)) if valid else ([], None)
    checks = latest_events(act="check_log", limit=1)
    return render_template(
        "accounts/staff/log.html",
        form=form,
        errors=mistakes_of(form),
        events=events,
        pages=pages,
        names=_names({name for event in [*events, *checks] for name in (event.actor, event.subject)}),
        act_in_words=act_in_words,
        in_words=in_words,
        changes={event.number: changes_of(event.before, event.after) for event in events},
        exports={
            name: with_parameters(url_for(".export"), request.args, {"format": name, "page": None}) for name in FORMATS
        },
        is_search=any(request.args.get(field.name) for field in form),
        state=state,
        last_check=checks[0] if checks else None,
        may_check=ADMIN in signed_in_account().role_names,
    )


def _names(parties: Set[str]) -> dict[str, str]:
    """By actor and subject, as the log names them: what to call them in words."""
    npis = [name for kind, _, name in (party.partition(":") for party in parties) if kind == "provider"]
    known = db.session.execute(select(Provider.npi, Provider.name).where(Provider.npi.in_(npis)))
    providers = {f"provider:{npi}": f"{name} (NPI {npi})" for npi, name in known}
    commands = {party: f"{party.removeprefix(COMMAND)}, by a command" for party in parties if party.startswith(COMMAND)}
    plain = {party: party.replace(":", " ").replace("_", " ") for party in parties}
    accounts = {party: name for party, name in names_of(parties).items() if name != party}
    return plain | PARTIES | commands | providers | accounts


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, PACIFIC)
