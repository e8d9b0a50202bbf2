"""Send operators a link for their password: which one is good, and until when."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('operator') as batch:
        batch.add_column(sa.Column('password_link_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('password_link_until', sa.DateTime(timezone=True), nullable=True))
        batch.create_unique_constraint(op.f('uq_operator_password_link_id'), ['password_link_id'])
    with op.batch_alter_table('staff_session') as batch:
        batch.create_index(op.f('ix_staff_session_ended_at'), ['ended_at'])


def downgrade() -> None:
    with op.batch_alter_table('staff_session') as batch:
        batch.drop_index(op.f('ix_staff_session_ended_at'))
    with op.batch_alter_table('operator') as batch:
        batch.drop_constraint(op.f('uq_operator_password_link_id'), type_='unique')
        batch.drop_column('password_link_until')
        batch.drop_column('password_link_id')
