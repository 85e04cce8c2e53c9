"""Middle names in the names that are shown, and whether the patient or somebody beside them wrote a review.

Two doctors of one first and last name no longer look alike. Names that staff corrected as a whole, and those of the
invented providers, stay as they are.

Reviews of before, and those of other sites, were not asked who wrote them: their value is empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INITIAL = "CASE WHEN length({0}) = 1 THEN {0} || '.' ELSE {0} END"
NAME = (
    "TRIM(COALESCE({first} || ' ', '') || COALESCE({middle} || ' ', '') || COALESCE(last_name || ' ', '') "
    "|| COALESCE(name_suffix, '')) || COALESCE(', ' || credential_text, '')"
)
WITHOUT = NAME.format(first="first_name", middle="NULL")
WITH = NAME.format(first=INITIAL.format("first_name"), middle=INITIAL.format("middle_name"))
PEOPLE = "entity_type = 1 AND npi NOT LIKE '9%'"
IS_IN_FIRST_NAME = "LOWER(COALESCE(first_name, '')) LIKE '% ' || LOWER(REPLACE(middle_name, '.', ''))"


def upgrade() -> None:
    op.add_column("review", sa.Column("written_as", sa.String(length=20), nullable=True))
    op.execute(
        "UPDATE provider SET middle_name = NULL WHERE UPPER(middle_name) IN ('NMN', 'NMI', 'NONE', 'NULL', 'NA', 'N/A')"
    )
    op.execute(
        f"UPDATE provider SET name = {WITH} WHERE {PEOPLE} AND name = {WITHOUT} "
        f"AND (middle_name IS NULL OR NOT {IS_IN_FIRST_NAME})"
    )


def downgrade() -> None:
    op.execute(f"UPDATE provider SET name = {WITHOUT} WHERE {PEOPLE} AND name = {WITH}")
    op.drop_column("review", "written_as")
