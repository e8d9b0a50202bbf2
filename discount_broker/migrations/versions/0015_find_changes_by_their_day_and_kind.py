"""Find the changes in the audit trail by their day and by what was changed."""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'])
    op.create_index(op.f('ix_audit_entry_what'), 'audit_entry', ['what', 'id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_audit_entry_what'), 'audit_entry')
    op.drop_index(op.f('ix_audit_entry_at'), 'audit_entry')
