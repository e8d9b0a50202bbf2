"""Kinds of news and the ways they come, as buyers read them."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.accounts.status import ConsentKind
from discount_broker.notifications.status import NewsKind as K
from discount_broker.notifications.status import NewsState, NewsWay

KINDS: Final[dict[K, LazyString]] = {
    K.NEEDED: _l("What you ask for yourself: confirmations, links to log in, what concerns your data"),
    K.ACCEPTED: _l("The offer you took: its number, and how the shop reaches you"),
    K.ASKED: _l("Your request is under way: which shops we ask"),
    K.ANSWERED: _l("A shop makes an offer, writes, or will call"),
    K.DECLINED: _l("A shop says no"),
    K.ENDING: _l("An offer ends soon"),
    K.SILENT: _l("Nobody has answered yet, and what we do next"),
    K.CALLED: _l("We phoned a shop for you"),
    K.PROMISED: _l("A shop promised to call you: did it?"),
    K.OUTCOME: _l("What came of an offer you took"),
    K.ENDED: _l("A request is over"),
    K.WATCH: _l("A product you watch is back, or cheaper"),
    K.GREETING: _l("A word on your birthday"),
}
WAYS: Final[dict[NewsWay, LazyString]] = {
    NewsWay.MAIL: _l("By e-mail"),
    NewsWay.TEXT: _l("By e-mail and SMS"),
    NewsWay.DIGEST: _l("Together, once a day"),
    NewsWay.NONE: _l("Not at all"),
}
CONSENTS: Final[dict[ConsentKind, LazyString]] = {
    ConsentKind.PROCESSING: _l("Your details are used to ask shops"),
    ConsentKind.DIRECT_CONTACT: _l("Shops may contact you directly"),
    ConsentKind.NEWS: _l("More than the news of your requests"),
    ConsentKind.TEXTS: _l("News by SMS"),
}
STATES: Final[dict[NewsState, LazyString]] = {
    NewsState.WAITING: _l("waits"),
    NewsState.TOLD: _l("told"),
    NewsState.DROPPED: _l("not sent"),
}
TEXTS_VERSION: Final = "texts-preferences:1"
TEXTS_SENTENCE: Final = _l("Send me this kind of news by SMS as well, until I say stop.")
"""Under which texts are agreed to on the page of the preferences."""

REFUSALS: Final[dict[str, LazyString]] = {
    "way_unknown": _l("News of this kind cannot come that way. Please choose one from the list."),
    "zone_unknown": _l("There is no such time zone. Choose one from the list, for example Europe/Berlin."),
    "birthday_wrong": _l("This birthday cannot be right. Please check the year."),
    "greeting_needs_birthday": _l("Please tell us your birthday, or take the tick away."),
    "greeting_is_more": _l(
        "A greeting is more than news of your requests: please tick the box above as well, or take this tick"
        " away."
    ),
    "texts_need_a_number": _l("We have no phone number of yours. Give one with your next request."),
    "wish_hours_missing": _l("Please give both times, or leave both empty."),
    "wish_hours_empty": _l("These hours begin and end at the same time. Please choose others."),
    "consent_is_needed": _l(
        "Without this we can ask no shop for you. If you want to take it back, have everything deleted."
    ),
}
