"""Keep in which money a watch waits."""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

LAST_MONEY = """
    UPDATE watch SET currency = (
        SELECT reading.currency FROM price_reading AS reading
        WHERE reading.watched_page_id = watch.watched_page_id AND reading.currency IS NOT NULL
        ORDER BY reading.at DESC LIMIT 1
    ) WHERE below IS NOT NULL
"""


def upgrade() -> None:
    op.add_column('watch', sa.Column('currency', sa.String(), nullable=True))
    op.execute(LAST_MONEY)


def downgrade() -> None:
    op.drop_column('watch', 'currency')
