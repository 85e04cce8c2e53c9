"""Reviews written here: accounts, audit log, mail, moderation, terms of sources, richer estimates."""

import sqlalchemy as sa

from directory.audit.models import create_triggers, drop_triggers
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('tf_primary_method', sa.String(length=20), nullable=True),
    sa.Column('tf_totp_secret', sa.String(length=500), nullable=True),
    sa.Column('tf_last_counter', sa.Integer(), nullable=True),
    sa.Column('mf_recovery_codes', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier'))
    )
    op.create_table('audit_event',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_event')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_event_hash'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_act'), ['act'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_actor'), ['actor'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_subject'), ['subject'], unique=False)

    create_triggers(op.get_bind())
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('outgoing_mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_error', sa.String(length=500), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outgoing_mail'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('account_role',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_account_role_role_id_role'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'role_id', name=op.f('pk_account_role'))
    )
    op.create_table('doubtful_match',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('source_review_id', sa.String(length=100), nullable=False),
    sa.Column('subject', sa.JSON(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=True),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_doubtful_match_source_key_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_doubtful_match')),
    sa.UniqueConstraint('source_key', 'source_review_id', name=op.f('uq_doubtful_match_source_key'))
    )
    with op.batch_alter_table('doubtful_match', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubtful_match_status'), ['status'], unique=False)

    op.create_table('source_terms',
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('show_text', sa.Boolean(), nullable=False),
    sa.Column('most_characters', sa.Integer(), nullable=True),
    sa.Column('link_required', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_source_terms_source_key_source')),
    sa.PrimaryKeyConstraint('source_key', name=op.f('pk_source_terms'))
    )
    op.create_table('representative',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_representative_account_id_account'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_representative_npi_provider'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'npi', name=op.f('pk_representative'))
    )
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representative_npi'), ['npi'], unique=False)

    op.create_table('source_average',
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('average', sa.Double(), nullable=False),
    sa.Column('reviews', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_source_average_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_source_average_source_key_source')),
    sa.PrimaryKeyConstraint('npi', 'source_key', name=op.f('pk_source_average'))
    )
    op.create_table('review_edit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('replaced', sa.JSON(), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_edit_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_edit'))
    )
    with op.batch_alter_table('review_edit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_edit_review_id'), ['review_id'], unique=False)

    op.create_table('review_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_reply_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_reply')),
    sa.UniqueConstraint('review_id', name=op.f('uq_review_reply_review_id'))
    )
    op.create_table('review_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('network_hash', sa.String(length=64), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_report_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_report')),
    sa.UniqueConstraint('form_key', name=op.f('uq_review_report_form_key'))
    )
    with op.batch_alter_table('review_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_report_review_id'), ['review_id'], unique=False)

    op.create_table('review_signal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sentence', sa.String(length=500), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_signal_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_signal'))
    )
    with op.batch_alter_table('review_signal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_signal_review_id'), ['review_id'], unique=False)

    op.create_table('submission',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('npi', sa.String(length=10), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('email_hash', sa.String(length=64), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('network_hash', sa.String(length=64), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('link_key', sa.String(length=32), nullable=False),
    sa.Column('proof_file', sa.String(length=80), nullable=True),
    sa.Column('proof_decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal', sa.Text(), nullable=True),
    sa.Column('appealed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['npi'], ['provider.npi'], name=op.f('fk_submission_npi_provider'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_submission_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_submission')),
    sa.UniqueConstraint('form_key', name=op.f('uq_submission_form_key')),
    sa.UniqueConstraint('npi', 'email_hash', 'year', name=op.f('uq_submission_npi'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_email_hash'), ['email_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_network_hash'), ['network_hash'], unique=False)

    op.create_table('text_fingerprint',
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('band', sa.Integer(), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_text_fingerprint_review_id_review'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('review_id', 'band', name=op.f('pk_text_fingerprint'))
    )
    with op.batch_alter_table('text_fingerprint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_text_fingerprint_key'), ['key'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=True),
    sa.Column('reply_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('message', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('moderator', sa.String(length=120), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['review_reply.id'], name=op.f('fk_decision_reply_id_review_reply'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_decision_review_id_review'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_act'), ['act'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_reply_id'), ['reply_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_decision_review_id'), ['review_id'], unique=False)

    op.create_table('reply_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('written_by', sa.String(length=120), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['review_reply.id'], name=op.f('fk_reply_version_reply_id_review_reply'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_version'))
    )
    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_version_reply_id'), ['reply_id'], unique=False)

    with op.batch_alter_table('rating_estimate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reviews_discounted', sa.Integer(), nullable=False, server_default='0'))

    op.execute('DELETE FROM rating_parameters')  # the other model's say nothing to this one; they are learned anew
    with op.batch_alter_table('rating_parameters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('model', sa.JSON(), nullable=False))
        batch_op.drop_column('within_sd')
        batch_op.drop_column('between_sd')

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('url', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('language', sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column('tie', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('explained', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('wait', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('guidance', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('paid', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('published_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('duplicate_of', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('text_cluster', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('weight', sa.Double(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('discounts', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index('ix_review_npi_status', ['npi', 'status'], unique=False)
        batch_op.create_index('ix_review_status_created_at', ['status', 'created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_text_cluster'), ['text_cluster'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_review_duplicate_of_review'), 'review', ['duplicate_of'], ['id'], ondelete='SET NULL')


def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_review_duplicate_of_review'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_review_text_cluster'))
        batch_op.drop_index('ix_review_status_created_at')
        batch_op.drop_index('ix_review_npi_status')
        batch_op.drop_column('version')
        batch_op.drop_column('discounts')
        batch_op.drop_column('weight')
        batch_op.drop_column('text_cluster')
        batch_op.drop_column('duplicate_of')
        batch_op.drop_column('updated_at')
        batch_op.drop_column('published_at')
        batch_op.drop_column('paid')
        batch_op.drop_column('guidance')
        batch_op.drop_column('wait')
        batch_op.drop_column('explained')
        batch_op.drop_column('tie')
        batch_op.drop_column('language')
        batch_op.drop_column('url')

    op.execute('DELETE FROM rating_parameters')  # the other model's say nothing to this one; they are learned anew
    with op.batch_alter_table('rating_parameters', schema=None) as batch_op:
        batch_op.add_column(sa.Column('between_sd', sa.Double(), nullable=False))
        batch_op.add_column(sa.Column('within_sd', sa.Double(), nullable=False))
        batch_op.drop_column('model')

    with op.batch_alter_table('rating_estimate', schema=None) as batch_op:
        batch_op.drop_column('reviews_discounted')

    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reply_version_reply_id'))

    op.drop_table('reply_version')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_review_id'))
        batch_op.drop_index(batch_op.f('ix_decision_reply_id'))
        batch_op.drop_index(batch_op.f('ix_decision_act'))

    op.drop_table('decision')
    with op.batch_alter_table('text_fingerprint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_text_fingerprint_key'))

    op.drop_table('text_fingerprint')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_network_hash'))
        batch_op.drop_index(batch_op.f('ix_submission_email_hash'))

    op.drop_table('submission')
    with op.batch_alter_table('review_signal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_signal_review_id'))

    op.drop_table('review_signal')
    with op.batch_alter_table('review_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_report_review_id'))

    op.drop_table('review_report')
    op.drop_table('review_reply')
    with op.batch_alter_table('review_edit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_edit_review_id'))

    op.drop_table('review_edit')
    op.drop_table('source_average')
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_representative_npi'))

    op.drop_table('representative')
    op.drop_table('source_terms')
    with op.batch_alter_table('doubtful_match', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_doubtful_match_status'))

    op.drop_table('doubtful_match')
    op.drop_table('account_role')
    op.drop_table('role')
    op.drop_table('outgoing_mail')
    op.drop_table('audit_head')
    drop_triggers(op.get_bind())
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_event_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_event_actor'))
        batch_op.drop_index(batch_op.f('ix_audit_event_act'))

    op.drop_table('audit_event')
    op.drop_table('account')