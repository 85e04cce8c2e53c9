"""A real directory of an area.

Each step below says what it adds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_source_sync()
    _add_fetched_files()


def downgrade() -> None:
    op.drop_table("fetched_file")
    op.drop_table("source_sync")


def _create_source_sync() -> None:
    """Add how keeping each public source up to date stands."""
    op.create_table(
        "source_sync",
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("near", sa.String(200), nullable=False),
        sa.Column("radius_miles", sa.Double(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported", sa.String(64)),
        sa.Column("problem", sa.Text()),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_source_sync_source_key_source"),
        sa.PrimaryKeyConstraint("source_key", name="pk_source_sync"),
    )


def _add_fetched_files() -> None:
    """Remember each public file that was fetched: from where, when, and what it was."""
    op.create_table(
        "fetched_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("part", sa.String(80), nullable=False),
        sa.Column("path", sa.String(500)),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.Column("etag", sa.String(200)),
        sa.Column("last_modified", sa.String(60)),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_fetched_file"),
    )
    op.create_index("ix_fetched_file_source_key", "fetched_file", ["source_key", "part"])
