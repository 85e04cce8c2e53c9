"""What Medicare pays for a medicine, and the languages of the review form and of replies."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payment_limit',
    sa.Column('hcpcs_code', sa.String(length=5), nullable=False),
    sa.Column('quarter_starts_on', sa.Date(), nullable=False),
    sa.Column('dosage', sa.String(length=60), nullable=False),
    sa.Column('dosage_units', sa.Integer(), nullable=False),
    sa.Column('limit_usd', sa.Numeric(precision=12, scale=3), nullable=False),
    sa.Column('source_key', sa.String(length=40), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['source_key'], ['source.key'], name=op.f('fk_payment_limit_source_key_source')),
    sa.PrimaryKeyConstraint('hcpcs_code', 'quarter_starts_on', name=op.f('pk_payment_limit'))
    )
    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=3), nullable=True))

    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('form_language', sa.String(length=2), server_default='en', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_column('form_language')

    with op.batch_alter_table('reply_version', schema=None) as batch_op:
        batch_op.drop_column('language')

    op.drop_table('payment_limit')
