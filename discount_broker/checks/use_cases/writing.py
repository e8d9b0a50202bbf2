"""Letters of a check to the shop: to whom they may go, and how they are answered and forbidden."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from discount_broker.checks.models import ResponseCheck
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_form_text, render_mail
from discount_broker.notifications.catalogue import CheckMessage
from discount_broker.outreach.operations import in_their_hours
from discount_broker.outreach.operations.digests import has_had_its_share
from discount_broker.outreach.queries.doors import keys_of
from discount_broker.shops.models import ContactPoint, ShopMember
from discount_broker.shops.queries import domains_of
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody of a shop to whom a letter may go, and what forbids it."""

    channel: ChannelKind
    address: str
    stop_keys: Sequence[str]
    language: str
    point: ContactPoint | None = None
    """The door of the shop; None for a person who answers for it."""


def at_door(point: ContactPoint) -> Reader:
    """Whoever reads there, by mail or behind the shop's own form."""
    is_mail = point.kind is ContactKind.EMAIL
    return Reader(
        channel=ChannelKind.EMAIL if is_mail else ChannelKind.WEB_FORM,
        address=point.value,
        stop_keys=keys_of(point),
        language=language_for(point.shop.domain, point.shop.language),
        point=point,
    )


def of_member(member: ShopMember) -> Reader:
    return Reader(
        channel=ChannelKind.EMAIL,
        address=member.email,
        stop_keys=[f"email:{member.email}", *(f"shop:{domain}" for domain in domains_of(member.shop))],
        language=member.language,
    )


def first_open(readers: Sequence[Reader], check: ResponseCheck, now: datetime) -> Reader:
    """The first to whom a letter may go now: what holds for requests holds for it.

    Raises:
        Refused: nobody is left, all of them forbid it, or the shop has had its letters of the day.

    """
    if not readers:
        raise Refused("no_door")
    may = [reader for reader in readers if not is_suppressed(reader.stop_keys, now)]
    if not may:
        raise Refused("shop_forbids")
    if has_had_its_share(check.shop_id, now):
        raise Refused("had_its_share")
    return may[0]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How a letter can be answered and forbidden."""

    reply_address: str
    stop_url: str


def write(
    say: Callable[[Ways], CheckMessage],
    reader: Reader,
    check: ResponseCheck,
    *,
    purpose: str,
    now: datetime,
    of_use_for: timedelta,
) -> Delivery | None:
    """Put a letter into the outbox, for the shop's hours; None where it was written before."""
    delivery_id = uuid4()
    ways = _ways(check, delivery_id, now)
    render = render_mail if reader.channel is ChannelKind.EMAIL else render_form_text
    return queue_delivery(
        render(say(ways), reader.language, site()),
        _envelope(reader, ways, now + of_use_for),
        purpose=purpose,
        now=now,
        due_at=in_their_hours(check.shop, now),
        delivery_id=delivery_id,
    )


def _ways(check: ResponseCheck, delivery_id: UUID, now: datetime) -> Ways:
    here, stop = site(), issue_token(Purpose.CHECK_STOP, check.id, check.drawn_at)
    return Ways(
        reply_address=f"reply+{issue_token(Purpose.CHECK, delivery_id, now)}@{here.mail_domain}",
        stop_url=f"{here.base_url}/check/{stop}/stop",
    )


def _envelope(reader: Reader, ways: Ways, expires_at: datetime) -> Envelope:
    return Envelope(
        channel=reader.channel,
        address=reader.address,
        stop_keys=reader.stop_keys,
        sender_name=site().service_name,
        reply_to=ways.reply_address,
        stop_url=ways.stop_url,
        expires_at=expires_at,
    )
