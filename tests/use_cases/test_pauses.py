"""A shop that asked for a pause is left alone until it ends, and then everything is as it was."""

from datetime import datetime, timedelta

import pytest

from discount_broker.discovery.queries.catalogue import ShopView, search_shops
from discount_broker.kernel.clock import utcnow
from discount_broker.kernel.db import db
from discount_broker.kernel.transaction import transaction
from discount_broker.messaging.operations import suppress
from discount_broker.messaging.queries import count_suppressions, find_suppression
from discount_broker.messaging.use_cases import claim
from discount_broker.outreach.use_cases import ask_shop, pause_shop, refresh_contacts
from discount_broker.outreach.use_cases.merging import merge_shops
from discount_broker.shops.models import Shop
from discount_broker.shops.operations import FoundDoor, note_doors
from discount_broker.shops.queries import is_stopped, list_doors, list_stopped_domains
from discount_broker.shops.status import ContactKind
from discount_broker.shops.use_cases import restore_door
from tests.builders import a_shop, an_operator, an_outreach

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def pause(shop: Shop, until: datetime) -> None:
    with transaction():
        suppress(f"shop:{shop.domain}", reason="pause", cause="", now=until - 30 * DAY, until=until)


def test_its_doors_are_kept_fresh_again(now: datetime) -> None:
    shop = a_shop(now, contacts_read_at=now - 31 * DAY)
    an_outreach(now - 20 * DAY, shop=shop)
    pause(shop, now + DAY)
    assert refresh_contacts(now) == 0
    assert refresh_contacts(now + 2 * DAY) == 1


def test_the_desk_does_not_call_it_stopped_any_more() -> None:
    now = utcnow()
    over, still = a_shop(now), a_shop(now)
    pause(over, now - DAY)
    pause(still, now + DAY)
    assert [found.shop.id for found in search_shops("", ShopView.STOPPED).rows] == [still.id]
    assert [found.is_stopped for found in search_shops(over.domain, ShopView.ALL).rows] == [False]
    assert count_suppressions() == 1


def test_a_door_found_or_restored_during_the_pause_is_open_after_it(now: datetime) -> None:
    shop = a_shop(now, emails=("old@tools.ru",))
    pause(shop, utcnow() + DAY)
    found = FoundDoor(ContactKind.EMAIL, "new@tools.ru", shop.home_url, 0.9)
    with transaction():
        note_doors(shop, [found], now)
    (old,) = (door for door in list_doors(shop.id) if door.value == "old@tools.ru")
    restore_door(shop.id, old.id, an_operator(now).id, now)
    assert {door.value for door in list_doors(shop.id)} == {"old@tools.ru", "new@tools.ru"}
    assert list_stopped_domains([shop.domain]) == set()


def test_a_merge_makes_no_stop_of_it(now: datetime) -> None:
    alias, shop = a_shop(now, emails=("a@a.ru",)), a_shop(now, emails=("b@b.ru",))
    until = utcnow() + 30 * DAY
    pause(alias, until)
    merge_shops(alias.id, shop.id, an_operator(now).id, utcnow())
    db.session.expire_all()
    both = [find_suppression(f"shop:{domain}") for domain in (alias.domain, shop.domain)]
    assert [stop and stop.until for stop in both] == [until, until]
    assert is_stopped(shop)
    assert len(list_doors(shop.id)) == 2


def test_what_waits_does_not_leave_in_it(now: datetime) -> None:
    outreach = an_outreach(now, shop=a_shop(now, emails=("a@tools.ru",)))
    ask_shop(outreach.shop_id, now)
    delivery_id = outreach.steps[0].delivery_id
    pause_shop(outreach.id, now)
    assert claim(delivery_id, now) is None
