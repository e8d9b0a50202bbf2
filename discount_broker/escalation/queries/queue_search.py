"""Finding cases by whatever is at hand: a number, a buyer, a shop, a phone.

All of it asks for equality or for a beginning, each with an index of its own, and for so many rows at most:
what is searched costs the same however much there is.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.escalation.models import EscalationCase, QueueEntry
from discount_broker.escalation.queries.queue_pages import Listed
from discount_broker.kernel.db import begins_with, db
from discount_broker.kernel.errors import Refused
from discount_broker.outreach.models import Outreach
from discount_broker.shops.extract.spelling import normal_phone, phone_digits
from discount_broker.shops.models import ContactPoint, Shop, ShopPerson
from discount_broker.shops.queries import is_called
from discount_broker.shops.rules import COUNTRY_OF_SUFFIX

MOST_ROWS, MOST_SHOPS, MOST_BUYERS = 50, 20, 10
NUMBER = re.compile(r"(?:R-?)?([2-9A-HJKMNP-Z]{2,5})", re.ASCII)
LENGTH_OF_NUMBER = 5
SHORTEST_WHOLE_NUMBER = 7
"""Digits; fewer are an extension, or the beginning of something."""
LOCAL = (None, *sorted(set(COUNTRY_OF_SUFFIX.values())))
"""Countries in which a number without its code may be meant."""


@dataclass(frozen=True)
class Found:
    rows: list[Listed] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    """Shops that match and have no open case."""
    is_cut: bool = False
    exact: str = ""
    """The request number that was typed whole, where there is such a request."""


def search_desk(text: str) -> Found:
    """Cases and shops that go by `text`; of a case that was named by its number, that one alone."""
    text = " ".join(text.split())
    number, request_ids = _requests_numbered(text)
    shop_ids: set[UUID] = set()
    if not number:
        buyer_ids, shop_ids = _buyers(text), _shops(text)
        request_ids |= _requests_of(buyer_ids)
    of_requests = _cases_of_requests(request_ids)
    shops = _whole_shops(shop_ids)
    of_shops = _entries_of(shop.id for shop in shops)
    shown = {listed.case.id for listed in of_requests}
    rows = [*of_requests, *(one for one in of_shops if one.case.id not in shown)]
    queued = {one.entry.shop_id for one in of_shops if one.entry}
    is_cut = len(of_requests) == MOST_ROWS or len(shop_ids) == MOST_SHOPS
    return Found(rows[:MOST_ROWS], [shop for shop in shops if shop.id not in queued], is_cut, number)


def _requests_numbered(text: str) -> tuple[str, set[UUID]]:
    """The request of this number; else those whose numbers begin so."""
    typed = NUMBER.fullmatch(text.upper())
    if typed is None:
        return "", set()
    number = f"R-{typed[1]}"
    if len(typed[1]) == LENGTH_OF_NUMBER:
        whole = db.session.scalar(select(DiscountRequest.id).where(DiscountRequest.number == number))
        return (number, {whole}) if whole else ("", set())
    query = select(DiscountRequest.id).where(begins_with(DiscountRequest.number, number)).limit(MOST_ROWS)
    return "", set(db.session.scalars(query))


def _buyers(text: str) -> set[UUID]:
    """Whoever has this e-mail address or phone; of one that was merged, the one they turned out to be."""
    wanted: ColumnElement[bool]
    if "@" in text:
        wanted = Buyer.email == text.lower()
    elif _is_phone(text):
        wanted = Buyer.phone_digits == last_digits(text)
    else:
        return set()
    query = select(Buyer.id, Buyer.merged_into_id).where(wanted).limit(MOST_BUYERS)
    return {merged_into_id or buyer_id for buyer_id, merged_into_id in db.session.execute(query)}


def _requests_of(buyer_ids: Collection[UUID]) -> set[UUID]:
    query = select(DiscountRequest.id).where(DiscountRequest.buyer_id.in_(buyer_ids)).limit(MOST_ROWS)
    return set(db.session.scalars(query)) if buyer_ids else set()


def _shops(text: str) -> set[UUID]:
    """Shops with this address or number, or with such a name or domain; aliases as they are."""
    if "@" in text:
        query = select(ContactPoint.shop_id).where(ContactPoint.value == text.lower())
        return set(db.session.scalars(query.limit(MOST_SHOPS)))
    if _is_phone(text):
        numbers = _spellings(text)
        doors = select(ContactPoint.shop_id).where(ContactPoint.value.in_(numbers)).limit(MOST_SHOPS)
        people = select(ShopPerson.shop_id).where(ShopPerson.phone.in_(numbers)).limit(MOST_SHOPS)
        return {*db.session.scalars(doors), *db.session.scalars(people)}
    if not text:
        return set()
    return set(db.session.scalars(select(Shop.id).where(is_called(text)).limit(MOST_SHOPS)))


def _is_phone(text: str) -> bool:
    digits = phone_digits(text)
    return bool(digits) and len(digits[0]) >= SHORTEST_WHOLE_NUMBER


def _spellings(text: str) -> set[str]:
    """The number as it is kept, in whichever country it was meant."""
    found = set()
    for country in LOCAL:
        try:
            found.add(normal_phone(text, country))
        except Refused:
            continue
    return found


def _whole_shops(shop_ids: Collection[UUID]) -> list[Shop]:
    """These shops by name; for another name of a shop the shop itself."""
    query = select(Shop).where(Shop.id.in_(shop_ids)).options(joinedload(Shop.merged_into))
    shops = {(shop.merged_into or shop).id: shop.merged_into or shop for shop in db.session.scalars(query)}
    return sorted(shops.values(), key=lambda shop: shop.name.casefold())


def _cases_of_requests(request_ids: Collection[UUID]) -> list[Listed]:
    """Their cases, open ones first, then by age."""
    if not request_ids:
        return []
    query = (
        select(EscalationCase, QueueEntry)
        .join(EscalationCase.outreach)
        .outerjoin(QueueEntry, QueueEntry.shop_id == Outreach.shop_id)
        .where(Outreach.discount_request_id.in_(request_ids))
        .order_by(EscalationCase.status.desc(), EscalationCase.opened_at.desc())
        .limit(MOST_ROWS)
        .options(
            joinedload(EscalationCase.outreach).joinedload(Outreach.shop),
            joinedload(EscalationCase.outreach).joinedload(Outreach.discount_request),
            joinedload(QueueEntry.operator),
        )
    )
    return [Listed(case, entry) for case, entry in db.session.execute(query)]


def _entries_of(shop_ids: Iterable[UUID]) -> list[Listed]:
    """The rows of these shops that have any open case, in the order of the queue."""
    to_outreach = joinedload(QueueEntry.lead_case).joinedload(EscalationCase.outreach)
    query = (
        select(QueueEntry)
        .where(QueueEntry.shop_id.in_([*shop_ids]), QueueEntry.lead_case_id.is_not(None))
        .order_by(QueueEntry.rank)
        .options(
            joinedload(QueueEntry.operator),
            to_outreach.joinedload(Outreach.shop),
            to_outreach.joinedload(Outreach.discount_request),
        )
    )
    return [Listed(entry.lead_case, entry) for entry in db.session.scalars(query) if entry.lead_case]
