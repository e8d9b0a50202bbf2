"""A buyer's contact wishes as a shop reads them, in the language of its page."""

from typing import TYPE_CHECKING

from flask_babel import gettext

from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.web.filters import day, zone_name

if TYPE_CHECKING:
    from discount_broker.accounts.rules.wishes import Wish
    from discount_broker.discount_requests.models import DiscountRequest


def told_to_shop(request: "DiscountRequest") -> list[str]:
    """What a shop that may call the buyer should know, a sentence each."""
    wishes = wishes_of_buyer(request.buyer_id)
    return [_sentence(wish, wishes.zone) for wish in wishes.wishes]


def _sentence(wish: "Wish", zone: str) -> str:
    if wish.on_day is not None:
        return str(gettext("Please do not call on %(day)s.", day=day(wish.on_day)))
    if wish.from_minute is None or wish.until_minute is None:
        return str(gettext("Please write, do not call."))
    begins, ends = (f"{minute // 60:02}:{minute % 60:02}" for minute in (wish.from_minute, wish.until_minute))
    return str(
        gettext(
            "Please do not call between %(begins)s and %(ends)s, %(place)s time.",
            begins=begins,
            ends=ends,
            place=zone_name(zone),
        )
    )
