"""Count messages by channel, and find ladders that have ended, by index alone among a million."""

from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f('ix_delivery_status'), 'delivery')
    op.create_index(op.f('ix_delivery_status'), 'delivery', ['status', 'channel'])
    op.create_index(op.f('ix_outreach_status'), 'outreach', ['status', 'id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_outreach_status'), 'outreach')
    op.drop_index(op.f('ix_delivery_status'), 'delivery')
    op.create_index(op.f('ix_delivery_status'), 'delivery', ['status'])
