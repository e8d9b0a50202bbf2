"""Who answers for a shop: somebody always does, and no more than may."""

from datetime import datetime

import pytest
from flask import Flask

from discount_broker.kernel.db import db
from discount_broker.kernel.errors import NotAllowed, NotFound, Refused
from discount_broker.outreach.use_cases.members import end_member, invite_member
from discount_broker.shops.models import Shop, ShopMember
from discount_broker.shops.queries import list_members
from discount_broker.shops.rules import MOST_MEMBERS
from tests.builders import a_shop, saved
from tests.use_cases.race import race

pytestmark = pytest.mark.usefixtures("app")


def a_member(now: datetime, shop: Shop, name: str) -> ShopMember:
    address = f"{name}@{shop.domain}"
    return saved(ShopMember(shop_id=shop.id, email=address, language="en", created_at=now, proved_at=now))


def test_a_colleague_is_ended_and_the_last_one_stays(now: datetime) -> None:
    shop = a_shop(now, "tools.ru")
    anna, boris = (a_member(now, shop, name) for name in ("anna", "boris"))
    end_member(anna.id, boris.id, now)
    assert [member.email for member in list_members(shop.id)] == [anna.email]
    with pytest.raises(Refused, match="last_member"):
        end_member(anna.id, anna.id, now)


def test_whoever_was_ended_ends_nobody(now: datetime) -> None:
    shop = a_shop(now, "tools.ru")
    anna, boris, vera = (a_member(now, shop, name) for name in ("anna", "boris", "vera"))
    end_member(anna.id, boris.id, now)
    with pytest.raises(NotAllowed):
        end_member(boris.id, vera.id, now)


def test_nobody_ends_whoever_answers_for_another_shop(now: datetime) -> None:
    anna, stranger = (a_member(now, a_shop(now, domain), "anna") for domain in ("tools.ru", "rival.ru"))
    with pytest.raises(NotFound):
        end_member(anna.id, stranger.id, now)


@pytest.mark.postgresql
def test_of_two_who_end_each_other_at_once_one_is_left(app: Flask, now: datetime) -> None:
    shops = [a_shop(now, f"shop{n}.ru") for n in range(4)]
    pairs = [tuple(a_member(now, shop, name).id for name in ("anna", "boris")) for shop in shops]
    ends = [(one, other) for pair in pairs for one, other in (pair, pair[::-1])]
    results = race(app, *[lambda who=who, whom=whom: end_member(who, whom, now) for who, whom in ends])
    assert [len(list_members(shop.id)) for shop in shops] == [1] * len(shops)
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] * 4 + ["NotAllowed"] * 4


@pytest.mark.postgresql
def test_of_two_who_are_invited_to_the_last_place_at_once_one_comes(app: Flask, now: datetime) -> None:
    shop = a_shop(now, "tools.ru")
    host, *_others = [a_member(now, shop, f"member{n}").id for n in range(MOST_MEMBERS - 1)]
    results = race(
        app, *[lambda n=n: invite_member(host, f"new{n}@mail.example", "en", now) for n in range(4)]
    )
    assert len(list_members(shop.id)) == MOST_MEMBERS
    assert [result.code for result in results if result is not None] == ["too_many_members"] * 3
    db.session.rollback()
