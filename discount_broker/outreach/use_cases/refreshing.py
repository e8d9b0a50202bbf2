"""Keeping the doors of the shops we ask fresh, so that nobody has to wait for them."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import exists, select

from discount_broker.discovery.models import Crawl
from discount_broker.discovery.operations import begin_crawl
from discount_broker.kernel.db import db
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.models import Suppression
from discount_broker.messaging.queries.stopping import forbids
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop
from discount_broker.shops.queries import get_shop
from discount_broker.shops.rules import CONTACTS_STAY_FRESH

IN_USE = timedelta(days=90)
"""A shop that was asked no longer ago is likely to be asked again."""
NOT_AGAIN_FOR = timedelta(days=7)
"""A crawl that brought nothing is not repeated at every tick."""
MOST_AT_ONCE = 3


def refresh_contacts(now: datetime) -> int:
    """Have a few shops' pages read again whose contacts have grown old; how many."""
    return for_each(_list_grown_old(now), partial(_refresh, now=now))


def _refresh(shop_id: UUID, now: datetime) -> int:
    with transaction():
        shop = get_shop(shop_id)
        begin_crawl(shop, shop.home_url, now)
    return 1


def _list_grown_old(now: datetime) -> list[UUID]:
    """The oldest first; neither those that forbid all letters nor other names of a shop."""
    was_asked = exists().where(Outreach.shop_id == Shop.id, Outreach.created_at > now - IN_USE)
    was_read = exists().where(Crawl.shop_id == Shop.id, Crawl.created_at > now - NOT_AGAIN_FOR)
    is_stopped = exists().where(Suppression.key == "shop:" + Shop.domain, forbids(now))
    query = select(Shop.id).where(
        Shop.contacts_read_at <= now - CONTACTS_STAY_FRESH,
        Shop.merged_into_id.is_(None),
        was_asked,
        ~was_read,
        ~is_stopped,
    )
    return list(db.session.scalars(query.order_by(Shop.contacts_read_at).limit(MOST_AT_ONCE)))
