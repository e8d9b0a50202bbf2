"""One letter for several requests, where a shop has had its share of letters for the day."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import db, find_row
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import cancel_queued, queue_delivery
from discount_broker.messaging.rendering import Rendered
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.notifications.catalogue import ShopDigest, ShopPool, WaitingRequest
from discount_broker.outreach.models import Outreach, Step
from discount_broker.outreach.operations.letters import (
    ask_facts,
    envelope_of,
    letter_facts,
    offer_url,
    rendered_for,
)
from discount_broker.outreach.queries import count_messages, list_outreaches_in
from discount_broker.outreach.queries.pools import first_told_at, list_waiting_in, people_waiting
from discount_broker.outreach.status import OPEN, ReplyKind
from discount_broker.shops.models import ContactPoint, Shop

DIGEST = "digest:"
POOL = "pool:"
"""What the purposes of letters about several requests begin with."""
A_DAY = timedelta(days=1)


def has_had_its_share(shop_id: UUID, now: datetime) -> bool:
    """Whether the shop got as many messages within a day as its budget allows.

    Who asks keeps the shop's row until the commit: two that counted at once would both write, and two that
    found no digest would each begin one.
    """
    own = db.session.scalar(
        select(Shop.contact_budget).where(Shop.id == shop_id).with_for_update(key_share=True)
    )
    day = paced(now + A_DAY, now) - now
    return count_messages(shop_id, now - day) >= (site().contact_budget if own is None else own)


def join_digest(
    outreach: Outreach, point: ContactPoint, number: int, now: datetime, *, due_at: datetime
) -> Delivery:
    """Put a request into the digest that waits for this door, or begin one that leaves at `due_at`.

    A worker that has claimed the waiting one has it for good: then a new one begins.
    """
    waiting = _find_waiting(point)
    if waiting is not None:
        write_anew(waiting, [*_waiting_in(waiting), outreach], point)
        return waiting
    digest_id = uuid4()
    rendered = compose(digest_id, [outreach], point, now)
    delivery = queue_delivery(
        rendered,
        envelope_of(outreach, point),
        purpose=f"{DIGEST}{outreach.id}:{number}",
        now=now,
        due_at=due_at,
        delivery_id=digest_id,
    )
    assert delivery is not None, "the number of a step is never used twice"
    return delivery


def leave_digests(outreach: Outreach) -> None:
    """Take the request out of a digest that has not left yet; an empty one is cancelled."""
    for step in outreach.steps:
        delivery = _locked(step.delivery)
        if delivery.status is not DeliveryStatus.QUEUED or not delivery.purpose.startswith((DIGEST, POOL)):
            continue
        left = [other for other in _waiting_in(delivery) if other.id != outreach.id]
        if left:
            write_anew(delivery, left, step.contact_point)
        else:
            cancel_queued(delivery.purpose)


def _locked(delivery: Delivery) -> Delivery:
    """As others left it who took it, or joined or left it just now; a letter of one request alone is not."""
    if not delivery.purpose.startswith((DIGEST, POOL)):
        return delivery
    return find_row(Delivery, delivery.id, lock=True) or delivery


def _find_waiting(point: ContactPoint) -> Delivery | None:
    query = (
        select(Delivery)
        .where(
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.attempts == 0,
            Delivery.purpose.startswith(DIGEST),
            Delivery.id.in_(select(Step.delivery_id).where(Step.contact_point_id == point.id)),
        )
        .order_by(Delivery.created_at)
        .limit(1)
        .with_for_update()
    )
    return db.session.scalar(query, execution_options={"populate_existing": True})


def _waiting_in(delivery: Delivery) -> list[Outreach]:
    """Those that still want an answer; whoever has written to one of them is not asked about it again."""
    return [
        outreach
        for outreach in list_outreaches_in(delivery.id)
        if outreach.status in OPEN and not any(reply.kind is ReplyKind.HUMAN for reply in outreach.replies)
    ]


def write_anew(delivery: Delivery, outreaches: list[Outreach], point: ContactPoint) -> None:
    """Answers and stops go to the first that is left, and the letter is of use as long as one of them is."""
    rendered, envelope = (
        compose(delivery.id, outreaches, point, delivery.created_at),
        envelope_of(outreaches[0], point),
    )
    delivery.subject, delivery.text, delivery.html = rendered.subject, rendered.text, rendered.html
    delivery.reply_to, delivery.stop_url = envelope.reply_to, envelope.stop_url
    ends = [outreach.discount_request.expires_at for outreach in outreaches]
    delivery.expires_at = None if None in ends else max(filter(None, ends))


def compose(digest_id: UUID, outreaches: list[Outreach], point: ContactPoint, made_at: datetime) -> Rendered:
    if people := _people_with(outreaches):
        return rendered_for(_pool_letter(digest_id, people, outreaches, point, made_at), point)
    facts = letter_facts(outreaches[0], point)
    digest = ShopDigest(
        requests=tuple(_line(outreach, point) for outreach in outreaches),
        waiting_url=f"{site().base_url}/w/{issue_token(Purpose.WAITING, digest_id, made_at)}",
        reply_address=facts["reply_address"],
        stop_url=facts["stop_url"],
        found_at=facts["found_at"],
        found_on=facts["found_on"],
    )
    return rendered_for(digest, point)


def _people_with(outreaches: list[Outreach]) -> int:
    """How many wait in the one group that these requests are of; nobody where it has become too small."""
    pool_ids = {outreach.pool_id for outreach in outreaches}
    pool_id = next(iter(pool_ids))
    return people_waiting(list_waiting_in(pool_id)) if len(pool_ids) == 1 and pool_id else 0


def _pool_letter(
    letter_id: UUID, people: int, told: list[Outreach], point: ContactPoint, made_at: datetime
) -> ShopPool:
    facts = letter_facts(told[0], point)
    return ShopPool(
        people=people,
        product=facts["product"],
        requests=tuple(_line(outreach, point) for outreach in told),
        waiting_url=f"{site().base_url}/w/{issue_token(Purpose.WAITING, letter_id, made_at)}",
        reply_address=facts["reply_address"],
        stop_url=facts["stop_url"],
        found_at=facts["found_at"],
        found_on=facts["found_on"],
        first_asked_at=first_told_at({outreach.id for outreach in told}, point.id, letter_id),
    )


def _line(outreach: Outreach, point: ContactPoint) -> WaitingRequest:
    facts = ask_facts(outreach, point)
    return WaitingRequest(
        number=facts["number"],
        product=facts["product"],
        wish=facts["wish"],
        wanted_until=facts["wanted_until"],
        offer_url=offer_url(outreach),
    )
