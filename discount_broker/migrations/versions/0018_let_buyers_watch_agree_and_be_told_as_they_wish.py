"""Let buyers watch, agree and be told as they wish, and programs ask for theirs: the tables."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('basket',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_basket'))
    )
    op.create_table('api_client',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_api_client_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_client')),
    sa.UniqueConstraint('name', name=op.f('uq_api_client_name'))
    )
    op.create_table('api_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('api_client_id', sa.Uuid(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('begins', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['api_client_id'], ['api_client.id'], name=op.f('fk_api_token_api_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest'))
    )
    op.create_index(op.f('ix_api_token_api_client_id'), 'api_token', ['api_client_id'])
    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_consent_buyer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index(op.f('ix_consent_buyer_id'), 'consent', ['buyer_id', 'kind', 'at'])
    op.create_table('watched_page',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reading_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(reading_until IS NULL) OR (due_at IS NOT NULL)', name=op.f('ck_watched_page_leased_while_due')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_watched_page_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watched_page')),
    sa.UniqueConstraint('url', name=op.f('uq_watched_page_url'))
    )
    op.create_index(op.f('ix_watched_page_due_at'), 'watched_page', ['due_at'])
    op.create_index(op.f('ix_watched_page_shop_id'), 'watched_page', ['shop_id'])
    op.create_table('price_reading',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('watched_page_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('price', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('old_price', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('currency', sa.String(), nullable=True),
    sa.Column('availability', sa.String(), nullable=False),
    sa.Column('failure', sa.String(), nullable=False),
    sa.CheckConstraint('price IS NULL OR currency IS NOT NULL', name=op.f('ck_price_reading_price_has_currency')),
    sa.ForeignKeyConstraint(['watched_page_id'], ['watched_page.id'], name=op.f('fk_price_reading_watched_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_reading'))
    )
    op.create_index(op.f('ix_price_reading_watched_page_id'), 'price_reading', ['watched_page_id', 'at'])
    op.create_table('watch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('watched_page_id', sa.Uuid(), nullable=False),
    sa.Column('discount_request_id', sa.Uuid(), nullable=True),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('below', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('status', sa.String(40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'below') = (below IS NOT NULL)", name=op.f('ck_watch_below_names_a_price')),
    sa.CheckConstraint("(status = 'watching') = (ended_at IS NULL)", name=op.f('ck_watch_ended_iff_over')),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_watch_buyer_id')),
    sa.ForeignKeyConstraint(['discount_request_id'], ['discount_request.id'], name=op.f('fk_watch_discount_request_id')),
    sa.ForeignKeyConstraint(['watched_page_id'], ['watched_page.id'], name=op.f('fk_watch_watched_page_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watch'))
    )
    op.create_index(op.f('ix_watch_buyer_id'), 'watch', ['buyer_id'])
    op.create_index(op.f('ix_watch_watched_page_id'), 'watch', ['watched_page_id'])
    op.create_table('webhook',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('api_client_id', sa.Uuid(), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('told_until', sa.Integer(), nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['api_client_id'], ['api_client.id'], name=op.f('fk_webhook_api_client_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook'))
    )
    op.create_index(op.f('ix_webhook_api_client_id'), 'webhook', ['api_client_id'])
    op.create_table('hook_call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('webhook_id', sa.Uuid(), nullable=False),
    sa.Column('timeline_entry_id', sa.Integer(), nullable=True),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(40), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_status', sa.Integer(), nullable=True),
    sa.Column('last_error', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'due') = (due_at IS NOT NULL)", name=op.f('ck_hook_call_due_iff_due')),
    sa.CheckConstraint("(status = 'sending') = (leased_until IS NOT NULL)", name=op.f('ck_hook_call_leased_iff_sending')),
    sa.ForeignKeyConstraint(['timeline_entry_id'], ['timeline_entry.id'], name=op.f('fk_hook_call_timeline_entry_id')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_hook_call_webhook_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_call')),
    sa.UniqueConstraint('webhook_id', 'timeline_entry_id', name=op.f('uq_hook_call_webhook_id'))
    )
    op.create_index(op.f('ix_hook_call_due_at'), 'hook_call', ['due_at'])
    op.create_index(op.f('ix_hook_call_leased_until'), 'hook_call', ['leased_until'])
    op.create_table('news_preference',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('way', sa.String(40), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_news_preference_buyer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_preference')),
    sa.UniqueConstraint('buyer_id', 'kind', name=op.f('uq_news_preference_buyer_id'))
    )
    op.create_table('news_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('headline', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(40), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivery_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (due_at IS NOT NULL)", name=op.f('ck_news_item_due_iff_waiting')),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_news_item_buyer_id')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_news_item_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_item')),
    sa.UniqueConstraint('purpose', name=op.f('uq_news_item_purpose'))
    )
    op.create_index(op.f('ix_news_item_buyer_id'), 'news_item', ['buyer_id', 'created_at'])
    op.create_index(op.f('ix_news_item_delivery_id'), 'news_item', ['delivery_id'])
    op.create_index(op.f('ix_news_item_due_at'), 'news_item', ['due_at'])


def downgrade() -> None:
    op.drop_table('news_item')
    op.drop_table('news_preference')
    op.drop_table('hook_call')
    op.drop_table('webhook')
    op.drop_table('watch')
    op.drop_table('price_reading')
    op.drop_table('watched_page')
    op.drop_table('consent')
    op.drop_table('api_token')
    op.drop_table('api_client')
    op.drop_table('basket')
