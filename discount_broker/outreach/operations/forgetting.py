"""Taking one buyer out of what was said about their requests, wherever it is kept."""

import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Table, or_, select, update

from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import Text, db
from discount_broker.messaging.models import Delivery
from discount_broker.outreach.models import InboundMail, KnownSender, Letter, Outreach, Reply, Step
from discount_broker.outreach.operations.digests import DIGEST
from discount_broker.shops.models import ContactPoint

AT_ONCE = 500
GONE = "…"
Ids = dict[Table, set[Any]]
NO_SYNC = {"synchronize_session": False}


def blank_conversations(buyer_id: UUID, known: Collection[str]) -> None:
    """Keep of every letter that it was, and nothing of what it said; `known` are the buyer's addresses."""
    requests = select(DiscountRequest.id).where(DiscountRequest.buyer_id == buyer_id)
    outreaches = list(
        db.session.scalars(select(Outreach.id).where(Outreach.discount_request_id.in_(requests)))
    )
    replies = select(Reply.inbound_mail_id).where(Reply.outreach_id.in_(outreaches))
    of_buyer = InboundMail.sender.in_(known)
    mails = or_(InboundMail.outreach_id.in_(outreaches), InboundMail.id.in_(replies), of_buyer)
    empty: dict[str, Any] = {
        "content": b"",
        "subject": "",
        "attachments": [],
        "guesses": [],
        "authentication": {},
    }
    _set(update(InboundMail).where(mails).values(**empty))
    _set(update(InboundMail).where(of_buyer).values(sender=""))
    _set(update(Letter).where(Letter.outreach_id.in_(outreaches)).values(text=""))
    _set(update(Reply).where(Reply.outreach_id.in_(outreaches)).values(text="", subject=""))
    for delivery_id in _letters_to_shops(outreaches):
        told = update(Delivery).where(Delivery.id == delivery_id)
        _set(told.values(subject="", text="", html=None, evidence={}, last_error=None))
    for sender in db.session.scalars(select(KnownSender).where(KnownSender.address.in_(known))):
        db.session.delete(sender)


def _set(change: Any) -> None:
    db.session.execute(change, execution_options=NO_SYNC)


def _letters_to_shops(outreaches: Collection[UUID]) -> Iterator[UUID]:
    """Every message to a shop about these outreaches; a digest says nothing of any buyer."""
    points = (
        select(Outreach.id, ContactPoint.id)
        .join(ContactPoint, ContactPoint.shop_id == Outreach.shop_id)
        .where(Outreach.id.in_(outreaches))
    )
    doors = db.session.execute(points).all()
    letters = db.session.execute(
        select(Letter.outreach_id, Letter.id).where(Letter.outreach_id.in_(outreaches))
    ).all()
    purposes = [
        f"answer:{outreach_id}:{what}" for outreach_id in outreaches for what in ("accepted", "thanked")
    ]
    purposes += [
        f"letter:{of}:{letter_id}:{point_id}"
        for of, letter_id in letters
        for at, point_id in doors
        if at == of
    ]
    steps = select(Step.delivery_id).where(Step.outreach_id.in_(outreaches))
    alone = Delivery.purpose.not_like(f"{DIGEST}%")
    yield from db.session.scalars(select(Delivery.id).where(Delivery.id.in_(steps), alone))
    yield from db.session.scalars(select(Delivery.id).where(Delivery.purpose.in_(purposes)))


def veil_everywhere(request_ids: Collection[UUID], words: Collection[str]) -> None:
    """Put an ellipsis in the place of these words in every row that hangs on these requests.

    The rows are found by the foreign keys of all tables, so that no table is forgotten.
    """
    db.session.flush()
    if not request_ids or not words:
        return
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE)
    reached = _reached_from({_table(DiscountRequest): set(request_ids)})
    for table, ids in reached.items():
        _veil_rows(table, ids, pattern)
    db.session.expire_all()


def _table(model: Any) -> Table:
    return model.__table__  # type: ignore[no-any-return] # of any model


def _reached_from(ids: Ids) -> Ids:
    """The rows that refer to these, and in turn to those; and the messages and calls that they name."""
    for _ in range(2):  # what a call or a message has of its own is found in the second round
        for table in db.metadata.sorted_tables:
            for key in table.foreign_keys:
                if ids.get(key.column.table) and len(table.primary_key) == 1:
                    ids.setdefault(table, set()).update(_ids_where(table, key.parent, ids[key.column.table]))
        for table in db.metadata.sorted_tables:
            _look_up(table, ids)
    return ids


def _look_up(table: Table, ids: Ids) -> None:
    """Follow a row to the messages and calls that it names, or that it joins with one of ours."""
    ups = [key for key in table.foreign_keys if key.column.table.name in ("delivery", "call")]
    for up in ups:
        for key in table.foreign_keys - {up}:
            owners = ids.get(key.column.table)
            if owners and key.column.table.name in ("outreach", "escalation_case", "reply"):
                found = _named(up.parent, key.parent, owners)
                ids.setdefault(up.column.table, set()).update(found)


def _ids_where(table: Table, column: Any, owners: Collection[Any]) -> Iterator[Any]:
    (own,) = table.primary_key.columns
    return _named(own, column, owners)


def _named(wanted: Any, column: Any, owners: Collection[Any]) -> Iterator[Any]:
    ordered = list(owners)
    for begin in range(0, len(ordered), AT_ONCE):
        query = select(wanted).where(column.in_(ordered[begin : begin + AT_ONCE]), wanted.is_not(None))
        yield from db.session.scalars(query)


def _veil_rows(table: Table, ids: Collection[Any], pattern: re.Pattern[str]) -> None:
    (own,) = table.primary_key.columns
    columns = [column for column in table.columns if isinstance(column.type, (Text, JSON))]
    ordered = list(ids)
    for begin in range(0, len(ordered) if columns else 0, AT_ONCE):
        query = select(own, *columns).where(own.in_(ordered[begin : begin + AT_ONCE]))
        for row_id, *values in db.session.execute(query).all():
            veiled = {c: _veiled(value, pattern) for c, value in zip(columns, values, strict=True)}
            changed = {c: new for (c, new), old in zip(veiled.items(), values, strict=True) if new != old}
            if changed:
                db.session.execute(update(table).where(own == row_id).values(changed))


def _veiled(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, dict):
        return {name: _veiled(each, pattern) for name, each in value.items()}
    if isinstance(value, list):
        return [_veiled(each, pattern) for each in value]
    return value
