"""Pause webhooks that take nothing, write to programs in their language, and find watches that are over."""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

WATCHING = sa.text("status = 'watching'")


def upgrade() -> None:
    op.add_column('api_client', sa.Column('language', sa.String(), nullable=False, server_default='en'))
    op.add_column('webhook', sa.Column('failures', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('webhook', sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        op.f('ix_watch_expires_at'), 'watch', ['expires_at'], postgresql_where=WATCHING, sqlite_where=WATCHING
    )


def downgrade() -> None:
    op.drop_index(op.f('ix_watch_expires_at'), 'watch')
    op.drop_column('webhook', 'paused_at')
    op.drop_column('webhook', 'failures')
    op.drop_column('api_client', 'language')
