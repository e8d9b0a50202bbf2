"""The catalogue's words for what the domain knows by code."""

from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from discount_broker.discovery.queries.catalogue import ShopView
from discount_broker.messaging.ports import FailureReason
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.rules import NOT_THEIRS
from discount_broker.shops.status import ContactKind, ContactState, DoorSource
from discount_broker.web.desk_words import FAILURES, Words
from discount_broker.web.sentences import READING_FAILURES

VIEWS: Final[Words] = {
    ShopView.ALL: _l("All"),
    ShopView.NO_DOORS: _l("Without doors"),
    ShopView.ANSWERING: _l("Answering"),
    ShopView.STOPPED: _l("Stopped"),
    ShopView.ALIASES: _l("Other names"),
}
EMPTY: Final[Words] = {
    ShopView.ALL: _l("No shop is known yet. Each request brings its own, and a list can be imported."),
    ShopView.NO_DOORS: _l("Every shop has an address or a form we can write to."),
    ShopView.ANSWERING: _l("No shop has answered yet."),
    ShopView.STOPPED: _l("No shop forbids us to write."),
    ShopView.ALIASES: _l("No domain has turned out to be another name of a shop."),
}
KINDS: Final[Words] = {
    ContactKind.EMAIL: _l("E-mail"),
    ContactKind.FORM: _l("Form"),
    ContactKind.PHONE: _l("Phone"),
    ContactKind.MESSENGER: _l("Messenger"),
}
SERVICES: Final = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "vk": "VK",
    "max": "MAX",
    "skype": "Skype",
}
STATES: Final[Words] = {
    ContactState.UNVERIFIED: _l("not proven yet"),
    ContactState.GOOD: _l("works"),
    ContactState.DEAD: _l("does not work"),
    ContactState.STOPPED: _l("on the stop list"),
}
STATE_TONES: Final = {"good": "good", "dead": "bad", "stopped": "warn"}
REASONS: Final[Words] = {
    **FAILURES,
    NOT_THEIRS: _l("An operator says that it is somebody else's."),
    "bounced": _l("A letter to it came back."),
    "null_mx": _l("Its domain takes no mail, and says so."),
    "no_domain": _l("Its domain does not exist."),
    "no_host": _l("No server takes mail for its domain."),
    "stop": _l("Nothing may be sent there any more."),
}
SOURCES: Final[Words] = {
    DoorSource.CRAWL: _l("found on its pages"),
    DoorSource.DIRECTORY: _l("from a list of companies"),
    DoorSource.OPERATOR: _l("told by an operator"),
    DoorSource.SHOP: _l("told by the shop itself"),
}
TRUST: Final = (
    (0.8, _l("sure")),
    (0.6, _l("likely")),
    (0.3, _l("possible")),
    (0.0, _l("doubtful")),
)
CORRECTIONS: Final[Words] = {
    "door_added": _l("added %(value)s"),
    "address_elsewhere": _l("says that %(value)s decides it, about %(number)s"),
    "door_disowned": _l("said that %(value)s is not theirs"),
    "door_restored": _l("said that %(value)s is theirs after all"),
    "door_preferred": _l("wants %(value)s tried first"),
    "door_in_turn": _l("wants %(value)s tried in its turn again"),
    "name_set": _l("changed the name from %(old)s to %(new)s"),
    "country_set": _l("changed the country from %(old)s to %(new)s"),
    "language_set": _l("changed the language from %(old)s to %(new)s"),
    "hours_set": _l("told their hours and days off"),
    "budget_set": _l("chose how many letters a day they want: %(budget)s"),
    "feed_set": _l("gave the link to their feed: %(value)s"),
    "checks_wanted": _l("ask to be checked for how they respond"),
    "checks_unwanted": _l("do not want to be checked any more"),
    "member_proved": _l("came in with %(value)s, and answers for the shop from now on"),
    "member_invited": _l("let %(value)s answer for the shop too"),
    "member_ended": _l("took %(value)s away: it answers for the shop no more"),
    "merged": _l("made %(domain)s another name of this shop"),
    "merged_into": _l("made this another name of %(domain)s"),
    "split": _l("made %(domain)s a shop of its own again"),
    "split_from": _l("made this a shop of its own again, apart from %(domain)s"),
}
CRAWLS: Final[Words] = {
    "waiting": _l("waits for its turn"),
    "running": _l("is being read now"),
    "done": _l("read"),
    "failed": _l("could not be read"),
}
OUTREACHES: Final[Words] = {
    OutreachStatus.PLANNED: _l("not asked yet"),
    OutreachStatus.ASKED: _l("asked, no answer yet"),
    OutreachStatus.EXHAUSTED: _l("with our people"),
    OutreachStatus.ANSWERED: _l("made an offer"),
    OutreachStatus.DECLINED: _l("gives no discount"),
    OutreachStatus.STOPPED: _l("no longer asked"),
}
OUTREACH_TONES: Final = {"asked": "brand", "exhausted": "warn", "answered": "good"}
JUDGED: Final[Words] = {
    "gtin": _l("by the article number (GTIN)"),
    "brand+model": _l("by brand and model"),
    "title": _l("by the name"),
    "own_shop": _l("the buyer's own shop"),
    "file": _l("a file and no page"),
    "media": _l("something to read and no shop"),
    "home_page": _l("its first page and no product"),
    "stopped": _l("it forbids us to write"),
    "beyond_the_best": _l("others looked better, so it was not read"),
}
"""Why a page that a search found was taken for the product, or was not."""
FORM_KINDS: Final[Words] = {
    "contact": _l("for questions"),
    "order": _l("for orders"),
    "comment": _l("for comments"),
    "other": _l("of another kind"),
}
WRITTEN: Final[Words] = {
    "mailto": _l("as a link for mail"),
    "text": _l("as plain text"),
    "jsonld": _l("in its data for machines"),
    "microdata": _l("in its data for machines"),
    "cfemail": _l("disguised against robots"),
    "obfuscated": _l("disguised against robots"),
    "script": _l("put together by a script"),
    "link": _l("as a link"),
}
"""How an address stood on the page."""
ROLES: Final[Words] = {
    "name": _l("name"),
    "first_name": _l("first name"),
    "last_name": _l("last name"),
    "email": _l("e-mail address"),
    "phone": _l("phone"),
    "subject": _l("subject"),
    "message": _l("message"),
    "order_number": _l("number of an order"),
    "consent": _l("consent to the processing of data"),
    "newsletter": _l("newsletter: left empty"),
    "honeypot": _l("trap for robots: left empty"),
    "token": _l("token: sent back as it came"),
    "submit": _l("button"),
    "captcha": _l("captcha"),
    "file": _l("file"),
    "address": _l("postal address"),
    "other": _l("something else"),
}
CAPTCHA: Final[LazyString] = _l("It asks for a captcha or for a script, so it is left to people.")
REFUSALS: Final[Words] = {
    "value_missing": _l("Please type the address, the number or the page."),
    "phone_unclear": _l(
        "This is no complete phone number. Write it with its country code, as in +7 495 123-45-67."
    ),
    "messenger_unclear": _l("This is no account of this messenger. Type its name, or paste the link to it."),
    "link_missing": _l("This does not look like a link. Open the page with the form and copy its address."),
    "name_missing": _l("Please type the name of the shop."),
    "shop_unknown": _l("We know no shop under this domain."),
    "merge_itself": _l("This is the same shop."),
    "merge_alias": _l("This domain is another name of a shop already. Part the two first."),
}


def judged(why: str) -> LazyString | str:
    """What decided about a page that a search found."""
    return JUDGED.get(why) or READING_FAILURES.get(why, "")


def role_of(role: str) -> LazyString | str:
    """What a field of a form is."""
    return ROLES.get(role, role)


def trust(confidence: float) -> LazyString:
    """A confidence in words."""
    return next(words for least, words in TRUST if confidence >= least)


def state_of(state: ContactState, reason: str) -> LazyString:
    return _l("not theirs") if reason == NOT_THEIRS else STATES[state]


def reason_of(state: ContactState, reason: str) -> LazyString | str:
    """Why a door is not used; nothing where it is, or where nobody has said."""
    is_used = state in (ContactState.UNVERIFIED, ContactState.GOOD)
    return "" if is_used else REASONS.get(reason, FAILURES[FailureReason.OTHER] if reason else "")
