"""Seeded buyer's cards: where they came from, how they want to be reached, how it is to deal with them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from discount_broker.accounts.models import (
    Buyer,
    BuyerCard,
    BuyerNote,
    ContactWish,
    Operator,
)
from discount_broker.accounts.status import ContactWishKind
from discount_broker.cli.seeding.card_words import (
    BUYER_NOTES,
    CATEGORIES,
    CONTACT_WISHES,
    ORIGINS,
    STANDINGS,
    ContactWishWords,
)
from discount_broker.kernel.db import db


class CardSeeder:
    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime) -> None:
        self.chance, self.operators, self.now = chance, operators, now

    def add_card(self, buyer: Buyer) -> BuyerCard:
        origin, lead_type = self.chance.choice(ORIGINS)
        first, present = self.chance.sample(CATEGORIES[buyer.language], 2)
        card = BuyerCard(
            buyer_id=buyer.id,
            came_by=dict(origin),
            lead_type=lead_type,
            is_lead_type_set=self.chance.random() < 0.1,
            first_interest=[first],
            present_interest=[present],
            changed_at=buyer.created_at,
        )
        standing = self.chance.choices([*STANDINGS], [8, 3, 89])[0]
        card.standing, card.standing_reason = standing, STANDINGS[standing][buyer.language]
        if self.chance.random() < 0.1:
            card.birthday = date(1960, 1, 1) + timedelta(days=self.chance.randint(0, 365 * 40))
        db.session.add(card)
        self._wish(buyer)
        self._note(buyer)
        db.session.flush()
        return card

    def _wish(self, buyer: Buyer) -> None:
        if self.chance.random() > 0.2:
            return
        words: ContactWishWords = self.chance.choice(CONTACT_WISHES[buyer.language])
        wish = ContactWish(
            id=self._id(),
            buyer_id=buyer.id,
            kind=words.kind,
            from_minute=words.from_minute,
            until_minute=words.until_minute,
            words=words.words,
            operator_id=self.chance.choice(self.operators).id,
            created_at=self.now - timedelta(days=self.chance.randint(1, 20)),
        )
        if words.kind is ContactWishKind.NOT_ON:
            wish.on_day = self.now.date() + timedelta(days=self.chance.randint(1, 6))
        db.session.add(wish)

    def _note(self, buyer: Buyer) -> None:
        if self.chance.random() > 0.15:
            return
        note = BuyerNote(
            id=self._id(),
            buyer_id=buyer.id,
            operator_id=self.chance.choice(self.operators).id,
            text=self.chance.choice(BUYER_NOTES[buyer.language]),
            created_at=self.now - timedelta(hours=self.chance.randint(1, 200)),
        )
        db.session.add(note)

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)
