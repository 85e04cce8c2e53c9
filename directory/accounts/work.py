"""The work that waits for an account, by its roles. Features register theirs, so that none has to be known here."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from directory.accounts.models import Account
from directory.accounts.roles import is_allowed


@dataclass(frozen=True, slots=True)
class WorkLink:
    """One piece of work: a link for those with one of `roles`, and how many wait there if `count` is given."""

    title: str  # "Reviews to decide"
    endpoint: str  # "moderating.show_queue"
    roles: tuple[str, ...]
    count: Callable[[], int] | None = None


def register_work(app: Flask, link: WorkLink) -> None:
    """Add `link`, after those registered before."""
    app.extensions.setdefault("work_links", []).append(link)


def waiting_work(app: Flask, account: Account) -> list[tuple[WorkLink, int | None]]:
    """What waits for `account`, with its count as of now; first what is counted. An admin sees what all staff see."""
    links: list[WorkLink] = app.extensions.get("work_links", [])
    return [
        (link, link.count() if link.count else None)
        for link in sorted(links, key=lambda link: link.count is None)
        if is_allowed(account.role_names, set(link.roles))
    ]
