"""Send operators a link for their password: which one is good, and until when."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('operator') as batch:
        batch.add_column(sa.Column('password_link_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('password_link_until', sa.DateTime(timezone=True), nullable=True))
        batch.create_unique_constraint(op.f('uq_operator_password_link_id'), ['password_link_id'])


def downgrade() -> None:
    with op.batch_alter_table('operator') as batch:
        batch.drop_constraint(op.f('uq_operator_password_link_id'), type_='unique')
        batch.drop_column('password_link_until')
        batch.drop_column('password_link_id')
