"""A clinic says how its practice is: its facts take the place of what was known of the same kind."""

from datetime import date
from typing import Any

from directory.accounts.models import Account
from directory.audit.log import record
from directory.clinics.practice.facts import KINDS, FactKind, Facts, Values, as_logged, is_public, known_facts, rows_of
from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.sources import known_source
from directory.web.days import today_in_california
from directory.web.transaction import EditConflictError, lock_row

CLINIC = "clinic"  # the key of the source


def save_facts(account: Account, npi: str, wanted: Facts, seen: str) -> bool:
    """Let the directory say `wanted` of the practice, as the clinic's word of today; False when it did already.

    `seen` is the version of the facts that the form showed. What is unchanged and the clinic's own keeps its date;
    what a public file says stays. The caller has made sure that `account` speaks for the provider. Raises
    `EditConflictError` when other facts were saved since.
    """
    lock_row(db.session.get_one(Provider, npi))
    db.session.expire_all()
    before = known_facts(npi)
    if before.version != seen and before.facts != wanted:
        raise EditConflictError
    known_source(CLINIC)
    today = today_in_california()
    changed = [kind for kind in KINDS if _replace(kind, npi, wanted[kind.name], today)]
    if changed:
        db.session.flush()
        db.session.expire_all()
        after = known_facts(npi).facts
        record(
            f"account:{account.id}",
            "say_facts",
            f"provider:{npi}",
            before={kind.name: as_logged(before.facts[kind.name]) for kind in changed},
            after={kind.name: as_logged(after[kind.name]) for kind in changed},
        )
    return bool(changed)


def _replace(kind: FactKind, npi: str, wanted: Values, today: date) -> bool:
    """Let the rows of one kind say `wanted`; whether any row changed."""
    rows = rows_of(kind, npi)
    public = {kind.key_of(row) for row in rows if is_public(row)}
    kept: set[tuple[Any, ...]] = set()
    changed = False
    for row in rows:
        key = kind.key_of(row)
        if is_public(row):
            continue
        if key not in wanted or key in kept | public:
            db.session.delete(row)
            changed = True
            continue
        kept.add(key)
        changed |= _say(kind, row, wanted[key], today)
    for key in wanted.keys() - kept - public:
        columns = dict(zip((*kind.key, *kind.value), (*key, *wanted[key]), strict=True))
        db.session.add(kind.table(npi=npi, **columns, source_key=CLINIC, as_of=today))
        changed = True
    return changed


def _say(kind: FactKind, row: Any, value: tuple[Any, ...], today: date) -> bool:
    is_same = kind.value_of(row) == value
    # A website that another source named stays its own while the clinic leaves it: mail at its domain proves a claim.
    if is_same and (row.source_key == CLINIC or kind.name == "website"):
        return False
    for column, part in zip(kind.value, value, strict=True):
        setattr(row, column, part)
    row.source_key, row.as_of = CLINIC, today
    return True
