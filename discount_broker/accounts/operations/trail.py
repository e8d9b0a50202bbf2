"""Writing the audit trail."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import AuditEntry
from discount_broker.kernel.db import db


def note_change(
    what: str,
    now: datetime,
    operator_id: UUID | None = None,
    *,
    case_id: UUID | None = None,
    shop_id: UUID | None = None,
    subject: str = "",
    **facts: str | int | bool | None,
) -> None:
    """Append who changed what; `operator_id` is None where it happened by itself."""
    db.session.add(
        AuditEntry(
            at=now,
            operator_id=operator_id,
            what=what,
            subject=subject,
            case_id=case_id,
            shop_id=shop_id,
            facts=facts,
        )
    )
