"""Credentials verified by people, and watched: tasks, evidence, public files, claims, passkeys, sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('invited_by', sa.String(length=120), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_invitation_key_hash'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_email'), ['email'], unique=False)

    op.create_table('leie_entry',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=True),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('last_name', sa.String(length=100), nullable=True),
    sa.Column('first_name', sa.String(length=100), nullable=True),
    sa.Column('middle_name', sa.String(length=100), nullable=True),
    sa.Column('business_name', sa.String(length=200), nullable=True),
    sa.Column('general', sa.String(length=100), nullable=True),
    sa.Column('specialty', sa.String(length=100), nullable=True),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('address', sa.String(length=200), nullable=True),
    sa.Column('city', sa.String(length=100), nullable=True),
    sa.Column('state', sa.String(length=2), nullable=True),
    sa.Column('postal_code', sa.String(length=10), nullable=True),
    sa.Column('exclusion_type', sa.String(length=20), nullable=False),
    sa.Column('excluded_on', sa.Date(), nullable=False),
    sa.Column('reinstated_on', sa.Date(), nullable=True),
    sa.Column('waived_on', sa.Date(), nullable=True),
    sa.Column('waiver_state', sa.String(length=60), nullable=True),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_leie_entry'))
    )
    with op.batch_alter_table('leie_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_leie_entry_name_key'), ['name_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_leie_entry_npi'), ['npi'], unique=False)

    op.create_table('licence_record',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=2), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('number_key', sa.String(length=40), nullable=False),
    sa.Column('licence_type', sa.String(length=100), nullable=False),
    sa.Column('board', sa.String(length=200), nullable=False),
    sa.Column('board_status', sa.String(length=100), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('city', sa.String(length=100), nullable=True),
    sa.Column('county', sa.String(length=100), nullable=True),
    sa.Column('public_actions', sa.Text(), nullable=True),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_licence_record_source_key_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_licence_record')),
    sa.UniqueConstraint('state', 'number_key', 'licence_type', name=op.f('uq_licence_record_state'))
    )
    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(length=1024), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('transports', sa.JSON(), nullable=True),
    sa.Column('backup_state', sa.Boolean(), nullable=False),
    sa.Column('device_type', sa.String(length=64), nullable=False),
    sa.Column('extensions', sa.String(length=255), nullable=True),
    sa.Column('create_datetime', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lastuse_datetime', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('usage', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['account.id'], name=op.f('fk_passkey_user_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_user_id'), ['user_id'], unique=False)

    op.create_table('signed_in_session',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_signed_in_session_account_id_account'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key_hash', name=op.f('pk_signed_in_session'))
    )
    with op.batch_alter_table('signed_in_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_in_session_account_id'), ['account_id'], unique=False)

    op.create_table('birth_date',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=False),
    sa.Column('entered_by', sa.String(length=120), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_birth_date_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('npi', name=op.f('pk_birth_date'))
    )
    op.create_table('claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('position', sa.String(length=100), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('way', sa.String(length=10), nullable=False),
    sa.Column('sent_to', sa.String(length=254), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries_left', sa.Integer(), nullable=False),
    sa.Column('called_by', sa.String(length=120), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('call_note', sa.String(length=500), nullable=True),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_claim_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_claim_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_claim_key_hash'))
    )
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claim_npi'), ['npi'], unique=False)
        batch_op.create_index(batch_op.f('ix_claim_status'), ['status'], unique=False)

    op.create_table('clinic_statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_clinic_statement_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clinic_statement'))
    )
    with op.batch_alter_table('clinic_statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clinic_statement_npi'), ['npi'], unique=False)

    op.create_table('medicare_enrolment',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('medical_school', sa.String(length=200), nullable=True),
    sa.Column('graduation_year', sa.Integer(), nullable=True),
    sa.Column('accepts_assignment', sa.String(length=1), nullable=True),
    sa.Column('telehealth', sa.Boolean(), nullable=True),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_medicare_enrolment_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_medicare_enrolment_source_key_source')),
    sa.PrimaryKeyConstraint('npi', name=op.f('pk_medicare_enrolment'))
    )
    op.create_table('medicare_group',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('org_pac_id', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('members', sa.Integer(), nullable=True),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_medicare_group_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_medicare_group_source_key_source')),
    sa.PrimaryKeyConstraint('npi', 'org_pac_id', name=op.f('pk_medicare_group'))
    )
    op.create_table('medicare_year',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_medicare_year_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_medicare_year_source_key_source')),
    sa.PrimaryKeyConstraint('npi', 'year', name=op.f('pk_medicare_year'))
    )
    op.create_table('office_hours',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('opens_at', sa.Time(), nullable=False),
    sa.Column('closes_at', sa.Time(), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_office_hours_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_office_hours_source_key_source')),
    sa.PrimaryKeyConstraint('npi', 'weekday', name=op.f('pk_office_hours'))
    )
    op.create_table('possible_exclusion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('entry_key', sa.String(length=64), nullable=False),
    sa.Column('entry', sa.JSON(), nullable=False),
    sa.Column('fits', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=True),
    sa.Column('decided_by', sa.String(length=120), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_possible_exclusion_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_possible_exclusion')),
    sa.UniqueConstraint('npi', 'entry_key', name=op.f('uq_possible_exclusion_npi'))
    )
    with op.batch_alter_table('possible_exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_possible_exclusion_entry_key'), ['entry_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_possible_exclusion_npi'), ['npi'], unique=False)

    op.create_table('tie',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('what', sa.String(length=300), nullable=False),
    sa.Column('declared_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_tie_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_tie_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'npi', name=op.f('pk_tie'))
    )
    with op.batch_alter_table('tie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tie_npi'), ['npi'], unique=False)

    op.create_table('website',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('url', sa.String(length=300), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_website_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_website_source_key_source')),
    sa.PrimaryKeyConstraint('npi', name=op.f('pk_website'))
    )
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(length=80), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('media_type', sa.String(length=40), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('added_by', sa.String(length=120), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['credential_id'], ['credential.id'], name=op.f('fk_evidence_credential_id_credential'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_credential_id'), ['credential_id'], unique=False)

    op.create_table('verification_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('credential_id', sa.Integer(), nullable=True),
    sa.Column('verification_id', sa.Integer(), nullable=True),
    sa.Column('possible_exclusion_id', sa.Integer(), nullable=True),
    sa.Column('open_key', sa.String(length=80), nullable=True),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('assigned_to', sa.Integer(), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.String(length=120), nullable=True),
    sa.ForeignKeyConstraint(['assigned_to'], ['account.id'], name=op.f('fk_verification_task_assigned_to_account'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['credential_id'], ['credential.id'], name=op.f('fk_verification_task_credential_id_credential'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_verification_task_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['possible_exclusion_id'], ['possible_exclusion.id'], name=op.f('fk_verification_task_possible_exclusion_id_possible_exclusion'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['verification_id'], ['verification.id'], name=op.f('fk_verification_task_verification_id_verification'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_verification_task')),
    sa.UniqueConstraint('open_key', name=op.f('uq_verification_task_open_key'))
    )
    with op.batch_alter_table('verification_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_verification_task_assigned_to'), ['assigned_to'], unique=False)
        batch_op.create_index('ix_verification_task_closed_at_kind', ['closed_at', 'kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_verification_task_credential_id'), ['credential_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_verification_task_npi'), ['npi'], unique=False)
        batch_op.create_index(batch_op.f('ix_verification_task_possible_exclusion_id'), ['possible_exclusion_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('fs_webauthn_user_handle', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_account_fs_webauthn_user_handle'), ['fs_webauthn_user_handle'])

    with op.batch_alter_table('credential', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verified_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('claim', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('entered_by', sa.String(length=120), nullable=False, server_default='program'))
        batch_op.add_column(sa.Column('submitted_by', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index('ix_credential_status_expires_on', ['status', 'expires_on'], unique=False)

    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waived_in', sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=250), nullable=True))
        batch_op.add_column(sa.Column('entry_key', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_exclusion_npi'), ['npi', 'entry_key'])

    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('as_of', sa.Date(), nullable=True))

    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.add_column(sa.Column('checked_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('contact', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('evidence_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('seen', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('recorded_by', sa.String(length=120), nullable=False, server_default='program'))
        batch_op.add_column(sa.Column('state', sa.String(length=10), nullable=False, server_default='final'))
        batch_op.add_column(sa.Column('second_by', sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column('second_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('second_note', sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_verification_evidence_id_evidence'), 'evidence', ['evidence_id'], ['id'], ondelete='SET NULL')



def downgrade() -> None:
    with op.batch_alter_table('verification', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_verification_evidence_id_evidence'), type_='foreignkey')
        batch_op.drop_column('second_note')
        batch_op.drop_column('second_at')
        batch_op.drop_column('second_by')
        batch_op.drop_column('state')
        batch_op.drop_column('recorded_by')
        batch_op.drop_column('seen')
        batch_op.drop_column('evidence_id')
        batch_op.drop_column('contact')
        batch_op.drop_column('checked_on')

    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_column('as_of')

    with op.batch_alter_table('exclusion', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_exclusion_npi'), type_='unique')
        batch_op.drop_column('entry_key')
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('waived_in')

    with op.batch_alter_table('credential', schema=None) as batch_op:
        batch_op.drop_index('ix_credential_status_expires_on')
        batch_op.drop_column('version')
        batch_op.drop_column('submitted_at')
        batch_op.drop_column('submitted_by')
        batch_op.drop_column('entered_by')
        batch_op.drop_column('answer')
        batch_op.drop_column('claim')
        batch_op.drop_column('verified_until')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_account_fs_webauthn_user_handle'), type_='unique')
        batch_op.drop_column('fs_webauthn_user_handle')

    with op.batch_alter_table('verification_task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_verification_task_possible_exclusion_id'))
        batch_op.drop_index(batch_op.f('ix_verification_task_npi'))
        batch_op.drop_index(batch_op.f('ix_verification_task_credential_id'))
        batch_op.drop_index('ix_verification_task_closed_at_kind')
        batch_op.drop_index(batch_op.f('ix_verification_task_assigned_to'))

    op.drop_table('verification_task')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_credential_id'))

    op.drop_table('evidence')
    op.drop_table('website')
    with op.batch_alter_table('tie', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tie_npi'))

    op.drop_table('tie')
    with op.batch_alter_table('possible_exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_possible_exclusion_npi'))
        batch_op.drop_index(batch_op.f('ix_possible_exclusion_entry_key'))

    op.drop_table('possible_exclusion')
    op.drop_table('office_hours')
    op.drop_table('medicare_year')
    op.drop_table('medicare_group')
    op.drop_table('medicare_enrolment')
    with op.batch_alter_table('clinic_statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clinic_statement_npi'))

    op.drop_table('clinic_statement')
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claim_status'))
        batch_op.drop_index(batch_op.f('ix_claim_npi'))

    op.drop_table('claim')
    op.drop_table('birth_date')
    with op.batch_alter_table('signed_in_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signed_in_session_account_id'))

    op.drop_table('signed_in_session')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_user_id'))

    op.drop_table('passkey')
    op.drop_table('licence_record')
    with op.batch_alter_table('leie_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_leie_entry_npi'))
        batch_op.drop_index(batch_op.f('ix_leie_entry_name_key'))

    op.drop_table('leie_entry')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_email'))

    op.drop_table('invitation')
