"""What a text can say of a case: each fact a phrase in the language of whoever hears or reads it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from flask_babel import force_locale, gettext

from discount_broker.accounts.queries.cards import wishes_of
from discount_broker.accounts.status import ContactWishKind
from discount_broker.discount_requests.queries import follow_url
from discount_broker.escalation.rules.texts import Attempt
from discount_broker.escalation.status import CallResult, PromiseSide, PromiseStatus
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.short_links import short_code
from discount_broker.kernel.site import site, zone_for
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.outreach.queries import wish_put_to
from discount_broker.outreach.queries.thread import is_buyer_known_to, sent_to_shop
from discount_broker.outreach.status import ReplyKind
from discount_broker.shops.queries import list_people
from discount_broker.web.access import visitor
from discount_broker.web.filters import money, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discount_broker.accounts.models import ContactWish
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.escalation.models import Call, Promise
    from discount_broker.outreach.models import Outreach

Facts = dict[str, Any]
MISSED: Final = (PromiseStatus.PENDING, PromiseStatus.BROKEN)
WITHOUT_AN_ANSWER: Final = (
    CallResult.NO_ANSWER,
    CallResult.BUSY,
    CallResult.GATEKEEPER,
    CallResult.CALL_BACK,
    CallResult.PROMISED,
)
"""Calls that reached the shop's number, and after which it still owes an answer."""


def facts_for_shop(
    outreach: "Outreach", calls: "Sequence[Call]", promises: "Sequence[Promise]", language: str
) -> Facts:
    """What can be said to the shop of an outreach."""
    with force_locale(language):
        return {
            **our_facts(),
            **_product_facts(outreach),
            **_promise_facts(missed_promise(promises, utcnow()), _zone_of(outreach), language),
            **_buyer_facts(outreach, language),
            **_past(outreach, calls, language, gettext("the form on your site")),
            "deadline": _day(outreach.discount_request.expires_at, _zone_of(outreach), language),
            "person": _last_person(outreach, calls),
        }


def facts_for_buyer(
    ask: "DiscountRequest",
    outreach: "Outreach | None",
    language: str,
    *,
    calls: "Sequence[Call]" = (),
    is_text: bool = False,
) -> Facts:
    """What can be said to a buyer; with a short link where it is to stand in a text message."""
    with force_locale(language):
        told = _product_facts(outreach) if outreach else {}
        if outreach:
            told |= _past(outreach, calls, language, gettext("the form on the shop’s site"))
        zone = _zone_of(outreach) if outreach else ZoneInfo(site().time_zone)
        return {
            "product": ask.product.title if ask.product else "",
            **our_facts(),
            **told,
            "number": ask.number,
            "deadline": _day(ask.expires_at, zone, language),
            "link": f"{site().base_url}/t/{short_code(ask.number)}" if is_text else follow_url(ask),
        }


def missed_promise(promises: "Sequence[Promise]", now: datetime) -> "Promise | None":
    """What the shop promised last, and did not do."""
    missed = [p for p in promises if p.status in MISSED and p.due_at <= now and p.side is PromiseSide.SHOP]
    return missed[-1] if missed else None


def our_facts() -> Facts:
    """What can be said without any case."""
    here, who = site(), visitor()
    return {
        "operator": who.name if who else "",
        "service": here.service_name,
        "company": here.operator_name,
        "site_address": here.base_url,
    }


def _product_facts(outreach: "Outreach") -> Facts:
    wanted, currency = wish_put_to(outreach), outreach.currency
    has_changed = outreach.price_now is not None and outreach.price_now != outreach.price
    if wanted.price is not None:
        price = money(wanted.price.amount, wanted.price.currency)
        wish = gettext("a price of %(price)s", price=price)
    else:
        wish = gettext("%(percent)s off", percent=percent(wanted.percent))
    return {
        "shop": outreach.shop.name,
        "number": outreach.discount_request.number,
        "product": outreach.product_title,
        "price": money(outreach.price, currency),
        "price_now": money(outreach.price_now, currency) if has_changed and outreach.price else "",
        "wish": wish,
    }


def _promise_facts(promise: "Promise | None", zone: ZoneInfo, language: str) -> Facts:
    if promise is None:
        return {}
    return {
        "promise_by": promise.promised_by,
        "promise_day": _day(promise.made_at, zone, language),
        "promise_due": format_datetime(promise.due_at.astimezone(zone), "d MMMM, HH:mm", locale=language),
    }


def _buyer_facts(outreach: "Outreach", language: str) -> Facts:
    """Of the buyer no more than the buyer allowed."""
    if not is_buyer_known_to(outreach):
        return {}
    ask = outreach.discount_request
    wishes = wishes_of(ask.buyer_id, _zone_of(outreach).key)
    return {
        "buyer_phone": ask.phone or "",
        "buyer_email": ask.buyer.email if ask.buyer else "",
        "best_time": ask.best_time,
        "contact_wishes": " ".join(_contact_wish(row, language) for row in wishes.rows),
    }


def _contact_wish(row: "ContactWish", language: str) -> str:
    if row.kind is ContactWishKind.WRITE_ONLY:
        return str(gettext("Please write, do not call."))
    if row.on_day is not None:
        day = format_date(row.on_day, "d MMMM", locale=language)
        return str(gettext("Not on %(day)s.", day=day))
    since, until = (f"{(at or 0) // 60}:{(at or 0) % 60:02}" for at in (row.from_minute, row.until_minute))
    return str(gettext("Not between %(since)s and %(until)s.", since=since, until=until))


def _past(outreach: "Outreach", calls: "Sequence[Call]", language: str, form: str) -> Facts:
    """When the shop was written to and called in vain since it last said something itself."""
    zone = _zone_of(outreach)
    heard = [reply.received_at for reply in outreach.replies if reply.kind is ReplyKind.HUMAN]
    tried = [each for each in _attempts(outreach, calls, form) if not heard or each[0] > max(heard)]
    attempts = [Attempt(_day(at, zone, language), what) for at, what in sorted(tried)]
    return {"attempts": attempts, "unreached": "" if attempts or heard else gettext("not reached")}


def _attempts(outreach: "Outreach", calls: "Sequence[Call]", form: str) -> list[tuple[datetime, str]]:
    letters = [
        (sent.sent_at or sent.created_at, _letter(sent.channel, sent.address, form))
        for sent in sent_to_shop(outreach)
        if sent.status is DeliveryStatus.SENT
    ]
    return [*letters, *((call.started_at, _call(call)) for call in calls if call.result in WITHOUT_AN_ANSWER)]


def _letter(channel: ChannelKind, address: str, form: str) -> str:
    is_mail = channel is ChannelKind.EMAIL
    return str(gettext("e-mail to %(address)s", address=address)) if is_mail else form


def _call(call: "Call") -> str:
    if call.person:
        return str(gettext("phone call, %(person)s", person=call.person))
    return str(gettext("phone call"))


def _last_person(outreach: "Outreach", calls: "Sequence[Call]") -> str:
    """With whom we spoke last: as it was written down with a call, else as the shop's card has it."""
    spoken = next((call.person for call in reversed(calls) if call.person), "")
    known = [person for person in list_people(outreach.shop_id) if person.left_at is None]
    if spoken or not known:
        return spoken
    return f"{known[0].name}, {known[0].role}" if known[0].role else known[0].name


def _zone_of(outreach: "Outreach") -> ZoneInfo:
    return zone_for(outreach.shop.country)


def _day(at: datetime | None, zone: ZoneInfo, language: str) -> str:
    """`20 November`, by the shop's calendar; with its year where that is another one."""
    if at is None:
        return ""
    there, today = at.astimezone(zone), utcnow().astimezone(zone)
    return format_date(there, "d MMMM" if there.year == today.year else "d MMMM y", locale=language)
