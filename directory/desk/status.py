"""How the directory stands, for the staff's first page: what grows stale, imports, health. Features register lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from flask import Flask, current_app, url_for
from sqlalchemy import func, select, union_all

from directory.accounts.models import Account
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.queries import latest_events
from directory.extensions import db
from directory.mail.queries import outbox_state
from directory.providers.models import PracticeLocation
from directory.providers.sources import CONFIRMED_FOR_DAYS, confirmed_models, oldest_current
from directory.web.days import age_in_words, day_in_words, local_day, today_in_california
from directory.web.filters import count_of


class Heading(StrEnum):
    """Under which a line stands, in the page's order."""

    STALE = "Growing stale"
    PLACES = "On the map"
    IMPORTS = "Imports"
    HEALTH = "Health"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One thing and how it stands. `needs_attention` when somebody should act."""

    label: str
    sentence: str
    url: str | None = None
    needs_attention: bool = False


@dataclass(frozen=True, slots=True)
class StatusPart:
    """Lines under a heading, for those with one of `roles`, read anew for each page."""

    heading: Heading
    roles: tuple[str, ...]
    read: Callable[[], Sequence[StatusLine]]


def register_status(app: Flask, part: StatusPart) -> None:
    """Add the lines of `part`, after those registered before under its heading."""
    app.extensions.setdefault("status_parts", []).append(part)


def status_for(account: Account) -> dict[Heading, list[StatusLine]]:
    """What `account` sees, by heading; headings without a line are left out."""
    parts: list[StatusPart] = current_app.extensions.get("status_parts", [])
    seen = [part for part in parts if account.may(*part.roles)]
    lines = {heading: [line for part in seen if part.heading is heading for line in part.read()] for heading in Heading}
    return {heading: under for heading, under in lines.items() if under}


def unconfirmed_facts() -> list[StatusLine]:
    """Facts of practices that no search counts any more. Addresses are not among them: most come from a file."""
    before = oldest_current(today_in_california())
    npis = [select(each.npi).where(each.as_of < before) for each in confirmed_models() if each is not PracticeLocation]
    late = union_all(*npis).subquery()
    counts = select(func.count(), func.count(late.c.npi.distinct())).select_from(late)
    facts, providers = db.session.execute(counts).one()
    if not facts:
        return []
    said = f"{count_of(facts, 'fact')} of {count_of(providers, 'provider')} not confirmed in {CONFIRMED_FOR_DAYS} days"
    return [StatusLine("Facts of practices", f"{said}. Search filters leave them out.")]


def outbox_line() -> list[StatusLine]:
    """Email that waits, and that was given up."""
    state = outbox_state()
    said = []
    if state.waiting and state.oldest:
        age = age_in_words(state.oldest, datetime.now(UTC))
        said.append(f"{count_of(state.waiting, 'message waits', 'messages wait')}, the oldest for {age}.")
    if state.failing:
        said.append(f"{count_of(state.failing, 'message')} failed before and will be tried again.")
    if state.given_up:
        given_up = count_of(state.given_up, "message was given up", "messages were given up")
        said.append(f"{given_up}. To try once more: flask mail send --given-up.")
    return [StatusLine("Email", " ".join(said) or "All sent.", needs_attention=bool(state.failing or state.given_up))]


def log_line() -> list[StatusLine]:
    """What the last check of the log found. The check itself reads every event, so no page makes one."""
    last = next(iter(latest_events(act="check_log", limit=1)), None)
    url = url_for("audit_log.search")
    if last is None or last.after is None:
        return [StatusLine("The log", "Never checked from here.", url, needs_attention=True)]
    when = f"when last checked, {day_in_words(local_day(last.happened_at))}"
    if last.after["whole"]:
        return [StatusLine("The log", f"Intact {when}.", url)]
    return [StatusLine("The log", f"Changed {when}: see event {last.after['first_bad']}.", url, needs_attention=True)]


def register_own(app: Flask) -> None:
    """Register the lines about lower rooms, which do not know this one."""
    register_status(app, StatusPart(Heading.STALE, (VERIFIER, ADMIN), unconfirmed_facts))
    register_status(app, StatusPart(Heading.HEALTH, (ADMIN,), outbox_line))
    register_status(app, StatusPart(Heading.HEALTH, (ADMIN,), log_line))
