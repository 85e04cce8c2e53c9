"""The work that waits for an account, by its roles. Features register theirs, so that none has to be known here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from directory.accounts.models import Account


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits in a queue, since when the oldest, and how much of it is the account's own, where known."""

    count: int
    oldest: datetime | None = None
    mine: int | None = None


@dataclass(frozen=True, slots=True)
class WorkLink:
    """One piece of work: a link for those with one of `roles`, and what waits there for an account if that is read."""

    title: str  # "Reviews to decide"
    endpoint: str  # "moderating.show_queue"
    roles: tuple[str, ...]
    waiting: Callable[[Account], Waiting] | None = None


def register_work(app: Flask, link: WorkLink) -> None:
    """Add `link`, after those registered before."""
    app.extensions.setdefault("work_links", []).append(link)


def waiting_work(app: Flask, account: Account) -> list[tuple[WorkLink, Waiting | None]]:
    """What waits for `account` as of now; first the queues. An admin sees what all staff see."""
    links: list[WorkLink] = app.extensions.get("work_links", [])
    return [
        (link, link.waiting(account) if link.waiting else None)
        for link in sorted(links, key=lambda link: link.waiting is None)
        if account.may(*link.roles)
    ]
