"""Keep conversations, receipts and holds."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('door_rate',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('country', sa.String(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_rate')),
    sa.UniqueConstraint('kind', 'country', name=op.f('uq_door_rate_kind'))
    )
    op.create_table('delivery_receipt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('delivery_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_delivery_receipt_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_receipt')),
    sa.UniqueConstraint('delivery_id', 'kind', 'reference', name=op.f('uq_delivery_receipt_delivery_id'))
    )
    op.create_table('known_sender',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_known_sender_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_known_sender_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_known_sender')),
    sa.UniqueConstraint('address', name=op.f('uq_known_sender_address'))
    )
    op.create_table('sending_hold',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_sending_hold_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sending_hold')),
    sa.UniqueConstraint('key', name=op.f('uq_sending_hold_key'))
    )
    op.create_table('review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=True),
    sa.Column('contact_point_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['contact_point_id'], ['contact_point.id'], name=op.f('fk_review_contact_point_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_review_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_review_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('key', name=op.f('uq_review_key'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_shop_id'), ['shop_id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('outreach_id', sa.Uuid(), nullable=False),
    sa.Column('author', sa.String(40), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('delivery_id', sa.Uuid(), nullable=True),
    sa.Column('reply_id', sa.Uuid(), nullable=True),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_letter_delivery_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_letter_operator_id')),
    sa.ForeignKeyConstraint(['outreach_id'], ['outreach.id'], name=op.f('fk_letter_outreach_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_letter_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('reply_id', name=op.f('uq_letter_reply_id'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_outreach_id'), ['outreach_id'], unique=False)

    op.create_table('offer_draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('outreach_id', sa.Uuid(), nullable=False),
    sa.Column('reply_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('percent', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('final_price', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('valid_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name=op.f('ck_offer_draft_percent_iff_percent')),
    sa.ForeignKeyConstraint(['outreach_id'], ['outreach.id'], name=op.f('fk_offer_draft_outreach_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_offer_draft_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer_draft')),
    sa.UniqueConstraint('reply_id', name=op.f('uq_offer_draft_reply_id'))
    )
    with op.batch_alter_table('offer_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_draft_outreach_id'), ['outreach_id'], unique=False)

    op.create_table('suggestion',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('reply_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('evidence', sa.String(), nullable=False),
    sa.Column('is_certain', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['reply_id'], ['reply.id'], name=op.f('fk_suggestion_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion'))
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suggestion_reply_id'), ['reply_id'], unique=False)

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.add_column(sa.Column('by_hand', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('follows_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('recipe', sa.String(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_delivery_follows_id'), 'delivery', ['follows_id'], ['id'])

    with op.batch_alter_table('discount_request', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wants_texts', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('inbound_mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(), nullable=False, server_default='smtp'))
        batch_op.add_column(sa.Column('authentication', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('message_id', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('sender', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('subject', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('attachments', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('outreach_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('matched_by', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('guesses', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('filed_by_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('filed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_inbound_mail_outreach_id'), ['outreach_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbound_mail_sender'), ['sender'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_inbound_mail_filed_by_id'), 'operator', ['filed_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_inbound_mail_outreach_id'), 'outreach', ['outreach_id'], ['id'])

    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.add_column(sa.Column('why', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_step_delivery_id'), type_='unique')
        batch_op.create_index(batch_op.f('ix_step_delivery_id'), ['delivery_id'], unique=False)

    with op.batch_alter_table('suppression', schema=None) as batch_op:
        batch_op.add_column(sa.Column('operator_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('until', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_suppression_operator_id'), 'operator', ['operator_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('suppression', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_suppression_operator_id'), type_='foreignkey')
        batch_op.drop_column('until')
        batch_op.drop_column('operator_id')

    with op.batch_alter_table('step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_step_delivery_id'))
        batch_op.create_unique_constraint(batch_op.f('uq_step_delivery_id'), ['delivery_id'])
        batch_op.drop_column('answered_at')
        batch_op.drop_column('acknowledged_at')
        batch_op.drop_column('why')

    with op.batch_alter_table('inbound_mail', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_inbound_mail_outreach_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_inbound_mail_filed_by_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_inbound_mail_sender'))
        batch_op.drop_index(batch_op.f('ix_inbound_mail_outreach_id'))
        batch_op.drop_column('filed_at')
        batch_op.drop_column('filed_by_id')
        batch_op.drop_column('guesses')
        batch_op.drop_column('matched_by')
        batch_op.drop_column('outreach_id')
        batch_op.drop_column('attachments')
        batch_op.drop_column('subject')
        batch_op.drop_column('sender')
        batch_op.drop_column('message_id')
        batch_op.drop_column('authentication')
        batch_op.drop_column('source')

    with op.batch_alter_table('discount_request', schema=None) as batch_op:
        batch_op.drop_column('wants_texts')

    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_delivery_follows_id'), type_='foreignkey')
        batch_op.drop_column('recipe')
        batch_op.drop_column('delivered_at')
        batch_op.drop_column('expires_at')
        batch_op.drop_column('follows_id')
        batch_op.drop_column('by_hand')

    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_suggestion_reply_id'))

    op.drop_table('suggestion')
    with op.batch_alter_table('offer_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_offer_draft_outreach_id'))

    op.drop_table('offer_draft')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_outreach_id'))

    op.drop_table('letter')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_shop_id'))

    op.drop_table('review')
    op.drop_table('sending_hold')
    op.drop_table('known_sender')
    op.drop_table('delivery_receipt')
    op.drop_table('door_rate')
