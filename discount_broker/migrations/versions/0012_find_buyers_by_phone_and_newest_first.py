"""Find buyers by the beginning of an address or the digits of a phone, and list them newest first."""

import re

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

KEPT = 10
"""Digits from the end: `8 916 …` and `+7 916 …` are one number."""


def upgrade() -> None:
    with op.batch_alter_table('buyer') as batch:
        batch.add_column(sa.Column('phone_digits', sa.String(), nullable=False, server_default=''))
    buyer = sa.table('buyer', sa.column('id', sa.Uuid()), sa.column('phone'), sa.column('phone_digits'))
    bind = op.get_bind()
    known = bind.execute(sa.select(buyer.c.id, buyer.c.phone).where(buyer.c.phone.is_not(None))).all()
    for row_id, phone in known:
        digits = re.sub(r'\D', '', phone)[-KEPT:]
        bind.execute(sa.update(buyer).where(buyer.c.id == row_id).values(phone_digits=digits))
    for column in ('phone_digits', 'email'):
        op.create_index(f'ix_buyer_{column}_begins', 'buyer', [column], postgresql_ops={column: 'varchar_pattern_ops'})
    op.create_index(op.f('ix_buyer_created_at'), 'buyer', ['created_at', 'id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_buyer_created_at'), 'buyer')
    for column in ('email', 'phone_digits'):
        op.drop_index(f'ix_buyer_{column}_begins', 'buyer')
    with op.batch_alter_table('buyer') as batch:
        batch.drop_column('phone_digits')
