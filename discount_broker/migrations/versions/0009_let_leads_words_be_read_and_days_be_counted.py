"""Let it be said that a lead's words were read, and find corrections and opened cases by their day."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

INDEXES = (
    ('correction', ['at']),
    ('escalation_case', ['opened_at']),
    ('lead_review', ['lead_id', 'at']),
)


def upgrade() -> None:
    with op.batch_alter_table('lead_review') as batch:
        batch.add_column(sa.Column('read_at', sa.DateTime(timezone=True), nullable=True))
    for table, columns in INDEXES:
        op.create_index(op.f(f'ix_{table}_{columns[0]}'), table, columns)


def downgrade() -> None:
    for table, columns in reversed(INDEXES):
        op.drop_index(op.f(f'ix_{table}_{columns[0]}'), table)
    with op.batch_alter_table('lead_review') as batch:
        batch.drop_column('read_at')
