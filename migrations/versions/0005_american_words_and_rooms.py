"""American words in tables, columns and stored values.

What is renamed stands in the lists below, the old word before the new one: `upgrade` reads them from the left,
`downgrade` from the right. Events of the audit log keep the words that they were written with.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    ("licence_record", "license_record"),
    ("medicare_enrolment", "medicare_enrollment"),
    ("tie", "conflict_of_interest"),
)
"""No other table refers to these. Their constraints, indexes and sequences take the new name too."""

COLUMNS = (  # under the tables' new names
    ("credential", "claim", "submission"),
    ("license_record", "licence_type", "license_type"),
    ("provider_specialty", "licence_number", "license_number"),
    ("provider_specialty", "licence_state", "license_state"),
    ("qualification_score", "licence_verified", "license_verified"),
    ("source_terms", "most_characters", "max_characters"),
)
"""No constraint or index is named after these."""

VALUES = (  # under the new names of tables and columns
    ("credential", "kind", "licence", "license"),
    ("credential", "kind", "malpractice_cover", "malpractice_policy"),
    ("provider_service", "service", "topical_anaesthetic", "topical_anesthetic"),
    *(
        ("clinic_statement", "reason", sentence, code)
        for sentence, code in (
            ("It praises or promises: say what the practice does, not that it is the best.", "advertising"),
            ("It claims qualifications or results, which belong to verified credentials.", "unproven"),
            ("It speaks of patients, or of other practices.", "other_people"),
            ("It holds links, phones or addresses, which have their own places on the page.", "contact"),
            ("It is not about the practice, or cannot be understood.", "not_about"),
        )
    ),
)
"""Whole values."""

PARTS = (  # under the new names of tables and columns
    ("credential", "submission", '"kind": "licence"', '"kind": "license"'),
    ("credential", "submission", '"kind": "malpractice_cover"', '"kind": "malpractice_policy"'),
    ("qualification_score", "awards", '"key": "licence"', '"key": "license"'),
    ("qualification_score", "awards", "State licence", "State license"),
    ("qualification_score", "awards", "Years since licence", "Years since license"),
    ("qualification_score", "awards", "issue date of an active licence", "issue date of an active license"),
)
"""What stands within a text or a JSON value."""

BARS = (
    ("excluded", "excluded by the OIG"),
    ("license_revoked", " revoked"),
    ("license_not_confirmed", " not confirmed by "),
    ("license_expired", " expired"),
)
"""The code of each reason why a provider is not ranked, and what its English sentence holds."""

LICENSE_SOURCES = ("licences_", "licenses_")
"""What the keys of sources start with that are files of state boards."""

LICENSE_TITLES = (" licence", " license")
"""How sentences that the program wrote name a license: "California licence claimed in NPPES."."""


LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
UNREAD = (
    ("import_run", sa.Column("options", sa.JSON), {}),
    ("import_run", sa.Column("finished_at", sa.DateTime(timezone=True)), None),
    ("payment_limit", sa.Column("dosage", sa.String(60)), ""),
    ("specialty", sa.Column("grouping", sa.String(200)), ""),
    ("specialty", sa.Column("classification", sa.String(200)), ""),
    ("specialty", sa.Column("specialization", sa.String(200)), None),
    ("specialty", sa.Column("definition", sa.Text), None),
    ("specialty", sa.Column("notes", sa.Text), None),
    ("specialty", sa.Column("section", sa.String(40)), ""),
    ("review_signal", sa.Column("noticed_at", sa.DateTime(timezone=True)), LONG_AGO),
    ("doubtful_match", sa.Column("found_at", sa.DateTime(timezone=True)), LONG_AGO),
    ("rating_estimate", sa.Column("computed_at", sa.DateTime(timezone=True)), LONG_AGO),
    ("possible_exclusion", sa.Column("found_at", sa.DateTime(timezone=True)), LONG_AGO),
    ("qualification_score", sa.Column("computed_at", sa.DateTime(timezone=True)), LONG_AGO),
    ("rating_parameters", sa.Column("computed_at", sa.DateTime(timezone=True)), LONG_AGO),
)
"""Columns that were written and never read, and what `downgrade` fills them with."""


def upgrade() -> None:
    for table, column, _ in UNREAD:
        op.drop_column(table, column.name)
    for old, new in TABLES:
        _rename_table(old, new)
    _give_user_handles()
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    for table, column, old, new in VALUES:
        _replace_value(table, column, old, new)
    for table, column, old, new in PARTS:
        _replace_part(table, column, old, new)
    _rename_sources(*LICENSE_SOURCES)
    _rename_titles("license", *LICENSE_TITLES)
    _code_bars()
    _date_checks()


def downgrade() -> None:
    for table, column, value in UNREAD:
        _add_column(table, column, value)
    with op.batch_alter_table("account") as account:
        account.alter_column("fs_webauthn_user_handle", existing_type=sa.String(64), nullable=True)
    with op.batch_alter_table("verification") as batch:
        batch.alter_column("checked_on", existing_type=sa.Date(), nullable=True)
    for code, words in BARS:  # the days are gone; the next scoring writes the sentences anew
        _replace_part("qualification_score", "barred_for", code, f"license{words}" if words[0] == " " else words)
    _rename_titles("license", *reversed(LICENSE_TITLES))
    _rename_sources(*reversed(LICENSE_SOURCES))
    for table, column, old, new in reversed(PARTS):
        _replace_part(table, column, new, old)
    for table, column, old, new in reversed(VALUES):
        _replace_value(table, column, new, old)
    for table, old, new in reversed(COLUMNS):
        op.alter_column(table, new, new_column_name=old)
    for old, new in reversed(TABLES):
        _rename_table(new, old)


def _add_column(table: str, column: sa.Column, value: object) -> None:
    """One that is filled holds no null."""
    op.add_column(table, sa.Column(column.name, column.type))
    if value is not None:
        op.execute(sa.table(table, sa.column(column.name, column.type)).update().values({column.name: value}))
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column.name, existing_type=column.type, nullable=False)


def _give_user_handles() -> None:
    """Every account gets the name by which passkeys know it, which those from before there were passkeys lack."""
    connection = op.get_bind()
    account = sa.table("account", sa.column("id", sa.Integer), sa.column("fs_webauthn_user_handle", sa.String))
    without = sa.select(account.c.id).where(account.c.fs_webauthn_user_handle.is_(None))
    for account_id in connection.execute(without).scalars().all():
        handle = {"fs_webauthn_user_handle": uuid.uuid4().hex}
        connection.execute(account.update().where(account.c.id == account_id).values(handle))
    with op.batch_alter_table("account") as batch:
        batch.alter_column("fs_webauthn_user_handle", existing_type=sa.String(64), nullable=False)


def _rename_table(old: str, new: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _copy_table(old, new)
        return
    op.rename_table(old, new)
    for kind, name in _names_on_postgresql(new):
        renamed = _renamed(name, old, new)
        if renamed == name:
            continue
        if kind == "constraint":
            op.execute(f'ALTER TABLE "{new}" RENAME CONSTRAINT "{name}" TO "{renamed}"')
        else:
            op.execute(f'ALTER {kind} "{name}" RENAME TO "{renamed}"')


def _copy_table(old: str, new: str) -> None:
    """SQLite names constraints in a table's definition alone, so the rows move to a new table."""
    connection = op.get_bind()
    definitions = connection.execute(
        sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :old AND sql IS NOT NULL ORDER BY type = 'index'"),
        {"old": old},
    ).scalars()
    table, *indexes = (_renamed(definition, old, new) for definition in definitions)
    connection.exec_driver_sql(table)
    connection.exec_driver_sql(f'INSERT INTO "{new}" SELECT * FROM "{old}"')
    connection.exec_driver_sql(f'DROP TABLE "{old}"')
    for index in indexes:
        connection.exec_driver_sql(index)


def _names_on_postgresql(table: str) -> Iterator[tuple[str, str]]:
    """The kind and name of all that is named after a table. An index of a constraint is renamed with it."""
    connection = op.get_bind()
    constraints = "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)"
    indexes = (
        "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid "
        "WHERE indrelid = CAST(:table AS regclass) AND pg_class.oid NOT IN (SELECT conindid FROM pg_constraint)"
    )
    sequences = (
        "SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid "
        "WHERE relkind = 'S' AND deptype IN ('a', 'i') AND refobjid = CAST(:table AS regclass)"
    )
    for kind, names in (("constraint", constraints), ("INDEX", indexes), ("SEQUENCE", sequences)):
        for name in connection.execute(sa.text(names), {"table": table}).scalars().all():
            yield kind, name


def _renamed(text: str, old: str, new: str) -> str:
    """`text` with each `old` that is a whole word of it, or a whole part of a name."""
    return re.sub(rf"(?<![a-z]){old}(?![a-z])", new, text)


def _replace_value(table: str, column: str, old: str, new: str) -> None:
    place = sa.column(column, sa.String)
    op.execute(sa.table(table, place).update().where(place == old).values({column: new}))


def _replace_part(table: str, column: str, old: str, new: str) -> None:
    """On PostgreSQL a JSON value is read as its text, and the text as JSON again."""
    connection = op.get_bind()
    place = sa.column(column)
    text = sa.cast(place, sa.Text)
    type_of = {each["name"]: each["type"] for each in sa.inspect(connection).get_columns(table)}
    replaced = sa.func.replace(text, old, new)
    if connection.dialect.name == "postgresql":
        replaced = sa.cast(replaced, type_of[column])
    op.execute(sa.table(table, place).update().where(text.contains(old, autoescape=True)).values({place: replaced}))


def _rename_sources(old: str, new: str) -> None:
    """The source is entered under its new key first, so that every row refers to one that is there."""
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    key = sa.column("key", sa.String)
    others = [sa.column(name, sa.String) for name in ("name", "kind", "url")]
    source = sa.table("source", key, *others)
    for old_key in connection.execute(sa.select(key).select_from(source).where(key.startswith(old))).scalars().all():
        new_key = new + old_key.removeprefix(old)
        copied = sa.select(sa.literal(new_key), *others).select_from(source).where(key == old_key)
        op.execute(source.insert().from_select(["key", "name", "kind", "url"], copied))
        for table in inspector.get_table_names():
            for reference in inspector.get_foreign_keys(table):
                if reference["referred_table"] == "source":
                    _replace_value(table, reference["constrained_columns"][0], old_key, new_key)
        op.execute(source.delete().where(key == old_key))


def _rename_titles(kind: str, old: str, new: str) -> None:
    """In the sentences of tasks about credentials of a kind, and in the program's notes on their checks."""
    of_kind = f"credential_id IN (SELECT id FROM credential WHERE kind = '{kind}')"
    for table, column, whose in (
        ("verification_task", "sentence", of_kind),
        ("verification", "note", f"{of_kind} AND recorded_by = 'program'"),
    ):
        op.execute(
            sa.text(f"UPDATE {table} SET {column} = replace({column}, :old, :new) WHERE {whose}").bindparams(
                old=old, new=new
            )
        )


def _code_bars() -> None:
    """Reasons are stored as codes, and awards always with the message of theirs."""
    connection = op.get_bind()
    table = sa.table("qualification_score", sa.column("npi"), sa.column("barred_for"), sa.column("awards", sa.JSON))
    for npi, barred_for, awards in connection.execute(sa.select(table)).all():
        codes = ",".join(code for code, words in BARS if words in (barred_for or "")) or None
        for award in awards:
            award.setdefault("why", {"message": award.pop("reason", ""), "values": {}})
        changed = {"barred_for": codes or (barred_for and BARS[-1][0]), "awards": awards}
        connection.execute(table.update().where(table.c.npi == npi).values(changed))


def _date_checks() -> None:
    """Each check has its day: where none was noted, the one on which it was recorded."""
    op.execute("UPDATE verification SET checked_on = date(verified_at) WHERE checked_on IS NULL")
    with op.batch_alter_table("verification") as batch:
        batch.alter_column("checked_on", existing_type=sa.Date(), nullable=False)
