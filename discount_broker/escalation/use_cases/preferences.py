"""What buyers say themselves of how they want to be reached, and what they agreed to and take back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import update

from discount_broker.accounts.models import Buyer, ContactWish
from discount_broker.accounts.operations.cards import card_to_write, kept_buyer
from discount_broker.accounts.operations.consents import note_consents, take_back
from discount_broker.accounts.queries.cards import list_own_hours
from discount_broker.accounts.queries.consents import agrees_to
from discount_broker.accounts.rules.consents import ON_PREFERENCES, ConsentSaid
from discount_broker.accounts.rules.wishes import Wish, check_wish
from discount_broker.accounts.status import ConsentKind, ContactWishKind
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.discount_requests.queries import wishes_of_buyer
from discount_broker.escalation.operations.wishes import respect_wishes
from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotFound, Refused
from discount_broker.kernel.transaction import again_if_deadlocked, transaction
from discount_broker.notifications.operations import set_way, stop_more_than_asked, stop_texts_of
from discount_broker.notifications.queries import has_chosen_texts
from discount_broker.notifications.rules import ways_for
from discount_broker.notifications.status import NewsKind, NewsWay

OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Preferred:
    """What a buyer put on the page of their preferences."""

    ways: Mapping[NewsKind, NewsWay] = field(default_factory=dict)
    """Those alone that are to change."""
    quiet: tuple[int, int] | None = None
    """Minutes after midnight, by their own clock; None for no hours of rest."""
    zone: str = ""
    language: str = "en"
    birthday: date | None = None
    wants_greeting: bool = False
    texts_words: ConsentSaid | None = None
    """The sentence under which texts are agreed to, as they read it."""
    more_words: ConsentSaid | None = None
    """The box for more than news of their own requests, as it stood there; None where there was none."""


@again_if_deadlocked
def change_preferences(buyer_id: UUID, said: Preferred, now: datetime) -> None:
    """Keep how a buyer wants to be reached; what is planned is moved out of their hours of rest.

    Raises:
        Refused: `zone_unknown`, `birthday_wrong`, `greeting_needs_birthday`, `way_unknown`,
            `greeting_is_more`, `texts_need_a_number`, codes of `check_wish`.

    """
    _check(said, now)
    with transaction():
        buyer, card = kept_buyer(buyer_id), card_to_write(buyer_id, now)
        _keep_ways(buyer, said, now)
        is_other_clock = card.zone != said.zone
        card.zone, card.birthday, card.wants_greeting = said.zone, said.birthday, said.wants_greeting
        card.changed_at, buyer.language = now, said.language
        _keep_more(buyer, said, now)
        if said.wants_greeting:
            set_way(buyer_id, NewsKind.GREETING, NewsWay.MAIL, by="page", now=now)
        if _keep_hours(buyer_id, said, now) or is_other_clock:
            respect_wishes(buyer_id, None, now)


def _check(said: Preferred, now: datetime) -> None:
    if any(way not in ways_for(kind) for kind, way in said.ways.items()):
        raise Refused("way_unknown")
    if said.zone and said.zone not in available_timezones():
        raise Refused("zone_unknown", "zone")
    if said.birthday is not None and not OLDEST <= said.birthday <= now.date():
        raise Refused("birthday_wrong", "birthday")
    if said.wants_greeting and said.birthday is None:
        raise Refused("greeting_needs_birthday", "birthday")
    if said.wants_greeting and said.more_words is not None and not said.more_words.is_given:
        raise Refused("greeting_is_more", "wants_greeting")


def _keep_ways(buyer: Buyer, said: Preferred, now: datetime) -> None:
    texted = [kind for kind, way in said.ways.items() if way is NewsWay.TEXT]
    if texted and not buyer.phone:
        raise Refused("texts_need_a_number", f"way_{texted[0]}")
    if texted and said.texts_words is not None and not has_chosen_texts(buyer.id):
        note_consents(buyer.id, [said.texts_words], said.language, ON_PREFERENCES, now)
    for kind, way in said.ways.items():
        set_way(buyer.id, kind, way, by="page", now=now)


def _keep_more(buyer: Buyer, said: Preferred, now: datetime) -> None:
    """Write down that they agree to more than news of their requests, or no longer, where that is new."""
    words = said.more_words
    if words is None or words.is_given == agrees_to(buyer.id, words.kind):
        return
    if words.is_given:
        note_consents(buyer.id, [words], said.language, ON_PREFERENCES, now)
    else:
        take_back(buyer.id, words.kind, said.language, ON_PREFERENCES, now)
        _obey(buyer.id, words.kind, now)


def _keep_hours(buyer_id: UUID, said: Preferred, now: datetime) -> bool:
    """Keep the hours of rest the buyer named themselves; whether they are others than before."""
    known = list_own_hours(buyer_id)
    wanted = said.quiet
    if [(row.from_minute, row.until_minute) for row in known] == ([wanted] if wanted else []):
        return False
    for row in known:
        row.ended_at = now
    if wanted is not None:
        kind = ContactWishKind.QUIET_HOURS
        wish = Wish(kind=kind, from_minute=wanted[0], until_minute=wanted[1])
        check_wish(wish, now.astimezone(ZoneInfo(wishes_of_buyer(buyer_id).zone)).date())
        row = ContactWish(
            buyer_id=buyer_id, kind=kind, from_minute=wanted[0], until_minute=wanted[1], created_at=now
        )
        db.session.add(row)
    db.session.flush()
    return True


@again_if_deadlocked
def withdraw_consent(buyer_id: UUID, kind: ConsentKind, now: datetime) -> None:
    """Take back what was agreed to: a new line of the ledger, which counts from now on.

    Raises:
        NotFound: nothing of the kind is in force.
        Refused: `consent_is_needed`: without it nothing can be asked; whoever takes it back wants to leave.

    """
    if kind is ConsentKind.PROCESSING:
        raise Refused("consent_is_needed")
    with transaction():
        buyer = kept_buyer(buyer_id)
        if not take_back(buyer_id, kind, buyer.language, ON_PREFERENCES, now):
            raise NotFound("consent")
        _obey(buyer_id, kind, now)


def _obey(buyer_id: UUID, kind: ConsentKind, now: datetime) -> None:
    theirs = update(DiscountRequest).where(DiscountRequest.buyer_id == buyer_id)
    if kind is ConsentKind.DIRECT_CONTACT:
        db.session.execute(theirs.values(may_contact_directly=False))
    if kind is ConsentKind.TEXTS:
        db.session.execute(theirs.values(wants_texts=False))
        stop_texts_of(buyer_id, by="page", now=now)
    if kind is ConsentKind.NEWS:
        stop_more_than_asked(buyer_id)
