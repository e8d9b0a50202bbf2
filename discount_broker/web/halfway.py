"""Between password and code: somebody who has shown the first of two things, and is not logged in yet."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import session

from discount_broker.kernel.clock import utcnow

KEY = "halfway"
LASTS = timedelta(minutes=10)


class Halfway(NamedTuple):
    operator_id: UUID
    target: str
    """Where they wanted to go."""


def put_halfway(operator_id: UUID, target: str) -> None:
    """Keep in the signed cookie that the password was right; whatever it held before is dropped."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen
    session[KEY] = {"operator": str(operator_id), "since": utcnow().isoformat(), "target": target}


def halfway() -> Halfway | None:
    """Who has just given the right password in this browser."""
    kept = session.get(KEY)
    if kept is None or utcnow() - datetime.fromisoformat(kept["since"]) > LASTS:
        return None
    return Halfway(UUID(kept["operator"]), kept["target"])


def halfway_account() -> str:
    """For whom wrong codes count."""
    found = halfway()
    return f"operator:{found.operator_id}" if found else ""
