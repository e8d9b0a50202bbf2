"""Keep what programs ask until it can be sent, which request a call tells of, and who confirmed a watch."""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'api_ask',
        sa.Column('discount_request_id', sa.Uuid(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('given', sa.JSON(), nullable=False),
        sa.Column('refused_code', sa.String(), nullable=False),
        sa.Column('refused_field', sa.String(), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['discount_request_id'], ['discount_request.id'], name=op.f('fk_api_ask_discount_request_id')),
        sa.PrimaryKeyConstraint('discount_request_id', name=op.f('pk_api_ask')),
    )
    op.create_index(op.f('ix_api_ask_settled_at'), 'api_ask', ['settled_at'])
    with op.batch_alter_table('hook_call') as batch:
        batch.add_column(sa.Column('discount_request_id', sa.Uuid(), nullable=True))
        batch.create_index(op.f('ix_hook_call_discount_request_id'), ['discount_request_id'])
        batch.create_foreign_key(op.f('fk_hook_call_discount_request_id'), 'discount_request', ['discount_request_id'], ['id'])
    with op.batch_alter_table('watch') as batch:
        batch.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('ended_why', sa.String(), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('watch') as batch:
        batch.drop_column('ended_why')
        batch.drop_column('confirmed_at')
    with op.batch_alter_table('hook_call') as batch:
        batch.drop_constraint(op.f('fk_hook_call_discount_request_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_hook_call_discount_request_id'))
        batch.drop_column('discount_request_id')
    op.drop_table('api_ask')
