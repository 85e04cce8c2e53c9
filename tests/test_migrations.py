"""Migrations make the tables that the models describe, on both databases, and can be undone."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import check, downgrade, migrate, upgrade
from sqlalchemy import create_engine, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from directory import create_app
from directory.accounts.models import Account
from directory.audit.log import record
from directory.credentials.exclusions.models import ListedExclusion
from directory.credentials.models import (
    Credential,
    CredentialKind,
    LicenseRecord,
    MedicareEnrollment,
    QualificationScore,
    VerificationTask,
)
from directory.credentials.queries import qualifications
from directory.extensions import db
from directory.imports.models import ImportRun
from directory.providers.by_name.queries import find_names
from directory.providers.by_name.scoring import read_name
from directory.providers.models import ClinicStatement, Provider, ProviderService, ProviderSpecialty, StaffCorrection
from directory.providers.sources import Source, SourceKind
from directory.ratings.models import RatingEstimate
from directory.reviews.models import Review, SourceTerms


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app over a database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('migrations') / 'empty.sqlite3'}"
    else:
        server = request.getfixturevalue("postgresql_server").replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS migrations"))
            connection.execute(text("CREATE DATABASE migrations"))
        engine.dispose()
        url = server.replace("/postgres?", "/migrations?")
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_migrated_tables_are_those_of_the_models(empty_app: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), db.metadata)
    assert differences == []


def test_no_migration_is_written_when_nothing_changed(empty_app: Flask) -> None:
    upgrade()
    versions = Path(empty_app.extensions["migrate"].directory, "versions")
    before = set(versions.glob("*.py"))
    check()
    migrate()
    written = set(versions.glob("*.py")) - before
    for path in written:
        path.unlink()
    assert not written


def test_the_migrated_names_are_those_of_the_models(empty_app: Flask) -> None:
    """Later migrations find keys, constraints and indexes by their names, which `compare_metadata` overlooks."""
    upgrade()
    migrated = _names_in_database()
    db.drop_all()
    db.create_all()
    assert _names_in_database() == migrated


def _names_in_database() -> dict[str, set[str | None]]:
    found = inspect(db.engine)
    names: dict[str, set[str | None]] = {}
    for name in set(found.get_table_names()) - {"alembic_version"}:
        each = [
            *found.get_foreign_keys(name),
            *found.get_unique_constraints(name),
            *found.get_check_constraints(name),
            *found.get_indexes(name),
        ]
        names[name] = {found.get_pk_constraint(name)["name"], *(one["name"] for one in each)}
    names["sequences"] = set(found.get_sequence_names()) if db.engine.dialect.supports_sequences else set()
    return names


A_PROVIDER = (
    "INSERT INTO source (key, name, kind) VALUES ('demo', 'Demonstration', 'demonstration')",
    "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
    "VALUES ('9000000017', 1, 'A', 'demo', '2026-01-01')",
)


def execute(*statements: str) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_every_migration_can_be_undone(empty_app: Flask) -> None:
    upgrade()
    assert "provider" in inspect(db.engine).get_table_names()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]


def test_the_second_migration_loses_no_row(empty_app: Flask) -> None:
    """On SQLite a changed table is copied, and what refers to its rows must stay."""
    upgrade(revision="0001")
    execute(
        *A_PROVIDER,
        "INSERT INTO review (id, npi, source_key, source_review_id, status, rating, verified, created_at) "
        "VALUES (1, '9000000017', 'demo', 'r1', 'published', 5, false, '2026-01-01 00:00:00')",
        "INSERT INTO outcome (review_id, onset_days, side_effects) VALUES (1, 7, '[]')",
        "INSERT INTO rating_estimate (npi, estimate, low, high, reviews_counted, computed_at) "
        "VALUES ('9000000017', 4.1, 3, 5, 1, '2026-01-01 00:00:00')",
    )
    upgrade()
    review = db.session.scalars(select(Review)).one()
    assert review.outcome
    assert review.outcome.onset_days == 7
    assert (review.weight, review.discounts, review.version, review.rating) == (1.0, [], 1, 5.0)
    assert db.session.scalars(select(RatingEstimate)).one().reviews_discounted == 0


def test_corrections_get_the_value_that_they_replaced_from_the_log(empty_app: Flask) -> None:
    upgrade(revision="0006")
    event = "INSERT INTO audit_event (number, happened_at, actor, act, subject, before, reason, previous_hash, hash) "
    act = "'command:ana', 'correct_provider', 'provider:9000000017'"
    values = f"VALUES ({{0}}, '2026-01-01 00:00:00', {act}, '{{1}}', 'r', '{{0}}', '{{0}}')"
    befores = ('{"last_name": "Exmaple"}', '{"last_name": "Example"}', '{"address": "a", "phone": null}')
    correction = "INSERT INTO staff_correction (npi, address_key, field, value, reason, corrected_at) "
    execute(
        *A_PROVIDER,
        *(event + values.format(number, before).replace(":", "\\:") for number, before in enumerate(befores, 1)),
        f"{correction} VALUES ('9000000017', '', 'last_name', 'Samples', 'r', '2026-01-01 00:00:00')",
        f"{correction} VALUES ('9000000017', 'a', 'phone', '1', 'r', '2026-01-01 00:00:00')",
    )
    upgrade()
    corrections = db.session.scalars(select(StaffCorrection).order_by(StaffCorrection.field)).all()
    assert [each.imported_value for each in corrections] == ["Exmaple", None]


def test_the_third_migration_keeps_what_was_verified(empty_app: Flask) -> None:
    upgrade(revision="0002")
    execute(
        *A_PROVIDER,
        "INSERT INTO credential (id, npi, kind, issuer, state, status, public_discipline, source_key, as_of) "
        "VALUES (1, '9000000017', 'licence', 'A board', 'CA', 'verified', false, 'demo', '2026-01-01')",
        "INSERT INTO verification (id, credential_id, verified_at, method, primary_source, outcome) "
        "VALUES (1, 1, '2026-01-02 00:00:00', 'look-up page', 'A board', 'verified')",
    )
    upgrade()
    credential = db.session.scalars(select(Credential)).one()
    assert (credential.version, credential.entered_by, credential.verified_until) == (1, "program", None)
    (verification,) = credential.verifications
    assert (verification.state, verification.recorded_by) == ("final", "program")
    assert qualifications("9000000017").qualification.license_verified


def test_the_sixth_migration_keeps_the_entries_of_the_oig_s_list_and_names_tasks_alike(empty_app: Flask) -> None:
    upgrade(revision="0005")
    execute(
        "INSERT INTO source (key, name, kind) VALUES ('nppes', 'NPPES', 'public_file')",
        "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
        "VALUES ('9000000017', 1, 'A', 'nppes', '2026-01-01')",
        "INSERT INTO credential (id, npi, kind, issuer, status, public_discipline, entered_by, version, "
        "source_key, as_of) VALUES (4, '9000000017', 'license', 'A board', 'claimed', false, 'program', 1, "
        "'nppes', '2026-01-01')",
        "INSERT INTO verification_task (id, kind, npi, credential_id, open_key, sentence, opened_at) "
        "VALUES (1, 'claimed', '9000000017', 4, 'claimed:4', 'Claimed in NPPES.', '2026-01-01 00:00:00')",
        "INSERT INTO leie_entry (key, npi, name_key, last_name, exclusion_type, excluded_on, address, as_of) "
        "VALUES ('k', '9000000017', 'a|b', 'A', '1128a1', '2020-01-20', '1 Main St', '2026-01-01')",
    )
    upgrade()
    entry = db.session.scalars(select(ListedExclusion)).one()
    assert (entry.source_key, entry.npi, entry.excluded_on) == ("leie", "9000000017", date(2020, 1, 20))
    assert (entry.last_name, entry.address, entry.license_numbers) == ("A", "1 Main St", None)
    assert db.session.scalars(select(VerificationTask.open_key)).one() == "claimed:credential:4"
    db.session.rollback()
    downgrade(revision="0005")
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT key, last_name, address FROM leie_entry")).all()
        keys = connection.execute(text("SELECT open_key FROM verification_task")).scalars().all()
    assert (rows, keys) == ([("k", "A", "1 Main St")], ["claimed:4"])


BRITISH_ROWS = (
    "INSERT INTO source (key, name, kind, url) VALUES ('licences_ca_medical', 'A list', 'public_file', 'https://a.b')",
    "INSERT INTO source (key, name, kind) VALUES ('nppes', 'NPPES', 'public_file')",
    "INSERT INTO import_run (id, source_key, file_name, options, status, started_at, read, added, changed, unchanged, "
    "skipped, rejected) VALUES (1, 'licences_ca_medical', 'list.xls', '{}', 'done', '2026-01-01 00:00:00', "
    "1, 1, 0, 0, 0, 0)",
    "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
    "VALUES ('9000000017', 1, 'A', 'nppes', '2026-01-01')",
    "INSERT INTO provider_specialty (npi, specialty_code, is_primary, licence_number, licence_state, source_key, "
    "as_of) VALUES ('9000000017', '2084N0400X', true, 'A1', 'CA', 'nppes', '2026-01-01')",
    "INSERT INTO provider_service (npi, service, source_key, as_of) "
    "VALUES ('9000000017', 'topical_anaesthetic', 'nppes', '2026-01-01'), "
    "('9000000017', 'emg_guidance', 'nppes', '2026-01-01')",
    "INSERT INTO licence_record (id, state, number, number_key, licence_type, board, board_status, active, revoked, "
    "name, source_key, as_of) VALUES (7, 'CA', 'A1', 'A1', 'Physician', 'A board', 'Current', true, false, 'A', "
    "'licences_ca_medical', '2026-01-01')",
    "INSERT INTO medicare_enrolment (npi, graduation_year, source_key, as_of) "
    "VALUES ('9000000017', 1999, 'nppes', '2026-01-01')",
    "INSERT INTO credential (id, npi, kind, issuer, state, status, public_discipline, claim, source_key, as_of) "
    """VALUES (1, '9000000017', 'licence', 'A board', 'CA', 'verified', false, '{"kind": "licence", "field": null}', """
    "'licences_ca_medical', '2026-01-01'), "
    "(2, '9000000017', 'training', 'A school', null, 'claimed', false, null, 'nppes', '2026-01-01'), "
    "(3, '9000000017', 'malpractice_cover', 'An insurer', null, 'claimed', false, null, 'nppes', '2026-01-01')",
    "INSERT INTO verification (id, credential_id, verified_at, method, primary_source, outcome, note) "
    "VALUES (1, 1, '2026-01-02 00:00:00', 'bulk file', 'A board', 'verified', 'California licence: as it was.')",
    "INSERT INTO verification_task (id, kind, npi, credential_id, sentence, opened_at) "
    "VALUES (1, 'claimed', '9000000017', 1, 'California licence claimed in NPPES.', '2026-01-01 00:00:00')",
    "INSERT INTO qualification_score (npi, points, awards, licence_verified, barred_for, computed_at) "
    """VALUES ('9000000017', 20, '[{"key": "licence", "label": "State licence", "reason": "none on record"}, """
    """{"key": "years", "label": "Years since licence", "why": {"message": "licensed since %(day)s"}}]', true, """
    "'VA licence expired on May 1, 2025', '2026-01-01 00:00:00')",
    "INSERT INTO source_terms (source_key, show_text, most_characters, link_required) "
    "VALUES ('nppes', true, 42, false)",
    "INSERT INTO account (id, email, name, password, active, fs_uniquifier, created_at) "
    "VALUES (5, 'a@example.org', 'A', 'x', true, 'u', '2026-01-01 00:00:00')",
    "INSERT INTO clinic_statement (id, npi, text, status, written_by, written_at, reason, version) VALUES (3, "
    "'9000000017', 'Call us.', 'rejected', 'account:5', '2026-01-01 00:00:00', "
    "'It holds links, phones or addresses, which have their own places on the page.', 1)",
    "INSERT INTO tie (account_id, npi, what, declared_at) VALUES (5, '9000000017', 'A sister', '2026-01-01 00:00:00')",
)
UNRENAMED_TABLES = ("provider_specialty", "provider_service", "credential", "source_terms")
BRITISH_TABLES = ("licence_record", "medicare_enrolment", "tie", *UNRENAMED_TABLES)
AMERICAN_TABLES = ("license_record", "medicare_enrollment", "conflict_of_interest", *UNRENAMED_TABLES)


def _all_rows(tables: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    all_columns = select(text("*")).order_by(text("1, 2"))
    with db.engine.begin() as connection:
        return {name: list(map(tuple, connection.execute(all_columns.select_from(table(name))))) for name in tables}


def test_the_fifth_migration_turns_words_into_american_ones(empty_app: Flask) -> None:
    upgrade(revision="0004")
    execute(*BRITISH_ROWS)
    upgrade()
    record_of_board = db.session.scalars(select(LicenseRecord)).one()
    assert (record_of_board.id, record_of_board.license_type, record_of_board.number) == (7, "Physician", "A1")
    assert record_of_board.source.key == "licenses_ca_medical"
    assert (record_of_board.source.name, record_of_board.source.url) == ("A list", "https://a.b")
    assert db.session.scalars(select(Source.key).order_by(Source.key)).all() == ["licenses_ca_medical", "nppes"]
    assert db.session.scalars(select(ImportRun.source_key)).one() == "licenses_ca_medical"
    assert db.session.scalars(select(MedicareEnrollment.graduation_year)).one() == 1999
    specialty = db.session.scalars(select(ProviderSpecialty)).one()
    assert (specialty.license_number, specialty.license_state) == ("A1", "CA")
    services = db.session.scalars(select(ProviderService.service).order_by(ProviderService.service)).all()
    assert services == ["emg_guidance", "topical_anesthetic"]
    license, *others = db.session.scalars(select(Credential).order_by(Credential.id))
    assert license.kind == CredentialKind.LICENSE
    assert [other.kind for other in others] == [CredentialKind.TRAINING, CredentialKind.MALPRACTICE_POLICY]
    assert license.submission == {"kind": "license", "field": None}
    assert license.source_key == "licenses_ca_medical"
    assert license.verifications[0].note == "California license: as it was."
    assert db.session.scalars(select(VerificationTask.sentence)).one() == "California license claimed in NPPES."
    score = db.session.scalars(select(QualificationScore)).one()
    assert score.license_verified
    assert [(award["key"], award["label"]) for award in score.awards] == [
        ("license", "State license"),
        ("years", "Years since license"),
    ]
    assert [award["why"] for award in score.awards] == [
        {"message": "none on record", "values": {}},
        {"message": "licensed since %(day)s"},
    ]
    assert score.barred_for == "license_expired"
    assert license.verifications[0].checked_on == date(2026, 1, 2)
    assert db.session.scalars(select(SourceTerms.max_characters)).one() == 42
    assert len(_all_rows(("conflict_of_interest",))["conflict_of_interest"]) == 1
    assert len(db.session.scalars(select(Account.fs_webauthn_user_handle)).one()) == 32
    assert db.session.scalars(select(ClinicStatement.reason)).one() == "contact"


def test_the_fifth_migration_is_undone_without_a_loss(empty_app: Flask) -> None:
    upgrade(revision="0004")
    execute(*BRITISH_ROWS)
    before = _all_rows(BRITISH_TABLES)
    upgrade()
    downgrade(revision="0004")
    assert _all_rows(BRITISH_TABLES) == before
    upgrade()
    assert [len(rows) for rows in _all_rows(AMERICAN_TABLES).values()] == [len(rows) for rows in before.values()]


def test_the_sixth_migration_shows_middle_names(empty_app: Flask) -> None:
    upgrade(revision="0005")
    named = [  # first, middle, last, suffix, credentials, name before, name after
        ("Ana", "Marie", "de la Cruz", None, "MD", "Ana de la Cruz, MD", "Ana Marie de la Cruz, MD"),
        ("John", "Q", "Smith", "Jr.", None, "John Smith Jr.", "John Q. Smith Jr."),
        ("Mary Ann", "Ann", "Smith", None, None, "Mary Ann Smith", "Mary Ann Smith"),
        ("Jo", "Nmn", "Smith", None, None, "Jo Smith", "Jo Smith"),
        ("Eve", "Marie", "Smith", None, "MD", "Dr. Eve", "Dr. Eve"),
    ]
    people = "INSERT INTO provider (npi, entity_type, first_name, middle_name, last_name, name_suffix, "
    people += "credential_text, name, source_key, as_of) VALUES (:npi, 1, :0, :1, :2, :3, :4, :5, 'n', '2026-01-01')"
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO source (key, name, kind) VALUES ('n', 'NPPES', 'public_file')"))
        for number, parts in enumerate(named):
            values = {str(place): part for place, part in enumerate(parts[:6])}
            connection.execute(text(people), {"npi": f"100000000{number}", **values})
    upgrade()
    shown = select(Provider.name).order_by(Provider.npi)
    assert list(db.session.scalars(shown)) == [parts[6] for parts in named]
    db.session.rollback()
    downgrade(revision="0005")
    assert list(db.session.scalars(shown)) == [parts[5] for parts in named]


def test_the_sixth_migration_asks_no_review_of_before_who_wrote_it(empty_app: Flask) -> None:
    upgrade(revision="0005")
    execute(
        "INSERT INTO source (key, name, kind) VALUES ('site', 'Patients on this site', 'patients')",
        "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
        "VALUES ('9000000017', 1, 'A', 'site', '2026-01-01')",
        "INSERT INTO review (id, npi, source_key, source_review_id, status, rating, verified, weight, "
        "discounts, version, created_at) "
        "VALUES (1, '9000000017', 'site', 'r', 'published', 5, false, 1, '[]', 1, '2026-01-01')",
    )
    upgrade()
    review = db.session.scalars(select(Review)).one()
    assert (review.written_as, review.source.name) == (None, "Patients and caregivers on this site")
    db.session.rollback()
    downgrade(revision="0005")
    assert db.session.scalars(select(Source.name)).one() == "Patients on this site"


def test_the_sixth_migration_lets_days_of_reviews_begin_in_california(empty_app: Flask) -> None:
    upgrade(revision="0005")
    review = (
        "INSERT INTO review (id, npi, source_key, source_review_id, status, rating, verified, weight, discounts, "
        "version, created_at) VALUES (:id, '1999000015', :source, :id, 'published', 5, false, 1, '[]', 1, :moment)"
    )
    days = ("2026-01-02 00:00:00.000000+00:00", "2026-07-02 00:00:00.000000+00:00", "2026-07-02 00:00:01.000000+00:00")
    if db.engine.dialect.name == "sqlite":
        days = tuple(day.removesuffix("+00:00") for day in days)
    execute(
        "INSERT INTO source (key, name, kind) VALUES ('voice', 'CareVoice', 'platform')",
        "INSERT INTO source (key, name, kind) VALUES ('site', 'Patients on this site', 'patients')",
        "INSERT INTO provider (npi, entity_type, name, source_key, as_of) "
        "VALUES ('1999000015', 1, 'A', 'voice', '2026-01-01')",
    )
    with db.engine.begin() as connection:
        for number, day in enumerate((*days, days[0]), start=1):
            values = {"id": number, "source": "site" if number == 4 else "voice", "moment": day}
            connection.execute(text(review), values)
    upgrade()
    written = select(Review.created_at).order_by(Review.id)
    moments = ["2026-01-02T08:00:00", "2026-07-02T07:00:00", "2026-07-02T00:00:01", "2026-01-02T00:00:00"]
    assert [f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" for moment in db.session.scalars(written)] == moments
    db.session.rollback()
    downgrade(revision="0005")
    hours = [moment.astimezone(UTC).hour for moment in db.session.scalars(written)]
    assert hours == [0, 0, 0, 0]


def test_the_seventh_migration_lets_everyone_be_found_by_name(empty_app: Flask) -> None:
    upgrade(revision="0006")
    execute(
        *A_PROVIDER,
        "UPDATE provider SET name = 'José de la Cruz, MD', last_name = 'de la Cruz', credential_text = 'MD'",
        "INSERT INTO other_name (id, npi, kind, name, source_key, as_of) "
        "VALUES (1, '9000000017', '4', 'José Quintero', 'demo', '2026-01-01')",
    )
    upgrade()
    for typed in ("jose delacruz", "Quintero", "kintaro"):
        assert find_names(read_name(typed)).npis.tolist() == [9000000017]
    assert not len(find_names(read_name("MD")))


def test_a_migrated_table_goes_on_counting(empty_app: Flask) -> None:
    upgrade()
    db.session.add(Source(key="a", name="A", kind=SourceKind.PUBLIC_FILE))
    values = {"state": "CA", "number": "A1", "number_key": "A1", "board": "A board", "board_status": "Current"}
    db.session.add(LicenseRecord(**values, active=True, name="A", source_key="a", as_of=date(2026, 1, 1)))
    db.session.commit()
    assert db.session.scalars(select(LicenseRecord.id)).one() == 1


def test_the_migrated_audit_log_is_append_only(empty_app: Flask) -> None:
    upgrade()
    record("command", "try", "test:1")
    db.session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM audit_event"))
    db.session.rollback()
