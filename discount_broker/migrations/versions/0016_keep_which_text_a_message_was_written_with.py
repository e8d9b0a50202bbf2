"""Keep which version of a canned text a message was begun with."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('delivery', sa.Column('written_with', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('delivery') as batch:
        batch.drop_column('written_with')
