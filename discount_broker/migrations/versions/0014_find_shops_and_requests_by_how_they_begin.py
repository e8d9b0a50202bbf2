"""Find shops and requests by how their names begin, at once among a million."""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

SEARCHED = (('shop', 'domain'), ('shop', 'name'), ('discount_request', 'number'))


def upgrade() -> None:
    for table, column in SEARCHED:
        name = f'ix_{table}_{column}_begins'
        op.create_index(name, table, [column], postgresql_ops={column: 'text_pattern_ops'})


def downgrade() -> None:
    for table, column in SEARCHED:
        op.drop_index(f'ix_{table}_{column}_begins', table)
