"""Let leads see which of their texts could not be said, and how often each version was sent."""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('message_text', sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('message_text', sa.Column('failure', sa.String(), nullable=False, server_default=''))
    op.create_index(
        op.f('ix_delivery_template'), 'delivery', ['template', 'channel', 'language', 'text_version']
    )


def downgrade() -> None:
    op.drop_index(op.f('ix_delivery_template'), table_name='delivery')
    with op.batch_alter_table('message_text') as batch:
        batch.drop_column('failure')
        batch.drop_column('failed_at')
