"""Reading the programs that may use the API, and their keys."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from discount_broker.accounts.models import ApiClient, ApiToken
from discount_broker.accounts.rules.api_tokens import digest_of, is_digest
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound


def find_token(token: str) -> ApiToken | None:
    """The key a program showed, if it opens anything: of an active client, and not revoked."""
    found = db.session.scalar(
        select(ApiToken)
        .join(ApiClient)
        .where(
            ApiToken.digest == digest_of(token),
            ApiToken.revoked_at.is_(None),
            ApiClient.is_active.is_(True),
        )
    )
    return found if found is not None and is_digest(found.digest, token) else None


def get_api_client(client_id: UUID, *, lock: bool = False) -> ApiClient:
    client = find_row(ApiClient, client_id, lock=lock)
    if client is None:
        raise NotFound("API client")
    return client


def list_api_clients() -> list[ApiClient]:
    """Those that are on come first."""
    return list(db.session.scalars(select(ApiClient).order_by(ApiClient.is_active.desc(), ApiClient.name)))


def list_api_tokens(client_ids: Collection[UUID]) -> list[ApiToken]:
    """Every key these clients ever had, newest first."""
    query = select(ApiToken).where(ApiToken.api_client_id.in_(client_ids))
    return list(db.session.scalars(query.order_by(ApiToken.created_at.desc())))


def find_api_client_called(name: str) -> ApiClient | None:
    return db.session.scalar(select(ApiClient).where(func.lower(ApiClient.name) == name.lower()))
