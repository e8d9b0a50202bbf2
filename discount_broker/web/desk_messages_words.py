"""Words of the pages on which leads edit the words of messages."""

from typing import Final

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from discount_broker.kernel.sandbox import Flaw
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.rules.texts import LONGEST_BODY
from discount_broker.notifications.catalogue import Audience
from discount_broker.web.desk_messages_names import meaning_of
from discount_broker.web.desk_texts_words import flaw_in_words

AUDIENCES: Final[dict[Audience, LazyString]] = {
    Audience.BUYER: _l("To buyers"),
    Audience.SHOP: _l("To shops"),
    Audience.MEMBER: _l("To people of shops who look after their page"),
    Audience.STAFF: _l("To our own people"),
}
CHANNELS: Final[dict[ChannelKind, LazyString]] = {
    ChannelKind.EMAIL: _l("E-mail"),
    ChannelKind.WEB_FORM: _l("Feedback form"),
    ChannelKind.SMS: _l("Text message"),
}
TITLES: Final[dict[str, LazyString]] = {
    "confirm_request": _l("Please confirm your request"),
    "unfinished_request": _l("A request that was begun and not confirmed"),
    "login_link": _l("Login link"),
    "asked_shops": _l("We are asking shops"),
    "offer_made": _l("A shop made an offer"),
    "offer_changed": _l("A shop changed its offer"),
    "offer_ends": _l("An offer ends soon"),
    "shop_will_call": _l("A shop promised to call"),
    "shop_called": _l("We phoned a shop"),
    "shop_declined": _l("A shop declined"),
    "shop_later": _l("A shop wants to be asked later"),
    "no_answer_yet": _l("No answer yet"),
    "no_answers_yet": _l("No answer yet to several requests"),
    "offer_confirmed": _l("An offer was accepted"),
    "ask_outcome": _l("What came of it?"),
    "request_ended": _l("A request ended without an offer"),
    "promise_check": _l("Did they call?"),
    "news_digest": _l("News of the day"),
    "greeting": _l("A word on the birthday"),
    "deletion_asked": _l("Somebody asked to be forgotten"),
    "shop_request": _l("A buyer is ready"),
    "shop_reminder": _l("A buyer still waits"),
    "shop_accepted": _l("The buyer accepted"),
    "shop_countered": _l("The buyer asks for a little more"),
    "shop_thanked": _l("The buyer took another offer"),
    "shop_digest": _l("Several requests in one letter"),
    "shop_pool": _l("Several buyers who want the same"),
    "buyer_question": _l("A question from the buyer"),
    "shop_letter": _l("A letter of the shop, passed on"),
    "desk_letter": _l("A letter of ours to a shop"),
    "desk_note": _l("A letter of ours to a buyer"),
    "offer_draft": _l("Please confirm your offer"),
    "shop_claim_link": _l("Link to the page of a shop"),
    "shop_member_invited": _l("Invitation to the page of a shop"),
    "rules_gave": _l("What the rules of a shop gave today"),
    "shop_check": _l("A question to see how a shop answers"),
    "shop_check_report": _l("The report of how a shop answered our question"),
    "staff_invited": _l("Invitation to the desk"),
    "password_link": _l("Link to choose a password"),
    "webhook_failing": _l("A webhook fails"),
    "watch_confirm": _l("Please confirm what to watch"),
    "watch_met": _l("A watched product is back, or cheaper"),
    "watch_ended": _l("A watched product is watched no more"),
}
REFUSALS: Final[dict[str, LazyString]] = {
    "text_empty": _l("Please write something."),
    "text_subject_missing": _l("Please give it a subject."),
    "text_has_flaws": _l("Something in it cannot be said. Please see what, line by line."),
    "text_changed_meanwhile": _l(
        "Somebody has saved another version since you opened this one; it stands below. "
        "What you typed is kept: save it once more to put yours in its place."
    ),
}


def title_of(message: str) -> str:
    """What a message is called on the desk; one without a name of its own by its key."""
    return str(TITLES.get(message, "")) or message.replace("_", " ").capitalize()


def wrong_in(flaw: Flaw) -> str:
    """Where something is wrong, what, and what may have been meant."""
    if flaw.code == "required":
        said = gettext(
            "“%(name)s” is missing: %(what)s. Without it the message could not do what it is for. It has to "
            "stand outside of conditions.",
            name="{{ " + flaw.name + " }}",
            what=meaning_of(flaw.name) or flaw.name,
        )
        return str(said)
    if flaw.code == "too_long":
        return str(gettext("Here the text is longer than %(most)s letters.", most=LONGEST_BODY))
    return flaw_in_words(flaw)
