"""Letters that ask clinics, in time, whether what the directory says of their practice is still true."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import func, select

from directory.accounts.models import Account, Representative
from directory.accounts.representing import representatives_of
from directory.audit.log import PROGRAM, record
from directory.audit.queries import latest_events
from directory.extensions import db
from directory.mail.outbox import queue_mail
from directory.providers.models import Provider
from directory.providers.sources import CONFIRMED_FOR_DAYS, confirmed_models
from directory.web.days import day_in_words, local_day

NOTICE_DAYS = 14  # before a fact stops counting
ASKED_AFTER = timedelta(days=CONFIRMED_FOR_DAYS - NOTICE_DAYS)
ASKED = "ask_to_confirm"


def ask_clinics(today: date) -> int:
    """Queue a letter to each representative of providers with facts that stop counting soon; returns how many letters.

    Each fact is asked about once, until it was confirmed, and a provider's representatives at most once in
    `NOTICE_DAYS`, so that each still gets a letter before its fact stops counting.
    """
    by_account: dict[Account, list[tuple[Provider, date]]] = defaultdict(list)
    for npi, (oldest, newest) in sorted(_due(today).items()):
        asked = next(iter(latest_events(act=ASKED, subject=f"provider:{npi}", limit=1)), None)
        asked_on = local_day(asked.happened_at) if asked else None
        if asked_on and asked_on >= min(newest + ASKED_AFTER, today - timedelta(days=NOTICE_DAYS - 1)):
            continue
        accounts = representatives_of(npi)
        for account in accounts:
            by_account[account].append((db.session.get_one(Provider, npi), oldest))
        if accounts:
            after = {"accounts": [account.id for account in accounts], "oldest": oldest.isoformat()}
            record(PROGRAM, ASKED, f"provider:{npi}", after=after)
    for account, asked_about in by_account.items():
        queue_mail(account.email, "Is what we say of your practice still true?", _letter(asked_about, today))
    return len(by_account)


def _due(today: date) -> dict[str, tuple[date, date]]:
    """By NPI of public, represented providers: the oldest and newest day of facts that stop, or stopped, counting."""
    last = today - ASKED_AFTER
    represented = select(Representative.npi).join(Provider, Provider.npi == Representative.npi)
    represented = represented.where(Representative.confirmed_at.is_not(None), Provider.is_public)
    due: dict[str, tuple[date, date]] = {}
    for model in confirmed_models():
        days = select(model.npi, func.min(model.as_of), func.max(model.as_of))
        for npi, *found in db.session.execute(
            days.where(model.npi.in_(represented), model.as_of <= last).group_by(model.npi)
        ):
            known = due.get(npi, found)
            due[npi] = min(known[0], found[0]), max(known[1], found[1])
    return due


def _letter(asked_about: Sequence[tuple[Provider, date]], today: date) -> str:
    site = current_app.config["SITE_URL"]
    lines = []
    for provider, oldest in asked_about:
        ends = oldest + timedelta(days=CONFIRMED_FOR_DAYS)
        until = f" Please confirm it by {day_in_words(ends)}." if ends >= today else ""
        name = " ".join(provider.name.split())
        lines += [f"{name}: some of it was last confirmed on {day_in_words(oldest)}.{until}", ""]
        lines += [f"{site}/account/providers/{provider.npi}", ""]
    return "\n".join(
        [
            "Patients rely on what the Neck Spasm Directory says of your practice: new patients, hours, access, "
            "insurance, fees and phone.",
            "",
            *lines,
            "Open the page and look. When all of it is still true, one click on “All of this is still true” confirms "
            "it. When something changed, change it there and save.",
            "",
            f"Facts not confirmed for {CONFIRMED_FOR_DAYS} days stay on the page with their old date, "
            "but search filters leave them out.",
            "",
        ]
    )
