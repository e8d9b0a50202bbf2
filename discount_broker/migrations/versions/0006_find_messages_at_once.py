"""Find messages at once by what the sweeps and pages ask for."""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

INDEXES = (
    ('delivery', 'status'),
    ('delivery', 'address'),
    ('delivery_receipt', 'kind'),
    ('inbound_mail', 'verdict'),
    ('letter', 'delivery_id'),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f'ix_{table}_{column}'), table, [column])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f'ix_{table}_{column}'), table)
