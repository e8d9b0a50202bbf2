"""Telling shops that the report of their check is there."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from discount_broker.checks.models import ResponseCheck
from discount_broker.checks.queries import doors_to_ask, get_check, list_untold, report_purpose
from discount_broker.checks.rules import STILL_NEWS
from discount_broker.checks.status import CheckReason
from discount_broker.checks.use_cases.writing import Reader, Ways, at_door, first_open, of_member, write
from discount_broker.kernel.clock import paced
from discount_broker.kernel.errors import Refused
from discount_broker.kernel.site import site
from discount_broker.kernel.sweeping import for_each
from discount_broker.kernel.tokens import Purpose, issue_token
from discount_broker.kernel.transaction import transaction
from discount_broker.notifications.catalogue import ShopCheckReport
from discount_broker.shops.queries import list_members


def tell_reports(now: datetime) -> int:
    """Write to each shop whose report was made lately, once; how many were written to.

    Who has had the letters of the day is written to on another; who forbids letters finds the report on
    their own page.
    """
    lately = paced(now + STILL_NEWS, now) - now
    return for_each(list_untold(now - lately), partial(_tell_of, now=now))


def _tell_of(check_id: UUID, now: datetime) -> bool:
    with transaction():
        return _tell(get_check(check_id, lock=True), now)


def _tell(check: ResponseCheck, now: datetime) -> bool:
    try:
        reader = first_open([*_readers_of(check)], check, now)
    except Refused:
        return False
    delivery = write(
        lambda ways: _news(check, reader, ways),
        reader,
        check,
        purpose=report_purpose(check),
        now=now,
        of_use_for=STILL_NEWS,
    )
    return delivery is not None


def _readers_of(check: ResponseCheck) -> Iterator[Reader]:
    """Who asked for it reads it themselves: the shop's mailbox may be the very one that nobody reads."""
    if check.reason is CheckReason.ASKED_FOR:
        yield from (of_member(each) for each in list_members(check.shop_id) if each.proved_at is not None)
    yield from (at_door(door) for door in doors_to_ask(check.shop_id))


def _news(check: ResponseCheck, reader: Reader, ways: Ways) -> ShopCheckReport:
    assert check.asked_at is not None, "there is a report only of what was asked"
    token = issue_token(Purpose.CHECK_REPORT, check.id, check.drawn_at)
    return ShopCheckReport(
        shop=check.shop.name or check.shop.domain,
        asked_at=check.asked_at,
        report_url=f"{site().base_url}/check/{token}",
        reply_address=ways.reply_address,
        stop_url=ways.stop_url,
        found_at=reader.point.found_at if reader.point else "",
        found_on=reader.point.created_at if reader.point else None,
    )
