"""Keeps the index of names true: what the session changes by itself, what an import writes in bulk on its call."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, bindparam, delete, event, insert, select

from directory.extensions import db
from directory.providers.by_name.models import NameWord
from directory.providers.by_name.words import index_entries
from directory.providers.models import OtherName, Provider
from directory.web.chunks import chunks

INDEXED_AT_ONCE = 1_000


def index_names(npis: Collection[str]) -> None:
    """Bring the index to the names that the providers `npis` have now, within the current transaction."""
    _index(db.session.connection(), npis)


def _index(connection: Connection, npis: Collection[str]) -> None:
    for chunk in chunks(sorted(npis), INDEXED_AT_ONCE):
        wanted = set(_entries(connection, chunk))
        rows = connection.execute(select(NameWord.word, NameWord.npi).where(NameWord.npi.in_(chunk)))
        stored = {(word, npi) for word, npi in rows}
        if gone := sorted(stored - wanted):
            this_row = NameWord.word == bindparam("gone"), NameWord.npi == bindparam("of")
            connection.execute(delete(NameWord).where(*this_row), [{"gone": word, "of": npi} for word, npi in gone])
        if new := sorted(wanted - stored):
            connection.execute(insert(NameWord), [{"word": word, "npi": npi} for word, npi in new])


def _entries(connection: Connection, npis: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each word to keep, with the NPI of its provider; none of those that staff hid or merged into another."""
    others: dict[str, list[str]] = defaultdict(list)
    for npi, name in connection.execute(select(OtherName.npi, OtherName.name).where(OtherName.npi.in_(npis))):
        others[npi].append(name)
    shown = (Provider.npi.in_(npis), Provider.hidden_at.is_(None), Provider.merged_into.is_(None))
    columns = (Provider.npi, Provider.name, Provider.credential_text, Provider.last_name)
    for npi, name, credential_text, last_name in connection.execute(select(*columns).where(*shown)):
        for word in index_entries(name, credential_text, last_name, others[npi]):
            yield word, npi


@event.listens_for(Session, "after_flush")
def _index_changes(session: Any, _context: Any) -> None:
    changed = (row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Provider | OtherName))
    gone = {row.npi for row in session.deleted if isinstance(row, Provider)}
    if npis := {row.npi for row in changed} - gone:
        _index(session.connection(), npis)
