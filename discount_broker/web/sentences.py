"""Codes of the domain as sentences for people: why a link was refused, why a page could not be read."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.discount_requests.rules import may_ask_unread

REFUSALS: dict[str, LazyString] = {
    "link_missing": _l(
        "This does not look like a link. Open the product in the shop and copy the address from there."
    ),
    "link_not_web": _l("Only web addresses can be read: they begin with https:// or http://."),
    "link_too_long": _l(
        "This link is too long. Usually everything behind the question mark can be left out."
    ),
    "too_many_links": _l(
        "These are more than five products. Please leave some out and ask for them afterwards: nothing is"
        " lost."
    ),
    "answers_by_past": _l("This day has passed. Please choose today or a later one."),
    "answers_by_far": _l("Please choose a day within the next sixty days: prices do not hold longer."),
    "quantity_out_of_range": _l("Please say how many as a whole number from 1 to 999."),
    "percent_for_all": _l("For several products at once please wish for a percentage: it holds for each."),
    "price_other_currency": _l("The shop asks in another currency. Please name your price in that one."),
    "product_title_missing": _l("Please say what the product is called: we could not read its page."),
    "product_unread": _l("This page cannot be asked about. Please mend the link, or leave it out."),
    "product_price_wrong": _l("Please write the price as a number above zero."),
    "currency_missing": _l("Please choose the currency of this price."),
    "picture_not_link": _l("This is not the address of a picture: it begins with https:// and names a file."),
    "email_missing": _l("Please type your e-mail address: the answers come there."),
    "email_invalid": _l("This e-mail address cannot be right. Please check it."),
    "email_typo": _l("Please check the part behind the @."),
    "phone_invalid": _l(
        "This phone number cannot be right. Write it with its country code, or leave it out."
    ),
    "phone_missing": _l("Please type the number to which we shall text, or take the tick away below."),
    "phone_takes_no_texts": _l(
        "This number gets no texts. Write a mobile number with its country code, or take the tick away below."
    ),
    "percent_missing": _l("Please say how many per cent you wish for, for example 10."),
    "percent_out_of_range": _l("Please choose between 1 and 90 per cent."),
    "price_missing": _l("Please name a price."),
    "price_unknown": _l("The page shows no price, so please wish for a percentage instead."),
    "price_not_positive": _l("Please name a price above zero."),
    "price_not_lower": _l("This price is not below the price on the page."),
    "price_too_low": _l("This is more than 90 per cent off. Please check the price."),
    "not_read": _l(
        "We have not read the price yet. Wait a moment and press once more, or wish for a percentage."
    ),
    "consent_missing": _l("Please tick this box: without it we may not pass on your wish."),
    "answer_missing": _l("Please choose what you give."),
    "price_unclear": _l("Please write the price as a number, for example 11500."),
    "offer_not_lower": _l(
        "The page shows a lower price by now, and this would not be below it. Please give a little more."
    ),
    "terms_long": _l("Please keep this under 300 characters."),
    "ask_again_missing": _l("Please choose the day on which we shall ask you again."),
    "ask_again_past": _l("Please choose tomorrow or a later day."),
    "ask_again_far": _l("Please choose a day within the next ninety days."),
    "ask_again_late": _l("The buyer does not wait that long. Please choose an earlier day, or say no."),
    "later_often": _l(
        "You have put this off several times, and the buyer still waits. Please say what you can give, or "
        "that you cannot; if you need more time, please reply to our letter."
    ),
    "calls_often": _l(
        "You have promised to call several times, and the buyer still waits. Please say what you can give, "
        "or that you cannot; if you have called already, please tell us by replying to our letter."
    ),
    "forward_missing": _l("Please type the e-mail address of whoever decides this."),
    "forward_same": _l("This is the address to which we wrote. Please type another one."),
    "forward_often": _l("This request has been passed on several times. Please answer it here."),
    "email_stopped": _l("This address does not wish to get letters from us. Please name another one."),
    "change_gives_nothing": _l("The buyer has your offer already. Please change what you give."),
    "too_many_changes": _l(
        "You have changed this answer several times. If it must be changed again, please reply to our letter."
    ),
    "valid_until_past": _l("This day has passed. Please choose a later one."),
    "valid_until_far": _l("Please choose a day within the next ninety days."),
    "call_by_missing": _l("Please say by which day and time you will call."),
    "call_by_past": _l("This time has passed. Please choose a later one."),
    "text_missing": _l("Please describe it in a few words."),
    "value_missing": _l("Please type the address to which we shall write."),
    "own_address": _l("This is an address of ours: we would write to ourselves."),
    "too_many_doors": _l("You have told us of several addresses already, and one of them is in use."),
    "password_wrong": _l("This e-mail address and password do not belong together."),
}
OTHER_REFUSAL = _l("This could not be accepted. Please check it.")

READING_FAILURES: dict[str, LazyString] = {
    "not_web": _l("This is not a web page. Copy the address of the product from your browser."),
    "private_address": _l("This address belongs to a private network, and we read public shops only."),
    "port": _l("This address uses an unusual port, and we read ordinary shop pages only."),
    "robots": _l("This shop does not allow robots to read this page, and we keep to that."),
    "too_large": _l("The page is too large to be a product page."),
    "too_slow": _l("The shop took too long to answer."),
    "too_many_redirects": _l("The shop sent us from page to page in circles."),
    "name_unknown": _l("There is no website under this name. There may be a slip in the link."),
    "unreachable": _l("The shop's website does not answer right now."),
    "not_html": _l("The link leads to a file and not to a page of a shop."),
    "budget": _l("We have read enough of this shop for the moment."),
    "not_product": _l("We found no product on this page."),
    "listing": _l("This page lists several products. Open the one you want and copy its link."),
    "needs_script": _l(
        "This page shows its product only to a browser that runs its scripts, so we could not read it."
    ),
    "marketplace": _l(
        "This is a marketplace, where every price is set by a seller we cannot write to. Shops that sell the"
        " same can be asked instead."
    ),
    "aggregator": _l(
        "This page compares the prices of many shops. Open the shop that you like and copy its link, or let"
        " us ask those we know to sell it."
    ),
    "other_site": _l("The address leads to somebody else's website."),
    "same_page": _l("The page says the same as another one that we read."),
    "no_such_page": _l("The page itself says that it does not exist."),
    "asked_to_wait": _l("The shop asked us to come back later."),
    "http_403": _l("The shop did not let us in."),
    "http_404": _l("The shop says that this page does not exist."),
    "http_400": _l("The shop's website refused to show this page."),
    "http_429": _l("The shop is asking for a pause."),
    "http_500": _l("The shop's website has a fault right now."),
}
OTHER_FAILURE = _l("The page could not be read.")
PASSING = frozenset({"too_slow", "unreachable", "budget", "http_429", "http_500"})
"""Failures that may be gone in a minute: trying the same link again makes sense."""


ASKABLE = PASSING | {"robots", "too_large", "needs_script", "http_403", "marketplace", "aggregator"}
"""Failures behind which there may well be a product: it can be asked about in the buyer's words."""


def refusal(code: str) -> LazyString:
    return REFUSALS.get(code, OTHER_REFUSAL)


def reading_failure(code: str | None) -> LazyString:
    """Why the page could not be read."""
    return READING_FAILURES.get(code or "", OTHER_FAILURE)


def may_pass(code: str | None) -> bool:
    return code in PASSING


def may_ask_anyway(code: str | None) -> bool:
    return code in ASKABLE and may_ask_unread(code)
