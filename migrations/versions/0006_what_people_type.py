"""Middle names in the names that are shown, phones of practices abroad, and who wrote a review.

Two doctors of one first and last name no longer look alike. Names that staff corrected as a whole, and those of the
invented providers, stay as they are.

Reviews of before, and those of other sites, were not asked who wrote them: their value is empty.

Phones have room for a country's code and an extension. Those of practices abroad get the code, and keep it on the way
back.
"""

import phonenumbers
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


LOCATION = sa.table("practice_location", *map(sa.column, ("id", "country", "phone")))
UNITED_STATES = ("", "US", "AS", "GU", "MP", "PR", "VI")


def upgrade() -> None:
    op.add_column("review", sa.Column("written_as", sa.String(length=20), nullable=True))
    _rename_source("Patients on this site", "Patients and caregivers on this site")
    with op.batch_alter_table("practice_location", schema=None) as batch_op:
        batch_op.alter_column("phone", existing_type=sa.String(30), type_=sa.String(40), existing_nullable=True)
    connection = op.get_bind()
    abroad = sa.select(LOCATION).where(LOCATION.c.country.not_in(UNITED_STATES), LOCATION.c.phone.is_not(None))
    for row in connection.execute(abroad).all():
        changed = sa.update(LOCATION).where(LOCATION.c.id == row.id).values(phone=_with_code(row.phone, row.country))
        connection.execute(changed)
    op.execute(
        "UPDATE provider SET middle_name = NULL WHERE UPPER(middle_name) IN ('NMN', 'NMI', 'NONE', 'NULL', 'NA', 'N/A')"
    )
    op.execute(
        f"UPDATE provider SET name = {WITH} WHERE {PEOPLE} AND name = {WITHOUT} "
        f"AND (middle_name IS NULL OR NOT {IS_IN_FIRST_NAME})"
    )


def _with_code(phone: str, country: str) -> str:
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return phone
    shown: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return shown if phonenumbers.is_valid_number(number) else phone


def downgrade() -> None:
    op.execute("UPDATE practice_location SET phone = SUBSTR(phone, 1, 30) WHERE LENGTH(phone) > 30")
    with op.batch_alter_table("practice_location", schema=None) as batch_op:
        batch_op.alter_column("phone", existing_type=sa.String(40), type_=sa.String(30), existing_nullable=True)
    op.execute(f"UPDATE provider SET name = {WITHOUT} WHERE {PEOPLE} AND name = {WITH}")
    op.drop_column("review", "written_as")
    _rename_source("Patients and caregivers on this site", "Patients on this site")


def _rename_source(before: str, after: str) -> None:
    """Give the source of the reviews that are written here the name `after`."""
    source = sa.table("source", sa.column("key"), sa.column("name"))
    op.execute(source.update().where(source.c.key == "site", source.c.name == before).values(name=after))
