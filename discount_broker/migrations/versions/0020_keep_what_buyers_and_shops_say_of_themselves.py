"""Keep what buyers and shops say of themselves: the columns."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

GIVES = "kind NOT IN ('call', 'later', 'forward', 'not_now', 'never')"
STANDING = sa.text("status <> 'replaced'")
REFERRED = sa.text("api_reference <> ''")


def upgrade() -> None:
    op.add_column('buyer', sa.Column('deletion_due_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f('ix_buyer_deletion_due_at'), 'buyer', ['deletion_due_at'])
    op.add_column('buyer_card', sa.Column('wants_greeting', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('delivery', sa.Column('text_version', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('discount_request') as batch:
        batch.add_column(sa.Column('quantity', sa.Integer(), nullable=False, server_default='1'))
        batch.add_column(sa.Column('city', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('answers_by', sa.Date(), nullable=True))
        batch.add_column(sa.Column('basket_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('repeats_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('api_client_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('api_reference', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f('ix_discount_request_api_client_id'), ['api_client_id'])
        batch.create_index(op.f('ix_discount_request_basket_id'), ['basket_id'])
        batch.create_index('uq_discount_request_api_reference', ['api_client_id', 'api_reference'], unique=True, postgresql_where=REFERRED, sqlite_where=REFERRED)
        batch.create_check_constraint(
            op.f('ck_discount_request_quantity_in_range'), 'quantity BETWEEN 1 AND 999'
        )
        batch.create_foreign_key(op.f('fk_discount_request_repeats_id'), 'discount_request', ['repeats_id'], ['id'])
        batch.create_foreign_key(op.f('fk_discount_request_basket_id'), 'basket', ['basket_id'], ['id'])
        batch.create_foreign_key(op.f('fk_discount_request_api_client_id'), 'api_client', ['api_client_id'], ['id'])
    with op.batch_alter_table('offer') as batch:
        batch.add_column(sa.Column('delivery', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('condition', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('code', sa.String(), nullable=True))
        batch.add_column(sa.Column('rule_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('decline_reason', sa.String(40), nullable=True))
        batch.add_column(sa.Column('decline_words', sa.String(), nullable=False, server_default=''))
        batch.drop_constraint(op.f('ck_offer_gives_something'), type_='check')
        batch.create_check_constraint(op.f('ck_offer_gives_something'), GIVES)
        batch.drop_constraint(op.f('uq_offer_outreach_id'), type_='unique')
        batch.create_index(op.f('ix_offer_outreach_id'), ['outreach_id'])
        batch.create_unique_constraint(op.f('uq_offer_code'), ['code'])
        batch.create_index('uq_offer_outreach_id_standing', ['outreach_id'], unique=True, postgresql_where=STANDING, sqlite_where=STANDING)
        batch.create_foreign_key(op.f('fk_offer_rule_id'), 'standing_rule', ['rule_id'], ['id'])
    with op.batch_alter_table('outreach') as batch:
        batch.add_column(sa.Column('pool_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('ask_again_on', sa.Date(), nullable=True))
        batch.create_index(op.f('ix_outreach_pool_id'), ['pool_id'])
        batch.create_foreign_key(op.f('fk_outreach_pool_id'), 'pool', ['pool_id'], ['id'])
    op.add_column('score_card', sa.Column('acknowledged', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('score_card', sa.Column('median_acknowledgement_seconds', sa.Integer(), nullable=True))
    op.add_column('score_card', sa.Column('decided', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('score_card', sa.Column('median_decision_seconds', sa.Integer(), nullable=True))
    op.add_column('score_card', sa.Column('dead_addresses', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('score_card', sa.Column('since', sa.DateTime(timezone=True), nullable=True))
    op.add_column('score_card', sa.Column('until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('score_card', sa.Column('is_good', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f('ix_score_card_is_good'), 'score_card', ['is_good'])
    op.add_column('shop', sa.Column('contact_budget', sa.Integer(), nullable=True))
    op.add_column('shop', sa.Column('hours', sa.JSON(), nullable=False, server_default='{}'))
    op.add_column('shop', sa.Column('closed_days', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('shop', sa.Column('feed_url', sa.String(), nullable=False, server_default=''))
    op.add_column('shop', sa.Column('feed_read_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('shop', sa.Column('feed_failure', sa.String(), nullable=False, server_default=''))
    op.add_column('shop', sa.Column('wants_checks_since', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('shop', 'wants_checks_since')
    op.drop_column('shop', 'feed_failure')
    op.drop_column('shop', 'feed_read_at')
    op.drop_column('shop', 'feed_url')
    op.drop_column('shop', 'closed_days')
    op.drop_column('shop', 'hours')
    op.drop_column('shop', 'contact_budget')
    op.drop_index(op.f('ix_score_card_is_good'), 'score_card')
    op.drop_column('score_card', 'is_good')
    op.drop_column('score_card', 'until')
    op.drop_column('score_card', 'since')
    op.drop_column('score_card', 'dead_addresses')
    op.drop_column('score_card', 'median_decision_seconds')
    op.drop_column('score_card', 'decided')
    op.drop_column('score_card', 'median_acknowledgement_seconds')
    op.drop_column('score_card', 'acknowledged')
    with op.batch_alter_table('outreach') as batch:
        batch.drop_constraint(op.f('fk_outreach_pool_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_outreach_pool_id'))
        batch.drop_column('ask_again_on')
        batch.drop_column('pool_id')
    with op.batch_alter_table('offer') as batch:
        batch.drop_constraint(op.f('fk_offer_rule_id'), type_='foreignkey')
        batch.drop_index('uq_offer_outreach_id_standing', postgresql_where=STANDING, sqlite_where=STANDING)
        batch.drop_constraint(op.f('uq_offer_code'), type_='unique')
        batch.drop_index(op.f('ix_offer_outreach_id'))
        batch.create_unique_constraint(op.f('uq_offer_outreach_id'), ['outreach_id'])
        batch.drop_column('decline_words')
        batch.drop_column('decline_reason')
        batch.drop_column('rule_id')
        batch.drop_column('code')
        batch.drop_column('condition')
        batch.drop_column('delivery')
    with op.batch_alter_table('discount_request') as batch:
        batch.drop_constraint(op.f('fk_discount_request_api_client_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_discount_request_basket_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_discount_request_repeats_id'), type_='foreignkey')
        batch.drop_index('uq_discount_request_api_reference', postgresql_where=REFERRED, sqlite_where=REFERRED)
        batch.drop_index(op.f('ix_discount_request_basket_id'))
        batch.drop_index(op.f('ix_discount_request_api_client_id'))
        batch.drop_column('reminded_at')
        batch.drop_column('api_reference')
        batch.drop_column('api_client_id')
        batch.drop_column('repeats_id')
        batch.drop_column('basket_id')
        batch.drop_column('answers_by')
        batch.drop_column('city')
        batch.drop_constraint(op.f('ck_discount_request_quantity_in_range'), type_='check')
        batch.drop_column('quantity')
    op.drop_column('delivery', 'text_version')
    op.drop_column('buyer_card', 'wants_greeting')
    op.drop_index(op.f('ix_buyer_deletion_due_at'), 'buyer')
    op.drop_column('buyer', 'deletion_due_at')
