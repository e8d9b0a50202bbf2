"""The ways by which letters of a conversation reach the shop and the buyer, and what they must not carry."""

from datetime import datetime
from typing import NamedTuple

from discount_broker.discount_requests.queries import follow_url
from discount_broker.kernel.db import db
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, queue_delivery
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.queries import is_suppressed
from discount_broker.messaging.rendering import render_form_text, render_mail
from discount_broker.notifications.catalogue import BuyerQuestion, DeskLetter, DeskNote, ShopWrote
from discount_broker.notifications.operations import compose, note_told
from discount_broker.notifications.queries import way_of
from discount_broker.notifications.status import NewsWay
from discount_broker.outreach.extract.private_words import lines_of
from discount_broker.outreach.models import InboundMail, Letter, Outreach
from discount_broker.outreach.operations.letters import (
    answering_point,
    news_from,
    reply_address,
    stop_url,
)
from discount_broker.outreach.queries import keys_of
from discount_broker.outreach.queries.thread import (
    TO_BUYER,
    find_thread_head,
    sender_point,
)
from discount_broker.shops.models import ContactPoint
from discount_broker.shops.operations import mark_dead
from discount_broker.shops.queries import list_doors
from discount_broker.shops.rules import language_for
from discount_broker.shops.status import ContactKind

LETTER = "letter:"
"""What the purpose of a message to a shop begins with; then come the outreach, the letter and the door."""
LONGEST_MAILED = 6000
"""Characters of a shop's letter that are mailed on; the page shows all of it."""


class Way(NamedTuple):
    """The door a letter to the shop goes through, and the mail it belongs under."""

    point: ContactPoint
    head: Delivery | None
    subject: str
    """Of the mail it belongs under; empty where that does not name the request."""


def way_to_shop(outreach: Outreach) -> Way | None:
    """To whoever answered, else to where the request went, else through any door that is open to machines."""
    doors = [point for point in list_doors(outreach.shop_id) if not is_suppressed(keys_of(point))]
    usable = {point.id: point for point in doors if not (point.form and point.form.get("captcha"))}
    asked = [step.contact_point for step in reversed(outreach.steps)]
    mails = [point for point in doors if point.kind is ContactKind.EMAIL]
    wanted = [sender_point(outreach), answering_point(outreach), *mails, *asked, *doors]
    point = next((usable[each.id] for each in wanted if each is not None and each.id in usable), None)
    if point is None:
        return None
    head = find_thread_head(outreach, point.value) if point.kind is ContactKind.EMAIL else None
    subject = head.subject.removeprefix("Re: ") if head else ""
    return Way(point, head, subject if outreach.discount_request.number in subject else "")


def queue_to_shop(
    letter: Letter,
    said: BuyerQuestion | DeskLetter,
    way: Way,
    now: datetime,
    due_at: datetime | None = None,
    *,
    written_with: str = "",
) -> Delivery | None:
    outreach, is_mail = letter.outreach, way.point.kind is ContactKind.EMAIL
    here, language = site(), language_for(outreach.shop.domain, outreach.shop.language)
    envelope = Envelope(
        channel=ChannelKind.EMAIL if is_mail else ChannelKind.WEB_FORM,
        address=way.point.value,
        stop_keys=keys_of(way.point),
        sender_name=here.service_name,
        reply_to=reply_address(outreach),
        stop_url=stop_url(outreach),
        follows=way.head.id if way.head else None,
        by_hand=isinstance(said, DeskLetter),
        written_with=written_with,
    )
    rendered = (render_mail if is_mail else render_form_text)(said, language, here)
    purpose = f"{LETTER}{outreach.id}:{letter.id}:{way.point.id}"
    return queue_delivery(rendered, envelope, purpose=purpose, now=now, due_at=due_at)


def close_door(outreach: Outreach, delivery: Delivery) -> None:
    """The door a letter went through is of no use any more."""
    for point in outreach.shop.contact_points:
        if point.value == delivery.address:
            mark_dead(point.id, delivery.failure or "bounced")


def mail_to_buyer(
    letter: Letter, message: ShopWrote | DeskNote, now: datetime, *, written_with: str = ""
) -> Delivery | None:
    """Mail a letter to the buyer, under the last one about this shop; the answer comes back to us.

    A buyer who wants no mail about answers reads it on the page of the request alone.
    """
    outreach, here = letter.outreach, site()
    buyer = outreach.discount_request.buyer
    assert buyer is not None, "shops are asked for confirmed requests alone"
    if way_of(buyer.id, message) is NewsWay.NONE:
        return None
    written = compose(message, buyer.email, outreach.discount_request.language, now)
    told = [one.delivery for one in outreach.letters if one.delivery and one.delivery.template in TO_BUYER]
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=buyer.email,
        stop_keys=[f"email:{buyer.email.lower()}"],
        sender_name=here.service_name,
        reply_to=answer_address(outreach),
        follows=told[-1].id if told else None,
        by_hand=isinstance(message, DeskNote),
        written_with=written_with,
        stop_url=written.stop_url,
    )
    purpose = f"told:{letter.id}"
    sent = queue_delivery(written.rendered, envelope, purpose=purpose, now=now, delivery_id=written.id)
    if sent is not None:
        note_told(message, buyer, sent, now)
    return sent


def shop_wrote(letter: Letter) -> ShopWrote:
    """A letter of the shop as it is mailed to the buyer."""
    outreach = letter.outreach
    mail = db.session.get(InboundMail, letter.reply.inbound_mail_id) if letter.reply else None
    return ShopWrote(
        **news_from(outreach),
        shop=outreach.shop.name,
        words=lines_of(letter.text[:LONGEST_MAILED]),
        files=tuple(str(part.get("name") or "?") for part in (mail.attachments if mail else [])),
        is_cut=len(letter.text) > LONGEST_MAILED,
        answer_url=f"{follow_url(outreach.discount_request)}/shops/{outreach.id}",
    )


def answer_address(outreach: Outreach) -> str:
    """Where a buyer's answer to a mail comes in."""
    token = issue_token(Purpose.BUYER_REPLY, outreach.id, outreach.created_at)
    return f"answer+{token}@{site().mail_domain}"
