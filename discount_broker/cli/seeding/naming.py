"""What each copy of the small desk calls its shops, people and requests."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import select

from discount_broker.accounts.models import Buyer
from discount_broker.accounts.rules.phones import last_digits
from discount_broker.cli.seeding.numbers import OF_ONE_DESK, number_at
from discount_broker.cli.seeding.words import SHOPS
from discount_broker.discount_requests.models import DiscountRequest
from discount_broker.kernel.db import db
from discount_broker.shops.models import ContactPoint, Shop, ShopPerson
from discount_broker.shops.status import ContactKind

PHONES = 10_000_000
IS_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SPELLINGS = (str, html.escape, lambda name: json.dumps(name)[1:-1])
"""How a name stands in a letter, on its HTML side, and among facts."""


def pattern_of_names() -> re.Pattern[str]:
    """Finds whatever in a text may name something of the small desk."""
    shops = {re.escape(spelt(shop.name)) for shop in SHOPS for spelt in SPELLINGS}
    kinds = (
        r"R-[2-9A-Z]{5}",
        IS_ID.pattern,
        r"[\w.-]+@mail\.example",
        r"\w[\w-]*\.example",
        r"\+\d{10,13}",
        r"(?<!\d)\d{10}(?!\d)",
        rf"(?:{'|'.join(sorted(shops))})(?: \d+)?",
    )
    return re.compile("|".join(kinds), re.ASCII)


class Naming:
    """The names of the small desk, each with the way to its name in a copy."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._numbers = list(db.session.scalars(select(DiscountRequest.number).order_by(DiscountRequest.id)))
        self._shops = [(shop.domain, shop.name) for shop in db.session.scalars(select(Shop))]
        self._emails = list(db.session.scalars(select(Buyer.email)))
        self._phones = sorted({*_phones()})
        self._places = self._places_of_numbers()

    def _places_of_numbers(self) -> dict[str, int]:
        of_all = {number_at(place, self._seed): place for place in range(OF_ONE_DESK)}
        return {number: of_all[number] for number in self._numbers}

    def known(self, ids: Iterable[UUID]) -> set[str]:
        """Everything that has another name in a copy."""
        return {*self.of_copy(0), *map(str, ids)}

    def of_copy(self, copy: int) -> dict[str, str]:
        """New names by old ones, ids apart."""
        names = {
            number: number_at(copy * OF_ONE_DESK + place, self._seed)
            for number, place in self._places.items()
        }
        for domain, name in self._shops:
            names[domain] = domain.replace(".example", f"-n{copy}.example")
            names |= {spelt(name): f"{spelt(name)} № {copy}" for spelt in SPELLINGS[:2]}
            names[SPELLINGS[2](name)] = SPELLINGS[2](f"{name} № {copy}")
        names |= {email: email.replace("@", f".{copy}@") for email in self._emails}
        for phone in self._phones:
            ending = (int(phone[-7:]) + copy * 7919) % PHONES
            names[phone] = f"{phone[:-7]}{ending:07}"
            names[last_digits(phone)] = last_digits(names[phone])
        return names


def _phones() -> Iterator[str]:
    yield from db.session.scalars(select(ContactPoint.value).where(ContactPoint.kind == ContactKind.PHONE))
    yield from db.session.scalars(select(ShopPerson.phone).where(ShopPerson.phone != ""))
    yield from filter(None, db.session.scalars(select(Buyer.phone)))
