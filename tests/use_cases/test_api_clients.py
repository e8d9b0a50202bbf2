from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from discount_broker.accounts.models import ApiToken, AuditEntry
from discount_broker.accounts.queries.api_clients import find_token, get_api_client, list_api_tokens
from discount_broker.accounts.use_cases import (
    change_api_client,
    issue_api_token,
    make_api_client,
    note_token_used,
    revoke_api_token,
    switch_api_client,
)
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from tests.builders import an_operator

pytestmark = pytest.mark.usefixtures("app")


def test_a_key_is_shown_once_and_kept_as_a_hash(now: datetime) -> None:
    lead = an_operator(now)
    client_id = make_api_client("  Shop   finder ", "Ada@finder.example", lead.id, now)
    token = issue_api_token(client_id, "live", lead.id, now)

    kept = db.session.scalars(select(ApiToken)).one()
    assert token.startswith("dbk_")
    assert len(token) == 47
    assert kept.begins == token[:10]
    assert token not in (kept.digest, kept.begins, kept.label)
    found = find_token(token)
    assert found is not None
    assert (found.api_client.name, found.api_client.email) == ("Shop finder", "ada@finder.example")


def test_a_revoked_key_opens_nothing_from_the_next_call_on(now: datetime) -> None:
    lead = an_operator(now)
    client_id = make_api_client("Finder", "ada@finder.example", lead.id, now)
    token = issue_api_token(client_id, "", lead.id, now)
    other = issue_api_token(client_id, "", lead.id, now)
    found = find_token(token)
    assert found is not None

    revoke_api_token(client_id, found.id, lead.id, now)
    revoke_api_token(client_id, found.id, lead.id, now + timedelta(days=1))

    assert find_token(token) is None
    assert find_token(other) is not None
    db.session.expire_all()
    assert [key.revoked_at for key in list_api_tokens([client_id]) if key.revoked_at] == [now]


def test_a_client_that_is_switched_off_is_out_with_all_its_keys_and_in_again(now: datetime) -> None:
    lead = an_operator(now)
    client_id = make_api_client("Finder", "ada@finder.example", lead.id, now)
    token = issue_api_token(client_id, "", lead.id, now)

    switch_api_client(client_id, lead.id, now, on=False)
    assert find_token(token) is None

    switch_api_client(client_id, lead.id, now, on=True)
    assert find_token(token) is not None


def test_the_key_of_one_client_cannot_be_revoked_as_anothers(now: datetime) -> None:
    lead = an_operator(now)
    mine = make_api_client("Finder", "ada@finder.example", lead.id, now)
    other = make_api_client("Seeker", "bob@seeker.example", lead.id, now)
    token = issue_api_token(mine, "", lead.id, now)
    found = find_token(token)
    assert found is not None

    with pytest.raises(NotFound):
        revoke_api_token(other, found.id, lead.id, now)


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("  ", "ada@finder.example", "name_missing"),
        ("FINDER", "ada@finder.example", "name_taken"),
        ("Seeker", "ada at finder", "email_invalid"),
    ],
)
def test_a_client_needs_a_name_of_its_own_and_an_address(
    now: datetime, name: str, email: str, code: str
) -> None:
    lead = an_operator(now)
    make_api_client("Finder", "ada@finder.example", lead.id, now)
    with pytest.raises(Refused) as refused:
        make_api_client(name, email, lead.id, now)
    assert refused.value.code == code


def test_the_use_of_a_key_is_noted_once_a_minute(now: datetime) -> None:
    lead = an_operator(now)
    client_id = make_api_client("Finder", "ada@finder.example", lead.id, now)
    issue_api_token(client_id, "", lead.id, now)
    [key] = list_api_tokens([client_id])

    for seconds in (0, 20, 59, 61):
        note_token_used(key.id, now + timedelta(seconds=seconds))

    db.session.expire_all()
    assert list_api_tokens([client_id])[0].last_used_at == now + timedelta(seconds=61)


def test_every_change_of_a_client_stands_in_the_trail_without_the_key(now: datetime) -> None:
    lead = an_operator(now)
    client_id = make_api_client("Finder", "ada@finder.example", lead.id, now)
    token = issue_api_token(client_id, "", lead.id, now)
    change_api_client(client_id, "Finder 2", "ada@finder.example", lead.id, now, language="en")
    change_api_client(client_id, "Finder 2", "ada@finder.example", lead.id, now, language="en")

    trail = list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [entry.what for entry in trail] == ["api_client_made", "api_token_made", "api_client_changed"]
    assert token not in str([entry.facts for entry in trail])
    assert get_api_client(client_id).name == "Finder 2"
