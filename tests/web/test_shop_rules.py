import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from discount_broker.discount_requests.status import RequestStatus
from discount_broker.offers.models import Offer
from discount_broker.offers.queries import list_rules
from discount_broker.offers.status import AnswerKind, OfferStatus
from discount_broker.outreach.models import Outreach
from discount_broker.shops.models import Shop, ShopMember
from tests.builders import a_product, a_request, a_shop, an_outreach, saved
from tests.web.conftest import Browser
from tests.web.test_shop_claim import log_in


@pytest.fixture
def shop(now: datetime) -> Shop:
    return a_shop(now, "tools.com", language="en", emails=("a@tools.com",))


@pytest.fixture
def inside(client: Browser, shop: Shop, now: datetime) -> Browser:
    log_in(client, saved(ShopMember(shop_id=shop.id, email="a@tools.com", created_at=now, proved_at=now)))
    return client


@pytest.fixture
def accepted(shop: Shop, now: datetime) -> Outreach:
    product = a_product(now, shop, title="Drill")
    outreach = an_outreach(now, a_request(now, RequestStatus.ACCEPTED, product=product), shop)
    saved(
        Offer(
            outreach=outreach,
            kind=AnswerKind.PERCENT,
            percent=Decimal(10),
            final_price=Decimal(11691),
            text="With the case",
            code="K7M2-9QX4",
            status=OfferStatus.ACCEPTED,
            settled_at=now,
            made_at=now,
            valid_until=now + timedelta(days=3),
        )
    )
    return outreach


def test_a_rule_is_made_listed_and_ended(inside: Browser, shop: Shop, now: datetime) -> None:
    until = (now + timedelta(days=60)).date().isoformat()
    fields = {"percent": "7,5", "words_in_title": "drill", "until": until, "a_day": "10", "text": "Welcome"}
    assert inside.press("/shop/rules", **fields).status_code == 302
    [rule] = list_rules(shop.id)
    assert (rule.percent, rule.words_in_title, rule.a_day) == (Decimal("7.5"), "drill", 10)
    page = inside.get("/shop/rules").text
    assert "Up to 7.5% off" in page
    assert "at most 10 a day" in page
    assert inside.press(f"/shop/rules/{rule.id}/end").status_code == 302
    assert list_rules(shop.id) == []


def test_an_answer_just_given_fills_in_the_percentage(inside: Browser) -> None:
    assert 'value="10"' in inside.get("/shop/rules?rule_percent=10").text
    assert inside.get("/shop/rules?rule_percent=much").status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"percent": ""}, "how many per cent"),
        ({"percent": "150"}, "between 1 and 90 per cent"),
        ({"percent": "5", "a_day": "0"}, "from 1 to 1,000"),
        ({"percent": "5", "a_day": "few"}, "from 1 to 1,000"),
        ({"percent": "5", "until": "2020-01-01"}, "has passed"),
        ({"percent": "5", "until": "2099-01-01"}, "within the next year"),
        ({"percent": "5", "words_in_title": "x" * 150}, "at most 100 letters"),
    ],
)
def test_a_rule_that_could_never_answer_is_refused_and_kept(
    inside: Browser, shop: Shop, fields: dict[str, str], said: str
) -> None:
    answer = inside.press("/shop/rules", **fields, text="My words")
    assert answer.status_code == 422
    assert said in answer.text
    assert "My words" in answer.text
    assert list_rules(shop.id) == []


def test_all_that_is_wrong_with_a_rule_is_told_at_once_beside_its_field(inside: Browser, shop: Shop) -> None:
    answer = inside.press(
        "/shop/rules", percent="150", words_in_title="x" * 150, until="2020-01-01", a_day="0", text="y" * 600
    )
    assert answer.status_code == 422
    beside = {
        "percent": "between 1 and 90 per cent",
        "words_in_title": "at most 100 letters",
        "until": "has passed",
        "a_day": "from 1 to 1,000",
        "text": "at most 500 letters",
    }
    for field, sentence in beside.items():
        assert re.search(rf'id="{field}-wrong"[^>]*>[^<]*{sentence}', answer.text), field
    assert list_rules(shop.id) == []
    answer = inside.press("/shop/rules", percent="", until="soon", a_day="few")
    for field, sentence in {"percent": "how many per cent", "until": "", "a_day": "from 1 to 1,000"}.items():
        assert re.search(rf'id="{field}-wrong"[^>]*>[^<]*{sentence}', answer.text), field


@pytest.mark.parametrize("typed", ["K7M2-9QX4", "k7m29qx4", " K7M2 9QX4 "])
def test_the_code_of_an_accepted_offer_is_found(inside: Browser, accepted: Outreach, typed: str) -> None:
    page = inside.get("/shop/lookup", query_string={"code": typed})
    assert page.status_code == 200
    assert "accepted: this holds" in page.text
    assert "11,691" in page.text
    assert "With the case" in page.text


def test_the_number_of_a_request_is_found_in_any_spelling(inside: Browser, accepted: Outreach) -> None:
    number = accepted.discount_request.number
    for typed in (number, number.lower(), number.removeprefix("R-")):
        page = inside.get("/shop/lookup", query_string={"code": typed})
        assert page.status_code == 200
        assert "Drill" in page.text


def test_what_was_put_to_another_shop_is_as_unknown_as_what_never_was(
    client: Browser, accepted: Outreach, now: datetime
) -> None:
    rival = a_shop(now, "rival.com", language="en")
    log_in(client, saved(ShopMember(shop_id=rival.id, email="b@rival.com", created_at=now, proved_at=now)))
    for typed in ("K7M2-9QX4", accepted.discount_request.number, "R-ZZZZZ", "nothing", "'; --"):
        answer = client.get("/shop/lookup", query_string={"code": typed})
        assert answer.status_code == 404
        assert "No request with this number or code was put to your shop" in answer.text
        assert "Drill" not in answer.text


def test_guesses_are_limited_and_what_is_found_is_free(inside: Browser, accepted: Outreach) -> None:
    for _ in range(25):
        assert inside.get("/shop/lookup?code=K7M2-9QX4").status_code == 200
    codes = [
        inside.get(f"/shop/lookup?code=R-ZZZZ{letter}").status_code for letter in "23456789ABCDEFGHJKMNPQ"
    ]
    assert set(codes[:20]) == {404}
    assert codes[-1] == 429


def test_a_code_that_is_scanned_before_coming_in_is_shown_afterwards(client: Browser) -> None:
    assert client.get("/shop/lookup?code=K7M2-9QX4").location == "/shop/claim"
