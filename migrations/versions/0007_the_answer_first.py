"""What a patient asks first.

Each step below says what it adds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_visit_summaries()


def downgrade() -> None:
    op.drop_table("visit_summary")


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
