from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.offers.queries import find_offer_of
from discount_broker.outreach.models import Outreach
from discount_broker.outreach.status import OutreachStatus
from discount_broker.shops.models import Shop, ShopMember
from tests.builders import a_product, a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.com", language="en", emails=("a@tools.com",))


@pytest.fixture
def inside(client: Browser, shop: Shop, now: datetime) -> Browser:
    member = saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now, proved_at=now))
    with client.session_transaction() as session:
        session["_user_id"] = f"shop:{member.id}"
        session["_fresh"] = True
    return client


def asked(now: datetime, shop: Shop, title: str, wish: int = 10) -> Outreach:
    product = a_product(now, shop, title=title)
    request = a_request(now, RequestStatus.ASKED, product=product, wish_value=Decimal(wish))
    return an_outreach(now, request, shop)


def test_all_buyers_who_wait_stand_in_one_list(inside: Browser, shop: Shop, now: datetime) -> None:
    drill, saw = asked(now, shop, "Drill"), asked(now, shop, "Saw", 20)
    other = a_shop(now, "rival.com")
    an_outreach(now, drill.discount_request, other, status=OutreachStatus.ANSWERED, answered_at=now)
    foreign = an_outreach(now, a_request(now, RequestStatus.ASKED), other)
    page = inside.get("/shop").text
    for outreach in (drill, saw):
        assert outreach.product_title in page
        assert outreach.discount_request.number.replace("-", "\N{NON-BREAKING HYPHEN}") in page or (
            outreach.discount_request.number in page
        )
    assert "1 other shop has made an offer" in page
    assert "rival.com" not in page
    assert foreign.discount_request.number not in page
    assert "2 buyers are ready to buy" in page


def test_several_get_what_they_ask_by_one_press(inside: Browser, shop: Shop, now: datetime) -> None:
    drill, saw, lamp = asked(now, shop, "Drill"), asked(now, shop, "Saw", 20), asked(now, shop, "Lamp")
    answer = inside.press("/shop", outreach=[str(drill.id), str(saw.id)], act="wished")
    assert answer.status_code == 200
    assert answer.text.count(">done<") == 2
    given = [find_offer_of(outreach.id) for outreach in (drill, saw, lamp)]
    assert [offer and offer.percent for offer in given] == [10, 20, None]
    assert "Lamp" in answer.text


def test_everybody_in_the_list_gets_one_answer(inside: Browser, shop: Shop, now: datetime) -> None:
    outreaches = [asked(now, shop, title) for title in ("Drill", "Saw", "Lamp")]
    assert inside.press("/shop", everyone="y", act="percent", percent="5").status_code == 200
    given = [find_offer_of(outreach.id) for outreach in outreaches]
    assert [offer and offer.percent for offer in given] == [5, 5, 5]


def test_all_get_the_same_percentage(inside: Browser, shop: Shop, now: datetime) -> None:
    drill = asked(now, shop, "Drill")
    assert inside.press("/shop", outreach=str(drill.id), act="percent", percent="7,5 %").status_code == 200
    offer = find_offer_of(drill.id)
    assert offer
    assert offer.percent == Decimal("7.5")


def test_a_call_is_promised_to_all(inside: Browser, shop: Shop, now: datetime) -> None:
    drill = asked(now, shop, "Drill")
    day = (now + timedelta(days=2)).date().isoformat()
    answer = inside.press("/shop", outreach=str(drill.id), act="call", call_day=day, call_time="12:00")
    assert "Promised a call by" in answer.text


def test_a_buyer_whom_a_call_was_promised_is_marked_and_waits_on(
    inside: Browser, shop: Shop, now: datetime
) -> None:
    drill, saw = asked(now, shop, "Drill"), asked(now, shop, "Saw")
    day = (now + timedelta(days=2)).date().isoformat()
    inside.press("/shop", outreach=str(drill.id), act="call", call_day=day, call_time="12:00")
    lines = inside.get("/shop").text.split('class="card shop-line"')[1:]
    marked = ["You promised to call by" in line for line in lines]
    assert marked == [drill.product_title in line for line in lines]
    inside.press("/shop", outreach=str(drill.id), act="wished")
    page = inside.get("/shop").text
    assert "You promised to call" not in page
    assert saw.product_title in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"act": "wished"}, "Tick the buyers"),
        ({"outreach": "x"}, "choose one of the answers"),
        ({"outreach": "x", "act": "percent", "percent": ""}, "how many per cent"),
        ({"outreach": "x", "act": "call"}, "by which day"),
    ],
)
def test_half_an_answer_is_refused_and_kept(
    inside: Browser, shop: Shop, now: datetime, fields: dict[str, str], said: str
) -> None:
    drill = asked(now, shop, "Drill")
    if "outreach" in fields:
        fields = fields | {"outreach": str(drill.id)}
    answer = inside.press("/shop", **fields, words="Kept words")
    assert answer.status_code == 422
    assert said in answer.text
    assert "Kept words" in answer.text
    assert find_offer_of(drill.id) is None


@pytest.mark.parametrize("percent", ["150", "-5", "0"])
def test_an_impossible_percentage_says_so_on_the_line(
    inside: Browser, shop: Shop, now: datetime, percent: str
) -> None:
    drill = asked(now, shop, "Drill")
    answer = inside.press("/shop", outreach=str(drill.id), act="percent", percent=percent)
    assert answer.status_code == 422
    assert "between 1 and 90 per cent" in answer.text
    assert "not taken" in answer.text


def test_whoever_waits_no_more_is_left_alone(inside: Browser, shop: Shop, now: datetime) -> None:
    drill = asked(now, shop, "Drill")
    inside.press("/shop", outreach=str(drill.id), act="wished")
    again = inside.press("/shop", outreach=str(drill.id), act="percent", percent="1")
    assert again.status_code == 409
    assert "waits no more" in again.text
    offer = find_offer_of(drill.id)
    assert offer
    assert offer.percent == 10


def test_another_shops_buyers_cannot_be_answered(inside: Browser, now: datetime) -> None:
    foreign = an_outreach(now)
    assert inside.press("/shop", outreach=str(foreign.id), act="wished").status_code == 409
    assert find_offer_of(foreign.id) is None


def test_a_press_without_the_pages_own_token_changes_nothing(
    inside: Browser, shop: Shop, now: datetime
) -> None:
    drill = asked(now, shop, "Drill")
    assert inside.post("/shop", data={"outreach": str(drill.id), "act": "wished"}).status_code == 400
    assert find_offer_of(drill.id) is None


@pytest.mark.parametrize("fields", [("0001-01-01", "00:00"), ("9999-12-31", "23:59")])
def test_a_call_at_the_ends_of_the_calendar_is_refused(
    fields: tuple[str, str], inside: Browser, now: datetime
) -> None:
    for country, domain in (("RU", "first.ru"), ("US", "first.us")):
        shop = a_shop(now, domain, country=country)
        member = saved(ShopMember(shop_id=shop.id, email=f"a@{domain}", proved_at=now))
        with inside.session_transaction() as session:
            session["_user_id"] = f"shop:{member.id}"
        drill = asked(now, shop, "Drill")
        day, clock = fields
        answer = inside.press("/shop", outreach=str(drill.id), act="call", call_day=day, call_time=clock)
        assert answer.status_code == 422
