"""Everything a buyer's card shows, gathered in one place."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from discount_broker.accounts.queries import get_buyer
from discount_broker.accounts.queries.cards import card_of, list_changes_of, list_lead_rules, list_notes
from discount_broker.accounts.rules.leads import LeadFacts, lead_type_of
from discount_broker.accounts.rules.wish_words import read_wishes
from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.discount_requests.queries.buyers import (
    categories_of,
    lead_facts_of,
    list_asked,
    list_messages_to,
)
from discount_broker.escalation.queries.buyers import list_calls_planned, list_cases_of_buyer
from discount_broker.escalation.queries.texts import Text, list_canned
from discount_broker.escalation.status import TextKind
from discount_broker.messaging.ports import ChannelKind
from discount_broker.messaging.status import DeliveryStatus
from discount_broker.offers.queries import list_offers_to, savings_of, terms_of
from discount_broker.outreach.extract.private_words import veil_secrets
from discount_broker.outreach.queries.buyers import list_letters_of_buyer, list_outreaches_of_buyer
from discount_broker.outreach.status import LetterAuthor
from discount_broker.web.delivery_words import sentence, told_of
from discount_broker.web.desk_buyer_forms import WishForm, WriteForm

if TYPE_CHECKING:
    from discount_broker.accounts.models import Buyer
    from discount_broker.discount_requests.models import DiscountRequest
    from discount_broker.messaging.models import Delivery
    from discount_broker.outreach.models import Letter


class Said(NamedTuple):
    """One message of the history: to the buyer, or from them."""

    at: datetime
    is_from_buyer: bool
    means: str
    head: str
    text: str
    delivery: "Delivery | None" = None
    letter: "Letter | None" = None

    @property
    def may_be_undone(self) -> bool:
        each = self.delivery
        is_waiting = each is not None and each.status is DeliveryStatus.QUEUED
        return is_waiting and each is not None and each.by_hand and each.attempts == 0


def facts_of(buyer_id: UUID, now: datetime) -> dict[str, Any]:
    """What the page is made of, its forms apart."""
    buyer = get_buyer(buyer_id)
    asked, offers = list_asked(buyer_id), list_offers_to(buyer_id)
    wishes, card = wishes_of_buyer(buyer_id), card_of(buyer_id)
    facts = lead_facts_of([buyer])[buyer_id]
    return {
        "buyer": buyer,
        "buyer_card": card,
        "lead": lead_of(card.lead_type if card.is_lead_type_set else "", facts),
        "origin": next((each.origin for each in reversed(asked) if each.origin), {}),
        "asked": asked,
        "first_interest": categories_of(reversed(asked)),
        "present_interest": categories_of(asked),
        "offers": [(offer, terms_of(offer)) for offer in offers],
        "savings": savings_of(offers),
        "wishes": wishes,
        "here": now.astimezone(ZoneInfo(wishes.zone)),
        "own_words": _own_words(asked),
        "planned": list_calls_planned(buyer_id, now),
        "cases": list_cases_of_buyer(buyer_id),
        "messages": messages_of(buyer),
        "told": lambda delivery: [(each.tone, sentence(each, now)) for each in told_of(delivery, now)],
        "notes": list_notes(buyer_id),
        "changes": list_changes_of(buyer_id, 30),
        "outreaches": list_outreaches_of_buyer(buyer_id),
        "canned": [each for kind in (TextKind.MAIL, TextKind.SMS) for each in _canned(kind, asked, buyer)],
        "consent": next((each for each in asked if each.wants_texts and each.phone), None),
    }


def _canned(kind: TextKind, asked: "list[DiscountRequest]", buyer: "Buyer") -> list[Text]:
    """What a message to this buyer may begin with, in the language they last asked in."""
    language = asked[0].language if asked else buyer.language
    return [text for text in list_canned(kind, language) if text.is_for_buyer]


def lead_of(set_by_hand: str, facts: LeadFacts) -> str:
    """The kind of lead somebody set, else as the rules tell it."""
    return set_by_hand or lead_type_of(list_lead_rules(), facts)


def _own_words(asked: "Iterable[DiscountRequest]") -> list[str]:
    """What the buyer wrote of good times themselves, the latest first."""
    return list(dict.fromkeys(each.best_time for each in asked if each.best_time))


def messages_of(buyer: "Buyer") -> list[Said]:
    """What was written to the buyer and by them, the latest first."""
    letters = list_letters_of_buyer(buyer.id)
    of_delivery = {letter.delivery_id: letter for letter in letters if letter.delivery_id}
    sent = [_sent(each, of_delivery.get(each.id)) for each in list_messages_to(buyer)]
    written = [
        Said(letter.created_at, True, "mail", letter.outreach.shop.name, letter.text)
        for letter in letters
        if letter.author is LetterAuthor.BUYER
    ]
    return sorted([*sent, *written], key=lambda said: said.at, reverse=True)


def _sent(delivery: "Delivery", letter: "Letter | None") -> Said:
    is_text = delivery.channel is ChannelKind.SMS
    head = "" if is_text else delivery.subject
    # Links in letters are passwords: to the buyer's pages, or to an account of staff at this address.
    text = letter.text if letter is not None else veil_secrets(delivery.text)
    return Said(delivery.created_at, False, "sms" if is_text else "mail", head, text, delivery, letter)


def proposals(said: str, buyer_id: UUID, now: datetime) -> list[WishForm]:
    """What the words may mean, each as a form to be confirmed."""
    today = now.astimezone(ZoneInfo(wishes_of_buyer(buyer_id).zone)).date()
    return [WishForm.proposed(wish, said) for wish in read_wishes(said, today)]


def written_again(buyer: "Buyer", delivery_id: str) -> WriteForm:
    """The words of a message that was taken back."""
    again = next(
        (said for said in messages_of(buyer) if str(said.delivery and said.delivery.id) == delivery_id), None
    )
    if again is None or again.delivery is None or not again.delivery.by_hand:
        return WriteForm(formdata=None)
    words = again.letter.text if again.letter else again.delivery.evidence.get("words", "")
    about = str(again.letter.outreach_id) if again.letter else ""
    return WriteForm(formdata=None, data={"means": again.means, "about": about, "text": words})
