"""What a patient asks first.

Each step below says what it adds.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from directory.providers.by_name.words import index_entries
from directory.web.chunks import chunks

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_visit_summaries()
    _add_hiding_and_merging()
    _add_job_runs()
    _add_name_words()
    _create_information_reports()
    _add_visit_details()
    op.add_column("claim", sa.Column("form_language", sa.String(2), server_default="en", nullable=False))
    op.add_column("doubtful_match", sa.Column("opened_at", sa.DateTime(timezone=True)))
    _add_uploads()
    _name_practice_source("The practice itself")


def downgrade() -> None:
    _name_practice_source("The clinic itself")
    _drop_uploads()
    op.drop_column("doubtful_match", "opened_at")
    op.drop_column("claim", "form_language")
    op.drop_table("visit_details")
    op.drop_column("provider", "gender")
    op.drop_table("information_report")
    op.drop_table("name_word")
    op.drop_table("job_run")
    _drop_hiding_and_merging()
    op.drop_table("visit_summary")


def _name_practice_source(name: str) -> None:
    """Name the source of what practices say as pages do."""
    source = sa.table("source", sa.column("key"), sa.column("name"))
    op.execute(source.update().where(source.c.key == "clinic").values(name=name))


def _add_visit_summaries() -> None:
    """Add what patients report of their visits to each provider; `flask ratings refresh` or the nightly job fills it."""
    op.create_table(
        "visit_summary",
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("wait", sa.String(20)),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("explained", sa.Double()),
        sa.Column("explained_count", sa.Integer(), nullable=False),
        sa.Column("paid", sa.String(20)),
        sa.Column("paid_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["npi"], ["provider.npi"], name="fk_visit_summary_npi_provider", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("npi", name="pk_visit_summary"),
    )


def _add_hiding_and_merging() -> None:
    """Let staff hide and merge providers, and keep with each correction the value that it replaced, from the log."""
    op.add_column("provider", sa.Column("hidden_at", sa.DateTime(timezone=True)))
    op.add_column("provider", sa.Column("hidden_reason", sa.String(500)))
    op.add_column("provider", sa.Column("merged_into", sa.String(10)))
    op.create_index("ix_provider_merged_into", "provider", ["merged_into"])
    op.create_table(
        "provider_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("into_npi", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("merged_by", sa.String(120), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_by", sa.String(120)),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        *(
            sa.ForeignKeyConstraint(
                [column], ["provider.npi"], name=f"fk_provider_merge_{column}_provider", ondelete="CASCADE"
            )
            for column in ("npi", "into_npi")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_provider_merge"),
    )
    for column in ("npi", "into_npi"):
        op.create_index(f"ix_provider_merge_{column}", "provider_merge", [column])
    op.add_column("staff_correction", sa.Column("imported_value", sa.String(300)))
    _read_imported_values()


def _add_job_runs() -> None:
    """Note what became of each job when it last ran."""
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job_run"),
    )


def _drop_hiding_and_merging() -> None:
    op.drop_column("staff_correction", "imported_value")
    op.drop_table("provider_merge")
    op.drop_index("ix_provider_merged_into", "provider")
    for column in ("merged_into", "hidden_reason", "hidden_at"):
        op.drop_column("provider", column)


def _read_imported_values() -> None:
    """The first correction of a field replaced the imported value, as its audit event says."""
    event = sa.table(
        "audit_event", *map(sa.column, ("number", "act", "subject")), sa.column("before", sa.JSON())
    )
    correction = sa.table("staff_correction", *map(sa.column, ("npi", "address_key", "field", "imported_value")))
    connection = op.get_bind()
    seen = set()
    acts = sa.select(event.c.subject, event.c.before).where(event.c.act == "correct_provider")
    for subject, before in connection.execute(acts.order_by(event.c.number)).all():
        npi, address_key = subject.removeprefix("provider:"), before.pop("address", "")
        for field, value in before.items():
            if (npi, address_key, field) in seen:
                continue
            seen.add((npi, address_key, field))
            connection.execute(
                sa.update(correction)
                .where(
                    correction.c.npi == npi, correction.c.address_key == address_key, correction.c.field == field
                )
                .values(imported_value=None if value is None else str(value))
            )


def _add_name_words() -> None:
    """Add the index of names, and put the names of all providers in it."""
    op.create_table(
        "name_word",
        sa.Column("word", sa.String(41).with_variant(sa.String(41, collation="C"), "postgresql"), nullable=False),
        sa.Column("npi", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["npi"], ["provider.npi"], name="fk_name_word_npi_provider", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "npi", name="pk_name_word"),
        sqlite_with_rowid=False,
    )
    name_word = sa.table("name_word", sa.column("word"), sa.column("npi"))
    other_names = defaultdict(list)
    for npi, name in op.get_bind().execute(sa.text("SELECT npi, name FROM other_name")):
        other_names[npi].append(name)
    providers = op.get_bind().execute(sa.text("SELECT npi, name, credential_text, last_name FROM provider")).all()
    for chunk in chunks(providers, 5_000):
        rows = [
            {"word": word, "npi": npi}
            for npi, name, credential_text, last_name in chunk
            for word in index_entries(name, credential_text, last_name, other_names[npi])
        ]
        op.bulk_insert(name_word, rows)
    op.create_index("ix_name_word_npi", "name_word", ["npi"])


def _add_visit_details() -> None:
    """Add the gender of providers, which the next import of NPPES fills, and what practices say of a visit to them."""
    op.add_column("provider", sa.Column("gender", sa.String(1)))
    op.create_table(
        "visit_details",
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("step_free", sa.Boolean()),
        sa.Column("parking", sa.String(160)),
        sa.Column("booking", sa.String(160)),
        sa.Column("referral_needed", sa.Boolean()),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["npi"], ["provider.npi"], name="fk_visit_details_npi_provider", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_visit_details_source_key_source"),
        sa.PrimaryKeyConstraint("npi", name="pk_visit_details"),
    )


def _create_information_reports() -> None:
    """Add what readers report as wrong. Claims say in which language they were made."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "information_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("address_key", sa.String(300), nullable=False),
        sa.Column("right_value", sa.Text()),
        sa.Column("known_from", sa.String(20), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("form_language", sa.String(2), nullable=False),
        sa.Column("network_hash", sa.String(64), nullable=False),
        sa.Column("form_key", sa.String(64), nullable=False),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("decided_at", moment),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["npi"], ["provider.npi"], name="fk_information_report_npi_provider", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_information_report"),
        sa.UniqueConstraint("form_key", name="uq_information_report_form_key"),
    )
    op.create_index("ix_information_report_npi", "information_report", ["npi"])
    op.create_index("ix_information_report_status", "information_report", ["status"])


def _add_uploads() -> None:
    """Let admins upload files to be imported; import runs say who asked for them and when they ended."""
    op.create_table(
        "import_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("folder", sa.String(40)),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_upload"),
    )
    with op.batch_alter_table("import_run") as runs:
        runs.add_column(sa.Column("unlisted", sa.Integer(), server_default="0", nullable=False))
        runs.add_column(sa.Column("actor", sa.String(120)))
        runs.add_column(sa.Column("ended_at", sa.DateTime(timezone=True)))
        runs.add_column(sa.Column("upload_id", sa.Integer()))
        runs.create_foreign_key("fk_import_run_upload_id_import_upload", "import_upload", ["upload_id"], ["id"])
    with op.batch_alter_table("import_run") as runs:
        runs.alter_column("unlisted", server_default=None)


def _drop_uploads() -> None:
    with op.batch_alter_table("import_run") as runs:
        runs.drop_constraint("fk_import_run_upload_id_import_upload", type_="foreignkey")
        for column in ("upload_id", "ended_at", "actor", "unlisted"):
            runs.drop_column(column)
    op.drop_table("import_upload")
