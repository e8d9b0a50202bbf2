"""Let score-cards say what is usual, and how sure their share is."""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('score_card', sa.Column('usual_from', sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column('score_card', sa.Column('usual_to', sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column('score_card', sa.Column('best_percent', sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column('score_card', sa.Column('least_share', sa.Double(), nullable=False, server_default='0'))


def downgrade() -> None:
    op.drop_column('score_card', 'least_share')
    op.drop_column('score_card', 'best_percent')
    op.drop_column('score_card', 'usual_to')
    op.drop_column('score_card', 'usual_from')
