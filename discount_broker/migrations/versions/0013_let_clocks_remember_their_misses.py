"""Let clocks remember their misses and be found when they run out, and count how late promises were kept."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

WARNS, RUNS_OUT, RUNS = 'warned_at IS NULL', 'missed_at IS NULL', 'stopped_at IS NULL'
PARTIAL = (('to_warn', 'warn_at', WARNS), ('to_miss', 'breach_at', RUNS_OUT), ('stale', 'wound_at', RUNS))


def upgrade() -> None:
    with op.batch_alter_table('case_clock') as batch:
        batch.add_column(sa.Column('misses', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('wound_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f('ix_case_clock_breach_at'), 'case_clock')
    op.drop_index(op.f('ix_case_clock_warn_at'), 'case_clock')
    for name, column, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(
            f'ix_case_clock_{name}', 'case_clock', [column], postgresql_where=where, sqlite_where=where
        )
    with op.batch_alter_table('score_card') as batch:
        batch.add_column(sa.Column('promises_late', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('median_late_seconds', sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('score_card') as batch:
        batch.drop_column('median_late_seconds')
        batch.drop_column('promises_late')
    for name, _column, _condition in PARTIAL:
        op.drop_index(f'ix_case_clock_{name}', 'case_clock')
    op.create_index(op.f('ix_case_clock_breach_at'), 'case_clock', ['breach_at'])
    op.create_index(op.f('ix_case_clock_warn_at'), 'case_clock', ['warn_at'])
    with op.batch_alter_table('case_clock') as batch:
        batch.drop_column('wound_at')
        batch.drop_column('misses')
