"""Runs the migrations on the connection it is given."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

# The topmost slices import the tables of all others.
from discount_broker.checks import models as _checks  # noqa: F401
from discount_broker.kernel.db import Number, Text, UtcDateTime, db
from discount_broker.notifications import models as _notifications  # noqa: F401
from discount_broker.scorecards import models as _scorecards  # noqa: F401
from discount_broker.watches import models as _watches  # noqa: F401
from discount_broker.webhooks import models as _webhooks  # noqa: F401


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write plain column types: a step of the history must not change when a class does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if kind == "type" and isinstance(item, Number):
        return "sa.SmallInteger()"
    if kind == "type" and isinstance(item, Text):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=db.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
