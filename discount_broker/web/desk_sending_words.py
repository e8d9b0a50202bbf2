"""Words of the pages about sending and about the stop list."""

from typing import TYPE_CHECKING, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from discount_broker.escalation.status import ReviewKind
from discount_broker.messaging.status import ChannelKind, DeliveryStatus
from discount_broker.web.desk_shop_words import REFUSALS as DOOR_REFUSALS
from discount_broker.web.desk_words import Words

if TYPE_CHECKING:
    from discount_broker.messaging.queries import WayRecord

CHANNELS: Final[Words] = {
    ChannelKind.EMAIL: _l("E-mail"),
    ChannelKind.WEB_FORM: _l("Feedback form"),
    ChannelKind.SMS: _l("SMS"),
}
HOLDS: Final[Words] = {
    "all": _l("Everything"),
    "channel:email": _l("All e-mail"),
    "channel:web_form": _l("All feedback forms"),
    "channel:sms": _l("All SMS"),
}
STATUSES: Final[Words] = {
    DeliveryStatus.QUEUED: _l("waiting"),
    DeliveryStatus.SENDING: _l("on its way"),
    DeliveryStatus.SENT: _l("sent"),
    DeliveryStatus.BOUNCED: _l("came back"),
    DeliveryStatus.FAILED: _l("failed"),
    DeliveryStatus.UNKNOWN: _l("outcome unknown"),
    DeliveryStatus.STOPPED: _l("stopped"),
}
REVIEWS: Final[Words] = {
    ReviewKind.ADDRESS_DEAD: _l("A door does not work any more"),
    ReviewKind.SENDING_PAUSED: _l("Mail servers refuse our mail: sending was paused"),
}
WHAT_TO_DO: Final[Words] = {
    ReviewKind.ADDRESS_DEAD: _l(
        "Look at the page it was found on: perhaps the address was misread, or the shop has a new one. "
        "The request has gone on through the next door."
    ),
    ReviewKind.SENDING_PAUSED: _l(
        "Look at what the servers said, at the reputation of our domain, and at SPF, DKIM and DMARC. "
        "Sending begins again by itself in six hours."
    ),
}
STOP_KINDS: Final[Words] = {
    "shop": _l("A shop: all its doors"),
    "domain": _l("Every address at a domain"),
    "email": _l("An e-mail address"),
    "phone": _l("A phone number"),
    "form": _l("A feedback form"),
}
STOP_REASONS: Final[Words] = {
    "operator": _l("told to us"),
    "call": _l("said in a call"),
    "reply": _l("written in a letter"),
    "complaint": _l("complained about a letter"),
    "never": _l("“never again” on the offer page"),
    "stop_page": _l("stop page, or one click in the mail program"),
    "pause": _l("asked for a pause"),
    "merged": _l("another name of a shop that forbids it"),
    "sms": _l("answered an SMS with a stop word"),
    "page": _l("stop page for SMS"),
}
STOP_CAUSES: Final[Words] = {"one-click unsubscribe": _l("one click in the mail program")}
"""What the program itself wrote down as the cause; the rest are people's words."""
REFUSALS: Final[Words] = {
    "cause_missing": _l("Please say why: whoever reads this later must understand it."),
    "domain_unclear": _l("This is not a domain. Please type it like shop.example."),
    "value_missing": _l("Please say what is to be left alone."),
}
STOP_REFUSALS: Final[Words] = {**DOOR_REFUSALS, **REFUSALS}


FAILS_OFTEN = 5
"""So many forms by one way, and fewer than half confirmed, are worth a look."""


TOO_MANY_LOST = 0.1
"""A greater share of SMS that do not arrive wants a look at the gateway."""


def fates_of(way: "WayRecord") -> list[str]:
    """What became of the forms of one way that were not confirmed."""
    said = (
        (way.unknown, gettext("outcome unknown: %(num)d", num=way.unknown)),
        (way.refused, gettext("refused: %(num)d", num=way.refused)),
        (way.failed, gettext("failed: %(num)d", num=way.failed)),
        (way.for_people, gettext("for people: %(num)d", num=way.for_people)),
    )
    return [str(words) for count, words in said if count]


def what_is_held(key: str) -> str:
    """What a hold holds back."""
    if key in HOLDS:
        return str(HOLDS[key])
    kind, _, name = key.partition(":")
    if kind == "sender":
        return str(gettext("All e-mail from %(domain)s", domain=name))
    return str(gettext("Letters to %(domain)s", domain=name))
