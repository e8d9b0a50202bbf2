"""Put calls and claims where the shop is: one call, and one operator, for all cases of it."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

CALLS = (
    'INSERT INTO call_case (call_id, case_id) SELECT id, case_id FROM call '
    'WHERE id NOT IN (SELECT call_id FROM call_case)',
    'UPDATE call SET shop_id = (SELECT o.shop_id FROM escalation_case c JOIN outreach o ON o.id = c.outreach_id '
    'WHERE c.id = call.case_id)',
)
# `wakes_at` lies in the past: the next sweep reckons each row anew.
QUEUE = (
    'INSERT INTO queue_entry (shop_id, open_cases, lead_case_id, rank, band, value, oldest_at, is_loyal, next_at, '
    'is_due, wakes_at, has_unknown, has_captcha, is_flagged) '
    'SELECT o.shop_id, count(*), (SELECT f.id FROM escalation_case f JOIN outreach p ON p.id = f.outreach_id '
    "WHERE p.shop_id = o.shop_id AND f.status = 'open' ORDER BY f.next_action_at LIMIT 1), "
    '0, 3, 0, min(c.opened_at), :no, min(c.next_action_at), :no, min(c.opened_at), :no, :no, :no '
    "FROM escalation_case c JOIN outreach o ON o.id = c.outreach_id WHERE c.status = 'open' "
    'AND o.shop_id NOT IN (SELECT shop_id FROM queue_entry) GROUP BY o.shop_id'
)
CLAIM = (
    'SELECT c.{column} FROM escalation_case c JOIN outreach o ON o.id = c.outreach_id '
    'WHERE o.shop_id = queue_entry.shop_id AND c.operator_id IS NOT NULL ORDER BY c.claimed_until DESC LIMIT 1'
)
CLAIMS = (
    f"UPDATE queue_entry SET operator_id = ({CLAIM.format(column='operator_id')}), "
    f"claimed_until = ({CLAIM.format(column='claimed_until')})"
)


def upgrade() -> None:
    _widen()
    for statement in CALLS:
        op.execute(statement)
    op.get_bind().execute(sa.text(QUEUE), {'no': False})
    op.execute(CLAIMS)
    with op.batch_alter_table('call') as batch:
        batch.alter_column('shop_id', existing_type=sa.Uuid(), nullable=False)
        batch.drop_index(op.f('ix_call_case_id'))
        batch.drop_constraint(op.f('fk_call_case_id'), type_='foreignkey')
        batch.drop_column('case_id')
    with op.batch_alter_table('escalation_case') as batch:
        batch.drop_constraint(op.f('ck_escalation_case_claim_has_an_end'), type_='check')
        batch.drop_constraint(op.f('fk_escalation_case_operator_id'), type_='foreignkey')
        batch.drop_column('claimed_until')
        batch.drop_column('operator_id')


def _widen() -> None:
    _widen_people()
    with op.batch_alter_table('call') as batch:
        batch.add_column(sa.Column('shop_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('direction', sa.String(40), nullable=False, server_default='out'))
        batch.add_column(sa.Column('number', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('person_id', sa.Uuid(), nullable=True))
        batch.alter_column('result', existing_type=sa.String(40), nullable=True)
        batch.create_index(op.f('ix_call_operator_id'), ['operator_id', 'started_at'])
        batch.create_index(op.f('ix_call_shop_id'), ['shop_id'])
        batch.create_foreign_key(op.f('fk_call_person_id'), 'shop_person', ['person_id'], ['id'])
        batch.create_foreign_key(op.f('fk_call_shop_id'), 'shop', ['shop_id'], ['id'])
    with op.batch_alter_table('escalation_case') as batch:
        batch.add_column(sa.Column('closed_by_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('flagged_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('flagged_by_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('flag_note', sa.String(), nullable=False, server_default=''))
        batch.create_index(op.f('ix_escalation_case_closed_at'), ['closed_at'])
        batch.create_index(op.f('ix_escalation_case_flagged_at'), ['flagged_at'])
        batch.create_foreign_key(op.f('fk_escalation_case_closed_by_id'), 'operator', ['closed_by_id'], ['id'])
        batch.create_foreign_key(op.f('fk_escalation_case_flagged_by_id'), 'operator', ['flagged_by_id'], ['id'])
    with op.batch_alter_table('offer_draft') as batch:
        batch.add_column(sa.Column('call_id', sa.Uuid(), nullable=True))
        batch.alter_column('reply_id', existing_type=sa.Uuid(), nullable=True)
        batch.create_foreign_key(op.f('fk_offer_draft_call_id'), 'call', ['call_id'], ['id'])
        batch.create_check_constraint(
            op.f('ck_offer_draft_written_or_said'), '(reply_id IS NULL) <> (call_id IS NULL)'
        )
    _widen_promises()


def _widen_people() -> None:
    with op.batch_alter_table('buyer') as batch:
        batch.add_column(sa.Column('merged_into_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f('ix_buyer_merged_into_id'), ['merged_into_id'])
        batch.create_foreign_key(op.f('fk_buyer_merged_into_id'), 'buyer', ['merged_into_id'], ['id'])
    with op.batch_alter_table('operator') as batch:
        batch.add_column(sa.Column('extension', sa.String(), nullable=False, server_default=''))
        batch.add_column(sa.Column('totp_secret', sa.String(), nullable=True))
        batch.add_column(sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('totp_step', sa.Integer(), nullable=True))
        batch.add_column(sa.Column('recovery_codes', sa.JSON(), nullable=False, server_default='[]'))
    with op.batch_alter_table('discount_request') as batch:
        batch.add_column(sa.Column('origin', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('outreach') as batch:
        batch.add_column(sa.Column('price_now', sa.Numeric(precision=14, scale=2), nullable=True))
        batch.add_column(sa.Column('price_read_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('price_failure', sa.String(), nullable=False, server_default=''))


def _widen_promises() -> None:
    with op.batch_alter_table('promise') as batch:
        batch.add_column(sa.Column('side', sa.String(40), nullable=False, server_default='shop'))
        batch.add_column(sa.Column('promised_to', sa.String(40), nullable=False, server_default='us'))
        batch.add_column(sa.Column('person_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('operator_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column('buyer_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f('ix_promise_operator_id'), ['operator_id', 'due_at'])
        batch.create_foreign_key(op.f('fk_promise_operator_id'), 'operator', ['operator_id'], ['id'])
        batch.create_foreign_key(op.f('fk_promise_person_id'), 'shop_person', ['person_id'], ['id'])
        batch.create_check_constraint(
            op.f('ck_promise_ours_is_somebodys'), "side <> 'us' OR operator_id IS NOT NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table('escalation_case') as batch:
        batch.add_column(sa.Column('operator_id', sa.Uuid(), nullable=True))
        batch.add_column(sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f('fk_escalation_case_operator_id'), 'operator', ['operator_id'], ['id'])
        batch.create_check_constraint(
            op.f('ck_escalation_case_claim_has_an_end'), '(operator_id IS NULL) = (claimed_until IS NULL)'
        )
    with op.batch_alter_table('call') as batch:
        batch.add_column(sa.Column('case_id', sa.Uuid(), nullable=True))
        batch.create_index(op.f('ix_call_case_id'), ['case_id'])
        batch.create_foreign_key(op.f('fk_call_case_id'), 'escalation_case', ['case_id'], ['id'])
    op.execute('UPDATE call SET case_id = (SELECT case_id FROM call_case WHERE call_id = call.id LIMIT 1)')
    op.execute("DELETE FROM call_case WHERE call_id IN (SELECT id FROM call WHERE case_id IS NULL OR result IS NULL)")
    op.execute('DELETE FROM offer_draft WHERE reply_id IS NULL')
    op.execute('UPDATE phone_call SET call_id = NULL')
    op.execute('DELETE FROM call WHERE case_id IS NULL OR result IS NULL')
    _narrow()


def _narrow() -> None:
    with op.batch_alter_table('promise') as batch:
        batch.drop_constraint(op.f('ck_promise_ours_is_somebodys'), type_='check')
        batch.drop_constraint(op.f('fk_promise_person_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_promise_operator_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_promise_operator_id'))
        for column in ('buyer_asked_at', 'warned_at', 'operator_id', 'person_id', 'promised_to', 'side'):
            batch.drop_column(column)
    with op.batch_alter_table('outreach') as batch:
        for column in ('price_failure', 'price_read_at', 'price_now'):
            batch.drop_column(column)
    with op.batch_alter_table('discount_request') as batch:
        batch.drop_column('origin')
    with op.batch_alter_table('operator') as batch:
        for column in ('recovery_codes', 'totp_step', 'totp_confirmed_at', 'totp_secret', 'extension'):
            batch.drop_column(column)
    with op.batch_alter_table('offer_draft') as batch:
        batch.drop_constraint(op.f('ck_offer_draft_written_or_said'), type_='check')
        batch.drop_constraint(op.f('fk_offer_draft_call_id'), type_='foreignkey')
        batch.alter_column('reply_id', existing_type=sa.Uuid(), nullable=False)
        batch.drop_column('call_id')
    _narrow_cases()


def _narrow_cases() -> None:
    with op.batch_alter_table('escalation_case') as batch:
        batch.drop_constraint(op.f('fk_escalation_case_flagged_by_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_escalation_case_closed_by_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_escalation_case_flagged_at'))
        batch.drop_index(op.f('ix_escalation_case_closed_at'))
        for column in ('flag_note', 'flagged_by_id', 'flagged_at', 'closed_by_id'):
            batch.drop_column(column)
    with op.batch_alter_table('call') as batch:
        batch.alter_column('case_id', existing_type=sa.Uuid(), nullable=False)
        batch.alter_column('result', existing_type=sa.String(40), nullable=False)
        batch.drop_constraint(op.f('fk_call_shop_id'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_call_person_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_call_shop_id'))
        batch.drop_index(op.f('ix_call_operator_id'))
        for column in ('person_id', 'ended_at', 'number', 'direction', 'shop_id'):
            batch.drop_column(column)
    with op.batch_alter_table('buyer') as batch:
        batch.drop_constraint(op.f('fk_buyer_merged_into_id'), type_='foreignkey')
        batch.drop_index(op.f('ix_buyer_merged_into_id'))
        for column in ('erased_at', 'merged_into_id'):
            batch.drop_column(column)
