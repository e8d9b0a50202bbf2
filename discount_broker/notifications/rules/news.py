"""The catalogue of news: of which kind each message is, how long it may wait, what it makes old. Pure."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from discount_broker.notifications.catalogue import (
    BuyerMessage,
    Message,
    OfferEnds,
    RequestEnded,
    ShopDeclined,
)
from discount_broker.notifications.status import NewsKind, NewsWay, Urgency

K, U = NewsKind, Urgency

DIGEST_LEAVES = time(18)
"""By the buyer's clock: the working day of the shops is over, theirs is not."""
GREETING_LEAVES = time(9)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class News:
    """What one message is to its buyer."""

    kind: NewsKind
    urgency: Urgency
    can_text: bool = False
    """Whether a phone may ring for it as well."""
    overtakes: frozenset[NewsKind] = field(default=frozenset())
    """What else still waits about the same request says nothing new after it."""


STILL_OPEN = frozenset({K.ASKED, K.ANSWERED, K.DECLINED, K.ENDING, K.SILENT, K.CALLED})
"""News that matter only while a request looks for its offer."""

NEWS: dict[Message, News] = {
    Message.CONFIRM_REQUEST: News(kind=K.NEEDED, urgency=U.NOW),
    Message.LOGIN_LINK: News(kind=K.NEEDED, urgency=U.NOW),
    Message.DELETION_ASKED: News(kind=K.NEEDED, urgency=U.NOW),
    Message.DESK_NOTE: News(kind=K.NEEDED, urgency=U.NOW, can_text=True),
    Message.OFFER_CONFIRMED: News(kind=K.ACCEPTED, urgency=U.NOW, can_text=True, overtakes=STILL_OPEN),
    Message.UNFINISHED_REQUEST: News(kind=K.ASKED, urgency=U.SOON),
    Message.ASKED_SHOPS: News(kind=K.ASKED, urgency=U.SOON),
    Message.OFFER_MADE: News(
        kind=K.ANSWERED, urgency=U.SOON, can_text=True, overtakes=frozenset({K.SILENT, K.CALLED})
    ),
    Message.OFFER_CHANGED: News(kind=K.ANSWERED, urgency=U.SOON, overtakes=frozenset({K.ENDING})),
    Message.SHOP_LATER: News(kind=K.ANSWERED, urgency=U.SOON, overtakes=frozenset({K.SILENT})),
    Message.SHOP_WILL_CALL: News(kind=K.ANSWERED, urgency=U.SOON, can_text=True),
    Message.SHOP_LETTER: News(kind=K.ANSWERED, urgency=U.SOON),
    Message.SHOP_DECLINED: News(kind=K.DECLINED, urgency=U.DAILY),
    Message.OFFER_ENDS: News(kind=K.ENDING, urgency=U.SOON),
    Message.NO_ANSWER_YET: News(kind=K.SILENT, urgency=U.SOON),
    Message.NO_ANSWERS_YET: News(kind=K.SILENT, urgency=U.SOON),
    Message.SHOP_CALLED: News(kind=K.CALLED, urgency=U.DAILY),
    Message.PROMISE_CHECK: News(kind=K.PROMISED, urgency=U.SOON, can_text=True),
    Message.ASK_OUTCOME: News(kind=K.OUTCOME, urgency=U.SOON, can_text=True),
    Message.REQUEST_ENDED: News(kind=K.ENDED, urgency=U.SOON, overtakes=STILL_OPEN | {K.PROMISED, K.OUTCOME}),
    Message.WATCH_CONFIRM: News(kind=K.NEEDED, urgency=U.NOW),
    Message.WATCH_MET: News(kind=K.WATCH, urgency=U.SOON),
    Message.WATCH_ENDED: News(kind=K.WATCH, urgency=U.SOON),
    Message.GREETING: News(kind=K.GREETING, urgency=U.SOON),
}
"""Every message to buyers but the digest, which is made of them."""

REQUIRED = frozenset({K.NEEDED, K.ACCEPTED})
"""Letters without which what the buyer does would not work: they cannot be switched off."""
BEYOND = frozenset({K.GREETING})
"""More than news of the buyer's own requests and watches: for those alone who agreed to it."""
TEXTABLE = frozenset(news.kind for news in NEWS.values() if news.can_text) - {K.NEEDED}
DAILY = frozenset(NewsKind) - {news.kind for news in NEWS.values() if news.urgency is not Urgency.DAILY}
FACTORY_WAYS: dict[NewsKind, NewsWay] = {
    kind: NewsWay.DIGEST if kind in DAILY else NewsWay.MAIL for kind in NewsKind
}
"""How each kind comes where its buyer has not chosen."""


def ways_for(kind: NewsKind) -> tuple[NewsWay, ...]:
    """The ways a buyer can choose from."""
    if kind is K.NEEDED:
        return (NewsWay.MAIL,)
    texts = (NewsWay.TEXT,) if kind in TEXTABLE else ()
    if kind in REQUIRED:
        return (NewsWay.MAIL, *texts)
    together = () if kind is K.GREETING else (NewsWay.DIGEST,)
    return (NewsWay.MAIL, *texts, *together, NewsWay.NONE)


def urgency_of(message: BuyerMessage) -> Urgency:
    """How long it may wait; a "no" after which nobody is left to wait for does not wait."""
    if isinstance(message, ShopDeclined) and message.shops_waiting == 0:
        return Urgency.SOON
    return NEWS[message.message].urgency


def default_way(message: BuyerMessage) -> NewsWay:
    """How it comes where its buyer has not chosen."""
    return NewsWay.DIGEST if urgency_of(message) is Urgency.DAILY else NewsWay.MAIL


def without_more(message: BuyerMessage) -> BuyerMessage:
    """The message without what goes beyond the buyer's own requests: products they never asked for."""
    return replace(message, similar=()) if isinstance(message, RequestEnded) else message


def link_of(message: BuyerMessage) -> str:
    """The page a line of the day's letter leads to."""
    names = ("check_url", "answer_url", "follow_url")
    return next((getattr(message, name) for name in names if hasattr(message, name)), "")


def stale_after(message: BuyerMessage) -> datetime | None:
    """After this it is no news any more."""
    return message.terms.valid_until if isinstance(message, OfferEnds) else None


def digest_at(now: datetime, zone: str) -> datetime:
    """When the next letter of the day leaves, by the buyer's clock."""
    return _next(now, DIGEST_LEAVES, zone)


def greeting_at(birthday: date, now: datetime, zone: str) -> datetime | None:
    """When a buyer whose birthday is today by their clock is greeted; None on every other day.

    Who was born on 29 February is greeted on the 28th in the years that have no other.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    if birthday_in(today.year, birthday) != today:
        return None
    return datetime.combine(today, GREETING_LEAVES, ZoneInfo(zone)).astimezone(UTC)


def birthday_in(year: int, birthday: date) -> date:
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _next(now: datetime, clock: time, zone: str) -> datetime:
    here = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), clock, ZoneInfo(zone))
    return (today if today > here else today + DAY).astimezone(UTC)
