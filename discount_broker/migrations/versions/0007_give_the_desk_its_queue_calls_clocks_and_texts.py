"""Give the desk its queue, calls, clocks, texts and cards: the tables."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def _only(name: str, columns: list[str], condition: str) -> None:
    """An index of the rows of one view of the queue."""
    where = sa.text(condition)
    op.create_index(name, 'queue_entry', columns, postgresql_where=where, sqlite_where=where)


def upgrade() -> None:
    op.create_table('buyer_card',
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('came_by', sa.JSON(), nullable=False),
    sa.Column('lead_type', sa.String(), nullable=False),
    sa.Column('is_lead_type_set', sa.Boolean(), nullable=False),
    sa.Column('first_interest', sa.JSON(), nullable=False),
    sa.Column('present_interest', sa.JSON(), nullable=False),
    sa.Column('standing', sa.String(40), nullable=False),
    sa.Column('standing_reason', sa.String(), nullable=False),
    sa.Column('birthday', sa.Date(), nullable=True),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_buyer_card_buyer_id')),
    sa.PrimaryKeyConstraint('buyer_id', name=op.f('pk_buyer_card'))
    )
    op.create_table('buyer_note',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_buyer_note_buyer_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_buyer_note_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer_note'))
    )
    op.create_index(op.f('ix_buyer_note_buyer_id'), 'buyer_note', ['buyer_id'])
    op.create_table('clock_policy',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('warn_minutes', sa.Integer(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_clock_policy_gives_time')),
    sa.CheckConstraint('warn_minutes BETWEEN 0 AND minutes', name=op.f('ck_clock_policy_warns_before')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_clock_policy_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_policy')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_clock_policy_kind'))
    )
    op.create_table('contact_wish',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('buyer_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('from_minute', sa.Integer(), nullable=True),
    sa.Column('until_minute', sa.Integer(), nullable=True),
    sa.Column('on_day', sa.Date(), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind <> 'not_on' OR on_day IS NOT NULL", name=op.f('ck_contact_wish_not_on_names_a_day')),
    sa.CheckConstraint("kind <> 'quiet_hours' OR (from_minute IS NOT NULL AND until_minute IS NOT NULL)", name=op.f('ck_contact_wish_quiet_hours_have_ends')),
    sa.ForeignKeyConstraint(['buyer_id'], ['buyer.id'], name=op.f('fk_contact_wish_buyer_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_contact_wish_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_wish'))
    )
    op.create_index(op.f('ix_contact_wish_buyer_id'), 'contact_wish', ['buyer_id'])
    op.create_table('desk_text',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('is_retired', sa.Boolean(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('version > 0', name=op.f('ck_desk_text_version_counts_from_one')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_desk_text_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_desk_text')),
    sa.UniqueConstraint('kind', 'key', 'language', 'version', name=op.f('uq_desk_text_kind'))
    )
    op.create_table('lead_rule',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('lead_type', sa.String(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_lead_rule_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_rule'))
    )
    op.create_table('presence',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_presence_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_presence_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presence')),
    sa.UniqueConstraint('shop_id', 'operator_id', name=op.f('uq_presence_shop_id'))
    )
    op.create_index(op.f('ix_presence_seen_at'), 'presence', ['seen_at'])
    op.create_table('saved_filter',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_saved_filter_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('operator_id', 'name', name=op.f('uq_saved_filter_operator_id'))
    )
    op.create_table('shop_person',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_shop_person_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_person'))
    )
    op.create_index(op.f('ix_shop_person_phone'), 'shop_person', ['phone'])
    op.create_index(op.f('ix_shop_person_shop_id'), 'shop_person', ['shop_id'])
    op.create_table('staff_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=False),
    sa.Column('browser', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_staff_session_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_session'))
    )
    op.create_index(op.f('ix_staff_session_operator_id'), 'staff_session', ['operator_id'])
    op.create_table('phone_call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('provider_id', sa.String(), nullable=False),
    sa.Column('direction', sa.String(40), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('extension', sa.String(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('shop_id', sa.Uuid(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('call_id', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_phone_call_call_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_phone_call_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_phone_call_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_call')),
    sa.UniqueConstraint('call_id', name=op.f('uq_phone_call_call_id')),
    sa.UniqueConstraint('provider', 'provider_id', name=op.f('uq_phone_call_provider'))
    )
    op.create_index(op.f('ix_phone_call_number'), 'phone_call', ['number'])
    op.create_index(op.f('ix_phone_call_settled_at'), 'phone_call', ['settled_at'])
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('shop_id', sa.Uuid(), nullable=True),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['escalation_case.id'], name=op.f('fk_audit_entry_case_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_audit_entry_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_audit_entry_shop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_case_id'), 'audit_entry', ['case_id', 'id'])
    op.create_index(op.f('ix_audit_entry_operator_id'), 'audit_entry', ['operator_id', 'id'])
    op.create_index(op.f('ix_audit_entry_shop_id'), 'audit_entry', ['shop_id', 'id'])
    op.create_index(op.f('ix_audit_entry_subject'), 'audit_entry', ['subject', 'id'])
    op.create_table('call_case',
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_case_call_id')),
    sa.ForeignKeyConstraint(['case_id'], ['escalation_case.id'], name=op.f('fk_call_case_case_id')),
    sa.PrimaryKeyConstraint('call_id', 'case_id', name=op.f('pk_call_case'))
    )
    op.create_index(op.f('ix_call_case_case_id'), 'call_case', ['case_id'])
    op.create_table('case_clock',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('limit_seconds', sa.Integer(), nullable=False),
    sa.Column('spent_seconds', sa.Integer(), nullable=False),
    sa.Column('running_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('warn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('breach_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('missed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(running_since IS NULL) = (breach_at IS NULL)', name=op.f('ck_case_clock_runs_towards_an_end')),
    sa.CheckConstraint('spent_seconds >= 0', name=op.f('ck_case_clock_spent_not_negative')),
    sa.ForeignKeyConstraint(['case_id'], ['escalation_case.id'], name=op.f('fk_case_clock_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_clock')),
    sa.UniqueConstraint('case_id', 'kind', name=op.f('uq_case_clock_case_id'))
    )
    op.create_index(op.f('ix_case_clock_breach_at'), 'case_clock', ['breach_at'])
    op.create_index(op.f('ix_case_clock_warn_at'), 'case_clock', ['warn_at'])
    op.create_table('lead_review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('lead_id', sa.Uuid(), nullable=False),
    sa.Column('was_flagged', sa.Boolean(), nullable=False),
    sa.Column('decision', sa.String(40), nullable=False),
    sa.Column('comment', sa.String(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('seconds >= 0', name=op.f('ck_lead_review_seconds_not_negative')),
    sa.ForeignKeyConstraint(['case_id'], ['escalation_case.id'], name=op.f('fk_lead_review_case_id')),
    sa.ForeignKeyConstraint(['lead_id'], ['operator.id'], name=op.f('fk_lead_review_lead_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_lead_review_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lead_review'))
    )
    op.create_index(op.f('ix_lead_review_case_id'), 'lead_review', ['case_id'])
    op.create_index(op.f('ix_lead_review_operator_id'), 'lead_review', ['operator_id', 'at'])
    op.create_table('queue_entry',
    sa.Column('shop_id', sa.Uuid(), nullable=False),
    sa.Column('open_cases', sa.Integer(), nullable=False),
    sa.Column('lead_case_id', sa.Uuid(), nullable=True),
    sa.Column('rank', sa.BigInteger(), nullable=False),
    sa.Column('band', sa.SmallInteger(), nullable=False),
    sa.Column('value', sa.Numeric(precision=14, scale=2), nullable=False),
    sa.Column('oldest_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_loyal', sa.Boolean(), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_due', sa.Boolean(), nullable=False),
    sa.Column('wakes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_promise_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('has_unknown', sa.Boolean(), nullable=False),
    sa.Column('has_captcha', sa.Boolean(), nullable=False),
    sa.Column('is_flagged', sa.Boolean(), nullable=False),
    sa.Column('operator_id', sa.Uuid(), nullable=True),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(open_cases > 0) = (lead_case_id IS NOT NULL)', name=op.f('ck_queue_entry_open_has_lead_case')),
    sa.CheckConstraint('(open_cases > 0) = (next_at IS NOT NULL)', name=op.f('ck_queue_entry_open_has_next_time')),
    sa.CheckConstraint('(operator_id IS NULL) = (claimed_until IS NULL)', name=op.f('ck_queue_entry_claim_has_an_end')),
    sa.ForeignKeyConstraint(['lead_case_id'], ['escalation_case.id'], name=op.f('fk_queue_entry_lead_case_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['operator.id'], name=op.f('fk_queue_entry_operator_id')),
    sa.ForeignKeyConstraint(['shop_id'], ['shop.id'], name=op.f('fk_queue_entry_shop_id')),
    sa.PrimaryKeyConstraint('shop_id', name=op.f('pk_queue_entry'))
    )
    _only('ix_queue_entry_captcha', ['rank', 'shop_id'], 'has_captcha')
    _only('ix_queue_entry_claims', ['claimed_until'], 'operator_id IS NOT NULL')
    _only('ix_queue_entry_due', ['rank', 'shop_id'], 'is_due')
    _only('ix_queue_entry_flagged', ['rank', 'shop_id'], 'is_flagged')
    _only('ix_queue_entry_free', ['rank', 'shop_id'], 'is_due AND operator_id IS NULL')
    _only('ix_queue_entry_mine', ['operator_id', 'rank', 'shop_id'], 'operator_id IS NOT NULL')
    _only('ix_queue_entry_promises', ['next_promise_at', 'shop_id'], 'next_promise_at IS NOT NULL')
    _only('ix_queue_entry_unknown', ['rank', 'shop_id'], 'has_unknown')
    _only('ix_queue_entry_waiting', ['next_at', 'shop_id'], 'NOT is_due AND open_cases > 0')
    op.create_index(op.f('ix_queue_entry_wakes_at'), 'queue_entry', ['wakes_at'])


def downgrade() -> None:
    for table in (
        'queue_entry',
        'lead_review',
        'case_clock',
        'call_case',
        'audit_entry',
        'phone_call',
        'staff_session',
        'shop_person',
        'saved_filter',
        'presence',
        'lead_rule',
        'desk_text',
        'contact_wish',
        'clock_policy',
        'buyer_note',
        'buyer_card',
    ):
        op.drop_table(table)
