"""Writing down what was changed about a program that uses the API."""

from datetime import datetime
from uuid import UUID

from discount_broker.accounts.models import ApiClient
from discount_broker.accounts.operations.trail import note_change


def note_of_client(
    what: str, client: ApiClient, now: datetime, operator_id: UUID, *, key: str = "", host: str = ""
) -> None:
    """Append who changed what about a client; `key` and `host` say which of its keys or webhooks."""
    subject = f"api_client:{client.id}"
    note_change(what, now, operator_id, subject=subject, client=client.name, key=key, host=host)
