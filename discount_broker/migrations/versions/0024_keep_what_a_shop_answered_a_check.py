"""Keep what a shop answered a check."""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('response_check', sa.Column('answer', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('response_check', 'answer')
