"""An example of every message, made from what its facts are: to show its words where there is no case. Pure.

A message that is added tomorrow has its example without being named here: facts are made by their names
where those say what stands in them, else by their types.
"""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from discount_broker.kernel.money import Money
from discount_broker.notifications import catalogue
from discount_broker.notifications.catalogue.parts import (
    Audience,
    Contact,
    LeaveAlone,
    Message,
    ProductSeen,
    Terms,
    Wish,
)

MESSAGES: Final[dict[Message, type]] = {
    kind.message: kind
    for kind in vars(catalogue).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and hasattr(kind, "message")
}
"""What each message is made of."""
AGO: Final = ("seen_at", "found_on", "first_asked_at", "begun_at", "asked_at", "said_on")
"""Moments that lie behind us; all others are yet to come."""
WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "en": {
        "shop": "Tools and More",
        "title": "Cordless drill driver, 12 V",
        "note": "Blue, with the carrying case if there is one.",
        "subject": "",
        "words": ("Good afternoon,", "", "the carrying case is part of it."),
        "evidence": "We can give 7 % until Sunday.",
        "invited_by": "Olga Petrova",
        "said_by": "Olga, sales",
        "best_time": "weekdays after 18:00",
        "city": "Galway",
        "headline": "Tools and More has made you an offer",
        "shops": ("Tools and More", "Drill House"),
        "text": "Pick-up only, two left in stock",
    },
    "ru": {
        "shop": "Мир инструмента",
        "title": "Дрель-шуруповёрт аккумуляторная, 12 В",
        "note": "Синюю, и кейс, если он есть.",
        "subject": "",
        "words": ("Добрый день!", "", "Кейс входит в комплект."),
        "evidence": "Можем дать 7 % до воскресенья.",
        "invited_by": "Ольга Петрова",
        "said_by": "Ольга, отдел продаж",
        "best_time": "по будням после 18:00",
        "city": "Тверь",
        "headline": "Магазин «Мир инструмента» сделал вам предложение",
        "shops": ("Мир инструмента", "Дом дрели"),
        "text": "Только самовывоз, осталось две",
    },
}
NUMBER: Final = "R-7K2M9"
LINKS: Final = ("_url", "_address")


def audience_of(message: Message) -> Audience:
    audience: Audience = getattr(MESSAGES[message], "audience")  # noqa: B009 - every message has one
    return audience


def example_of(message: Message, language: str, base_url: str, now: datetime, **known: Any) -> Any:
    """A message with facts that could be true; `known` are those that are, as far as it takes them.

    Where some are, what a message can do without is left out of it unless it is known: a thing of an
    example beside things of a case would be taken for the case's.
    """
    kind, maker = MESSAGES[message], _Maker(language, base_url, now)
    taken = {name: known[name] for name in facts_of(message) if name in known}
    left_out = {name: fact for name, fact in _spare(kind).items() if taken}
    return maker.one(kind, left_out | taken)


def facts_of(message: Message) -> list[str]:
    """The names of the facts a message is made of."""
    return [field.name for field in dataclasses.fields(MESSAGES[message]) if field.init]


def made_up(message: Message, known: Collection[str]) -> list[str]:
    """Which facts of it are those of an example where only these are known; no link leads anywhere."""
    spare = _spare(MESSAGES[message])
    return [
        name
        for name in facts_of(message)
        if name not in known and name not in spare and not name.endswith(LINKS)
    ]


def _spare(kind: type) -> dict[str, Any]:
    """What a message can do without, and how it is where there is none."""
    return {
        field.name: field.default
        for field in dataclasses.fields(kind)
        if field.init and field.default is not dataclasses.MISSING
    }


class _Maker:
    def __init__(self, language: str, base_url: str, now: datetime) -> None:
        self.words, self.base_url, self.now = WORDS.get(language, WORDS["en"]), base_url, now
        price = Money(Decimal(12990), "RUB")
        self.product = ProductSeen(
            title=self.words["title"],
            url="https://tools.example/drills/12v",
            price=price,
            seen_at=now - timedelta(days=2),
        )
        self.whole: dict[type, Any] = {
            ProductSeen: self.product,
            Money: price,
            Wish: Wish(percent=Decimal(10)),
            Contact: Contact(
                email="anna@mail.example", phone="+7 495 123-45-67", best_time=self.words["best_time"]
            ),
            LeaveAlone: LeaveAlone(begins="13:00", ends="15:00", place="Europe/Moscow"),
            Terms: Terms(
                kind="percent",
                percent=Decimal(7),
                final_price=Money(Decimal("12080.70"), "RUB"),
                saving=Money(Decimal("909.30"), "RUB"),
                text=self.words["text"],
                valid_until=now + timedelta(days=5),
            ),
        }

    def one(self, kind: type, known: Mapping[str, Any]) -> Any:
        hints = get_type_hints(kind)
        facts = {
            field.name: known[field.name] if field.name in known else self.fact(field.name, hints[field.name])
            for field in dataclasses.fields(kind)
            if field.init
        }
        return kind(**facts)

    def fact(self, name: str, kind: Any) -> Any:
        """Something of this name and type."""
        if name in self.words:
            return self.words[name]
        if get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not NoneType)
        if get_origin(kind) is tuple:
            return (self.fact(name, get_args(kind)[0]),)
        if kind in self.whole:
            return self.whole[kind]
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self.one(kind, {})
        return self._plain(name, kind)

    def _plain(self, name: str, kind: Any) -> Any:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind))
        if kind is datetime:
            return self.now - timedelta(days=2) if name in AGO else self.now + timedelta(days=2)
        values = {bool: True, int: 2, Decimal: Decimal(10)}
        return values[kind] if kind in values else self._phrase(name)

    def _phrase(self, name: str) -> str:
        if name.endswith("_url"):
            return f"{self.base_url}/example"
        named = {
            "number": NUMBER,
            "found_at": "https://tools.example/contacts",
            "reply_address": "reply@example.org",
            "code": "K7M2-9QX4",
            "url": self.product.url,
        }
        return named.get(name, name.replace("_", " "))
