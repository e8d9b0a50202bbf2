"""Reading what programs asked for, where they are told, and what became of each telling."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from discount_broker.accounts.models import ApiClient
from discount_broker.discount_requests.models import DiscountRequest, Product, TimelineEntry
from discount_broker.discount_requests.status import ReadingStatus
from discount_broker.kernel.db import UtcDateTime, db, find_row
from discount_broker.kernel.errors import NotFound
from discount_broker.webhooks.models import ApiAsk, HookCall, Webhook
from discount_broker.webhooks.status import HookStatus

OVERLAP = 500
"""Entries before the last one told that are looked at again: what was written first may be committed last."""
MOST_AT_ONCE = 100
SHOWN_CALLS = 50
READ = (ReadingStatus.READ, ReadingStatus.FAILED)
UNTAKEN = (HookStatus.DUE, HookStatus.SENDING, HookStatus.KEPT)


def get_request_of(client_id: UUID, number: str) -> DiscountRequest:
    """A request that this program made.

    Raises:
        NotFound: none, or somebody else's: programs learn no numbers from us.

    """
    query = select(DiscountRequest).where(
        DiscountRequest.number == number.strip().upper(), DiscountRequest.api_client_id == client_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("discount request")
    return found


def find_request_by_reference(client_id: UUID, reference: str) -> DiscountRequest | None:
    return db.session.scalar(
        select(DiscountRequest).where(
            DiscountRequest.api_client_id == client_id, DiscountRequest.api_reference == reference
        )
    )


def list_requests_of_client(
    client_id: UUID, limit: int, before: tuple[datetime, UUID] | None = None
) -> list[DiscountRequest]:
    """What a program asked for, newest first; after the one that `before` names."""
    query = select(DiscountRequest).where(DiscountRequest.api_client_id == client_id)
    if before is not None:
        place = tuple_(literal(before[0], UtcDateTime), literal(before[1], Uuid))
        query = query.where(tuple_(DiscountRequest.created_at, DiscountRequest.id) < place)
    query = query.options(joinedload(DiscountRequest.product).joinedload(Product.shop))
    order = DiscountRequest.created_at.desc(), DiscountRequest.id.desc()
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def find_api_ask(request_id: UUID, *, lock: bool = False) -> ApiAsk | None:
    return find_row(ApiAsk, request_id, lock=lock)


def list_api_asks(request_ids: Collection[UUID]) -> dict[UUID, ApiAsk]:
    found = db.session.scalars(select(ApiAsk).where(ApiAsk.discount_request_id.in_(request_ids)))
    return {ask.discount_request_id: ask for ask in found}


def list_waiting_asks(limit: int = MOST_AT_ONCE) -> list[UUID]:
    """Requests of programs whose page has been read, and that nobody has sent on yet."""
    is_read = ApiAsk.discount_request.has(DiscountRequest.reading.in_(READ))
    query = select(ApiAsk.discount_request_id).where(ApiAsk.settled_at.is_(None), is_read)
    return list(db.session.scalars(query.limit(limit)))


def get_webhook(webhook_id: UUID, *, lock: bool = False) -> Webhook:
    found = find_row(Webhook, webhook_id, lock=lock)
    if found is None:
        raise NotFound("webhook")
    return found


def get_call(call_id: UUID, *, lock: bool = False) -> tuple[Webhook, HookCall]:
    """A call and its webhook; locked in the order in which all who change both take them."""
    call = find_row(HookCall, call_id)
    if call is None:
        raise NotFound("hook call")
    webhook = get_webhook(call.webhook_id, lock=lock)
    return webhook, (find_row(HookCall, call_id, lock=True) or call) if lock else call


def list_webhooks(client_ids: Collection[UUID]) -> list[Webhook]:
    query = select(Webhook).where(Webhook.api_client_id.in_(client_ids))
    return list(db.session.scalars(query.order_by(Webhook.ended_at.is_not(None), Webhook.created_at)))


def list_live_webhooks() -> list[UUID]:
    """Those that are told: not ended, of clients that are on."""
    live = select(Webhook.id).join(ApiClient)
    return list(db.session.scalars(live.where(Webhook.ended_at.is_(None), ApiClient.is_active.is_(True))))


def list_untold(webhook: Webhook, limit: int = MOST_AT_ONCE) -> list[TimelineEntry]:
    """What has happened to the client's requests since the webhook was there, and is not told yet."""
    is_told = exists().where(
        HookCall.webhook_id == webhook.id, HookCall.timeline_entry_id == TimelineEntry.id
    )
    query = (
        select(TimelineEntry)
        .join(DiscountRequest)
        .options(joinedload(TimelineEntry.discount_request))
        .where(
            DiscountRequest.api_client_id == webhook.api_client_id,
            TimelineEntry.id > webhook.told_until - OVERLAP,
            TimelineEntry.at >= webhook.created_at,
            ~is_told,
        )
    )
    return list(db.session.scalars(query.order_by(TimelineEntry.id).limit(limit)))


def newest_entry() -> int:
    return db.session.scalar(select(TimelineEntry.id).order_by(TimelineEntry.id.desc()).limit(1)) or 0


def find_call_before(call: HookCall) -> HookCall | None:
    """An earlier event of the same request that the webhook has not taken yet."""
    if call.discount_request_id is None:
        return None
    return db.session.scalar(
        select(HookCall)
        .where(
            HookCall.webhook_id == call.webhook_id,
            HookCall.discount_request_id == call.discount_request_id,
            HookCall.timeline_entry_id < call.timeline_entry_id,
            HookCall.status.in_(UNTAKEN),
        )
        .order_by(HookCall.timeline_entry_id)
        .limit(1)
    )


def list_calls_after(call: HookCall) -> list[HookCall]:
    """Later events of the same request that wait for this one."""
    if call.discount_request_id is None:
        return []
    query = select(HookCall).where(
        HookCall.webhook_id == call.webhook_id,
        HookCall.discount_request_id == call.discount_request_id,
        HookCall.timeline_entry_id > call.timeline_entry_id,
        HookCall.status == HookStatus.DUE,
    )
    return list(db.session.scalars(query.order_by(HookCall.timeline_entry_id)))


def list_due_calls(now: datetime, limit: int = MOST_AT_ONCE) -> list[UUID]:
    query = select(HookCall.id).where(HookCall.status == HookStatus.DUE, HookCall.due_at <= now)
    return list(db.session.scalars(query.order_by(HookCall.due_at, HookCall.timeline_entry_id).limit(limit)))


def list_forgotten_calls(now: datetime) -> list[HookCall]:
    """Calls whose worker never came back."""
    query = select(HookCall).where(HookCall.status == HookStatus.SENDING, HookCall.leased_until < now)
    return list(db.session.scalars(query.with_for_update()))


def is_being_tried(webhook_id: UUID) -> bool:
    """Whether a call to it is due or on its way: while it is paused, that is the one that tries."""
    tried = HookCall.status.in_((HookStatus.DUE, HookStatus.SENDING))
    return bool(db.session.scalar(select(exists().where(HookCall.webhook_id == webhook_id, tried))))


def find_call_to_try(webhook_id: UUID) -> HookCall | None:
    """With which a paused webhook is tried: each request in turn, as one event alone may be its trouble."""
    earlier = aliased(HookCall)
    is_behind = exists().where(
        earlier.webhook_id == webhook_id,
        earlier.discount_request_id == HookCall.discount_request_id,
        earlier.timeline_entry_id < HookCall.timeline_entry_id,
        earlier.status.in_(UNTAKEN),
    )
    kept = HookCall.webhook_id == webhook_id, HookCall.status == HookStatus.KEPT
    query = select(HookCall).where(*kept, ~is_behind)
    return db.session.scalar(query.order_by(HookCall.attempts, HookCall.timeline_entry_id).limit(1))


def find_due_event(webhook_id: UUID) -> HookCall | None:
    query = select(HookCall).where(
        HookCall.webhook_id == webhook_id,
        HookCall.status == HookStatus.DUE,
        HookCall.timeline_entry_id.is_not(None),
    )
    return db.session.scalar(query.limit(1))


class Waiting(NamedTuple):
    """How many events a webhook has not taken."""

    kept: int = 0
    given_up: int = 0


def count_untaken(webhook_ids: Collection[UUID], since: datetime) -> dict[UUID, Waiting]:
    """What each webhook has not taken yet, and what was given up since a day; trial calls do not count."""
    given_up = (HookCall.status == HookStatus.GIVEN_UP) & (HookCall.created_at >= since)
    query = select(
        HookCall.webhook_id,
        func.count().filter(HookCall.status.in_(UNTAKEN)),
        func.count().filter(given_up),
    ).where(HookCall.webhook_id.in_(webhook_ids), HookCall.timeline_entry_id.is_not(None))
    found = db.session.execute(query.group_by(HookCall.webhook_id))
    return {webhook_id: Waiting(kept, lost) for webhook_id, kept, lost in found}


def list_paused_clients() -> set[UUID]:
    """Programs that are not told, because a webhook of theirs takes nothing."""
    query = select(Webhook.api_client_id).where(Webhook.paused_at.is_not(None), Webhook.ended_at.is_(None))
    return set(db.session.scalars(query.distinct()))


def list_calls(webhook_ids: Collection[UUID], limit: int = SHOWN_CALLS) -> list[HookCall]:
    """The latest calls of these webhooks; those that wait or were given up come first."""
    query = select(HookCall).where(HookCall.webhook_id.in_(webhook_ids))
    open_first = or_(HookCall.status == HookStatus.DONE, HookCall.status == HookStatus.SENDING)
    query = query.options(joinedload(HookCall.webhook), joinedload(HookCall.discount_request))
    return list(db.session.scalars(query.order_by(open_first, HookCall.created_at.desc()).limit(limit)))
