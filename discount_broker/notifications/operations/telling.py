"""The one gate through which buyers and staff are told anything by mail: at once, later, together, or not."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.queries import find_buyer_by_email
from discount_broker.accounts.queries.buyers import find_kept
from discount_broker.accounts.queries.cards import wishes_of
from discount_broker.accounts.queries.consents import agrees_to
from discount_broker.accounts.status import ConsentKind, Means
from discount_broker.kernel.clock import paced
from discount_broker.kernel.db import add_or_find, find_row
from discount_broker.kernel.site import site
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.messaging.models import Delivery
from discount_broker.messaging.operations import Envelope, cancel_queued, queue_delivery, reword_queued
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rendering import Rendered, render_mail
from discount_broker.notifications.catalogue import (
    BuyerMessage,
    DigestLine,
    MemberMessage,
    NewsDigest,
    ProgramMessage,
    StaffMessage,
)
from discount_broker.notifications.models import NewsItem
from discount_broker.notifications.queries import (
    chosen_way,
    find_item,
    list_due_items,
    list_items_about,
    was_told,
    way_of,
)
from discount_broker.notifications.rules import (
    BEYOND,
    NEWS,
    REQUIRED,
    digest_at,
    link_of,
    stale_after,
    urgency_of,
    without_more,
)
from discount_broker.notifications.status import NewsKind, NewsState, NewsWay, Urgency

NoNews = StaffMessage | MemberMessage | ProgramMessage
"""Letters to others than buyers: sent as they are."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it is written now, wherever and whenever it leaves."""

    id: UUID
    """Of the delivery it becomes: its own links name it."""
    to: str
    rendered: Rendered
    plain: Rendered | None = None
    """The same without what goes beyond the buyer's own requests, where there is such in it."""
    stop_url: str = ""
    expires_at: datetime | None = None


def notify(
    message: BuyerMessage | NoNews,
    *,
    to: str,
    language: str,
    purpose: str,
    now: datetime,
    due_at: datetime | None = None,
) -> NewsItem | Delivery | None:
    """Tell somebody something in their language; None when they know it (`purpose`), or want none of it.

    A buyer's news comes as they want it: it may wait for the end of their quiet hours or for the letter
    of the day, and what they do not want is written down and goes no further.
    """
    if isinstance(message, NoNews) or (buyer := _reader(message, to)) is None:
        letter = Letter(id=uuid4(), to=to, rendered=render_mail(message, language, site()))
        return _post(letter, purpose, now, due_at)
    item = None if was_told(purpose) else _note(message, buyer, purpose, now)
    if item is None:
        return None
    drop_news(buyer.id, item.subject, NEWS[message.message].overtakes)
    way = way_of(buyer.id, message)
    if _is_unwanted(item, way):
        settle_item(item, NewsState.DROPPED)
        return None
    leaves_at = _leaves_at(message, buyer, way, due_at or now, now)
    _send_or_keep(item, compose(message, to, language, now), way, leaves_at, now)
    return item


def _is_unwanted(item: NewsItem, way: NewsWay) -> bool:
    """Whether its buyer wants none of this kind, or never agreed to such, or does not any more."""
    if item.kind in BEYOND and not _agrees_to_more(item.buyer_id):
        return True
    return way is NewsWay.NONE and item.kind not in REQUIRED


def _agrees_to_more(buyer_id: UUID) -> bool:
    """Asked under their lock: who takes it back meanwhile finds what we put into the outbox, and stops it."""
    find_row(Buyer, buyer_id, lock=True)
    return agrees_to(buyer_id, ConsentKind.NEWS)


def _send_or_keep(item: NewsItem, letter: Letter, way: NewsWay, leaves_at: datetime, now: datetime) -> None:
    item.headline = letter.rendered.subject
    if leaves_at > now:
        item.due_at, item.facts = leaves_at, _kept(letter, way)
    else:
        _send(item, letter, now)


def _reader(message: BuyerMessage, to: str) -> Buyer | None:
    """The buyer whose news this is; None for what is no news, or for nobody we know."""
    known = find_buyer_by_email(to) if message.message in NEWS else None
    return find_kept(known.id) if known else None


def _note(message: BuyerMessage, buyer: Buyer, purpose: str, now: datetime) -> NewsItem | None:
    """The row of this news; None where another transaction has told it meanwhile."""
    item = NewsItem(
        id=uuid4(),
        purpose=purpose,
        buyer_id=buyer.id,
        kind=NEWS[message.message].kind,
        subject=getattr(message, "number", ""),
        link=link_of(message),
        state=NewsState.WAITING,
        due_at=now,
        created_at=now,
    )
    return item if add_or_find(item, lambda: find_item(purpose)) is item else None


def compose(message: BuyerMessage, to: str, language: str, now: datetime) -> Letter:
    """Write the letter of one piece of news, with the page on which its buyer can switch its kind off."""
    letter_id = uuid4()
    news_url = f"{site().base_url}/n/{issue_token(Purpose.NEWS, letter_id, now)}"
    is_digest = isinstance(message, NewsDigest)
    is_optional = is_digest or NEWS[message.message].kind not in REQUIRED
    plain = without_more(message)
    return Letter(
        id=letter_id,
        to=to,
        rendered=render_mail(message, language, site(), news_url=news_url),
        plain=None if plain == message else render_mail(plain, language, site(), news_url=news_url),
        stop_url=news_url if is_optional else "",
        expires_at=stale_after(message),
    )


def _leaves_at(
    message: BuyerMessage, buyer: Buyer, way: NewsWay, wanted: datetime, now: datetime
) -> datetime:
    """When this leaves: never in hours in which the buyer wants rest, unless they sit and wait for it."""
    if urgency_of(message) is Urgency.NOW:
        return wanted
    wishes = wishes_of(buyer.id, site().time_zone)
    at = digest_at(wanted, wishes.zone) if way is NewsWay.DIGEST else wanted
    free = wishes.next_allowed(at, means=Means.SMS)
    return paced(free or at, now)


def is_for_later(message: BuyerMessage, buyer: Buyer, now: datetime) -> bool:
    """Whether this would not leave at once if it were told now."""
    return _leaves_at(message, buyer, way_of(buyer.id, message), now, now) > now


def note_told_with(
    told: NewsItem | Delivery | None, message: BuyerMessage, buyer: Buyer, purpose: str, now: datetime
) -> None:
    """Keep that the letter which told one piece of news told this as well; or that neither was wanted."""
    item = _note(message, buyer, purpose, now)
    if item is None:
        return
    if isinstance(told, NewsItem):
        item.headline = told.headline
        settle_item(item, told.state, told.delivery_id)
    else:
        settle_item(item, NewsState.DROPPED)


def note_told(message: BuyerMessage, buyer: Buyer, sent: Delivery, now: datetime) -> None:
    """Keep that a letter of a conversation told this: by its row the page of the letter knows its kind.

    What people wrote is never overtaken: it is kept apart from the news of the request.
    """
    item = _note(message, buyer, sent.purpose, now)
    if item is not None:
        item.headline, item.subject = sent.subject, ""
        settle_item(item, NewsState.TOLD, sent.id)


def _kept(letter: Letter, way: NewsWay) -> dict[str, Any]:
    return {
        "way": way,
        "letter_id": str(letter.id),
        "to": letter.to,
        "rendered": asdict(letter.rendered),
        "plain": asdict(letter.plain) if letter.plain else None,
        "stop_url": letter.stop_url,
        "expires_at": letter.expires_at.isoformat() if letter.expires_at else "",
    }


def _letter_of(item: NewsItem) -> Letter:
    facts = item.facts
    return Letter(
        id=UUID(facts["letter_id"]),
        to=facts["to"],
        rendered=Rendered(**facts["rendered"]),
        plain=Rendered(**facts["plain"]) if facts.get("plain") else None,
        stop_url=facts["stop_url"],
        expires_at=datetime.fromisoformat(facts["expires_at"]) if facts["expires_at"] else None,
    )


def _send(item: NewsItem, letter: Letter, now: datetime) -> None:
    says_more = letter.plain is not None and _agrees_to_more(item.buyer_id)
    if letter.plain and not says_more:
        letter = replace(letter, rendered=letter.plain)
    sent = _post(letter, item.purpose, now)
    settle_item(item, NewsState.TOLD, sent.id if sent else None)
    if letter.plain and says_more:
        item.facts = {"plain": asdict(letter.plain)}  # in its place, should it still be here when they change


def leave_more_out(item: NewsItem) -> None:
    """What is in the outbox, and has not left, says nothing any more that goes beyond what was asked for."""
    if item.state is NewsState.TOLD and item.delivery_id and item.facts.get("plain"):
        reword_queued(item.delivery_id, Rendered(**item.facts["plain"]))
        item.facts = {}


def settle_item(item: NewsItem, state: NewsState, delivery_id: UUID | None = None) -> None:
    item.state, item.due_at, item.facts, item.delivery_id = state, None, {}, delivery_id


def _post(letter: Letter, purpose: str, now: datetime, due_at: datetime | None = None) -> Delivery | None:
    envelope = Envelope(
        channel=ChannelKind.EMAIL,
        address=letter.to,
        stop_keys=[f"email:{letter.to.lower()}"],
        sender_name=site().service_name,
        stop_url=letter.stop_url,
        expires_at=letter.expires_at,
    )
    return queue_delivery(
        letter.rendered, envelope, purpose=purpose, now=now, due_at=due_at, delivery_id=letter.id
    )


def drop_news(buyer_id: UUID | None, number: str, kinds: Collection[NewsKind]) -> None:
    """What waits of these kinds about one request was overtaken by what happened since."""
    if buyer_id is None or not number or not kinds:
        return
    for item in list_items_about(buyer_id, number, kinds):
        if item.state is NewsState.WAITING:
            settle_item(item, NewsState.DROPPED)
        cancel_queued(f"{item.purpose}:text")


def send_due_news_of(buyer_id: UUID, now: datetime) -> int:
    """Send what waited for this buyer, as they want it by now; how many letters that makes."""
    together: list[NewsItem] = []
    letters = 0
    for item in list_due_items(buyer_id, now):
        way, letter = chosen_way(buyer_id, item.kind) or NewsWay(item.facts["way"]), _letter_of(item)
        is_stale = letter.expires_at is not None and letter.expires_at <= now
        if is_stale or _is_unwanted(item, way):
            settle_item(item, NewsState.DROPPED)
        elif way is NewsWay.DIGEST:
            together.append(item)
        else:
            _send(item, letter, now)
            letters += 1
    return letters + _send_together(together, now)


def _send_together(items: Sequence[NewsItem], now: datetime) -> int:
    """One letter of the day; a single piece of news is its own letter."""
    if len(items) < 2:
        for item in items:
            _send(item, _letter_of(item), now)
        return len(items)
    last = _letter_of(items[-1])
    lines = tuple(DigestLine(headline=item.headline, url=item.link) for item in items)
    letter = compose(NewsDigest(lines=lines), last.to, last.rendered.language, now)
    sent = _post(letter, f"digest:{items[0].id}", now)
    for item in items:
        settle_item(item, NewsState.TOLD, sent.id if sent else None)
    return 1
