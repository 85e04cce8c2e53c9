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


def downgrade() -> None:
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
