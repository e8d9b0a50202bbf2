"""Seeded shops, buyers and what these want to buy."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from discount_broker.accounts.models import Buyer, Operator
from discount_broker.cli.seeding.cards import CardSeeder
from discount_broker.cli.seeding.numbers import number_at
from discount_broker.cli.seeding.words import BEST_TIMES, BUYERS, CURRENCY, GOODS, NOTES, SHOPS, ShopWords
from discount_broker.discount_requests.models import DiscountRequest, Product
from discount_broker.discount_requests.operations import tell
from discount_broker.discount_requests.rules import ANSWERS_WANTED_FOR, WishKind
from discount_broker.discount_requests.status import ReadingStatus, RequestStatus
from discount_broker.kernel.db import db
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import ContactPoint, Shop
from discount_broker.shops.status import ContactKind

CASES_PER_SHOP = 3
"""On average: who is asked often is asked again, so that some shops have twenty."""


class PeopleSeeder:
    def __init__(self, chance: Random, operators: Sequence[Operator], now: datetime, seed: int) -> None:
        self.chance, self.now, self.seed = chance, now, seed
        self.shops: list[Shop] = []
        self.buyers: list[Buyer] = []
        self.requests: list[DiscountRequest] = []
        self.taken: set[tuple[UUID, UUID]] = set()
        self.asked: list[Shop] = []
        self.cards = CardSeeder(chance, operators, now)
        self.came_by: dict[UUID, dict[str, Any]] = {}

    def an_outreach(self, asked_at: datetime, shop: Shop | None = None) -> Outreach:
        """One shop asked for one request; some requests went to several shops."""
        shop = shop or self._shop()
        self.asked.append(shop)
        request = self._running_request(shop) or self._request(shop, asked_at)
        assert request.product is not None
        self.taken.add((request.id, shop.id))
        is_rival = request.product.shop_id != shop.id
        price = request.product.price
        if is_rival and price is not None:
            price = _rounded(price * self.chance.randint(94, 108) / 100)
        outreach = Outreach(
            id=self._id(),
            discount_request=request,
            shop=shop,
            is_rival=is_rival,
            why_rival="brand+model" if is_rival else "",
            product_url=f"{shop.home_url}catalog/{self.chance.randint(1000, 99999)}",
            product_title=request.product.title,
            price=price,
            currency=request.product.currency,
            seen_at=asked_at,
            status=OutreachStatus.EXHAUSTED,
            exhausted_why="silence",
            created_at=asked_at,
            asked_at=asked_at,
        )
        db.session.add(outreach)
        db.session.flush()
        return outreach

    def _shop(self) -> Shop:
        if self.asked and self.chance.random() > 1 / CASES_PER_SHOP:
            return self.chance.choice(self.asked)
        # In leaps, so that a few shops are of several countries already.
        words = SHOPS[3 * len(self.shops) % len(SHOPS)]
        round_of = len(self.shops) // len(SHOPS)
        shop = self._new_shop(words, round_of + 1)
        self.shops.append(shop)
        return shop

    def _new_shop(self, words: ShopWords, branch: int) -> Shop:
        domain = words.domain if branch == 1 else words.domain.replace(".example", f"-{branch}.example")
        home_url = f"https://{domain}/"
        shop = Shop(
            id=self._id(),
            domain=domain,
            home_url=home_url,
            name=words.name if branch == 1 else f"{words.name} {branch}",
            country=words.country,
            language=words.language,
            contacts_read_at=self.now - timedelta(days=7),
            created_at=self.now - timedelta(days=40),
        )
        self._add_doors(shop, words)
        db.session.add(shop)
        db.session.flush()
        return shop

    def _add_doors(self, shop: Shop, words: ShopWords) -> None:
        doors = [
            (ContactKind.EMAIL, f"info@{shop.domain}", 0.9),
            (ContactKind.EMAIL, f"sales@{shop.domain}", 0.7),
            (ContactKind.FORM, f"{shop.home_url}feedback", 0.8),
            (ContactKind.PHONE, f"{words.phone}{self.chance.randint(10, 99)}", 0.9),
        ]
        if self.chance.random() < 0.4:
            doors.append((ContactKind.PHONE, f"{words.phone}{self.chance.randint(10, 99)}", 0.6))
        if self.chance.random() < 0.5:
            doors.append(
                (ContactKind.MESSENGER, f"telegram:{shop.domain.partition('.')[0].replace('-', '_')}", 0.8)
            )
        known = {(kind, value): confidence for kind, value, confidence in doors}
        for (kind, value), confidence in known.items():
            point = ContactPoint(id=self._id(), kind=kind, value=value, confidence=confidence)
            point.found_at, point.created_at = f"{shop.home_url}contacts", shop.created_at
            shop.contact_points.append(point)

    def _running_request(self, shop: Shop) -> DiscountRequest | None:
        """Now and then a request that another shop has been asked for as well."""
        if not self.requests or self.chance.random() > 0.3:
            return None
        request = self.chance.choice(self.requests)
        fits = request.status is RequestStatus.ASKED and (request.id, shop.id) not in self.taken
        speaks = request.product is not None and request.product.shop.country == shop.country
        return request if fits and speaks else None

    def _request(self, shop: Shop, asked_at: datetime) -> DiscountRequest:
        product = self._product(shop, asked_at)
        buyer = self._buyer(shop.language or "en")
        language = buyer.language
        wish_kind, wish_value = self._wish(product)
        request = DiscountRequest(
            id=self._id(),
            number=number_at(len(self.requests), self.seed),
            status=RequestStatus.ASKED,
            language=language,
            product_url=product.url,
            reading=ReadingStatus.READ,
            product=product,
            buyer=buyer,
            wish_kind=wish_kind,
            wish_value=wish_value,
            phone=buyer.phone,
            note=self.chance.choice(NOTES[language]),
            best_time=self.chance.choice(BEST_TIMES[language]),
            origin=self.came_by[buyer.id],
            may_contact_directly=self.chance.random() < 0.4,
            created_at=asked_at,
            submitted_at=asked_at,
            confirmed_at=asked_at,
            expires_at=asked_at + ANSWERS_WANTED_FOR,
        )
        self._keep(request, shop, asked_at)
        return request

    def _keep(self, request: DiscountRequest, shop: Shop, asked_at: datetime) -> None:
        db.session.add(request)
        db.session.flush()
        tell(request, "confirmed", asked_at)
        tell(request, "shops_chosen", asked_at, shops=[shop.name], rivals=0)
        self.requests.append(request)

    def _wish(self, product: Product) -> tuple[WishKind, Decimal]:
        percent = Decimal(self.chance.choice((5, 7, 10, 10, 10, 15, 20)))
        if self.chance.random() < 0.8 or product.price is None:
            return WishKind.PERCENT, percent
        return WishKind.PRICE, _rounded(product.price * (100 - percent) / 100)

    def _product(self, shop: Shop, read_at: datetime) -> Product:
        goods = self.chance.choice(GOODS[shop.language or "en"])
        product = Product(
            id=self._id(),
            shop=shop,
            url=f"{shop.home_url}catalog/{self.chance.randint(1000, 99999)}",
            title=goods.title,
            price=goods.price,
            currency=CURRENCY[shop.country or "RU"],
            brand=goods.brand,
            availability="in_stock",
            language=shop.language,
            confidence=0.95,
            read_at=read_at,
        )
        db.session.add(product)
        db.session.flush()
        return product

    def _buyer(self, language: str) -> Buyer:
        if self.buyers and self.chance.random() < 0.25:
            return self.chance.choice(self.buyers)
        name = BUYERS[len(self.buyers) % len(BUYERS)]
        again = len(self.buyers) // len(BUYERS)
        buyer = Buyer(
            id=self._id(),
            email=f"{name}{again or ''}@mail.example",
            language=language,
            phone=f"+7999000{self.chance.randint(1000, 9999)}" if self.chance.random() < 0.6 else None,
            email_confirmed_at=self.now,
            created_at=self.now,
        )
        db.session.add(buyer)
        db.session.flush()
        self.came_by[buyer.id] = self.cards.add_card(buyer).came_by
        self.buyers.append(buyer)
        return buyer

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def _rounded(price: Decimal) -> Decimal:
    """To the next ten or one, as shops do."""
    step = 10 if price > 1000 else 1
    return (price / step).quantize(Decimal(1)) * step
