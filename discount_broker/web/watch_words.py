"""What the pages of a watch say: refusals, how it ended, what a reading brought."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.web.sentences import READING_FAILURES

REFUSALS: Final[dict[str, LazyString]] = {
    "price_missing": _l("Please name the price at which we shall tell you."),
    "price_not_positive": _l("Please name a price above zero."),
    "watch_price_unknown": _l("The page shows no price, so we cannot see it fall."),
    "below_not_lower": _l("It costs no more than that already."),
    "back_already": _l("It is in stock already."),
    "too_many_watches": _l("You wait for twenty products already. Stop one of them first."),
    "product_unread": _l("We could not read the page of this product, so we cannot watch it."),
    "email_missing": _l("Please type your e-mail address: we write there when it has come."),
}
ENDED: Final[dict[str, LazyString]] = {
    "met": _l("It has come, and we told you."),
    "stopped": _l("You stopped it."),
    "gone": _l("The page is gone from the shop."),
    "over": _l("Ninety days are over, and it did not come."),
    "unconfirmed": _l("It was never confirmed."),
}
AVAILABILITY: Final[dict[str, LazyString]] = {
    "in_stock": _l("in stock"),
    "out_of_stock": _l("out of stock"),
    "preorder": _l("to pre-order"),
}


def failure(code: str) -> LazyString:
    """Why a reading brought nothing."""
    return READING_FAILURES.get(code, _l("The page could not be read."))
