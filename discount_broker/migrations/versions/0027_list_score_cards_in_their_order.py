"""List the score-cards that everybody sees in their order, without sorting them all."""

from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

NAME = 'ix_score_card_is_good'


def upgrade() -> None:
    op.drop_index(op.f(NAME), 'score_card')
    op.create_index(op.f(NAME), 'score_card', ['is_good', 'least_share', 'asked', 'shop_id'])


def downgrade() -> None:
    op.drop_index(op.f(NAME), 'score_card')
    op.create_index(op.f(NAME), 'score_card', ['is_good'])
