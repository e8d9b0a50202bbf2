"""Let shops speak for themselves, and leads write the messages: the tables."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('message_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('message', sa.String(), nullable=False),
    sa.Column('channel', sa.String(40), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_message_text_version_counts_from_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_text')),
    sa.UniqueConstraint('message', 'channel', 'language', 'version', name=op.f('uq_message_text_message'))
    )
    op.create_table('pool',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('product_key', sa.String(), nullable=False),
    sa.Column('formed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_pool_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pool'))
    )
    op.create_index(op.f('ix_pool_product_key'), 'pool', ['product_key'])
    op.create_index(op.f('ix_pool_shop_id'), 'pool', ['shop_id'])
    op.create_table('shop_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('invited_by_id', sa.Uuid(), nullable=True),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invited_by_id'], ['shop_member.id'], name=op.f('fk_shop_member_invited_by_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_shop_member_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_member')),
    sa.UniqueConstraint('shop_id', 'email', name=op.f('uq_shop_member_shop_id'))
    )
    op.create_index(op.f('ix_shop_member_email'), 'shop_member', ['email'])
    op.create_table('standing_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('shop_member_id', sa.Uuid(), nullable=False),
    sa.Column('percent', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('words_in_title', sa.String(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('a_day', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('a_day IS NULL OR a_day > 0', name=op.f('ck_standing_rule_a_day_counts_from_one')),
    sa.CheckConstraint('percent BETWEEN 1 AND 90', name=op.f('ck_standing_rule_percent_in_range')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_standing_rule_shop_id')),
    sa.ForeignKeyConstraint(['shop_member_id'], ['shop_member.id'], name=op.f('fk_standing_rule_shop_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_rule'))
    )
    op.create_index(op.f('ix_standing_rule_shop_id'), 'standing_rule', ['shop_id'])
    op.create_table('counter_offer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('offer_id', sa.Uuid(), nullable=False),
    sa.Column('outreach_id', sa.Uuid(), nullable=False),
    sa.Column('percent', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('price', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(40), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', name=op.f('ck_counter_offer_answered_iff_answer')),
    sa.CheckConstraint('(percent IS NULL) <> (price IS NULL)', name=op.f('ck_counter_offer_percent_or_price')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_counter_offer_offer_id')),
    sa.ForeignKeyConstraint(['outreach_id'], ['outreach.id'], name=op.f('fk_counter_offer_outreach_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counter_offer')),
    sa.UniqueConstraint('offer_id', name=op.f('uq_counter_offer_offer_id')),
    sa.UniqueConstraint('outreach_id', name=op.f('uq_counter_offer_outreach_id'))
    )
    op.create_table('card_reply',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('shop_member_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_card_reply_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_card_reply_shop_id')),
    sa.ForeignKeyConstraint(['shop_member_id'], ['shop_member.id'], name=op.f('fk_card_reply_shop_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card_reply'))
    )
    op.create_index(op.f('ix_card_reply_shop_id'), 'card_reply', ['shop_id'])
    op.create_table('response_check',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('round', sa.String(), nullable=False),
    sa.Column('reason', sa.String(40), nullable=False),
    sa.Column('status', sa.String(40), nullable=False),
    sa.Column('contact_point_id', sa.Uuid(), nullable=True),
    sa.Column('delivery_id', sa.Uuid(), nullable=True),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('wording', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('call_promised_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name=op.f('ck_response_check_done_at_iff_done')),
    sa.CheckConstraint("status = 'drawn' OR status = 'dropped' OR asked_at IS NOT NULL", name=op.f('ck_response_check_asked_at')),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_point.id'], name=op.f('fk_response_check_contact_point_id')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_response_check_delivery_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_response_check_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_response_check_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_response_check')),
    sa.UniqueConstraint('shop_id', 'round', name=op.f('uq_response_check_shop_id'))
    )
    op.create_index(op.f('ix_response_check_delivery_id'), 'response_check', ['delivery_id'])
    op.create_index(op.f('ix_response_check_status'), 'response_check', ['status', 'round'])


def downgrade() -> None:
    op.drop_table('response_check')
    op.drop_table('card_reply')
    op.drop_table('counter_offer')
    op.drop_table('standing_rule')
    op.drop_table('shop_member')
    op.drop_table('pool')
    op.drop_table('message_text')
