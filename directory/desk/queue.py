"""One queue of the staff: which part of it is asked for, a page of it, and what stands before and after an item."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from directory.accounts.work import Waiting
from directory.extensions import db
from directory.web.pagination import Pages

ITEMS_A_PAGE = 25
MAX_SEARCH_LENGTH = 100
Line = TypeVar("Line")
Option = TypeVar("Option", bound=StrEnum)


@dataclass(frozen=True)
class QueueChoice:
    """Which part of a queue is asked for. A queue adds its filters as fields; the default of each shows everything."""

    page: int = 1

    @property
    def parameters(self) -> dict[str, Any]:
        """The choice as an address names it, without the page."""
        chosen = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "page"}
        defaults = {each.name: each.default for each in fields(self)}
        return {name: str(value) for name, value in chosen.items() if value != defaults[name]}


@dataclass(frozen=True, slots=True)
class Queue(Generic[Line]):
    """One page of a queue. `counts` has every kind, of all that the other filters let through."""

    items: list[Line]
    pages: Pages
    counts: dict[Any, int]
    total: int  # of all kinds; less than the sum where an item is of several


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The items before and after one in the queue; None where there is none."""

    previous: int | None
    next: int | None


def waiting_since(since: InstrumentedAttribute[datetime], *where: ColumnElement[bool]) -> Waiting:
    """How many rows wait, and the oldest moment in their column `since`, in one statement."""
    return Waiting(*db.session.execute(select(func.count(), func.min(since)).where(*where)).one())


def queue_by_state(
    model: Any,
    state: ColumnElement[str],
    states: type[Option],
    kind: Option | None,
    page: int,
    since: InstrumentedAttribute[datetime],
    *where: ColumnElement[bool],
) -> Queue[tuple[Any, Option]]:
    """The rows of `model`, each with its `state`: those of the state `kind`, or all in the order of `states`.

    In each state what waits comes from the oldest on, by its column `since`, and what was decided from the newest.
    """
    shown = select(model.id, state.label("state")).where(*where).subquery()
    found = db.session.execute(select(shown.c.state, func.count()).group_by(shown.c.state)).all()
    counts = dict.fromkeys(states, 0) | {states(key): count for key, count in found}
    total = sum(counts.values())
    pages = Pages.nearest(page, ITEMS_A_PAGE, counts[kind] if kind else total)
    chosen = select(model, shown.c.state).join(shown, shown.c.id == model.id)
    if kind:
        chosen = chosen.where(shown.c.state == kind)
    rows = db.session.execute(
        chosen.options(joinedload(model.provider))
        .order_by(
            case({each.value: rank for rank, each in enumerate(states)}, value=shown.c.state),
            case((model.status == "waiting", since)),
            model.decided_at.desc(),
            model.id,
        )
        .offset(pages.skipped)
        .limit(pages.size)
    )
    return Queue([(row, states(key)) for row, key in rows], pages, counts, total)


def option_of(options: type[Option], text: str | None) -> Option | None:
    """The option that an address names; None for anything that is not offered."""
    return options(text) if text in set(options) else None


def search_words(text: str | None) -> str:
    """Words to search for, as an address has them."""
    return " ".join((text or "").replace("\0", " ").split())[:MAX_SEARCH_LENGTH]


def neighbors(waiting: Select[int], order: Sequence[Any], item_id: int) -> Neighbors:
    """What stands before and after an item in the queue. After the last item, or one that does not wait, the first.

    `waiting` selects the ids of what waits, in no order; `order` is that of the queue.
    """
    own_id = waiting.selected_columns[0]
    numbered = waiting.add_columns(
        func.lag(own_id).over(order_by=order).label("previous"), func.lead(own_id).over(order_by=order).label("next")
    ).subquery()
    found = db.session.execute(select(numbered).where(numbered.c[0] == item_id)).one_or_none()
    if found and found.next:
        return Neighbors(found.previous, found.next)
    first = db.session.scalar(waiting.where(own_id != item_id).order_by(*order).limit(1))
    return Neighbors(found.previous if found else None, first)
