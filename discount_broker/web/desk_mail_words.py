"""The words of mail that a person places, and of what letters were found to say."""

from collections.abc import Mapping
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.outreach.inbound import IntentKind
from discount_broker.outreach.matching import MatchedBy, Sign
from discount_broker.outreach.queries.waiting_mail import MailView
from discount_broker.outreach.use_cases import Learnt

Words = Mapping[str, LazyString]

VIEWS: Final[Words] = {
    MailView.WAITING: _l("To be filed"),
    MailView.SET_ASIDE: _l("Set aside"),
    MailView.MACHINES: _l("From machines"),
}
EMPTY: Final[Words] = {
    MailView.WAITING: _l("Nothing waits: every letter found its request."),
    MailView.SET_ASIDE: _l("Nothing has been set aside."),
    MailView.MACHINES: _l("No automatic mail came that belongs to nothing."),
}
SIGNS: Final[Words] = {
    Sign.SENDER: _l("comes from this shop"),
    Sign.BUYER: _l("comes from the buyer"),
    Sign.NUMBER: _l("names the number %(shown)s"),
    Sign.NUMBER_ALIKE: _l("names %(shown)s, one slip away"),
    Sign.DOMAIN_ALIKE: _l("a domain much like %(shown)s"),
    Sign.SHOP_NAMED: _l("is signed %(shown)s"),
    Sign.PRODUCT_NAMED: _l("speaks of %(shown)s"),
    Sign.ASKED_LATELY: _l("was asked a short while ago"),
}
MATCHED: Final[Words] = {
    MatchedBy.TOKEN: _l("by the address it was sent to"),
    MatchedBy.REFERENCES: _l("by the letter it answers"),
    MatchedBy.NUMBER: _l("by the number of the request"),
    MatchedBy.LEARNT: _l("by its sender, as a person once said"),
    MatchedBy.SENDER: _l("by the domain of the shop"),
    MatchedBy.PERSON: _l("by hand"),
}
LEARNT: Final[Words] = {
    Learnt.NOTHING: _l("Filed."),
    Learnt.NEW: _l("Filed. The next letter from %(sender)s goes to %(shop)s by itself."),
    Learnt.ANOTHER_SHOP: _l(
        "Filed. The address %(sender)s stood for another shop until now; from now on it stands for %(shop)s."
    ),
}
SAID: Final[Words] = {
    IntentKind.OFFER: _l("An offer"),
    IntentKind.DECLINE: _l("No discount"),
    IntentKind.LOWEST_PRICE: _l("Already the lowest price"),
    IntentKind.PROMO_CODE: _l("A promotional code"),
    IntentKind.FREE_DELIVERY: _l("Free delivery"),
    IntentKind.OUT_OF_STOCK: _l("Out of stock"),
    IntentKind.CALL_US: _l("Wants to be called"),
    IntentKind.WHO_ARE_YOU: _l("Asks who we are"),
    IntentKind.OPT_OUT: _l("Wants no letters from us"),
    IntentKind.NEW_ADDRESS: _l("Wants letters at another address"),
    IntentKind.OUT_UNTIL: _l("Away"),
    IntentKind.QUESTION: _l("A question"),
}
TAKE: Final[Words] = {
    IntentKind.DECLINE: _l("Note the no, close the case"),
    IntentKind.OUT_OF_STOCK: _l("Note the no, close the case"),
    IntentKind.CALL_US: _l("Keep the number, call next"),
    IntentKind.WHO_ARE_YOU: _l("Write who we are"),
    IntentKind.OPT_OUT: _l("Stop all letters to this shop"),
    IntentKind.NEW_ADDRESS: _l("Write there from now on"),
}
"""What one press does."""
ENTER: Final = frozenset(
    {IntentKind.OFFER, IntentKind.FREE_DELIVERY, IntentKind.LOWEST_PRICE, IntentKind.PROMO_CODE}
)
"""What is entered as the shop's answer, with its terms."""
OUTCOMES: Final[Words] = {"taken": _l("done"), "dismissed": _l("put aside")}
REFUSALS: Final[Words] = {
    "letters_forbidden": _l("This shop wants no letters from us, from nobody and through no door."),
    "letter_has_no_way": _l("This shop has no address and no form a letter could go to. Please call."),
}
