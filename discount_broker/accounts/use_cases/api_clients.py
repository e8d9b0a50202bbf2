"""What leads decide about programs of others: which may use the API, and with which keys."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from discount_broker.accounts.models import ApiClient, ApiToken
from discount_broker.accounts.operations.api_clients import note_of_client
from discount_broker.accounts.queries.api_clients import find_api_client_called, get_api_client
from discount_broker.accounts.rules import normal_email
from discount_broker.accounts.rules.api_tokens import (
    LONGEST_LABEL,
    LONGEST_NAME,
    SHOWN,
    TOKEN_BYTES,
    digest_of,
    token_of,
)
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import transaction

USE_NOTED_EVERY = timedelta(minutes=1)


def make_api_client(name: str, email: str, operator_id: UUID, now: datetime, *, language: str = "en") -> UUID:
    """Let a program in; it has no key yet.

    Raises:
        Refused: `name_missing`, `name_taken`, codes of `normal_email`.

    """
    with transaction():
        client = ApiClient(operator_id=operator_id, created_at=now)
        _describe(client, name, email, language)
        db.session.add(client)
        db.session.flush()
        note_of_client("api_client_made", client, now, operator_id)
        return client.id


def change_api_client(
    client_id: UUID, name: str, email: str, operator_id: UUID, now: datetime, *, language: str
) -> None:
    """Call it by another name, or write to another address about it, or in another language.

    Raises:
        Refused: as `make_api_client`.

    """
    with transaction():
        client = get_api_client(client_id, lock=True)
        was = client.name, client.email, client.language
        _describe(client, name, email, language)
        if was != (client.name, client.email, client.language):
            note_of_client("api_client_changed", client, now, operator_id)


def switch_api_client(client_id: UUID, operator_id: UUID, now: datetime, *, on: bool) -> None:
    """Shut a program out at once, with all its keys, or let it in again."""
    with transaction():
        client = get_api_client(client_id, lock=True)
        if client.is_active is not on:
            client.is_active = on
            note_of_client("api_client_on" if on else "api_client_off", client, now, operator_id)


def issue_api_token(client_id: UUID, label: str, operator_id: UUID, now: datetime) -> str:
    """Make a key. It is shown this once: what is kept of it opens nothing."""
    token = token_of(secrets.token_bytes(TOKEN_BYTES))
    with transaction():
        client = get_api_client(client_id, lock=True)
        name = label.strip()[:LONGEST_LABEL]
        db.session.add(
            ApiToken(
                api_client_id=client.id,
                digest=digest_of(token),
                begins=token[:SHOWN],
                label=name,
                created_at=now,
            )
        )
        note_of_client("api_token_made", client, now, operator_id, key=name or token[:SHOWN])
    return token


def revoke_api_token(client_id: UUID, token_id: UUID, operator_id: UUID, now: datetime) -> None:
    """From the next call on it opens nothing.

    Raises:
        NotFound: no key, or one of another client.

    """
    with transaction():
        client = get_api_client(client_id, lock=True)
        token = find_row(ApiToken, token_id, lock=True)
        if token is None or token.api_client_id != client.id:
            raise NotFound("API token")
        if token.revoked_at is None:
            token.revoked_at = now
            note_of_client("api_token_revoked", client, now, operator_id, key=token.label or token.begins)


def note_token_used(token_id: UUID, now: datetime) -> None:
    """Remember when a key was last of use; to the minute, so that reading stays cheap."""
    with transaction():
        token = find_row(ApiToken, token_id, lock=True)
        if token is not None and (token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY):
            token.last_used_at = now


def _describe(client: ApiClient, name: str, email: str, language: str) -> None:
    wanted = " ".join(name.split())[:LONGEST_NAME]
    if not wanted:
        raise Refused("name_missing", "name")
    namesake = find_api_client_called(wanted)
    if namesake is not None and namesake.id != client.id:
        raise Refused("name_taken", "name")
    client.name, client.email, client.language = wanted, normal_email(email), language
