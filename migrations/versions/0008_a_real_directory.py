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
    _create_unplaced_addresses()
    _add_fetched_files()
    _add_board_files()
    _add_unlisted_volumes()


def downgrade() -> None:
    op.drop_table("unlisted_volume")
    _drop_board_files()
    op.drop_table("fetched_file")
    op.drop_table("unplaced_address")
    op.drop_table("source_sync")


def _create_source_sync() -> None:
    """Add how keeping each public source up to date stands."""
    op.create_table(
        "source_sync",
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("near", sa.String(200), nullable=False),
        sa.Column("radius_miles", sa.Double(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("imported", sa.String(64)),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("source_key", name="pk_source_sync"),
    )


def _create_unplaced_addresses() -> None:
    """Add the addresses that were looked up and not found; the next import or `flask providers locate` fills it."""
    op.create_table(
        "unplaced_address",
        sa.Column("location_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(600), nullable=False),
        sa.Column("looked_up_in", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("looked_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["practice_location.id"],
            name="fk_unplaced_address_location_id_practice_location",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("location_id", name="pk_unplaced_address"),
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


def _add_board_files() -> None:
    """Keep which file shows a license, and when verifying from a board's list was suspended."""
    op.create_table(
        "board_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("board", sa.String(200), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("names_discipline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_board_file_source_key_source"),
        sa.PrimaryKeyConstraint("id", name="pk_board_file"),
    )
    op.create_index("ix_board_file_source_key", "board_file", ["source_key"])
    op.create_table(
        "rule_suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("in_force", sa.String(40)),
        sa.Column("is_general", sa.Boolean(), nullable=False),
        sa.Column("credential_id", sa.Integer()),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.Column("lifted_by", sa.String(120)),
        sa.Column("lift_reason", sa.Text()),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_rule_suspension_source_key_source"),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credential.id"],
            name="fk_rule_suspension_credential_id_credential",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rule_suspension"),
        sa.UniqueConstraint("in_force", name="uq_rule_suspension_in_force"),
    )
    with op.batch_alter_table("license_record") as records:
        records.add_column(sa.Column("profession", sa.String(30)))
        records.add_column(sa.Column("board_file_id", sa.Integer()))
        records.create_foreign_key("fk_license_record_board_file_id_board_file", "board_file", ["board_file_id"], ["id"])
    with op.batch_alter_table("verification") as checks:
        checks.add_column(sa.Column("board_file_id", sa.Integer()))
        checks.create_foreign_key("fk_verification_board_file_id_board_file", "board_file", ["board_file_id"], ["id"])


def _drop_board_files() -> None:
    with op.batch_alter_table("verification") as checks:
        checks.drop_constraint("fk_verification_board_file_id_board_file", type_="foreignkey")
        checks.drop_column("board_file_id")
    with op.batch_alter_table("license_record") as records:
        records.drop_constraint("fk_license_record_board_file_id_board_file", type_="foreignkey")
        records.drop_column("board_file_id")
        records.drop_column("profession")
    op.drop_table("rule_suspension")
    op.drop_table("board_file")


def _add_unlisted_volumes() -> None:
    """Keep what those billed who inject necks and are not in the directory yet."""
    op.create_table(
        "unlisted_volume",
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("hcpcs_code", sa.String(5), nullable=False),
        sa.Column("services", sa.Double(), nullable=False),
        sa.Column("beneficiaries", sa.Integer()),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_unlisted_volume_source_key_source"),
        sa.PrimaryKeyConstraint("npi", "year", "hcpcs_code", name="pk_unlisted_volume"),
    )
