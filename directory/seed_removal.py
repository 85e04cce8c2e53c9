"""`flask seed --remove`: everything invented is taken out, and what is real stays."""

from functools import partial
from typing import Any

import click
from flask import current_app
from sqlalchemy import ColumnElement, delete, or_, select

from directory.accounts.models import Account, Representative
from directory.accounts.roles import CLINIC
from directory.audit.log import command_actor, record
from directory.extensions import db
from directory.providers.models import DEMONSTRATION, Provider
from directory.providers.revision import note_search_change
from directory.providers.sources import Source, SourceKind
from directory.reviews.estimating import estimate_ratings
from directory.reviews.models import Submission
from directory.web.filters import count_of
from directory.web.transaction import after_commit, transaction
from directory.web.uploads import remove_file

STAYS = frozenset({"audit_event", "audit_head", "search_change"})
"""What is kept of the demonstration: what was done, and that the search has to look again."""


def remove_and_say() -> None:
    """Take it out in one transaction, and say how many rows of each table went."""
    with transaction():
        removed = remove_demonstration()
        if removed:
            record(command_actor(), "remove_demonstration", "providers", before=removed)
    if not removed:
        click.echo("There is no demonstration data here, so nothing was removed.")
        return
    rest = sum(removed.values()) - removed.get("provider", 0) - removed.get("review", 0)
    click.echo(
        f"Removed {count_of(removed.get('provider', 0), 'invented provider')} with "
        f"{count_of(removed.get('review', 0), 'review')} and {count_of(rest, 'further row')}:"
    )
    for table, count in sorted(removed.items()):
        click.echo(f"  {table.replace('_', ' ')}: {count:,}")
    click.echo("Insurance plans, accounts, and the log of what was done stay.")


def remove_demonstration() -> dict[str, int]:
    """Take out the invented providers, the sources of invented facts, and every row that hangs on one of them.

    The tables' own foreign keys say what hangs on what, so that a table to come is not forgotten. Returns how many
    rows of each table went; the audit log stays.
    """
    npis = db.session.scalars(select(Provider.npi).where(Provider.npi.startswith(DEMONSTRATION))).all()
    links = select(Representative.account_id).where(Representative.npi.in_(npis))
    accounts = db.session.scalars(select(Account).where(Account.id.in_(links))).all()
    proofs = select(Submission.proof_file).where(Submission.proof_file.is_not(None), Submission.npi.in_(npis))
    folder, files = current_app.config["REVIEW_PROOFS_DIR"], db.session.scalars(proofs).all()
    note_search_change(npis)
    removed = {}
    for table in reversed(db.metadata.sorted_tables):
        invented = _invented(table)
        if invented is not None and (count := db.session.execute(delete(table).where(invented)).rowcount):  # type: ignore[attr-defined]  # of a delete
            removed[table.name] = count
    db.session.expire_all()
    for account in accounts:
        if not account.represented:
            account.roles = [role for role in account.roles if role.name != CLINIC]
    if removed:
        estimate_ratings()
    for name in filter(None, files):
        after_commit(partial(remove_file, folder, name))
    return removed


def _invented(table: Any) -> ColumnElement[bool] | None:
    """Which rows of `table` are invented, or hang on one that is; None for a table without any."""
    if table.name in STAYS:
        return None
    if table.name == Source.__tablename__:
        return Source.kind == SourceKind.DEMONSTRATION
    found: list[ColumnElement[bool]] = [table.c.npi.startswith(DEMONSTRATION)] if "npi" in table.c else []
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
        parent = key.column.table
        if parent is not table and (of_parent := _invented(parent)) is not None:
            found.append(key.parent.in_(select(key.column).where(of_parent)))
    return or_(*found) if found else None
