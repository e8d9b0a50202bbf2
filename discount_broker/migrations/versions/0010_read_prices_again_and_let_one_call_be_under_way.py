"""Let prices be read again, and each operator have one call under way."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outreach') as batch:
        batch.add_column(sa.Column('price_due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_outreach_price_due_at'), 'outreach', ['price_due_at'])
    under_way = sa.text('result IS NULL')
    op.create_index(
        'ix_call_under_way',
        'call',
        ['operator_id'],
        unique=True,
        postgresql_where=under_way,
        sqlite_where=under_way,
    )


def downgrade() -> None:
    op.drop_index('ix_call_under_way', 'call')
    op.drop_index(op.f('ix_outreach_price_due_at'), 'outreach')
    with op.batch_alter_table('outreach') as batch:
        batch.drop_column('price_due_at')
