"""Keep corrections, pages seen and searches."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seen_page',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('etag', sa.String(), nullable=False),
    sa.Column('last_modified', sa.String(), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_seen_page_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seen_page')),
    sa.UniqueConstraint('shop_id', 'url', name=op.f('uq_seen_page_shop_id'))
    )
    op.create_table('rival_search',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('discount_request_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('query', sa.String(), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.CheckConstraint("(status = 'running') = (leased_until IS NOT NULL)", name=op.f('ck_rival_search_leased_iff_running')),
    sa.CheckConstraint("(status IN ('done', 'failed')) = (finished_at IS NOT NULL)", name=op.f('ck_rival_search_finished_iff_over')),
    sa.ForeignKeyConstraint(['discount_request_id'], ['discount_request.id'], name=op.f('fk_rival_search_discount_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rival_search')),
    sa.UniqueConstraint('discount_request_id', name=op.f('uq_rival_search_discount_request_id'))
    )
    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(40), nullable=False, server_default='crawl'))
        batch_op.add_column(sa.Column('corrected_by_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_contact_point_corrected_by_id'), 'operator', ['corrected_by_id'], ['id'])

    op.execute('UPDATE contact_point SET seen_at = created_at')
    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.alter_column('seen_at', nullable=False, existing_type=sa.DateTime(timezone=True))

    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(40), nullable=False, server_default='feed'))

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.add_column(sa.Column('evidence', sa.JSON(), nullable=False, server_default='{}'))

    with op.batch_alter_table('shop', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('corrected', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.create_index(batch_op.f('ix_shop_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_shop_merged_into_id'), 'shop', ['merged_into_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('shop', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_shop_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_shop_merged_into_id'))
        batch_op.drop_column('corrected')
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_column('evidence')

    with op.batch_alter_table('listing', schema=None) as batch_op:
        batch_op.drop_column('source')

    with op.batch_alter_table('contact_point', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_contact_point_corrected_by_id'), type_='foreignkey')
        batch_op.drop_column('seen_at')
        batch_op.drop_column('corrected_by_id')
        batch_op.drop_column('source')

    op.drop_table('rival_search')
    op.drop_table('seen_page')
