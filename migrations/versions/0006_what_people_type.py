"""Lists of exclusions, who wrote a review, days of reviews from elsewhere, phones abroad, and middle names.

- The entries of the OIG's list become those of one list beside others, whose day and type may be unknown. Open tasks
  about license numbers in NPPES get the key that all tasks about credentials have.
- Reviews say whether the patient wrote them; those of before were not asked. Their source is named for caregivers too.
- Reviews from elsewhere that begin at midnight UTC, and so were shown a day too early, begin at midnight in California.
- Phones have room for a country's code and an extension. Those of practices abroad get the code, and keep it on the way
  back.
- Names show the middle name, so that two doctors of one first and last name do not look alike. Names that staff
  corrected as a whole, and those of the invented providers, stay.
"""

from datetime import UTC, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import phonenumbers
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD_ENTRIES, ENTRIES = "leie_entry", "listed_exclusion"
TEXTS = {
    "key": 64,
    "npi": 10,
    "name_key": 200,
    "last_name": 100,
    "first_name": 100,
    "middle_name": 100,
    "business_name": 200,
    "general": 100,
    "specialty": 100,
    "city": 100,
    "state": 2,
    "postal_code": 10,
    "exclusion_type": 20,
    "waiver_state": 60,
    "address": 500,
}
DAYS = ("born_on", "excluded_on", "reinstated_on", "waived_on", "as_of")
SHARED = ", ".join((*TEXTS, *DAYS))
NEEDED = frozenset({"key", "name_key", "as_of"})
PATIENTS, PATIENTS_AND_CAREGIVERS = "Patients on this site", "Patients and caregivers on this site"
PACIFIC = ZoneInfo("America/Los_Angeles")
SOURCE = sa.table("source", *map(sa.column, ("key", "name", "kind")))
REVIEW = sa.table(
    "review", sa.column("id"), sa.column("source_key"), sa.column("created_at", sa.DateTime(timezone=True))
)
LOCATION = sa.table("practice_location", *map(sa.column, ("id", "country", "phone")))
UNITED_STATES = ("", "US", "AS", "GU", "MP", "PR", "VI")
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
    _hold_entries_of_all_lists()
    op.add_column("review", sa.Column("written_as", sa.String(length=20), nullable=True))
    _rename_source_of_the_site(PATIENTS, PATIENTS_AND_CAREGIVERS)
    _move_midnights(UTC, PACIFIC)
    _resize_phones(30, 40)
    _add_codes_to_phones_abroad()
    _show_middle_names()


def downgrade() -> None:
    op.execute(f"UPDATE provider SET name = {WITHOUT} WHERE {PEOPLE} AND name = {WITH}")
    op.execute("UPDATE practice_location SET phone = SUBSTR(phone, 1, 30) WHERE LENGTH(phone) > 30")
    _resize_phones(40, 30)
    _move_midnights(PACIFIC, UTC)
    _rename_source_of_the_site(PATIENTS_AND_CAREGIVERS, PATIENTS)
    op.drop_column("review", "written_as")
    _hold_entries_of_the_oig_alone()


def _hold_entries_of_all_lists() -> None:
    _create_entries(
        ENTRIES,
        NEEDED,
        sa.Column("other_names", sa.String(300)),
        sa.Column("license_numbers", sa.String(100)),
        sa.Column("source_key", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["source_key"], ["source.key"], name="fk_listed_exclusion_source_key_source"),
    )
    op.execute(
        "INSERT INTO source (key, name, kind, url) SELECT 'leie', 'OIG List of Excluded Individuals and Entities', "
        "'public_file', 'https://oig.hhs.gov/exclusions/' FROM (SELECT 1 AS one) AS one_row "
        "WHERE EXISTS (SELECT 1 FROM leie_entry) AND NOT EXISTS (SELECT 1 FROM source WHERE key = 'leie')"
    )
    op.execute(f"INSERT INTO {ENTRIES} ({SHARED}, source_key) SELECT {SHARED}, 'leie' FROM {OLD_ENTRIES}")
    op.drop_table(OLD_ENTRIES)
    _alter_exclusions(nullable=True)
    op.execute(
        "UPDATE verification_task SET open_key = 'claimed:credential:' || credential_id "
        "WHERE open_key LIKE 'claimed:%' AND open_key NOT LIKE 'claimed:credential:%'"
    )


def _hold_entries_of_the_oig_alone() -> None:
    """Entries of other lists go; so do entries and exclusions without a day or a type."""
    op.execute(
        "UPDATE verification_task SET open_key = 'claimed:' || credential_id WHERE open_key LIKE 'claimed:credential:%'"
    )
    op.execute("DELETE FROM exclusion WHERE excluded_on IS NULL OR exclusion_type IS NULL")
    _alter_exclusions(nullable=False)
    _create_entries(OLD_ENTRIES, NEEDED | {"exclusion_type", "excluded_on"}, address=200)
    columns = SHARED.replace("address", "substr(address, 1, 200)")
    op.execute(
        f"INSERT INTO {OLD_ENTRIES} ({SHARED}) SELECT {columns} FROM {ENTRIES} "
        "WHERE source_key = 'leie' AND excluded_on IS NOT NULL AND exclusion_type IS NOT NULL"
    )
    op.drop_table(ENTRIES)


def _create_entries(table: str, needed: frozenset[str], *further: sa.schema.SchemaItem, address: int = 500) -> None:
    lengths = {**TEXTS, "address": address}
    op.create_table(
        table,
        *(sa.Column(name, sa.String(length), nullable=name not in needed) for name, length in lengths.items()),
        *(sa.Column(name, sa.Date(), nullable=name not in needed) for name in DAYS),
        *further,
        sa.PrimaryKeyConstraint("key", name=f"pk_{table}"),
    )
    for name in ("name_key", "npi"):
        op.create_index(f"ix_{table}_{name}", table, [name])


def _alter_exclusions(*, nullable: bool) -> None:
    """Let the day and the type of an exclusion be unknown, or not."""
    with op.batch_alter_table("exclusion") as batch:
        batch.alter_column("exclusion_type", existing_type=sa.String(20), nullable=nullable)
        batch.alter_column("excluded_on", existing_type=sa.Date(), nullable=nullable)


def _rename_source_of_the_site(before: str, after: str) -> None:
    op.execute(SOURCE.update().where(SOURCE.c.key == "site", SOURCE.c.name == before).values(name=after))


def _move_midnights(before: tzinfo, after: tzinfo) -> None:
    """Let reviews from elsewhere that begin at midnight in `before` begin at that of the same day in `after`."""
    connection = op.get_bind()
    platforms = sa.select(SOURCE.c.key).where(SOURCE.c.kind == "platform")
    changed = []
    for review in connection.execute(sa.select(REVIEW).where(REVIEW.c.source_key.in_(platforms))).all():
        written = review.created_at if review.created_at.tzinfo else review.created_at.replace(tzinfo=UTC)
        local = written.astimezone(before)
        if local.time() == time():
            moment = datetime.combine(local.date(), time(), after).astimezone(UTC)
            changed.append({"which": review.id, "moment": moment})
    if changed:
        update = sa.update(REVIEW).where(REVIEW.c.id == sa.bindparam("which"))
        connection.execute(update.values(created_at=sa.bindparam("moment")), changed)


def _resize_phones(before: int, after: int) -> None:
    with op.batch_alter_table("practice_location") as batch:
        batch.alter_column(
            "phone", existing_type=sa.String(before), type_=sa.String(after), existing_nullable=True
        )


def _add_codes_to_phones_abroad() -> None:
    connection = op.get_bind()
    abroad = sa.select(LOCATION).where(LOCATION.c.country.not_in(UNITED_STATES), LOCATION.c.phone.is_not(None))
    for row in connection.execute(abroad).all():
        changed = sa.update(LOCATION).where(LOCATION.c.id == row.id).values(phone=_with_code(row.phone, row.country))
        connection.execute(changed)


def _with_code(phone: str, country: str) -> str:
    """The number with its country's code; a text that is no number there stays."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return phone
    shown: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return shown if phonenumbers.is_valid_number(number) else phone


def _show_middle_names() -> None:
    """Also forget words that say that there is no middle name."""
    op.execute(
        "UPDATE provider SET middle_name = NULL WHERE UPPER(middle_name) IN ('NMN', 'NMI', 'NONE', 'NULL', 'NA', 'N/A')"
    )
    op.execute(
        f"UPDATE provider SET name = {WITH} WHERE {PEOPLE} AND name = {WITHOUT} "
        f"AND (middle_name IS NULL OR NOT {IS_IN_FIRST_NAME})"
    )
